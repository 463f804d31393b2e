import fc from 'fast-check';
import { expect, it } from 'vitest';
import { describeOn } from '#test/support/database.ts';
import { aud } from '#test/support/invoice.ts';
import { type InvoiceEngine, openInvoiceEngine } from '#test/support/invoice-engine.ts';
import type { MemorySystem } from '#test/support/memory-system.ts';

const abns = ['48910000065', '50910000074', '51824753556'] as const;
const inHubspot = (n: number) => `invoice-hubspot-${n}`;
const customerOf = (n: number) => ({ entity: 'customer', externalId: `hubspot-${n}` });

type Step =
  | { readonly kind: 'customer' | 'lock' | 'unlock' | 'silent_lock'; readonly n: number }
  | { readonly kind: 'invoice' | 'refer'; readonly n: number; readonly customer: number }
  | { readonly kind: 'amount'; readonly n: number; readonly minor: number }
  | { readonly kind: 'run'; readonly flow: 'customers' | 'invoices'; readonly dies: boolean };

const some = fc.integer({ min: 1, max: 3 });
const touch = <T extends Step['kind']>(...kinds: T[]) =>
  fc.record({ kind: fc.constantFrom(...kinds), n: some });
const run = (flow: 'customers' | 'invoices') =>
  fc.record({
    kind: fc.constant('run' as const),
    flow: fc.constant(flow),
    dies: fc.nat(5).map((n) => n === 0),
  });
/** What makes invoices wait comes often, what they wait for seldom. */
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: touch('customer') },
  { weight: 2, arbitrary: touch('lock', 'unlock', 'silent_lock') },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('invoice', 'refer'), n: some, customer: some }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('amount'),
      n: some,
      minor: fc.integer({ min: 1, max: 99_999 }),
    }),
  },
  { weight: 4, arbitrary: run('invoices') },
  { weight: 1, arbitrary: run('customers') },
);
/** One customer with two invoices, all of them in both systems. */
const beginning: readonly Step[] = [
  { kind: 'customer', n: 1 },
  { kind: 'invoice', n: 1, customer: 1 },
  { kind: 'invoice', n: 2, customer: 1 },
  ...(['customers', 'customers', 'invoices', 'invoices'] as const).map(
    (flow): Step => ({ kind: 'run', flow, dies: false }),
  ),
];

const numberOf = (system: MemorySystem, n: number) =>
  [...system.records.values()].find(({ values }) => values.number === `INV-${n}`);

/** One step of a life; what cannot be done yet is left out. */
async function live(engine: InvoiceEngine, one: Step): Promise<void> {
  const { hubspot, xero } = engine.invoices;
  switch (one.kind) {
    case 'customer': {
      // Ids are given in order: one after the other.
      const next = engine.customers.hubspot.records.size;
      if (next < 3)
        engine.customers.hubspot.add({ legal_name: `Customer ${next} Pty Ltd`, abn: abns[next] ?? null });
      return;
    }
    case 'invoice': {
      const next = hubspot.records.size + 1;
      const needs = [customerOf(one.customer)];
      if (next <= 3) hubspot.add({ number: `INV-${next}`, amount: aud(100 * next) }, { needs });
      return;
    }
    case 'refer':
      if (hubspot.records.has(inHubspot(one.n))) hubspot.refer(inHubspot(one.n), [customerOf(one.customer)]);
      return;
    case 'amount':
      if (hubspot.records.has(inHubspot(one.n))) hubspot.edit(inHubspot(one.n), { amount: aud(one.minor) });
      return;
    case 'lock':
    case 'silent_lock':
    case 'unlock': {
      const there = numberOf(xero, one.n);
      if (there) xero.lock(there.id, one.kind === 'unlock' ? null : 'it is paid', one.kind === 'silent_lock');
      return;
    }
    case 'run':
      await engine.run(one.flow, {}, async (point) => {
        check(engine);
        if (one.dies && ['parked', 'intents', 'decided'].includes(point)) throw new Error(`died at ${point}`);
      });
      check(engine);
  }
}

/** What must hold at every moment: nothing is where what it was made for is not, and nothing came to what is locked. */
function check({ customers, invoices }: InvoiceEngine): void {
  expect(invoices.xero.lockedWrites).toEqual([]);
  for (const { needs } of invoices.xero.records.values())
    for (const { externalId } of needs) expect(customers.xero.records.has(externalId)).toBe(true);
}

/** Looks at every write that arrives at Xero: what its invoice refers to in HubSpot has to be there by then. */
function watchWrites({ customers, invoices }: InvoiceEngine, early: string[]): void {
  const { connector, records } = invoices.xero;
  const { write } = connector;
  const isThere = (id: string) => {
    const abn = customers.hubspot.records.get(id)?.values.abn;
    return abn != null && [...customers.xero.records.values()].some(({ values }) => values.abn === abn);
  };
  const watched: typeof write = (writes, call) => {
    for (const { externalId } of writes) {
      const number = String(records.get(externalId)?.values.number);
      const source = invoices.hubspot.records.get(inHubspot(Number(number.slice(4))));
      if (!source?.needs.every((need) => isThere(need.externalId))) early.push(number);
    }
    return write(writes, call);
  };
  Object.assign(connector, { write: watched });
}

/** All that was waited for comes, and every lock goes. */
async function come(engine: InvoiceEngine): Promise<void> {
  const { hubspot, xero } = engine.invoices;
  for (let n = 0; n < 3; n++) await live(engine, { kind: 'customer', n });
  for (const { id } of [...xero.records.values()]) xero.lock(id, null);
  for (let n = 0; n < 3; n++) {
    await engine.run('customers');
    await engine.run('invoices');
  }
  // One that was locked when its value came may have been made since.
  for (const { id } of [...xero.records.values()]) xero.lock(id, null);
  await engine.run('invoices');
  for (let n = 1; n <= hubspot.records.size; n++)
    expect([n, numberOf(xero, n)?.values.amount]).toEqual([
      n,
      hubspot.records.get(inHubspot(n))?.values.amount,
    ]);
  expect(await engine.open()).toEqual([]);
  check(engine);
}

describeOn('PGlite', 'order and locks, in lives of chance (property)', (open) => {
  it('write nothing before what it needs nor to what is locked, and all of it once that has come', async () => {
    const database = await open();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 14 }), async (steps) => {
        await database.empty();
        const engine = await openInvoiceEngine(database);
        const early: string[] = [];
        watchWrites(engine, early);
        for (const one of [...beginning, ...steps]) await live(engine, one);
        await come(engine);
        expect(early).toEqual([]);
      }),
      { numRuns: 8, endOnFailure: true },
    );
  }, 240_000);
});
