import { asc } from 'drizzle-orm';
import { expect, it } from 'vitest';
import type { Agreement } from '#src/agreement/agreement.ts';
import { exchanges } from '#src/ledger/tables/index.ts';
import { ordinaryCustomers } from '#src/playground/data/customers.ts';
import { type Limit, rollingLimit } from '#src/playground/vendors/limits.ts';
import { describeOn } from '#test/support/database.ts';
import { cin7, type Engine, hubspot, openEngine, xero } from '#test/support/engine.ts';

/** Enough for about ten minutes of the vendors' time. */
const customers = ordinaryCustomers(600);
const minute = 60_000;

/**
 * What lets a call through, as far as it can be known from outside: the vendors' published limits, and what the agreement leaves
 * us of them. Cin7 Core counts by a minute of its own, of which nobody is told when it begins: any minute has to do.
 */
const limitsOf = (): Readonly<Record<string, readonly Limit[]>> => ({
  [hubspot]: [rollingLimit(100, 10_000), rollingLimit(500, minute)],
  [xero]: [rollingLimit(60, minute)],
  [cin7]: [rollingLimit(60, minute)],
});

interface Call {
  readonly at: Date;
  readonly connection: string;
}

/** The shortest time in which these calls come through, one after the other, in ms. */
function shortest(calls: readonly Call[]): number {
  const limits = limitsOf();
  const start = calls[0]?.at.getTime() ?? 0;
  let now = start;
  for (const { connection } of calls) {
    const own = limits[connection] ?? [];
    for (let wait = 1; wait > 0; now += wait)
      wait = Math.max(...own.map((one) => one.opensIn(new Date(now))));
    for (const limit of own) limit.count(new Date(now));
  }
  return now - start;
}

/** Every call was answered well: not one "too many". */
async function callsSince({ database: { db } }: Engine, start: Date): Promise<Call[]> {
  const all = await db.select().from(exchanges).orderBy(asc(exchanges.id));
  expect(all.filter(({ status }) => status === null || status >= 300)).toEqual([]);
  return all.filter(({ at, url }) => at >= start && !url.endsWith('/connect/token'));
}

/** One run, and its time as a multiple of the shortest. */
async function timed(engine: Engine): Promise<{ readonly dictated: number; readonly ratio: number }> {
  const began = new Date(engine.clock.now().getTime() + minute);
  await engine.run();
  const took = engine.clock.now().getTime() - began.getTime();
  const dictated = shortest(await callsSince(engine, began));
  return { dictated, ratio: took / dictated };
}

/** Nobody is asked about a change of everything: it is what is measured here. */
const unstopped = (agreement: Agreement): Agreement => ({
  ...agreement,
  flows: Object.fromEntries(
    Object.entries(agreement.flows).map(([id, flow]) => [
      id,
      { ...flow, safetyStop: { records: customers.length, percent: 100 } },
    ]),
  ),
});

describeOn('PostgreSQL', 'promise 12, under the vendors’ real limits', (open) => {
  it('a load takes at most 1.05 × what they dictate, without one 429', async () => {
    const engine = await openEngine(await open(), {
      customers,
      plant: (world) => ({ ...world, xero: [], cin7: [] }),
      agreement: unstopped,
      loaded: false,
      inTurn: true,
    });
    await engine.run();
    await engine.run();
    await engine.approve();
    const made = await timed(engine);
    for (const system of [xero, cin7] as const)
      expect(engine.vendors[system].cards(), system).toHaveLength(customers.length);
    expect(made.dictated).toBeGreaterThan(8 * minute);
    expect(made.ratio).toBeLessThanOrEqual(1.05);

    for (const [i] of customers.entries()) engine.edit(hubspot, i, { phone: `02 5550 ${String(1000 + i)}` });
    const changed = await timed(engine);
    expect(engine.held(cin7, 0, 'Phone')).toContain('5550 1000');
    expect(changed.dictated).toBeGreaterThan(8 * minute);
    expect(changed.ratio).toBeLessThanOrEqual(1.05);

    for (const vendor of Object.values(engine.vendors))
      expect(vendor.log.filter(({ status }) => status === 429 || status === 503)).toEqual([]);
  }, 300_000);
});
