import { describe, expect, test } from 'vitest';
import type { KnownIncident } from '#src/alerts/detect.ts';
import { moveFor } from '#src/alerts/watch-data.ts';
import { partialWords } from '#src/alerts/words.ts';

const found = { cause: 'partial', message: 'Missing in Xero: Harbour Cafe.', records: 1 } as const;
const open: KnownIncident = {
  id: 7,
  key: 'customers/partial/-/-',
  cause: 'partial',
  connection: null,
  state: 'open',
  recoveredAt: null,
  message: found.message,
  data: { waiting: 1, waitingAtOpening: 1 },
};
const move = (problem: typeof found | null, known: readonly KnownIncident[]) =>
  moveFor('customers', 'partial', problem, known);

describe('partial work as an alert', () => {
  test('opens once, and says nothing while nothing about it changes', () => {
    expect(move(found, [])).toMatchObject({ kind: 'open', cause: 'partial', data: { waiting: 1 } });
    expect(move(found, [open])).toBeNull();
    expect(move({ ...found, records: 2 } as unknown as typeof found, [open])).toMatchObject({
      kind: 'again',
      id: 7,
    });
  });

  test('is over once it is everywhere, and the same one when it comes back soon', () => {
    expect(move(null, [])).toBeNull();
    expect(move(null, [open])).toMatchObject({ kind: 'recover', id: 7, data: { waiting: 0 } });
    expect(move(found, [{ ...open, state: 'recovered' }])).toMatchObject({ kind: 'return', id: 7 });
  });

  test('is not mistaken for another problem of the flow', () => {
    expect(move(null, [{ ...open, key: 'customers/auth/xero/-' }])).toBeNull();
  });

  test('names what is missing where, and never more than a message can show', () => {
    const missing = ['A', 'B', 'C', 'D', 'E', 'F', 'G'].map((title) => ({ title, missingIn: ['Xero'] }));
    expect(partialWords({ hours: 24, missing, records: 40 })).toBe(
      'Not everywhere after 24 hours. Missing in Xero: A, B, C, D, E and 2 more; these are the oldest 7 of 40.',
    );
    expect(partialWords({ hours: 1, missing: [], records: 0 })).toContain('after 1 hour.');
  });
});
