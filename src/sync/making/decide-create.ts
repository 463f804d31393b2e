import type { FieldValue } from '../../entities/field.ts';
import { nameKey } from '../../entities/names.ts';
import type { ChangeState, HoldReason } from '../../ledger/tables/changes.ts';
import { isInUse, statusField } from '../status.ts';
import type { Need } from '../writing/decide-order.ts';

/** What is known when it is decided whether a record is made in a system that lacks it. Plain data and pure functions. */
export interface CreateInput {
  readonly target: string;
  /** In one of these the record must be in use. */
  readonly from: readonly string[];
  readonly links: readonly { readonly connection: string; readonly archived: boolean }[];
  /** The record's strong key, and the field that it comes from. */
  readonly key: string | null;
  readonly matchBy: string;
  readonly change: { readonly state: ChangeState; readonly hold: HoldReason | null } | null;
  /** True once the target was read completely. */
  readonly isRead: boolean;
  /** True once the target's list reaches to when the record was first seen: what it lists late is not overlooked. */
  readonly isListed: boolean;
  readonly firstLoadApproved: boolean;
  /** By field, what is agreed or decided. */
  readonly values: ReadonlyMap<string, FieldValue | null>;
  /** Fields with an open question. */
  readonly asked: ReadonlySet<string>;
  /** Fields that are names; by the first of them it is known for certain. */
  readonly names: readonly string[];
  supports(field: string): boolean;
  /** What the target can hold of a value. */
  project(field: string, value: FieldValue | null): FieldValue | null;
  /** The records of the target by the normal form of their names. */
  readonly namesakes: ReadonlyMap<string, readonly Namesake[]>;
  /** Records that a person said it is not. */
  readonly apart: ReadonlySet<string>;
  /** Records of which a person is asked whether it is one of them. */
  readonly perhaps: readonly {
    readonly recordId: string;
    readonly title: string;
    readonly connections: ReadonlySet<string>;
  }[];
  /** What it refers to that the target lacks; none = left out. */
  readonly waitsFor?: readonly Need[];
  /** True while the target's own "the name is taken" counts: not long ago, and nobody asked to try again. */
  readonly isRefused: boolean;
}

/** Another record that goes by the same name in the target. */
export interface Namesake {
  readonly recordId: string;
  readonly title: string;
  readonly hasKey: boolean;
  /** Where it is. */
  readonly connections: readonly string[];
}

/** `wait` says why it is not made though it could be; `nothing` = not to be made, or not yet. */
export type CreateStep =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'wait'; readonly reason: 'first_load' | 'not_linked' }
  | { readonly kind: 'wait'; readonly reason: 'name_taken'; readonly namesake: Namesake }
  | {
      readonly kind: 'wait';
      readonly reason: 'maybe_same';
      readonly recordId: string;
      readonly title: string;
    }
  | { readonly kind: 'wait'; readonly reason: 'waits_for_other'; readonly needs: readonly Need[] }
  | { readonly kind: 'make'; readonly fields: Readonly<Record<string, FieldValue>> };

const nothing: CreateStep = { kind: 'nothing' };
/** With any of these it is not sure who the record is. */
const inQuestion: readonly (HoldReason | null)[] = [
  'no_key',
  'invalid_key',
  'duplicate_key',
  'malformed',
  'merged',
  'mark_contradicts',
];

/** Whether a record is one that the agreement wants made in a system, as far as its links tell. */
export function isMissing({ target, from, links }: Pick<CreateInput, 'target' | 'from' | 'links'>): boolean {
  return (
    !links.some((link) => link.connection === target) &&
    links.some((link) => !link.archived && from.includes(link.connection))
  );
}

/** Decides whether a record is made in a system that lacks it, and with which values. Pure. */
export function decideCreate(input: CreateInput): CreateStep {
  const { key, matchBy, change, asked, names, namesakes } = input;
  if (!isMissing(input) || key === null || asked.has(matchBy) || !input.isRead) return nothing;
  // Whether it is to be in use at all is what a person is being asked.
  if (asked.has(statusField)) return nothing;
  if (change && (change.state === 'failed' || inQuestion.includes(change.hold))) return nothing;
  if (!isInUse(input.values.get(statusField))) return nothing;
  const fields = named(input, fieldsOf(input));
  const own = names.filter((name) => fields[name] !== undefined).map((name) => nameKey(String(fields[name])));
  if (own.length === 0)
    return names.some((name) => asked.has(name)) ? nothing : { kind: 'wait', reason: 'not_linked' };
  if (input.isRefused) return nothing;
  const namesake = own.flatMap((name) => namesakes.get(name) ?? []).find((one) => mayBeTheSame(one, input));
  if (namesake !== undefined) return { kind: 'wait', reason: 'name_taken', namesake };
  const other = input.perhaps.find(({ connections }) => connections.has(input.target));
  if (other) return { kind: 'wait', reason: 'maybe_same', recordId: other.recordId, title: other.title };
  if (!input.firstLoadApproved) return { kind: 'wait', reason: 'first_load' };
  const { waitsFor = [] } = input;
  if (waitsFor.length > 0) return { kind: 'wait', reason: 'waits_for_other', needs: waitsFor };
  return input.isListed ? { kind: 'make', fields } : nothing;
}

/**
 * One of the same name whose number nobody knows may be this very customer; so may one of another number, where each is only in
 * systems that lack the other: one of the two numbers is wrong then. Two customers of one name are both in some system.
 */
function mayBeTheSame({ recordId, hasKey, connections }: Namesake, { links, apart }: CreateInput): boolean {
  if (apart.has(recordId)) return false;
  return !hasKey || !links.some((link) => connections.includes(link.connection));
}

/** Nobody has given it a name to trade under: then it goes by the first of its names, for a record without one cannot be found. */
function named(input: CreateInput, fields: Record<string, FieldValue>): Record<string, FieldValue> {
  const { names, values, asked, supports, project } = input;
  const [first, ...others] = names;
  const name = first === undefined || asked.has(first) ? null : (values.get(first) ?? null);
  const blank = others.filter((one) => supports(one) && !asked.has(one) && fields[one] === undefined);
  const filled = blank.flatMap((one) => {
    const held = project(one, name);
    return held === null ? [] : [[one, held] as const];
  });
  return { ...fields, ...Object.fromEntries(filled) };
}

/** What is agreed or decided, as the target can hold it: no blanks, and nothing that a person is being asked about. */
function fieldsOf({ values, asked, supports, project }: CreateInput): Record<string, FieldValue> {
  return Object.fromEntries(
    [...values]
      .filter(([field]) => !asked.has(field) && supports(field))
      .flatMap(([field, value]) => {
        const held = project(field, value);
        return held === null ? [] : [[field, held]];
      }),
  );
}
