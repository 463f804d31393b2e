import { seededRandom } from '#src/playground/data/random.ts';

/** Chance that is the same for the same seed. */
export interface Dice {
  /** A whole number in `[from, to]`. */
  between(from: number, to: number): number;
  pick<T>(from: readonly T[]): T;
  /** True in so many cases of a hundred. */
  chance(percent: number): boolean;
  /** One of these names, each as often as its weight says. */
  weigh<T extends string>(weights: Readonly<Record<T, number>>): T;
  /** Some of these, in their order; each with even chances. */
  some<T>(from: readonly T[]): T[];
  shuffle<T>(from: readonly T[]): T[];
  /** Other dice, the same for the same name: what they throw moves nothing here. */
  of(name: string | number): Dice;
}

export function diceOf(seed: number): Dice {
  const random = seededRandom(seed);
  const between = (from: number, to: number) => random.between(from, to);
  const chance = (percent: number) => between(1, 1000) <= percent * 10;
  return {
    between,
    pick: (from) => random.pick(from),
    chance,
    weigh: (weights) => {
      const all = Object.entries(weights) as [keyof typeof weights & string, number][];
      let left = between(1, Math.max(1, Math.round(all.reduce((sum, [, weight]) => sum + weight * 10, 0))));
      for (const [name, weight] of all) {
        left -= weight * 10;
        if (left <= 0) return name as never;
      }
      return all[0]?.[0] as never;
    },
    some: (from) => from.filter(() => chance(50)),
    shuffle: (from) => {
      const left = [...from];
      return from.map(() => left.splice(between(0, left.length - 1), 1)[0] as (typeof left)[number]);
    },
    of: (name) => diceOf(mixed(seed, String(name))),
  };
}

/** FNV-1a over the seed and a name. */
function mixed(seed: number, name: string): number {
  const text = `${seed} ${name}`;
  return [...text].reduce(
    (hash, sign) => Math.imul(hash ^ (sign.codePointAt(0) ?? 0), 0x01000193),
    0x811c9dc5,
  );
}
