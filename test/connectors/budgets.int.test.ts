import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBudget } from '#src/connectors/http/budget.ts';
import { budgetLedger } from '#src/ledger/budgets.ts';
import { budgets } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases } from '../support/database.ts';
import { clockAtNoon, noon } from './kit.ts';

const minute = { connection: 'xero', span: 'minute', windowStart: noon, limit: 10, now: noon } as const;

describeOnBothDatabases('the budget that replicas share', (open) => {
  test('never leases more than the limit, however many clients ask at once for however much', async () => {
    const { db } = await open();
    const ledger = budgetLedger(db);
    let runs = 0;
    const asks = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(asks, fc.integer({ min: 1, max: 40 }), async (sizes, limit) => {
        runs += 1;
        const request = { ...minute, connection: `run ${runs}`, limit };
        const answers = await Promise.all(sizes.map((calls) => ledger.lease({ ...request, calls })));
        const leased = sizes.filter((_, at) => answers[at]?.granted).reduce((sum, calls) => sum + calls, 0);
        expect(leased).toBeLessThanOrEqual(limit);
        // Nor is anything withheld: one call more fits exactly where one is left.
        const more = await ledger.lease({ ...request, calls: 1 });
        expect(more.granted).toBe(leased < limit);
      }),
      { numRuns: 20 },
    );
  });

  test('several processes with one limit make exactly as many calls as it allows', async () => {
    const { db } = await open();
    const clock = clockAtNoon();
    const terms = { connection: 'xero', label: 'Xero', callsPerMinute: 1000, callsPerDay: 25 };
    const processes = [1, 2, 3].map(() => createBudget(terms, budgetLedger(db), clock));
    const tries = Array.from({ length: 60 }, (_, n) => processes[n % 3]?.take());
    const results = await Promise.allSettled(tries);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(25);
  });

  test('a new window starts empty; a replica whose clock is behind takes from it too', async () => {
    const { db } = await open();
    const ledger = budgetLedger(db);
    expect(await ledger.lease({ ...minute, calls: 10 })).toEqual({ granted: true, closedUntil: null });
    expect((await ledger.lease({ ...minute, calls: 1 })).granted).toBe(false);
    const next = new Date(noon.getTime() + 60_000);
    expect((await ledger.lease({ ...minute, windowStart: next, now: next, calls: 9 })).granted).toBe(true);
    expect((await ledger.lease({ ...minute, calls: 1 })).granted).toBe(true);
    expect((await ledger.lease({ ...minute, calls: 1 })).granted).toBe(false);
  });

  test('what a vendor says is left counts against everybody; more than we thought changes nothing', async () => {
    const { db } = await open();
    const ledger = budgetLedger(db);
    await ledger.lease({ ...minute, calls: 2 });
    await ledger.feed({ ...minute, remaining: 3 });
    expect((await ledger.lease({ ...minute, calls: 4 })).granted).toBe(false);
    await ledger.feed({ ...minute, remaining: 9 });
    expect((await ledger.lease({ ...minute, calls: 3 })).granted).toBe(true);
    expect(await db.select().from(budgets)).toMatchObject([{ used: 10, vendorRemaining: 9 }]);
  });

  test('a closed connection gives nothing until its time, the later of two', async () => {
    const { db } = await open();
    const ledger = budgetLedger(db);
    const until = new Date(noon.getTime() + 30_000);
    await ledger.close('xero', until);
    await ledger.close('xero', new Date(noon.getTime() + 10_000));
    expect(await ledger.lease({ ...minute, calls: 1 })).toEqual({ granted: false, closedUntil: until });
    expect((await ledger.lease({ ...minute, calls: 1, now: until })).granted).toBe(true);
    expect((await ledger.lease({ ...minute, connection: 'hubspot', calls: 1 })).granted).toBe(true);
  });
});
