import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTooMuchRefused, refusedAtLeast, refusedPercent } from '#src/alerts/refusals.ts';
import { refusalWords } from '#src/alerts/words.ts';

describe('a threshold in percent', () => {
  test.each([
    [{ settled: 94, refused: 6 }, 5, true],
    [{ settled: 95, refused: 5 }, 5, true],
    [{ settled: 96, refused: 4 }, 5, false],
    [{ settled: 0, refused: 2 }, 5, false],
    [{ settled: 0, refused: 3 }, 100, true],
    [{ settled: 0, refused: 300 }, null, false],
    [{ settled: 0, refused: 0 }, 5, false],
  ])('%o with a limit of %s: %s', (outcomes, limit, expected) => {
    expect(isTooMuchRefused(outcomes, limit)).toBe(expected);
  });

  test('is never reached by what comes through, nor left by what is refused', () => {
    const outcomes = fc.record({ settled: fc.nat(10_000), refused: fc.nat(10_000) });
    fc.assert(
      fc.property(
        outcomes,
        fc.double({ min: 0.1, max: 100, noNaN: true }),
        fc.nat(1_000),
        (one, limit, more) => {
          const is = isTooMuchRefused(one, limit);
          if (one.refused < refusedAtLeast) expect(is).toBe(false);
          if (is) expect(isTooMuchRefused({ ...one, refused: one.refused + more }, limit)).toBe(true);
          else expect(isTooMuchRefused({ ...one, settled: one.settled + more }, limit)).toBe(false);
          expect(refusedPercent(one)).toBeGreaterThanOrEqual(0);
          expect(refusedPercent(one)).toBeLessThanOrEqual(100);
        },
      ),
    );
  });

  test('is told in numbers that a person can check', () => {
    const noun = { one: 'customer', many: 'customers' };
    expect(refusalWords({ refused: 9, of: 120, percent: 7.5, limit: 5, noun })).toBe(
      'Of 120 customers that changed in the last day, 9 are refused: 7.5 %. The agreement asks for a word from 5 % on.',
    );
  });
});
