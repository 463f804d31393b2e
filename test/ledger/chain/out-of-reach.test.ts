import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { look, type Reach } from '#src/ledger/chain/out-of-reach.ts';

interface Writer {
  /** When it is given its number, when it writes each of its lines, and when it is over. */
  readonly begins: number;
  readonly lines: readonly number[];
  readonly ends: number;
}

const writers: fc.Arbitrary<Writer[]> = fc.array(
  fc.tuple(fc.nat(60), fc.array(fc.nat(30), { maxLength: 5 }), fc.nat(40)).map(([begins, after, more]) => {
    const lines = after.map((ms) => begins + ms).sort((a, b) => a - b);
    return { begins, lines, ends: (lines.at(-1) ?? begins) + more };
  }),
  { maxLength: 12 },
);

/** A database in which transactions are given their numbers, and lines their ids, in the order of time. */
function lived(all: readonly Writer[]) {
  const numbered = all.toSorted((a, b) => a.begins - b.begins).map((one, number) => ({ ...one, number }));
  const lines = numbered
    .flatMap((one) => one.lines.map((at) => ({ at, seenAt: one.ends })))
    .sort((a, b) => a.at - b.at)
    .map((one, i) => ({ ...one, id: i + 1 }));
  const at = (time: number) => {
    const next = numbered.filter(({ begins }) => begins <= time).length;
    const open = numbered.filter(({ begins, ends }) => begins <= time && ends > time);
    const oldest = Math.min(next, ...open.map(({ number }) => number));
    const seen = lines.filter(({ seenAt }) => seenAt <= time).map(({ id }) => id);
    return {
      seen,
      snapshot: { oldest: BigInt(oldest), next: BigInt(next) },
      ids: new Map([['story', Math.max(0, ...seen)]]),
    };
  };
  return { at };
}

describe('lines that are out of reach', () => {
  it('are never joined by one with a lower id, however late it is committed', () => {
    fc.assert(
      fc.property(writers, fc.array(fc.integer({ min: 1, max: 25 }), { maxLength: 15 }), (all, gaps) => {
        const world = lived(all);
        const atLast = world.at(10_000).seen;
        let reach: Reach = { mark: null, settled: null };
        let time = 0;
        for (const gap of gaps) {
          time += gap;
          const now = world.at(time);
          reach = look(reach, now);
          const upto = reach.settled?.get('story') ?? 0;
          const under = (ids: readonly number[]) => ids.filter((id) => id <= upto);
          expect(under(now.seen)).toEqual(under(atLast));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('are not known any more of a database that is another, older one', () => {
    const at = (next: bigint, id: number) => ({
      snapshot: { oldest: next, next },
      ids: new Map([['story', id]]),
    });
    const later = [at(100n, 50), at(101n, 60), at(102n, 70), at(103n, 80)].reduce(look, {
      mark: null,
      settled: null,
    } as Reach);
    expect(later.settled?.get('story')).toBe(50);
    const restored = look(later, at(7n, 20));
    expect(restored.settled).toBeNull();
    expect([at(8n, 20), at(9n, 20)].reduce(look, restored).settled?.get('story')).toBe(20);
  });

  it('are all lines, once everything is over and was looked at often enough', () => {
    const world = lived([
      { begins: 0, lines: [1, 2], ends: 50 },
      { begins: 3, lines: [4], ends: 5 },
    ]);
    let reach: Reach = { mark: null, settled: null };
    const settled = (time: number) => {
      reach = look(reach, world.at(time));
      return reach.settled?.get('story') ?? null;
    };
    // The third line is there at once, and is not settled while those before it are not.
    expect([10, 20, 30, 40].map(settled)).toEqual([null, null, null, null]);
    expect(settled(60)).toBe(3);
  });
});
