import { type Field, type FieldValue, type Observed, same } from '../../entities/field.ts';
import type { RollbackVerdict, RollbackWhy } from '../../ledger/tables/rollbacks.ts';
import { heldValue } from '../compare.ts';
import { statusField } from '../status.ts';

/** A write of Truce's that went out, or of which no answer came. */
export interface WentOut {
  readonly intentId: string;
  readonly changeId: string;
  readonly recordId: string;
  readonly connection: string;
  readonly kind: 'update' | 'create';
  readonly externalId: string | null;
  readonly fields: Readonly<Record<string, FieldValue | null>>;
  readonly before: Readonly<Record<string, FieldValue | null>>;
  readonly at: Date;
}

/** What one system was just read with, of one record; `other_record` = what was written there belongs to another one by now. */
export type Place =
  | {
      readonly kind: 'there';
      readonly externalId: string;
      readonly archived: boolean;
      readonly locked: boolean;
      readonly fields: Readonly<Record<string, Observed>>;
      readonly editors: Readonly<Record<string, { readonly by: string | null }>>;
    }
  | { readonly kind: 'gone' | 'merged' | 'unreadable' | 'other_record' };

/** What the ledger and the agreement say of a field of a record in one system. */
export interface Standing {
  /** The agreement keeps it in step there. */
  readonly takesPart: boolean;
  readonly canWrite: boolean;
  readonly twoPeople: boolean;
  readonly asking: boolean;
  /** Decided and not yet everywhere, as this system can hold it. */
  readonly pending: { readonly changeId: string; readonly value: FieldValue | null } | null;
  /** What Truce wrote there later, and has not put back since. */
  readonly later: { readonly changeId: string; readonly value: FieldValue | null } | null;
}

/** Before and after of one field, however many writes lie between. */
export interface Image {
  readonly before: FieldValue | null;
  readonly written: FieldValue | null;
  /** The vendor's record that it was written to. */
  readonly externalId: string | null;
  /** The changes that wrote it. */
  readonly changeIds: readonly string[];
}

export interface Verdict {
  readonly verdict: RollbackVerdict;
  readonly why: RollbackWhy | null;
  readonly found: FieldValue | null;
  /** Who changed it since: a name that the vendor tells, or the reference of what Truce wrote later. */
  readonly changedBy: string | null;
}

export interface DecidedItem extends Verdict {
  readonly recordId: string;
  readonly connection: string;
  readonly field: string;
  readonly intentId: string;
  readonly changeId: string;
  readonly written: FieldValue | null;
  readonly before: FieldValue | null;
}

export interface RollbackInput {
  readonly fields: readonly Field[];
  /** In any order, of any number of records. */
  readonly writes: readonly WentOut[];
  readonly place: (recordId: string, connection: string) => Place;
  readonly standing: (recordId: string, connection: string, field: string) => Standing;
}

/**
 * What of these writes can be put back: one item for each field of each record in each system, whatever becomes of it. Of several
 * writes to one field only the first one's before-image and the last one's value count. Pure.
 */
export function decideRollback({ fields, writes, place, standing }: RollbackInput): DecidedItem[] {
  const places = Map.groupBy(writes, ({ recordId, connection }) => JSON.stringify([recordId, connection]));
  return [...places.values()].flatMap((list) => {
    const [{ recordId, connection }] = list as [WentOut];
    const made = list.filter(({ kind }) => kind === 'create').map(madeItem);
    const updates = inOrder(
      fields,
      list.filter(({ kind }) => kind === 'update'),
    );
    const names = [...new Set(updates.flatMap((write) => Object.keys(write.fields)))];
    const items = names.map((name): DecidedItem => {
      const field = fields.find((candidate) => candidate.name === name);
      const touching = updates.filter((write) => name in write.fields);
      const [first, last] = [touching[0] as WentOut, touching.at(-1) as WentOut];
      const image: Image = {
        before: first.before[name] ?? null,
        written: last.fields[name] ?? null,
        externalId: last.externalId,
        changeIds: touching.map(({ changeId }) => changeId),
      };
      const verdict = field
        ? verdictOf(field, image, place(recordId, connection), standing(recordId, connection, name))
        : { ...cannot('left'), found: null };
      const of = { recordId, connection, field: name, intentId: last.intentId, changeId: first.changeId };
      return { ...of, written: image.written, before: image.before, ...verdict };
    });
    return [...made, ...items];
  });
}

/** In the place of a field: the whole record. */
const wholeRecord = '*';

const madeItem = ({ recordId, connection, intentId, changeId }: WentOut): DecidedItem => ({
  recordId,
  connection,
  field: wholeRecord,
  intentId,
  changeId,
  written: null,
  before: null,
  found: null,
  ...cannot('made'),
});

const cannot = (why: RollbackWhy) => ({ verdict: 'cannot', why, changedBy: null }) as const;

/** What becomes of one field in one system. Nothing goes back but what is exactly as Truce left it. Pure. */
function verdictOf(field: Field, image: Image, place: Place, standing: Standing): Verdict {
  if (!standing.takesPart) return { ...cannot('left'), found: null };
  if (place.kind !== 'there') return { ...cannot(place.kind), found: null };
  if (place.externalId !== image.externalId) return { ...cannot('other_record'), found: null };
  const observed = place.fields[field.name];
  if (!observed || observed.state === 'not_read' || observed.state === 'unsupported')
    return { ...cannot('unreadable'), found: null };
  const found = heldValue(observed);
  if (same(field, found, image.before)) return { verdict: 'as_before', why: null, found, changedBy: null };
  const { later } = standing;
  if (later !== null || !same(field, found, image.written)) {
    const isOurs = later !== null && same(field, found, later.value);
    const changedBy = isOurs ? later.changeId : (place.editors[field.name]?.by ?? null);
    return { verdict: 'changed_since', why: null, found, changedBy };
  }
  const why = whyNot(field, image, place, standing);
  return why ? { ...cannot(why), found } : { verdict: 'goes_back', why: null, found, changedBy: null };
}

function whyNot(
  field: Field,
  { written, changeIds }: Image,
  place: Place & { readonly kind: 'there' },
  { canWrite, twoPeople, asking, pending }: Standing,
): RollbackWhy | null {
  if (!canWrite) return 'read_only';
  if (place.locked) return 'locked';
  // The status itself is what brings an archived record back.
  if (place.archived && !(field.name === statusField && place.fields[statusField]?.state === 'value'))
    return 'archived';
  if (twoPeople) return 'two_people';
  if (asking) return 'asking';
  const isOwn = pending === null || changeIds.includes(pending.changeId);
  return isOwn && (pending === null || same(field, pending.value, written)) ? null : 'newer';
}

/** Oldest first. Of several in the same instant, the one whose value another found there came before that other. */
function inOrder(fields: readonly Field[], writes: readonly WentOut[]): WentOut[] {
  const left = writes.toSorted(
    (a, b) => a.at.getTime() - b.at.getTime() || (a.intentId < b.intentId ? -1 : 1),
  );
  const ordered: WentOut[] = [];
  for (let next = left[0]; next; next = left[0]) {
    const instant = next.at.getTime();
    const together = left.filter(({ at }) => at.getTime() === instant);
    const first = together.find((one) => !together.some((other) => isAfter(fields, one, other))) ?? next;
    ordered.push(...left.splice(left.indexOf(first), 1));
  }
  return ordered;
}

const isAfter = (fields: readonly Field[], one: WentOut, other: WentOut): boolean =>
  one !== other && follows(fields, one, other) && !follows(fields, other, one);

const follows = (fields: readonly Field[], later: WentOut, earlier: WentOut): boolean =>
  fields.some(
    (field) =>
      field.name in later.before &&
      field.name in earlier.fields &&
      same(field, later.before[field.name] ?? null, earlier.fields[field.name] ?? null),
  );
