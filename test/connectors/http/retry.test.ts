import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CallFailed, failure } from '#src/connectors/http/failure.ts';
import { type Effect, waitBeforeRetry, withRetries } from '#src/connectors/http/retry.ts';
import { retryAfter } from '#src/connectors/http/vendor-words.ts';
import { clockAtNoon, noon } from '../kit.ts';

const inMs = (ms: number) => new Date(noon.getTime() + ms);
const failed = (more: Parameters<typeof failure>[2], cause = 'unreachable' as const) =>
  failure(cause, 'x', more);
const of = (kind: Parameters<typeof failure>[0], more: Parameters<typeof failure>[2] = {}) => ({
  failure: kind,
  passing: false,
  resumeAt: null,
  ...more,
});

describe('whether to try again', () => {
  test('a passing outage is tried three times in all, a silence twice', () => {
    const outage = of('unreachable', { passing: true });
    expect([1, 2, 3].map((n) => waitBeforeRetry(outage, 'read', n, noon))).toEqual([500, 2000, null]);
    const silence = of('silent', { passing: true });
    expect([1, 2].map((n) => waitBeforeRetry(silence, 'repeatable', n, noon))).toEqual([1000, null]);
  });

  test('a short wait that the vendor asks for is kept, a long one is not waited for', () => {
    expect(waitBeforeRetry(of('busy', { resumeAt: inMs(7_000) }), 'read', 1, noon)).toBe(7_000);
    expect(waitBeforeRetry(of('busy', { resumeAt: inMs(10_001) }), 'read', 1, noon)).toBeNull();
    expect(waitBeforeRetry(of('busy', { resumeAt: inMs(-5) }), 'read', 1, noon)).toBe(0);
  });

  test('what may have added something is never sent again; sign-in, refusals and spent budgets are no use to repeat', () => {
    const effects = fc.constantFrom<Effect>('read', 'repeatable', 'once');
    const causes = fc.constantFrom(
      'auth',
      'refused',
      'unreachable',
      'silent',
      'busy',
      'budget',
      'nonsense',
      'bug',
    );
    fc.assert(
      fc.property(
        effects,
        causes,
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        (effect, cause, passing, n) => {
          const wait = waitBeforeRetry(of(cause, { passing, resumeAt: inMs(100) }), effect, n, noon);
          if (effect === 'once') expect(wait).toBeNull();
          if (['auth', 'refused', 'budget', 'bug'].includes(cause)) expect(wait).toBeNull();
          if (n > 3) expect(wait).toBeNull();
          if (wait !== null) expect(wait).toBeLessThanOrEqual(10_000);
        },
      ),
    );
  });
});

test('all waiting is on the clock, and the last failure comes out as it was', async () => {
  const clock = clockAtNoon();
  const thrown = new CallFailed('xero', failed({ passing: true }));
  let tries = 0;
  const run = withRetries(
    async () => {
      tries += 1;
      throw thrown;
    },
    { effect: 'read', clock, signal: undefined },
  );
  await expect(run).rejects.toBe(thrown);
  expect(tries).toBe(3);
  expect(clock.now()).toEqual(inMs(2_500));
});

test('Retry-After comes in seconds or as a date; anything else is no hint', () => {
  expect(retryAfter({ 'retry-after': '7' }, noon)).toEqual(inMs(7_000));
  expect(retryAfter({ 'retry-after': 'Fri, 20 Nov 2026 01:05:00 GMT' }, noon)).toEqual(inMs(300_000));
  expect(retryAfter({ 'retry-after': 'soon' }, noon)).toBeNull();
  expect(retryAfter({}, noon)).toBeNull();
});
