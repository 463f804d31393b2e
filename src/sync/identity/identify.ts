import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { takesPart } from '../../agreement/takes-part.ts';
import { strongKey } from '../../entities/index.ts';
import type { Tx } from '../../ledger/db.ts';
import type { NamedRecord } from '../../ledger/sealing/named-records.ts';
import type { HoldReason } from '../../ledger/tables/changes.ts';
import { likenesses, links, recordKeys, records } from '../../ledger/tables/index.ts';
import { connectorOf, type RunContext } from '../context.ts';
import { statusField } from '../status.ts';
import { placeIn, type StagedRow } from './link-book.ts';
import { isSaidApart } from './said-apart.ts';

/** Whose a vendor's record is, as far as it can be known without guessing. */
export type Identified =
  /** A record that we have; `insteadOfArchived` = its link there is to something archived, which gives way. */
  | {
      readonly kind: 'known';
      readonly recordId: string;
      readonly how: string;
      readonly insteadOfArchived: boolean;
    }
  /** One that we do not have yet, with its strong key. */
  | { readonly kind: 'new'; readonly key: string }
  | {
      readonly kind: 'unclear';
      readonly reason: HoldReason;
      readonly detail: string;
      /** Whom that names. */
      readonly others: readonly NamedRecord[];
    };

interface Known {
  readonly id: string;
  readonly title: string;
  readonly keyValue: string | null;
}

/**
 * By our mark on it where it has one, else by the strong key; where the two contradict each other it is not guessed. `own` is
 * the record that it has so far, without a key. What is archived is linked only by a key, and only where the agreement keeps the
 * status in step, or would have the record made there a second time; what has no key, and was never linked, may be left alone by the
 * agreement: `none` = it belongs to nothing.
 */
export async function identify(
  context: RunContext,
  tx: Tx,
  row: StagedRow,
  own: string | null,
): Promise<Identified | { readonly kind: 'none' }> {
  const { matchBy, createIn, unmatched } = context.flow;
  const { observation, connection } = row;
  const isNewlyArchived = observation.archived && own === null;
  const keepsStatus = context.flow.fields[statusField] && takesPart(context.flow, statusField, connection);
  if (isNewlyArchived && !keepsStatus && !createIn[connection]) return { kind: 'none' };
  const evidence = strongKey(context.entity, matchBy, observation.fields[matchBy] ?? { state: 'blank' });
  const marked = await livingOn(context, tx, await recordBy(context, tx, 'id', observation.marker), own);
  // Where the record is there already, if archived, this is a copy that may have become another: only the key can tell.
  if (marked && marked.id !== own && (await isMarkBelieved(context, tx, row, { own, marked: marked.id }))) {
    if (evidence.ok && marked.keyValue !== null && evidence.key !== marked.keyValue)
      return {
        kind: 'unclear',
        reason: 'mark_contradicts',
        detail: contradiction(context, row, marked),
        others: [marked],
      };
    return { kind: 'known', recordId: marked.id, how: 'marker', insteadOfArchived: false };
  }
  if (!evidence.ok) {
    if (isNewlyArchived || (own === null && unmatched === 'leave')) return { kind: 'none' };
    const reason = evidence.reason === 'missing' ? 'no_key' : 'invalid_key';
    return { kind: 'unclear', reason, detail: evidence.detail, others: [] };
  }
  const known = await recordBy(context, tx, 'keyValue', evidence.key);
  if (!known) return { kind: 'new', key: evidence.key };
  const place = await placeIn(tx, known.id, connection);
  if (place !== 'free' && isNewlyArchived) return { kind: 'none' };
  if (place === 'taken')
    return {
      kind: 'unclear',
      reason: 'duplicate_key',
      detail: duplicate(context, row, known),
      others: [known],
    };
  if (own !== null && (await collide(tx, own, known.id, connection)))
    return {
      kind: 'unclear',
      reason: 'duplicate_key',
      detail: duplicate(context, row, known),
      others: [known],
    };
  if (await isSaidApart(context, tx, row, { own, other: known.id }))
    return { kind: 'unclear', reason: 'maybe_same', detail: saidApart(context, known), others: [known] };
  const how = `key:${matchBy}`;
  return { kind: 'known', recordId: known.id, how, insteadOfArchived: place === 'archived' };
}

/**
 * A mark tells whose a vendor's record is, unless that one has another there; and unless a person said that the two are not one, or
 * took back that they are: then the mark is of before, and is written anew.
 */
async function isMarkBelieved(
  context: RunContext,
  tx: Tx,
  row: StagedRow,
  { own, marked }: { readonly own: string | null; readonly marked: string },
): Promise<boolean> {
  if ((await placeIn(tx, marked, row.connection)) !== 'free') return false;
  return !(await isSaidApart(context, tx, row, { own, other: marked }));
}

/**
 * The record that our mark names; or, where a person said that it is one with another, that one. A mark of a record that is
 * nowhere any more says nothing of one that has a place.
 */
async function livingOn(
  context: RunContext,
  tx: Tx,
  marked: Known | undefined,
  own: string | null,
): Promise<Known | undefined> {
  if (!marked || marked.id === own || marked.keyValue !== null) return marked;
  if ((await tx.$count(links, eq(links.recordId, marked.id))) > 0) return marked;
  const [joined] = await tx
    .select({ kept: sql<string>`${likenesses.joined} ->> 'kept'` })
    .from(likenesses)
    .where(and(sql`${likenesses.joined} ->> 'taken' = ${marked.id}`, isNull(likenesses.undoneAt)))
    .orderBy(desc(likenesses.id))
    .limit(1);
  if (joined) return recordBy(context, tx, 'id', joined.kept);
  return own === null ? marked : undefined;
}

/** Whether two records are in one and the same system, beside this one: then they are two, whatever their keys say. */
async function collide(tx: Tx, own: string, other: string, here: string): Promise<boolean> {
  const rows = await tx
    .select({ recordId: links.recordId, connection: links.connection })
    .from(links)
    .where(inArray(links.recordId, [own, other]));
  const places = new Set(rows.filter((row) => row.recordId === other).map((row) => row.connection));
  return rows.some((row) => row.recordId === own && row.connection !== here && places.has(row.connection));
}

async function recordBy(
  { entity }: RunContext,
  tx: Tx,
  column: 'id' | 'keyValue',
  value: string | null,
): Promise<Known | undefined> {
  if (value === null) return undefined;
  const [record] = await tx
    .select({ id: records.id, title: records.title, keyValue: records.keyValue })
    .from(records)
    .leftJoin(recordKeys, eq(recordKeys.recordId, records.id))
    // An erased one is nobody's any more: our mark on what came back says nothing.
    .where(and(eq(records.entity, entity.name), eq(records[column], value), isNull(recordKeys.erasedAt)));
  return record;
}

/** The strong key as people call it: "ABN", "SKU". */
const keyLabel = ({ entity, flow }: RunContext): string =>
  entity.fields.find(({ name }) => name === flow.matchBy)?.label ?? flow.matchBy;

function duplicate(context: RunContext, { connection }: StagedRow, { title }: Known): string {
  const { label } = connectorOf(context, connection);
  return `${label} has two with the same ${keyLabel(context)}; the other one is “${title}”`;
}

function contradiction(context: RunContext, { connection }: StagedRow, { title }: Known): string {
  const { label } = connectorOf(context, connection);
  return `in ${label} it carries Truce’s mark of “${title}”, but another ${keyLabel(context)}`;
}

function saidApart(context: RunContext, { title }: Known): string {
  const key = keyLabel(context);
  return `it has the same ${key} as “${title}”, but a person said that they are not one: one ${key} is wrong, or that answer`;
}
