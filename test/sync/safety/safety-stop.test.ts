import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SafetyStopKind } from '#src/ledger/tables/safety-stops.ts';
import { decideSafetyStop, leastOf, type SafetyInput } from '#src/sync/safety/decide-safety-stop.ts';

const day = 24 * 3_600_000;
const minute = 60_000;
const usual: SafetyInput = {
  kind: 'writes',
  terms: { records: 50, percent: 20 },
  records: 0,
  lately: 0,
  of: 1_000,
  awayMs: minute,
  usualPerDay: 0,
};
const stops = (more: Partial<SafetyInput>) => decideSafetyStop({ ...usual, ...more }).stops;

describe('the safety stop', () => {
  test('needs both: more records than the agreement says, and more than its share of the flow', () => {
    expect(stops({ records: 51, of: 100 })).toBe(true);
    expect(stops({ records: 50, of: 100 })).toBe(false);
    expect(stops({ records: 200, of: 1_000 })).toBe(false);
    expect(stops({ records: 201, of: 1_000 })).toBe(true);
    expect(stops({ records: 30, of: 30 })).toBe(false);
  });

  test('comes sooner for values that are cleared and records that are gone', () => {
    for (const kind of ['blanks', 'gone'] as const) {
      expect(stops({ kind, records: 10, of: 100 })).toBe(false);
      expect(stops({ kind, records: 11, of: 100 })).toBe(true);
      expect(stops({ kind, records: 40, of: 1_000 })).toBe(false);
      expect(stops({ kind, records: 41, of: 1_000 })).toBe(true);
    }
  });

  test('lets a flow that was away for a week write more', () => {
    expect(stops({ records: 300, of: 100, awayMs: 7 * day })).toBe(false);
    expect(stops({ records: 351, of: 100, awayMs: 7 * day })).toBe(true);
    expect(stops({ records: 351, of: 100, awayMs: 70 * day })).toBe(true);
  });

  test('knows a flow that is always busy', () => {
    expect(stops({ records: 900, usualPerDay: 500 })).toBe(false);
    expect(stops({ records: 1_001, usualPerDay: 500 })).toBe(true);
  });

  test('is not got around drop by drop', () => {
    expect(stops({ records: 10, lately: 40, of: 100 })).toBe(false);
    expect(stops({ records: 11, lately: 40, of: 100 })).toBe(true);
  });

  test('is switched off by 100 percent', () => {
    expect(stops({ terms: { records: 1, percent: 100 }, records: 1_000_000, of: 10 })).toBe(false);
  });

  const inputs = fc.record({
    kind: fc.constantFrom<SafetyStopKind>('writes', 'blanks', 'makes', 'gone'),
    terms: fc.record({ records: fc.integer({ min: 1, max: 500 }), percent: fc.integer({ min: 1, max: 99 }) }),
    records: fc.nat(2_000),
    lately: fc.nat(500),
    of: fc.nat(5_000),
    awayMs: fc.nat(30 * day),
    usualPerDay: fc.nat(500),
  });

  test('stops exactly what is more than its limit, and nothing where nothing is to be done', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { stops, limit } = decideSafetyStop(input);
        expect(stops).toBe(input.records > 0 && input.records + input.lately > limit);
        expect(limit).toBeGreaterThanOrEqual(leastOf(input.kind, input.terms));
      }),
    );
  });

  test('never stops less because more is about to be done, nor more because the flow is larger, busier or was away longer', () => {
    fc.assert(
      fc.property(inputs, fc.nat(1_000), (input, more) => {
        const before = decideSafetyStop(input);
        if (before.stops) {
          expect(decideSafetyStop({ ...input, records: input.records + more }).stops).toBe(true);
          expect(decideSafetyStop({ ...input, lately: input.lately + more }).stops).toBe(true);
          return;
        }
        expect(decideSafetyStop({ ...input, of: input.of + more }).stops).toBe(false);
        expect(decideSafetyStop({ ...input, usualPerDay: input.usualPerDay + more }).stops).toBe(false);
        expect(decideSafetyStop({ ...input, awayMs: input.awayMs + more * minute }).stops).toBe(false);
      }),
    );
  });
});
