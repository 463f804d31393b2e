import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Budget, type BudgetTerms, createBudget, type Limit } from '#src/connectors/http/budget.ts';
import {
  dailyLimit,
  fixedLimit,
  rollingLimit,
  type Limit as VendorLimit,
} from '#src/playground/vendors/limits.ts';
import { type EventClock, eventClock } from '#test/support/event-clock.ts';
import { memoryBudgets, noon } from '../kit.ts';

/** Promise 12: budgets. A vendor counts calls as they arrive, by its own rules; Truce knows only when it sent them. */
interface Vendor {
  readonly name: string;
  readonly terms: Partial<BudgetTerms>;
  readonly callsPerMinute: number;
  readonly callsPerDay: number;
  readonly limits: () => readonly VendorLimit[];
  readonly atOnce: number;
  /** The shortest time in which a vendor of these limits lets so many calls through, in ms. */
  readonly least: (calls: number) => number;
}

const burst: Limit = { name: 'ten seconds', calls: 100, perMs: 10_000 };
const vendors: readonly Vendor[] = [
  {
    name: 'Xero: 60 in any minute, 5,000 in any 24 hours, 5 at once',
    terms: { day: 'rolling', atOnce: 5 },
    callsPerMinute: 60,
    callsPerDay: 5_000,
    limits: () => [rollingLimit(60, 60_000), rollingLimit(5_000, 86_400_000)],
    atOnce: 5,
    least: (calls) => Math.floor((calls - 1) / 60) * 60_000,
  },
  {
    name: 'HubSpot: 100 in any ten seconds',
    terms: { limits: [burst] },
    callsPerMinute: 600,
    callsPerDay: 250_000,
    limits: () => [rollingLimit(100, 10_000), dailyLimit(250_000, 'Australia/Sydney')],
    atOnce: 1_000,
    least: (calls) => Math.floor((calls - 1) / 100) * 10_000,
  },
  {
    name: 'Cin7 Core: 60 in each minute of the clock',
    terms: {},
    callsPerMinute: 60,
    callsPerDay: 20_000,
    limits: () => [fixedLimit(60, 60_000)],
    atOnce: 1_000,
    least: (calls) => Math.floor((calls - 1) / 60) * 60_000,
  },
];

interface Load {
  readonly calls: number;
  readonly replicas: number;
  /** Calls that one replica sends without waiting for the answer of another. */
  readonly together: number;
  /** Ms until a call arrives, and until its answer is back; taken in turns. */
  readonly ways: readonly number[];
}

async function carry(vendor: Vendor, load: Load, start: Date = noon) {
  const clock = eventClock(start);
  const ledger = memoryBudgets();
  const { callsPerMinute, callsPerDay } = vendor;
  const common = { connection: 'v', label: 'V', callsForPeople: 0, timeoutSeconds: 10, ...vendor.terms };
  const budgets = Array.from({ length: load.replicas }, () =>
    createBudget({ ...common, callsPerMinute, callsPerDay }, ledger, clock),
  );
  const seen = { refused: 0, answered: 0, atOnce: 0, most: 0 };
  const limits = vendor.limits();
  const call = async (budget: Budget, number: number) => {
    const way = load.ways[number % load.ways.length] ?? 0;
    const done = await budget.take();
    await clock.sleep(way);
    seen.atOnce += 1;
    seen.most = Math.max(seen.most, seen.atOnce);
    const now = clock.now();
    if (limits.some((limit) => limit.left(now) < 1) || seen.atOnce > vendor.atOnce) seen.refused += 1;
    else for (const limit of limits) limit.count(now);
    await clock.sleep(way);
    seen.atOnce -= 1;
    seen.answered += 1;
    done();
  };
  await clock.run(everyReplica(clock, budgets, load, call));
  return { ...seen, took: clock.now().getTime() - start.getTime() };
}

/** Each replica works off its share, so many at a time. */
function everyReplica(
  _clock: EventClock,
  budgets: readonly Budget[],
  { calls, together }: Load,
  call: (budget: Budget, number: number) => Promise<void>,
): Promise<unknown> {
  let next = 0;
  const work = async (budget: Budget) => {
    while (next < calls) {
      const number = next;
      next += 1;
      await call(budget, number);
    }
  };
  return Promise.all(budgets.flatMap((budget) => Array.from({ length: together }, () => work(budget))));
}

describe.each(vendors)('budgets, $name', (vendor) => {
  test('no 429 where Truce is the only caller, however many replicas share the ledger', async () => {
    const load = fc.record({
      calls: fc.integer({ min: 1, max: 400 }),
      replicas: fc.integer({ min: 1, max: 4 }),
      together: fc.integer({ min: 1, max: 6 }),
      ways: fc.array(fc.integer({ min: 0, max: 250 }), { minLength: 1, maxLength: 7 }),
    });
    await fc.assert(
      fc.asyncProperty(load, fc.integer({ min: 0, max: 60_000 }), async (one, into) => {
        const { refused, answered } = await carry(vendor, one, new Date(noon.getTime() + into));
        expect({ refused, answered }).toEqual({ refused: 0, answered: one.calls });
      }),
      { numRuns: 40 },
    );
  });

  test('a load takes at most 1.05 × what the limit dictates', async () => {
    const calls = 3_001;
    const load = { calls, replicas: 3, together: 4, ways: [20, 60, 110] };
    const { took, refused } = await carry(vendor, load);
    expect(refused).toBe(0);
    expect(took).toBeGreaterThanOrEqual(vendor.least(calls));
    expect(took).toBeLessThanOrEqual(1.05 * vendor.least(calls) + 1_000);
  });
});
