import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isBacklog, isSampleDue } from '#src/alerts/backlog.ts';
import { movesFor } from '#src/alerts/watch-work.ts';

const now = new Date('2026-11-20T01:00:00.000Z');
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const waits = (waiting: number, minutes: number) => ({ waiting, oldest: ago(minutes) });
const counted = (waiting: number, minutes = 5) => ({ waiting, at: ago(minutes) });

describe('backlog', () => {
  test.each([
    ['many, old, and as many as before', waits(60, 16), counted(60), false, true],
    ['many, old, and more than before', waits(600, 60), counted(60), false, true],
    ['many and old, but fewer than before: it is worked off', waits(600, 60), counted(700), false, false],
    ['many, but none of them old', waits(10_000, 14), counted(10), false, false],
    ['old, but few', waits(49, 600), counted(49), false, false],
    ['nothing to compare with yet', waits(600, 60), null, false, false],
    ['counted a moment ago', waits(600, 60), counted(500, 1), false, false],
    ['nothing', { waiting: 0, oldest: null }, counted(60), true, false],
    ['told before, becoming fewer, still many', waits(600, 60), counted(700), true, true],
    ['told before, few left', waits(24, 60), counted(700), true, false],
    ['told before, none old any more', waits(600, 10), counted(700), true, false],
  ])('%s', (_, whole, sample, wasOpen, expected) => {
    expect(isBacklog(whole, { before: sample, wasOpen, now })).toBe(expected);
  });

  test('what becomes fewer is never told anew, whatever its size and age', () => {
    fc.assert(
      fc.property(
        fc.nat(100_000),
        fc.integer({ min: 1, max: 1_000 }),
        fc.nat(10_000),
        (waiting, less, minutes) => {
          const sample = counted(waiting + less);
          expect(isBacklog(waits(waiting, minutes), { before: sample, wasOpen: false, now })).toBe(false);
        },
      ),
    );
  });

  test('is counted every five minutes', () => {
    expect([null, counted(1, 5), counted(1, 4)].map((sample) => isSampleDue(sample, now))).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe('problems of the work', () => {
  const loss = {
    cause: 'loss',
    connection: 'xero',
    field: 'legal_name',
    message: 'A',
    data: { field: 'Legal name' },
  } as const;
  const known = (state: 'open' | 'recovered', cause: 'loss' | 'budget' = 'loss', message = 'A') => ({
    id: 7,
    key: `customers/${cause}/xero/${cause === 'loss' ? 'legal_name' : '-'}`,
    cause,
    connection: 'xero',
    state,
    recoveredAt: state === 'open' ? null : now,
    message,
    data: {},
  });
  test('open once, change with their words, come back, and end when nothing of them is found', () => {
    expect(movesFor('customers', [loss], [], 3)).toMatchObject([
      { kind: 'open', key: 'customers/loss/xero/legal_name', data: { waiting: 3, field: 'Legal name' } },
    ]);
    expect(movesFor('customers', [loss], [known('open')], 3)).toEqual([]);
    expect(movesFor('customers', [loss], [known('open', 'loss', 'B')], 3)).toMatchObject([
      { kind: 'again', id: 7 },
    ]);
    expect(movesFor('customers', [loss], [known('recovered')], 3)).toMatchObject([{ kind: 'return', id: 7 }]);
    expect(movesFor('customers', [], [known('open')], 3)).toMatchObject([{ kind: 'recover', id: 7 }]);
    expect(movesFor('customers', [], [known('recovered')], 3)).toEqual([]);
  });

  test('that the calls of a day are short ends with a good run, not with the run that said so', () => {
    expect(movesFor('customers', [], [known('open', 'budget')], 3)).toEqual([]);
  });
});
