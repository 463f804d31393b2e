import { expect, test } from 'vitest';
import { driftFinder } from '#src/connectors/drift.ts';

const rules = {
  mapped: { email: ['EmailAddress'], billing_address: ['Line1', 'City'] },
  documented: new Set(['ID', 'EmailAddress', 'Line1', 'City', 'Website']),
};
const find = (objects: Record<string, unknown>[], more = {}) => {
  const driftOf = driftFinder(objects, { ...rules, ...more });
  return objects.map(driftOf);
};

test('a mapped key that is gone while a strange one has come looks renamed', () => {
  const [drift] = find([{ ID: 1, Email: 'x', Line1: 'a', City: 'b' }]);
  expect(drift).toEqual([{ field: 'email', expected: 'EmailAddress', found: ['Email'] }]);
});

test('a missing key alone is an empty one; a strange key alone is no business of ours', () => {
  expect(find([{ ID: 1, Line1: 'a', City: 'b' }])).toEqual([[]]);
  expect(find([{ ID: 1, EmailAddress: 'x', Line1: 'a', City: 'b', News: 1 }])).toEqual([[]]);
  expect(find([{ ID: 1, Website: 'x', Line1: 'a', City: 'b' }])).toEqual([[]]);
});

test('what any record of the answer still has is not renamed', () => {
  expect(
    find([
      { News: 1, Line1: 'a', City: 'b' },
      { News: 1, EmailAddress: 'x' },
    ]),
  ).toEqual([[], []]);
});

test('only the records that carry the strange key are touched, and the place is told', () => {
  const [first, second] = find([{ EmailAddress: 'x', Line1: 'a', Town: 'b' }, { EmailAddress: 'y' }], {
    place: 'Addresses.',
  });
  expect(first).toEqual([
    { field: 'billing_address', expected: 'Addresses.City', found: ['Addresses.Town'] },
  ]);
  expect(second).toEqual([]);
});

test('where empty keys are sent, an absent one is gone with nothing in its place', () => {
  expect(find([{ ID: 1, Line1: null, City: null }], { sendsEmpty: true })).toEqual([
    [{ field: 'email', expected: 'EmailAddress', found: [] }],
  ]);
});
