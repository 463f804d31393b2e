import { eq } from 'drizzle-orm';
import { pino } from 'pino';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { ActiveAgreement, Flow } from '#src/agreement/agreement.ts';
import { manualClock } from '#src/clock.ts';
import type { FieldValue, Observed } from '#src/entities/field.ts';
import { linesValue } from '#src/entities/invoice-lines.ts';
import { proveMoney } from '#src/jobs/prove-money.ts';
import type { Db } from '#src/ledger/db.ts';
import { newestProof } from '#src/ledger/money/proofs.ts';
import { bases, links, moneyProofs, outbox, records } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases, type TestDatabase } from '#test/support/database.ts';

const day = 24 * 3_600_000;
const since = new Date('2026-11-02T01:00:00Z');
const lines = (price: string) =>
  linesValue({
    currency: 'AUD',
    prices: 'exclusive',
    lines: [{ sku: 'BOLT', description: 'Bolt', quantity: '1', unit_price: price, tax: 'gst' }],
  });
const aud = (minor: number) => ({ minor, currency: 'AUD' });
const seen = (values: Record<string, FieldValue>): Record<string, Observed> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { state: 'value', value }]));

interface Place {
  readonly connection: 'hubspot' | 'xero';
  readonly role: string;
  readonly values: Record<string, FieldValue>;
  readonly archived?: boolean;
}

async function record(
  db: Db,
  id: string,
  entity: string,
  places: readonly Place[],
  keyValue: string | null = null,
) {
  await db.insert(records).values({ id, entity, title: id, keyValue, createdAt: since });
  for (const { connection, role, values, archived = false } of places) {
    const link = { recordId: id, connection, role };
    await db.insert(links).values({
      ...link,
      externalId: `${connection}-${id}`,
      how: 'key',
      linkedAt: since,
      archived,
      readAt: since,
    });
    await db.insert(bases).values({ ...link, fields: seen(values), at: since });
  }
}

const deal = (price: string, more: Partial<Place> = {}): Place => ({
  connection: 'hubspot',
  role: 'deal',
  values: { lines: lines(price), deal_is_won: true },
  ...more,
});
const invoice = (number: string, price: string, more: Record<string, FieldValue> = {}): Place => ({
  connection: 'xero',
  role: 'invoice',
  values: {
    number,
    lines: lines(price),
    issued_on: '2026-11-03',
    invoice_status: 'authorised',
    total: aud(Number(price) * 110),
    amount_due: aud(0),
    ...more,
  },
});
const paid = (number: string, minor: number): Place => ({
  connection: 'xero',
  role: 'invoice_payment',
  values: { number, amount_paid: aud(minor), amount_credited: aud(0), paid_on: '2026-11-10' },
});

/** A sale that was invoiced and paid, to the cent. */
async function sale(db: Db, number: string, price = '100'): Promise<void> {
  await record(db, `sale ${number}`, 'invoice', [deal(price), invoice(number, price)]);
  await record(db, `paid ${number}`, 'payment', [paid(number, Number(price) * 110)], number);
}

const fields = { lines: { systemOfRecord: 'hubspot' }, number: { systemOfRecord: 'xero' } };
const flow = {
  id: 'invoices',
  name: 'Invoices',
  entity: 'invoice',
  fields,
  moneyProof: '0 6 * * *',
  schedule: { cron: '* * * * *', timeZone: 'Australia/Sydney' },
} as unknown as Flow;
const customers: Flow = { ...flow, id: 'customers', entity: 'customer', moneyProof: null };

function proving(db: Db, flows: readonly Flow[] = [flow, customers]) {
  const clock = manualClock(new Date('2026-11-20T19:30:00Z'));
  const agreement = {
    flows: Object.fromEntries(flows.map((one) => [one.id, one])),
  } as unknown as ActiveAgreement;
  const look = () => proveMoney({ db, clock, log: pino({ level: 'silent' }), agreement: () => agreement });
  const cards = async () =>
    (await db.select().from(outbox)).map(({ subject, wanted }) => `${subject} ${wanted}`).sort();
  return { clock, look, cards, newest: () => newestProof(db, 'invoices') };
}

describeOnBothDatabases('the money is proved each morning', (open) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(() => database.empty());

  it('once for each time, and tells nobody where every cent has its reason', async () => {
    const { db } = database;
    await sale(db, 'INV-1');
    await sale(db, 'INV-2', '250');
    await record(db, 'draft', 'invoice', [deal('10'), invoice('INV-3', '10', { invoice_status: 'draft' })]);
    await record(db, 'lost', 'invoice', [
      deal('20', { values: { lines: lines('20'), number: 'INV-4', deal_is_won: false } }),
      invoice('INV-4', '20', { amount_due: aud(2200) }),
    ]);
    await record(db, 'thrown away', 'invoice', [
      deal('30', { archived: true }),
      invoice('INV-5', '30', { amount_due: aud(3300) }),
    ]);
    const { look, cards, newest, clock } = proving(db);
    await look();
    await look();
    expect(await db.$count(moneyProofs)).toBe(1);
    const proof = await newest();
    expect(proof).toMatchObject({ fresh: 0, slot: new Date('2026-11-20T19:00:00Z') });
    expect(proof?.found).toMatchObject({ gaps: [], clashes: [] });
    expect(proof?.found.proofs).toMatchObject([
      {
        span: { from: '2026-10-01', to: '2026-11-21' },
        sums: { sold: 39_600, invoiced: 44_000, paid: 38_500 },
        codes: [{ code: 'gst', sold: 39_600, invoiced: 44_000, paid: 38_500 }],
        unexplained: [],
      },
    ]);
    const causes = proof?.found.proofs[0]?.causes.map(({ step, cause, minor }) => [step, cause, minor]);
    expect(causes).toEqual(
      expect.arrayContaining([
        ['invoiced', 'no_longer_won', -5500],
        ['paid', 'unpaid', 5500],
        ['invoiced', 'draft', 1100],
      ]),
    );
    expect(await cards()).toEqual([]);
    await clock.advance(day);
    await look();
    expect(await db.$count(moneyProofs)).toBe(2);
  });

  it('counts a deal without lines by its amount', async () => {
    const { db } = database;
    const none = linesValue({ currency: 'AUD', prices: 'exclusive', lines: [] });
    const bare = deal('0', { values: { lines: none, deal_is_won: true, deal_amount: aud(1_000_000) } });
    await record(db, 'Big shed', 'invoice', [bare]);
    const { look, newest } = proving(db);
    await look();
    const { sums, codes, causes, unexplained } = (await newest())?.found.proofs[0] ?? {};
    expect(sums).toEqual({ sold: 1_000_000, invoiced: 0, paid: 0 });
    expect(codes).toEqual([{ code: null, sold: 1_000_000, invoiced: 0, paid: 0 }]);
    expect(unexplained).toEqual([]);
    expect(causes).toMatchObject([
      { cause: 'no_lines', minor: 1_000_000, count: 1, records: [{ title: 'Big shed' }] },
    ]);
  });

  it('tells what has no reason once, says on it when that is over, and finds numbers that are missing or double', async () => {
    const { db } = database;
    await sale(db, 'INV-1');
    await sale(db, 'INV-4');
    await record(db, 'forgotten', 'invoice', [deal('50')]);
    await record(db, 'copy', 'invoice', [deal('100', { values: { lines: lines('100'), number: 'INV-1' } })]);
    const { look, cards, newest, clock } = proving(db);
    await look();
    const first = await newest();
    expect(first?.found.proofs[0]?.unexplained).toEqual([
      { step: 'invoiced', recordId: 'forgotten', title: 'forgotten', minor: 5500 },
    ]);
    expect(first?.found.gaps).toEqual([{ first: 'INV-2', last: 'INV-3', count: 2 }]);
    expect(first?.found.clashes).toEqual([{ number: 'INV-1', titles: ['copy', 'sale INV-1'] }]);
    // What was missing before anybody looked is no news.
    expect(first?.fresh).toBe(2);
    expect(await cards()).toEqual([`proof:${first?.id} 1`]);
    await clock.advance(day);
    await look();
    const second = await newest();
    expect(second?.fresh).toBe(0);
    expect(await cards()).toEqual([`proof:${first?.id} 2`]);
    await db
      .update(bases)
      .set({ fields: seen({ lines: lines('0') }) })
      .where(eq(bases.recordId, 'forgotten'));
    await record(db, 'new', 'invoice', [deal('70')]);
    await sale(db, 'INV-6');
    await clock.advance(day);
    await look();
    const third = await newest();
    expect(third?.found.gaps).toContainEqual({ first: 'INV-5', last: 'INV-5', count: 1 });
    expect(third?.fresh).toBe(2);
    expect(await cards()).toEqual([`proof:${first?.id} 3`, `proof:${third?.id} 1`]);
  });

  it('leaves nothing out that is older than the quarter', async () => {
    const { db } = database;
    await record(db, 'old', 'invoice', [
      deal('100'),
      invoice('INV-1', '100', { issued_on: '2026-08-01', amount_due: aud(11_000) }),
    ]);
    const { look, newest } = proving(db);
    await look();
    expect((await newest())?.found.proofs).toMatchObject([
      { span: { from: null, to: '2026-09-30' }, causes: [{ cause: 'unpaid', minor: 11_000 }] },
    ]);
  });

  it('not where nobody agreed to it, nor where deals and invoices are in one system', async () => {
    const one = { ...flow, fields: { ...fields, lines: fields.number } } as unknown as Flow;
    await proving(database.db, [{ ...flow, moneyProof: null }]).look();
    await proving(database.db, [one]).look();
    expect(await database.db.$count(moneyProofs)).toBe(0);
  });

  it('by one of several replicas', async () => {
    const { db } = database;
    await record(db, 'forgotten', 'invoice', [deal('50')]);
    const { look, cards, newest } = proving(db);
    await Promise.all([look(), look(), look()]);
    expect(await db.$count(moneyProofs)).toBe(1);
    expect(await cards()).toEqual([`proof:${(await newest())?.id} 1`]);
  });
});
