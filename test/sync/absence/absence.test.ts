import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideGone, type GoneInput } from '#src/sync/absence/decide-gone.ts';
import { type ListingInput, usualButMissing } from '#src/sync/absence/decide-listing.ts';
import { waitAfterFailedRun, waitAfterRefusal } from '#src/sync/waits.ts';

const gone: GoneInput = {
  whenGone: 'ask',
  status: { twoPeople: false },
  inUse: ['xero'],
  takeStatus: ['xero'],
  canBeMade: true,
};
const follows = (more: Partial<GoneInput>) => decideGone({ ...gone, ...more });

describe('absence is suspicion, not a delete: what follows', () => {
  test('is a question, with what can be done', () => {
    expect(follows({})).toEqual({ kind: 'ask', choices: ['archive', 'keep', 'make'] });
    expect(follows({ canBeMade: false })).toEqual({ kind: 'ask', choices: ['archive', 'keep'] });
    expect(follows({ status: null, canBeMade: false })).toEqual({ kind: 'ask', choices: ['keep'] });
  });

  test('is archiving only where the status is kept in step, and one may decide it', () => {
    expect(follows({ whenGone: 'archive' })).toEqual({ kind: 'archive' });
    expect(follows({ whenGone: 'archive', status: null }).kind).toBe('ask');
    expect(follows({ whenGone: 'archive', takeStatus: [] }).kind).toBe('ask');
    expect(follows({ whenGone: 'archive', status: { twoPeople: true } })).toEqual({
      kind: 'ask',
      choices: ['keep', 'make'],
    });
  });

  test('is nothing where nobody has it in use any more', () => {
    expect(follows({ inUse: [], whenGone: 'archive' })).toEqual({ kind: 'nothing' });
    expect(follows({ whenGone: 'ignore' })).toEqual({ kind: 'ignore' });
  });

  test('always leaves a person the choice to keep it', () => {
    const any = fc.record({
      whenGone: fc.constantFrom('archive', 'ask', 'ignore' as const),
      status: fc.option(fc.record({ twoPeople: fc.boolean() })),
      inUse: fc.subarray(['xero', 'cin7-core']),
      takeStatus: fc.subarray(['xero', 'cin7-core']),
      canBeMade: fc.boolean(),
    });
    fc.assert(
      fc.property(any, (input) => {
        const step = decideGone(input as GoneInput);
        if (step.kind === 'ask') expect(step.choices).toContain('keep');
        if (step.kind === 'archive') expect(input.whenGone).toBe('archive');
        expect(step.kind === 'nothing').toBe(input.inUse.length === 0);
      }),
    );
  });
});

describe('drift: a list that names nothing where much is usual', () => {
  const listing: ListingInput = {
    named: 0,
    everything: false,
    known: 500,
    today: 0,
    sameDayBefore: [40, 30, 25],
  };
  const missing = (more: Partial<ListingInput>) => usualButMissing({ ...listing, ...more });

  test('of everything is strange as soon as a record is known there', () => {
    expect(missing({ everything: true })).toBe(500);
    expect(missing({ everything: true, known: 0 })).toBeNull();
    expect(missing({ everything: true, named: 1 })).toBeNull();
  });

  test('of changes is strange only where each such day before brought many', () => {
    expect(missing({})).toBe(25);
    expect(missing({ sameDayBefore: [40, 0, 25] })).toBeNull();
    expect(missing({ sameDayBefore: [40, null, 25] })).toBeNull();
    expect(missing({ sameDayBefore: [40, 25] })).toBeNull();
    expect(missing({ today: 1 })).toBeNull();
    expect(missing({ named: 3 })).toBeNull();
  });
});

test('partial work is tried again after waits that grow, and never less often than once a day', () => {
  const minutes = (ms: number) => ms / 60_000;
  expect([1, 2, 3, 4, 9].map((n) => minutes(waitAfterRefusal(n)))).toEqual([60, 240, 720, 1440, 1440]);
  expect([0, 1, 2, 3, 4, 5, 99].map((n) => minutes(waitAfterFailedRun(n)))).toEqual([
    2, 2, 5, 15, 30, 60, 60,
  ]);
});
