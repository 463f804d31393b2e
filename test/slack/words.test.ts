import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cut,
  defused,
  distance,
  duration,
  escaped,
  inSentence,
  listed,
  named,
  nearest,
} from '#src/slack/messages/text.ts';
import { momentIn, timeIn } from '#src/slack/messages/times.ts';

describe('words', () => {
  test('a cut never exceeds its length, and never halves an emoji', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, max) => {
        const kept = cut(text, max);
        expect(kept.length).toBeLessThanOrEqual(max);
        expect(kept.isWellFormed()).toBe(text.isWellFormed() || kept.isWellFormed());
      }),
    );
    expect(cut('👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 13)).toBe('👩‍👩‍👧‍👦…');
  });

  test('a name is one line without tricks', () => {
    expect(named(' a\n b\u202Ec\u0000 ')).toBe('a bc');
    expect(named('\u200B')).toBe('(no name)');
  });

  test('nothing in defused words is markup', () => {
    expect(defused('<!channel> *b* `c` :tada: _i_ a_b')).toBe('&lt;!channel&gt; b c : tada: i a_b');
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(defused(text)).not.toMatch(/[<>*`~]/);
      }),
    );
  });

  test('lists, labels, escapes, spans', () => {
    expect(listed(['a'])).toBe('a');
    expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
    expect(listed([])).toBe('');
    expect(inSentence('Billing address')).toBe('billing address');
    expect(inSentence('ABN')).toBe('ABN');
    expect(escaped('a & <b>')).toBe('a &amp; &lt;b&gt;');
    expect([310, 38_000, 300_000, 4_740_000].map(duration)).toEqual([
      '0.31 s',
      '38 s',
      '5 min',
      '1 h 19 min',
    ]);
  });

  test('what was probably meant', () => {
    expect(distance('custmers', 'customers')).toBe(1);
    expect(nearest('custmers', ['customers', 'stock'])).toBe('customers');
    expect(nearest('statsu', ['status', 'lookup'])).toBe('status');
    expect(nearest('xyzzy', ['status', 'run'])).toBeNull();
    expect(nearest('', ['run'])).toBeNull();
  });
});

test('times name their zone, through the change to summer time', () => {
  expect(momentIn('Australia/Sydney', new Date('2026-11-23T21:47:00Z'))).toBe('Tue 24 Nov, 8:47 am AEDT');
  expect(timeIn('Australia/Sydney', new Date('2026-07-01T02:00:00Z'))).toBe('12:00 pm AEST');
  expect(timeIn('Australia/Perth', new Date('2026-07-01T02:00:00Z'))).toBe('10:00 am AWST');
});
