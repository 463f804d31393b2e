import { checkAbn, formatAbn, nearAbns } from '../../entities/abn.ts';
import type { Entity, Field, FieldValue, Sign } from '../../entities/field.ts';
import { textOf } from '../../entities/text.ts';
import type { Evidence } from '../../ledger/tables/likenesses.ts';

/** What is known of a record when it is held against another. Plain data. */
export interface Look {
  readonly id: string;
  /** Its strong key; null while it has none. */
  readonly key: string | null;
  /** The systems in which it is in use. */
  readonly inUse: ReadonlySet<string>;
  /** Field → the distinct values that its systems hold. */
  readonly values: ReadonlyMap<string, readonly FieldValue[]>;
}

export interface LikenessInput {
  readonly left: Look;
  readonly right: Look;
  readonly entity: Entity;
  /** The strong key's field. */
  readonly matchBy: string;
  /** A person said that they are two. */
  readonly saidApart: boolean;
  /** One of them is not made in a system because the other, of the same name, is there. */
  readonly inTheWay: boolean;
  /** The system that merged one of them into the other, by its name; null = none did. */
  readonly mergedIn: string | null;
}

export type LikenessStep =
  | { readonly kind: 'ask'; readonly evidence: readonly Evidence[]; readonly points: number }
  /** `nowhere` = one of them is in use in no system; `together` = both are in this one. */
  | {
      readonly kind: 'no';
      readonly why: 'one' | 'nowhere' | 'together' | 'said_apart' | 'too_little';
      readonly connection?: string;
    };

/** Two signs of full weight: a name and a number, say. One alone is chance. */
const enough = 4;
/** Two valid keys that are apart speak against it: four other signs have to outweigh them. */
const keysApart = -3;
const keysAlike = 3;
const keyNearlyTheSame = 3;
const merged = 4;

/**
 * Whether a person is asked if two records are one, and what is laid side by side for that. Records in use in one and the same
 * system are two there, and are never asked about; nor is what a person has answered. Commutative. Pure.
 */
export function decideLikeness(input: LikenessInput): LikenessStep {
  const { left, right } = input;
  if (left.id === right.id) return { kind: 'no', why: 'one' };
  if (left.inUse.size === 0 || right.inUse.size === 0) return { kind: 'no', why: 'nowhere' };
  const [connection] = [...left.inUse].filter((one) => right.inUse.has(one)).sort();
  if (connection !== undefined) return { kind: 'no', why: 'together', connection };
  if (input.saidApart) return { kind: 'no', why: 'said_apart' };
  const weighed = [
    ...mergeEvidence(input),
    weighKeys(input),
    ...input.entity.signs.map((sign) => weighSign(sign, left, right)),
  ];
  const points = weighed.reduce((sum, one) => sum + one.points, 0);
  const evidence = weighed.map((one) => one.evidence);
  const isNamed = evidence.some(({ field, says }) => field === 'name' && says === 'same');
  const isReason = input.mergedIn !== null || (input.inTheWay && isNamed);
  if (points < enough && !isReason) return { kind: 'no', why: 'too_little' };
  return { kind: 'ask', evidence, points };
}

interface Weighed {
  readonly evidence: Evidence;
  readonly points: number;
}

function mergeEvidence({ mergedIn }: LikenessInput): Weighed[] {
  if (mergedIn === null) return [];
  return [{ evidence: { field: 'merged', left: mergedIn, right: mergedIn, says: 'same' }, points: merged }];
}

/** The strong keys, or what stands in their place. A placeholder says no more than nothing. */
function weighKeys({ left, right, entity, matchBy }: LikenessInput): Weighed {
  const field = entity.fields.find((one) => one.name === matchBy);
  const [a, b] = [keysOf(left, matchBy, field), keysOf(right, matchBy, field)];
  const pair = (
    says: Evidence['says'],
    points: number,
    at: readonly [Key | undefined, Key | undefined] = [a[0], b[0]],
  ): Weighed => ({
    evidence: { field: matchBy, left: at[0]?.shown ?? null, right: at[1]?.shown ?? null, says },
    points,
  });
  if (a.length === 0 || b.length === 0) return pair('missing', 0);
  const same = pairOff(a, b, (x, y) => x.key === y.key);
  if (same) return pair('same', keysAlike, same);
  const near = pairOff(a, b, (x, y) => x.meant.has(y.key) || y.meant.has(x.key));
  if (near) return pair('alike', keyNearlyTheSame, near);
  return pair('different', a.some((x) => x.isValid) && b.some((y) => y.isValid) ? keysApart : 0);
}

interface Key extends Read {
  readonly isValid: boolean;
  /** The valid ones that it may have been meant for. */
  readonly meant: ReadonlySet<string>;
}

function keysOf({ key, values }: Look, matchBy: string, field: Field | undefined): Key[] {
  const held = [...(key === null ? [] : [key]), ...(values.get(matchBy) ?? [])];
  const all = held.flatMap((value): Key[] => {
    const text = textOf(value);
    const verdict = checkAbn(text);
    if (matchBy === 'abn' && !verdict.ok && verdict.reason === 'suspicious') return [];
    const normal = field?.normal(value) ?? text;
    const isValid = field ? field.problem(value) === null : true;
    const meant = new Set(matchBy === 'abn' ? nearAbns(text) : []);
    return [{ key: normal, shown: matchBy === 'abn' ? formatAbn(text) : text, isValid, meant }];
  });
  return distinct(all);
}

/** What one sign says of the two: the same value in both, nearly the same, others, or none. */
function weighSign(sign: Sign, left: Look, right: Look): Weighed {
  const [a, b] = [readSign(sign, left), readSign(sign, right)];
  const pair = (
    says: Evidence['says'],
    points: number,
    at: readonly [Read | undefined, Read | undefined] = [a[0], b[0]],
  ): Weighed => ({
    evidence: { field: sign.name, left: at[0]?.shown ?? null, right: at[1]?.shown ?? null, says },
    points,
  });
  if (a.length === 0 || b.length === 0) return pair('missing', 0);
  const same = pairOff(a, b, (x, y) => x.key === y.key);
  if (same) return pair('same', sign.weight, same);
  const { alike } = sign;
  const near = alike && pairOff(a, b, (x, y) => alike(x.key, y.key) || alike(y.key, x.key));
  if (near) return pair('alike', 1, near);
  return pair('different', -1);
}

interface Read {
  readonly key: string;
  readonly shown: string;
}

/** What a record holds of a sign, in an order that does not depend on who was read first. */
export function readSign(sign: Sign, { values }: Pick<Look, 'values'>): Read[] {
  const read = sign.fields.flatMap((field) =>
    (values.get(field) ?? []).flatMap((value) => {
      const key = sign.key(value, field);
      return key === null || key === '' ? [] : [{ key, shown: sign.show(value, field) }];
    }),
  );
  return distinct(read);
}

const distinct = <T extends Read>(all: readonly T[]): T[] =>
  [...new Map([...all].reverse().map((one) => [one.key, one])).values()].reverse();

/** The first pair that fits, whichever side is asked first. */
function pairOff<T extends Read>(
  a: readonly T[],
  b: readonly T[],
  fits: (x: T, y: T) => boolean,
): readonly [T, T] | undefined {
  const inOrder = ([x, y]: readonly [T, T]) => JSON.stringify([x.key, y.key].sort());
  return a
    .flatMap((x) => b.filter((y) => fits(x, y)).map((y) => [x, y] as const))
    .sort((one, other) => (inOrder(one) < inOrder(other) ? -1 : 1))[0];
}
