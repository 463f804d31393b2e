import { describe, expect, test } from 'vitest';
import { type BudgetTerms, createBudget } from '#src/connectors/http/budget.ts';
import { eventClock } from '#test/support/event-clock.ts';
import { clockAtNoon, memoryBudgets, noon } from '../kit.ts';

const terms = (
  callsPerMinute: number,
  callsPerDay: number,
  more: Partial<BudgetTerms> = {},
): BudgetTerms => ({
  connection: 'xero',
  label: 'Xero',
  callsPerMinute,
  callsPerDay,
  callsForPeople: 0,
  timeoutSeconds: 10,
  ...more,
});
const secondsSinceNoon = (at: Date) => (at.getTime() - noon.getTime()) / 1000;
const times = (n: number) => Array.from({ length: n });

describe('a budget', () => {
  test('leases what is wanted and no more, so that a process that dies wastes none', async () => {
    const ledger = memoryBudgets();
    const clock = clockAtNoon();
    const dies = createBudget(terms(60, 100), ledger, clock);
    for (const _ of times(10)) await dies.take();
    const next = createBudget(terms(60, 100), ledger, clock);
    for (const _ of times(90)) await next.take();
    await expect(next.take()).rejects.toMatchObject({ failure: 'budget' });
  });

  test('asks the ledger once for all who ask in the same moment', async () => {
    const ledger = memoryBudgets();
    const budget = createBudget(terms(60, 5000), ledger, clockAtNoon());
    await Promise.all(times(5).map(() => budget.take()));
    expect(ledger.asked.map(({ calls }) => calls)).toEqual([5]);
  });

  test('leases ahead only where limits are so wide that nobody misses a few', async () => {
    const ledger = memoryBudgets();
    const budget = createBudget(terms(30_000, 40_000_000), ledger, clockAtNoon());
    for (const _ of times(42)) await budget.take();
    expect(ledger.asked).toHaveLength(2);
  });

  test('waits until a minute’s calls come free, a little longer than the minute, as calls are not equally long under way', async () => {
    const clock = clockAtNoon();
    const budget = createBudget(terms(3, 5000), memoryBudgets(), clock);
    for (const _ of times(3)) await budget.take();
    expect(secondsSinceNoon(clock.now())).toBe(0);
    await budget.take();
    expect(secondsSinceNoon(clock.now())).toBe(62);
  });

  test('says when tomorrow begins when the day is spent, at the midnight that counts', async () => {
    const spent = async (day: BudgetTerms['day'], zone: string | null) => {
      const budget = createBudget(terms(60, 2, day ? { day } : {}), memoryBudgets(), clockAtNoon());
      if (zone) await budget.tellZone(zone);
      for (const _ of times(2)) await budget.take();
      return budget.take().then(
        () => null,
        (error: unknown) => error,
      );
    };
    const until = (resumeAt: string) => ({
      failure: 'budget',
      message: 'The 2 calls to Xero for today are used up',
      resumeAt: new Date(resumeAt),
    });
    expect(await spent(undefined, null)).toMatchObject(until('2026-11-21T00:00:00.000Z'));
    const sydney = { zone: 'Australia/Sydney' };
    expect(await spent(sydney, null)).toMatchObject(until('2026-11-20T13:00:00.000Z'));
    // What the account itself says goes before what the agreement made us believe.
    expect(await spent(sydney, 'Australia/Perth')).toMatchObject(until('2026-11-20T16:00:00.000Z'));
    // Any 24 hours: it goes on when calls of now no longer count.
    expect(await spent('rolling', null)).toMatchObject(until('2026-11-21T01:12:01.000Z'));
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

  test('the vendor’s day begins anew when its own word says so, and not by an answer that came late', async () => {
    const budget = createBudget(terms(60, 100, { callsForPeople: 10 }), memoryBudgets(), clockAtNoon());
    await budget.take();
    await budget.observe({ day: 0 });
    await budget.observe({ day: 3 });
    await expect(budget.take()).rejects.toMatchObject({ failure: 'budget' });
    await budget.observe({ day: 99 });
    for (const _ of times(89)) await budget.take();
    await expect(budget.take()).rejects.toMatchObject({ failure: 'budget' });
  });

  test('giving up ends the wait, and no other’s', async () => {
    const clock = eventClock(noon);
    const budget = createBudget(terms(1, 5000), memoryBudgets(), clock);
    await budget.take();
    const leaving = new AbortController();
    const left = budget.take({ signal: leaving.signal });
    const stayed = budget.take({ signal: new AbortController().signal });
    leaving.abort(new Error('the run was stopped'));
    await expect(left).rejects.toThrow('the run was stopped');
    await clock.run(stayed);
    expect(secondsSinceNoon(clock.now())).toBe(62);
  });

  test('who waits too long for its turn is told when to come again', async () => {
    const clock = eventClock(noon);
    const budget = createBudget(terms(1, 5000), memoryBudgets(), clock);
    const all = Promise.allSettled(times(10).map(() => budget.take()));
    const results = await clock.run(all);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(6);
    expect(results.at(-1)).toMatchObject({
      reason: { failure: 'budget', message: 'The one call to Xero for this minute is used up' },
    });
  });
});

describe('the part of a budget that is kept back for people', () => {
  test('the schedule’s calls stop before it; what a person asked for may use the rest', async () => {
    const budget = createBudget(terms(60, 20, { callsForPeople: 5 }), memoryBudgets(), clockAtNoon());
    for (const _ of times(15)) await budget.take();
    await expect(budget.take()).rejects.toMatchObject({
      failure: 'budget',
      message: 'The 15 calls to Xero for today are used up',
    });
    for (const _ of times(5)) await budget.take({ forPerson: true });
    await expect(budget.take({ forPerson: true })).rejects.toMatchObject({
      message: 'The 20 calls to Xero for today are used up',
    });
  });

  test('what a person waits for goes before what the schedule asked for earlier', async () => {
    const clock = eventClock(noon);
    const budget = createBudget(terms(2, 5000), memoryBudgets(), clock);
    const order: string[] = [];
    const take = (who: string, forPerson = false) =>
      budget.take({ forPerson }).then(() => void order.push(who));
    const first = [take('schedule 1'), take('schedule 2'), take('schedule 3'), take('schedule 4')];
    await new Promise(setImmediate);
    await clock.run(Promise.all([...first, take('person', true)]));
    expect(order).toEqual(['schedule 1', 'schedule 2', 'person', 'schedule 3', 'schedule 4']);
  });
});
