import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { same } from '#src/entities/field.ts';
import { gstRegistered, isRegistered } from '#src/entities/gst-registered.ts';

const yes = ['true', 'yes', 'y', 't', '1', 'registered', 'registered for GST', 'GST-registered'];
const no = [
  'false',
  'no',
  'n',
  'f',
  '0',
  'not registered',
  'unregistered',
  'not currently registered for GST',
];

describe('a text about the registration for GST', () => {
  test('is yes or no by a table of words, in any case, with spaces and a full stop around', () => {
    for (const [words, meaning] of [[yes, true] as const, [no, false] as const]) {
      expect(words.map(isRegistered)).toEqual(words.map(() => meaning));
      const noisy = words.map((word) => `  ${word.toUpperCase().replaceAll(' ', '\u00a0 ')}. `);
      expect(noisy.map(isRegistered)).toEqual(words.map(() => meaning));
    }
    expect(['not_registered', 'ＹＥＳ'].map(isRegistered)).toEqual([false, true]);
  });

  test.each([
    'Registered from 01/07/2000',
    'registered from 1 Jul 2000',
    'Registered for GST from 01 July 2000',
    'Registered since 2000-07-01',
  ])('“%s” is what the register says: yes', (text) => {
    expect(isRegistered(text)).toBe(true);
  });

  test.each([
    '',
    'yes?',
    'N/A',
    'Ask Priya',
    '2',
    'Registered from',
    'Registered from 01/07/2000 to 30/06/2010',
    'Registered from 01/07/2000, cancelled',
    'Registered as a charity',
    'toString',
  ])('“%s” says neither, and is not guessed', (text) => {
    expect(isRegistered(text)).toBeNull();
    expect(gstRegistered.problem(text)).toContain(`“${text}”`);
  });

  test('is yes for every day on which a registration may begin', () => {
    const days = fc.date({
      min: new Date('2000-07-01'),
      max: new Date('2099-12-31'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(days, (date) => {
        const [year, month, day] = date.toISOString().slice(0, 10).split('-');
        const short = date.toLocaleDateString('en-AU', { month: 'short', timeZone: 'UTC' });
        for (const said of [
          `${day}/${month}/${year}`,
          `${day} ${short} ${year}`,
          `${year}-${month}-${day}`,
        ]) {
          expect(isRegistered(`Registered from ${said}`)).toBe(true);
          expect(isRegistered(`Registered to ${said}`)).toBeNull();
          expect(isRegistered(`Registered from ${said} to ${said}`)).toBeNull();
        }
      }),
    );
  });
});

describe('GST registered', () => {
  test('compares by what is meant, whether it came as a boolean or in words, and is shown as yes or no', () => {
    fc.assert(
      fc.property(fc.constantFrom(...yes, true), fc.constantFrom(...no, false), (one, other) => {
        expect(same(gstRegistered, one, true)).toBe(true);
        expect(same(gstRegistered, other, false)).toBe(true);
        expect(same(gstRegistered, one, other)).toBe(false);
        expect([one, other].map(gstRegistered.show)).toEqual(['Yes', 'No']);
        expect([one, other].map(gstRegistered.problem)).toEqual([null, null]);
      }),
    );
  });

  test('keeps other words as they are, fit to be seen and not to be saved', () => {
    expect(gstRegistered.show('Ask  Priya')).toBe('Ask Priya');
    expect(same(gstRegistered, 'ask priya', 'Ask Priya ')).toBe(true);
    expect(same(gstRegistered, 'Ask Priya', false)).toBe(false);
    expect(gstRegistered.problem('Ask Priya')).toBe(
      '“Ask Priya” does not say whether they are registered for GST: yes or no.',
    );
  });

  test('offers yes and no', () => {
    expect(gstRegistered.choices?.map(({ value, label }) => [isRegistered(value), label])).toEqual([
      [true, 'Yes'],
      [false, 'No'],
    ]);
  });

  test('is odd without an ABN, or beside one that is not valid', () => {
    const warning = (value: boolean | string, abn?: string) =>
      gstRegistered.warning?.(value, abn === undefined ? {} : { abn });
    expect(warning(true, '53 004 085 616')).toBeNull();
    expect(warning('Registered from 01/07/2000')).toBe(
      'No ABN is agreed on, and a business needs one to register for GST.',
    );
    expect(warning(true, '35531321789')).toBe(
      'The ABN 35 531 321 789 is not valid: its check digits do not match. A business needs a valid one to register for GST.',
    );
    for (const said of [false, 'not registered', 'Ask Priya']) {
      expect(warning(said)).toBeNull();
      expect(warning(said, '35531321789')).toBeNull();
    }
  });
});
