import fc from 'fast-check';
import { expect, it } from 'vitest';
import { customer } from '#src/entities/customer.ts';
import type { PastCase, Pick } from '#src/ledger/agreement/case-law.ts';
import { backTest, customOf } from '#src/slack/facts/case-law.ts';
import { fieldNamed } from '#src/slack/facts/fields.ts';

const phone = fieldNamed(customer, 'phone');
const pick = (from = 'xero', more: Partial<Pick> = {}): Pick => ({
  from,
  changed: ['hubspot', 'xero'],
  undone: false,
  at: new Date('2026-11-24T01:00:00Z'),
  ...more,
});
const five = Array.from({ length: 5 }, () => pick());

it('is a custom after five times in a row the same system, between the same systems', () => {
  expect(customOf(five)).toEqual({ from: 'xero', against: ['hubspot'] });
  expect(customOf(five.slice(1))).toBeNull();
  expect(customOf([pick('hubspot'), ...five])).toBeNull();
  expect(customOf([...five.slice(0, 4), pick('hubspot'), pick()])).toBeNull();
});

it('takes no part in what was decided between others, and none of what was undone', () => {
  const other = pick('cin7-core', { changed: ['cin7-core', 'hubspot'] });
  expect(customOf([pick(), other, ...five.slice(1)])).not.toBeNull();
  expect(customOf([...five.slice(0, 2), pick('xero', { undone: true }), ...five])).toBeNull();
});

it('is none where people kept what was agreed, typed a value, or only one system had changed', () => {
  for (const from of ['agreed', 'other']) expect(customOf(five.map(() => pick(from)))).toBeNull();
  expect(customOf(five.map(() => pick('xero', { changed: ['xero'] })))).toBeNull();
  expect(customOf([])).toBeNull();
});

const asked = (value: string | null, xero: string | null): PastCase => ({
  kind: 'asked',
  title: 'Bunya Glass',
  value,
  options: [{ connection: 'xero', value: xero, asAgreed: false, changedAt: null, changedBy: null }],
});
const flowed = (...changed: string[]): PastCase => ({ kind: 'flowed', title: 'Bunya Glass', changed });

it('goes through the past: what ended with that system’s value is the same, however it was written', () => {
  const past = [
    asked('(03) 5550 1111', '03 5550 1111'),
    asked('(03) 5550 1111', '(03) 5550 2222'),
    asked(null, '(03) 5550 2222'),
    flowed('xero'),
    flowed('hubspot'),
  ];
  expect(backTest(past, 'xero', phone)).toEqual({ same: 2, different: [past[1], past[2], past[4]] });
});

it('counts every case once', () => {
  const one = fc.oneof(
    fc.tuple(fc.constantFrom('1', '2', null), fc.constantFrom('1', '2', null)).map(([a, b]) => asked(a, b)),
    fc.subarray(['hubspot', 'xero', 'cin7-core']).map((list) => flowed(...list)),
  );
  fc.assert(
    fc.property(fc.array(one), (past) => {
      const { same, different } = backTest(past, 'xero', phone);
      expect(same + different.length).toBe(past.length);
    }),
  );
});
