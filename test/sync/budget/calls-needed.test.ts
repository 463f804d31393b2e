import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Costs } from '#src/connectors/connector.ts';
import { callsNeeded, shortWords } from '#src/sync/budget/calls-needed.ts';

/** Promise 12: a run that cannot finish inside a day's budget says so at its start, with the number. */
const xero: Costs = {
  read: { calls: 1, records: 50 },
  write: { calls: 2, records: 50 },
  create: { calls: 1, records: 50 },
};

describe('the calls that a run needs, within its budget', () => {
  test('are reckoned from the records and what each system takes for them', () => {
    const of = (reads: number, writes: number, creates: number) =>
      callsNeeded({ reads, writes, creates }, xero);
    expect(of(0, 0, 0)).toBe(0);
    expect(of(1, 0, 0)).toBe(1);
    // Two hundred read before, fifty written, and those read back.
    expect(of(200, 50, 0)).toBe(4 + 2 + 1);
    // Made and read back.
    expect(of(0, 0, 10_000)).toBe(200 + 200);
    const one = { calls: 1, records: 1 };
    expect(callsNeeded({ reads: 3, writes: 3, creates: 0 }, { read: one, write: one, create: one })).toBe(9);
  });

  test('never less for more work', () => {
    const work = fc.record({ reads: fc.nat(9_999), writes: fc.nat(9_999), creates: fc.nat(9_999) });
    fc.assert(
      fc.property(work, work, (one, more) => {
        const both = {
          reads: one.reads + more.reads,
          writes: one.writes + more.writes,
          creates: one.creates + more.creates,
        };
        const sum = callsNeeded(one, xero) + callsNeeded(more, xero);
        expect(callsNeeded(both, xero)).toBeGreaterThanOrEqual(callsNeeded(one, xero));
        expect(callsNeeded(both, xero)).toBeLessThanOrEqual(sum);
      }),
    );
  });

  test('are told in a sentence, with what is left and when the rest goes on', () => {
    const words = (left: number, goesOnAt: string) =>
      shortWords({
        label: 'Xero',
        needs: 1_240,
        left,
        goesOnAt: new Date(goesOnAt),
        now: new Date('2026-11-20T01:00:00.000Z'),
        timeZone: 'Australia/Sydney',
      });
    expect(words(380, '2026-11-20T03:00:00.000Z')).toBe(
      'This run needs about 1,240 calls to Xero; 380 are left today. The rest follows at 2:00 pm.',
    );
    expect(words(1, '2026-11-20T13:00:00.000Z')).toBe(
      'This run needs about 1,240 calls to Xero; 1 is left today. The rest follows on Saturday at 12:00 am.',
    );
  });
});
