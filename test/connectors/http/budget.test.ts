import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BudgetTerms, createBudget } from '#src/connectors/http/budget.ts';
import { createPace } from '#src/connectors/http/pace.ts';
import { clockAtNoon, memoryBudgets, noon } from '../kit.ts';

const terms = (callsPerMinute: number, callsPerDay: number): BudgetTerms => ({
  connection: 'xero',
  label: 'Xero',
  callsPerMinute,
  callsPerDay,
});
const secondsSinceNoon = (at: Date) => (at.getTime() - noon.getTime()) / 1000;

describe('a budget', () => {
  test('leases blocks, not single calls', async () => {
    const ledger = memoryBudgets();
    const budget = createBudget(terms(60, 5000), ledger, clockAtNoon());
    for (let n = 0; n < 10; n += 1) await budget.take();
    expect(ledger.asked.map(({ span, calls }) => `${span} ${calls}`)).toEqual([
      'minute 5',
      'day 20',
      'minute 5',
    ]);
  });

  test('waits for the next minute when this one is spent', async () => {
    const clock = clockAtNoon();
    const budget = createBudget(terms(3, 5000), memoryBudgets(), clock);
    for (let n = 0; n < 3; n += 1) await budget.take();
    expect(secondsSinceNoon(clock.now())).toBe(0);
    await budget.take();
    expect(secondsSinceNoon(clock.now())).toBe(60);
  });

  test('says when tomorrow begins when the day is spent', async () => {
    const budget = createBudget(terms(60, 2), memoryBudgets(), clockAtNoon());
    await budget.take();
    await budget.take();
    await expect(budget.take()).rejects.toMatchObject({
      failure: 'budget',
      message: 'The 2 calls to Xero for today are used up',
      resumeAt: new Date('2026-11-21T00:00:00.000Z'),
    });
  });

  test('a closed connection: a short wait is waited, a long one is told, in every process', async () => {
    const ledger = memoryBudgets();
    const clock = clockAtNoon();
    const first = createBudget(terms(60, 5000), ledger, clock);
    const second = createBudget(terms(60, 5000), ledger, clock);
    await first.close(new Date(noon.getTime() + 8_000));
    await second.take();
    expect(secondsSinceNoon(clock.now())).toBe(8);
    const until = new Date(noon.getTime() + 300_000);
    await first.close(until);
    await expect(first.take()).rejects.toMatchObject({ failure: 'busy', resumeAt: until });
  });

  test('a low figure of the vendor’s counts what others used as ours', async () => {
    const clock = clockAtNoon();
    const budget = createBudget(terms(60, 1000), memoryBudgets(), clock);
    await budget.take();
    await budget.observe({ day: 2 });
    await budget.take();
    await budget.take();
    await expect(budget.take()).rejects.toMatchObject({ failure: 'budget' });
  });

  test('callers in a row take one each, never a block each', async () => {
    const ledger = memoryBudgets();
    const budget = createBudget(terms(60, 5000), ledger, clockAtNoon());
    await Promise.all(Array.from({ length: 5 }, () => budget.take()));
    expect(ledger.asked.filter(({ span }) => span === 'minute')).toHaveLength(1);
  });

  test('giving up ends the wait', async () => {
    const budget = createBudget(terms(60, 5000), memoryBudgets(), clockAtNoon());
    await expect(budget.take(AbortSignal.abort(new Error('the run was stopped')))).rejects.toThrow(
      'the run was stopped',
    );
  });
});

test('a pace never lets more through than its limits in any stretch of their length', async () => {
  const limits = fc.array(
    fc.record({ calls: fc.integer({ min: 1, max: 6 }), perMs: fc.integer({ min: 10, max: 500 }) }),
    {
      minLength: 1,
      maxLength: 3,
    },
  );
  const gaps = fc.array(fc.integer({ min: 0, max: 120 }), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(limits, gaps, async (limited, waits) => {
      const clock = clockAtNoon();
      const turn = createPace(limited, clock);
      const times: number[] = [];
      for (const wait of waits) {
        clock.advance(wait);
        await turn();
        times.push(clock.now().getTime());
      }
      for (const { calls, perMs } of limited) {
        times.forEach((at, index) => {
          const next = times[index + calls];
          if (next !== undefined) expect(next - at).toBeGreaterThanOrEqual(perMs);
        });
      }
    }),
  );
});
