import { expect, test } from 'vitest';
import { cutTo, observedAddress, observedTerms } from '#src/connectors/observed.ts';

const days = (count: number, from = 'invoice_date') => ({ state: 'value', value: { days: count, from } });

test('payment terms are read from the ways in which people write them', () => {
  for (const text of [
    '30 days',
    '30 Days',
    'Net 30',
    '30 days from invoice date',
    '30 days after the invoice date',
    '30d',
  ]) {
    expect(observedTerms(text), text).toEqual(days(30));
  }
  for (const text of [
    '30 days EOM',
    '30 days after end of month',
    '30 days from end of the month',
    '30 Days E.O.M.',
    'EOM 30',
    '30 days month-end',
  ]) {
    expect(observedTerms(text), text).toEqual(days(30, 'end_of_month'));
  }
  expect(observedTerms('COD')).toEqual(days(0));
  expect(observedTerms('Due on receipt')).toEqual(days(0));
});

test('words that nobody understands stay words, and no words are blank', () => {
  for (const text of [
    '50% now, 50% in 30 days',
    'ask Jane',
    '2/10 net 30',
    '30 days, except Fridays',
    '1000 days',
  ]) {
    expect(observedTerms(text), text).toEqual({ state: 'value', value: text });
  }
  expect(observedTerms('  ')).toEqual({ state: 'blank' });
  expect(observedTerms(null)).toEqual({ state: 'blank' });
});

test('a country alone is no address', () => {
  const empty = { line1: null, line2: '', city: ' ', state: undefined, postcode: null, country: 'Australia' };
  expect(observedAddress(empty)).toEqual({ state: 'blank' });
  expect(observedAddress({ ...empty, city: 'Perth' })).toEqual({
    state: 'value',
    value: { line1: null, line2: null, city: 'Perth', state: null, postcode: null, country: 'Australia' },
  });
});

test('a cut never leaves half a sign', () => {
  expect(cutTo('ab😀', 3)).toBe('ab');
  expect(cutTo('ab😀', 4)).toBe('ab😀');
});
