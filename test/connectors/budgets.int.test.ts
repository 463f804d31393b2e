import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBudget, type LeaseRequest } from '#src/connectors/http/budget.ts';
import { budgetLeft } from '#src/ledger/connections/budget-left.ts';
import { budgetLedger } from '#src/ledger/connections/budgets.ts';
import { budgets } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases } from '../support/database.ts';
import { clockAtNoon, noon } from './kit.ts';

const request = (more: Partial<LeaseRequest> = {}, calls = 10): LeaseRequest => ({
  connection: 'xero',
  caller: 'one',
  calls: 1,
  limits: [{ name: 'minute', calls, perMs: 60_000 }],
  underWay: 0,
  atOnce: null,
  longestCallMs: 15_000,
  now: noon,
  ...more,
});
const later = (ms: number) => new Date(noon.getTime() + ms);

describeOnBothDatabases('the budget that replicas share', (open) => {
  test('never leases more than the limit, however many replicas ask at once for however much', async () => {
    const { db } = await open();
    const replicas = [1, 2, 3].map(() => budgetLedger(db));
    let runs = 0;
    const asks = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(asks, fc.integer({ min: 1, max: 40 }), async (sizes, limit) => {
        runs += 1;
        const connection = `run ${runs}`;
        const answers = await Promise.all(
          sizes.map((calls, n) => replicas[n % 3]?.lease(request({ connection, calls }, limit))),
        );
        const leased = answers.reduce((sum, answer) => sum + (answer?.granted ?? 0), 0);
        // Nor is anything withheld.
        expect(leased).toBe(
          Math.min(
            limit,
            sizes.reduce((sum, calls) => sum + calls, 0),
          ),
        );
      }),
      { numRuns: 20 },
    );
  });

  test('several processes with one limit make exactly as many calls as it allows', async () => {
    const { db } = await open();
    const clock = clockAtNoon();
    const terms = {
      connection: 'xero',
      label: 'Xero',
      callsPerMinute: 1000,
      callsPerDay: 25,
      callsForPeople: 0,
      timeoutSeconds: 5,
    };
    const processes = [1, 2, 3].map(() => createBudget(terms, budgetLedger(db), clock));
    const tries = Array.from({ length: 60 }, (_, n) => processes[n % 3]?.take());
    const results = await Promise.allSettled(tries);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(25);
  });

  test('calls come free after their minute; a replica whose clock is behind goes by the others’', async () => {
    const { db } = await open();
    const [one, other] = [budgetLedger(db), budgetLedger(db)];
    expect(await one.lease(request({ calls: 10 }))).toEqual({ granted: 10, until: null });
    expect(await other.lease(request({ now: later(30_000) }))).toEqual({
      granted: 0,
      until: later(62_000),
      because: 'minute',
    });
    expect(await other.lease(request({ calls: 9, now: later(62_000) }))).toMatchObject({ granted: 9 });
    // To its own clock the first ten still count; they do not, and the nine do.
    expect(await one.lease(request({ calls: 5, now: later(58_000) }))).toMatchObject({ granted: 1 });
    expect(await one.lease(request({ now: later(90_000) }))).toMatchObject({ granted: 0 });
  });

  test('places for calls at one time are shared, and those of a process that died come free', async () => {
    const { db } = await open();
    const [one, other] = [budgetLedger(db), budgetLedger(db)];
    const five = (caller: string, calls: number, underWay: number, ms: number) =>
      request({ caller, calls, underWay, atOnce: 5, now: later(ms) }, 1000);
    expect(await one.lease(five('one', 9, 0, 0))).toMatchObject({ granted: 5 });
    expect(await other.lease(five('other', 1, 0, 10))).toMatchObject({ granted: 0, because: 'at_once' });
    // Three of its five are answered: with another waiting it gets no more than its half.
    expect(await one.lease(five('one', 9, 2, 20))).toMatchObject({ granted: 0, because: 'at_once' });
    expect(await other.lease(five('other', 9, 0, 30))).toMatchObject({ granted: 2 });
    expect(await other.lease(five('other', 9, 0, 40_000))).toMatchObject({ granted: 5 });
  });

  test('what a vendor says is left counts against everybody; more than we thought changes nothing', async () => {
    const { db } = await open();
    const ledger = budgetLedger(db);
    const day = [{ name: 'day', calls: 100, perMs: null, zone: 'UTC' }];
    const told = (left: number) => ledger.feed({ ...request({ limits: day }), remaining: { day: left } });
    await ledger.lease(request({ calls: 2, limits: day }));
    await told(3);
    await told(9);
    expect(await ledger.lease(request({ calls: 9, limits: day }))).toMatchObject({ granted: 3 });
    expect(await db.select().from(budgets)).toMatchObject([{ used: 100, vendorRemaining: 3 }]);
  });

  test('a closed connection gives nothing until its time, the later of two', async () => {
    const { db } = await open();
    const ledger = budgetLedger(db);
    const until = later(30_000);
    await ledger.close('xero', until);
    await ledger.close('xero', later(10_000));
    expect(await ledger.lease(request())).toEqual({ granted: 0, until, because: 'closed' });
    expect((await budgetLedger(db).lease(request({ now: until }))).granted).toBe(1);
    expect((await ledger.lease(request({ connection: 'hubspot' }))).granted).toBe(1);
  });

  test('what is left is told apart: for the schedule, and with what is kept back for people', async () => {
    const { db } = await open();
    const clock = clockAtNoon();
    const terms = { callsPerMinute: 60, callsPerDay: 100, callsForPeople: 20 };
    const more = { connection: 'xero', label: 'Xero', timeoutSeconds: 5, day: 'rolling' } as const;
    const budget = createBudget({ ...terms, ...more }, budgetLedger(db), clock);
    for (let n = 0; n < 30; n += 1) await budget.take();
    const at = { now: clock.now(), timeZone: 'Australia/Sydney' };
    expect(await budgetLeft(db, { id: 'xero', ...terms }, at)).toEqual({
      minute: 30,
      day: 70,
      daySchedule: 50,
      dayEnds: null,
      goesOnAt: new Date('2026-11-21T01:12:01.000Z'),
      closedUntil: null,
    });
    expect(await budgetLeft(db, { id: 'untouched', ...terms }, at)).toMatchObject({
      day: 100,
      dayEnds: new Date('2026-11-20T13:00:00.000Z'),
    });
  });
});
