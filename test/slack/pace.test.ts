import fc from 'fast-check';
import { expect, test } from 'vitest';
import { manualClock } from '#src/clock.ts';
import { openLimits } from '#src/playground/slack/limits.ts';
import { pace } from '#src/slack/pace.ts';

test('posts of one channel keep a second apart; another channel is not held up', () => {
  const clock = manualClock(new Date(0));
  const gates = pace(clock);
  gates.used({ kind: 'post', channel: 'C1' });
  expect(gates.waitMs({ kind: 'post', channel: 'C1' })).toBe(1000);
  expect(gates.waitMs({ kind: 'post', channel: 'C2' })).toBe(0);
  expect(gates.waitMs({ kind: 'edit' })).toBe(0);
  clock.advance(1000);
  expect(gates.waitMs({ kind: 'post', channel: 'C1' })).toBe(0);
});

test('a wait that Slack asked for closes that gate alone', () => {
  const clock = manualClock(new Date(0));
  const gates = pace(clock);
  gates.closedFor({ kind: 'edit' }, 30_000);
  expect(gates.waitMs({ kind: 'edit' })).toBe(30_000);
  expect(gates.waitMs({ kind: 'post', channel: 'C1' })).toBe(0);
});

test('whoever keeps to it never hears 429 from the practice Slack', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ edit: fc.boolean(), channel: fc.constantFrom('C1', 'C2'), pause: fc.nat(3000) }), {
        maxLength: 200,
      }),
      (calls) => {
        const clock = manualClock(new Date(0));
        const gates = pace(clock);
        const limits = openLimits(clock);
        for (const { edit, channel, pause } of calls) {
          clock.advance(pause);
          const gate = edit ? ({ kind: 'edit' } as const) : ({ kind: 'post', channel } as const);
          clock.advance(gates.waitMs(gate));
          gates.used(gate);
          expect(limits(edit ? 'chat.update' : 'chat.postMessage', channel)).toBeNull();
        }
      },
    ),
  );
});
