import { and, eq } from 'drizzle-orm';
import { takesPart } from '../../agreement/takes-part.ts';
import { strongKey } from '../../entities/index.ts';
import type { Tx } from '../../ledger/db.ts';
import type { HoldReason } from '../../ledger/tables/changes.ts';
import { records } from '../../ledger/tables/index.ts';
import { connectorOf, type RunContext } from '../context.ts';
import { statusField } from '../status.ts';
import { placeIn, type StagedRow } from './link-book.ts';

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
  | { readonly kind: 'unclear'; readonly reason: HoldReason; readonly detail: string };

/** What a record waits for while it is not known whose it is. */
export const identityHolds: HoldReason[] = ['no_key', 'invalid_key', 'duplicate_key', 'mark_contradicts'];

interface Known {
  readonly id: string;
  readonly title: string;
  readonly keyValue: string | null;
}

/**
 * By our mark on it where it has one, else by the strong key; where the two contradict each other it is not guessed. `own` is
 * the record that it has so far, without a key. What is archived is linked only by a key, and only where the agreement keeps the
 * status in step, or would have the record made there a second time: `none` = it belongs to nothing.
 */
export async function identify(
  context: RunContext,
  tx: Tx,
  row: StagedRow,
  own: string | null,
): Promise<Identified | { readonly kind: 'none' }> {
  const { matchBy, createIn } = context.flow;
  const { observation, connection } = row;
  const isNewlyArchived = observation.archived && own === null;
  const keepsStatus = context.flow.fields[statusField] && takesPart(context.flow, statusField, connection);
  if (isNewlyArchived && !keepsStatus && !createIn[connection]) return { kind: 'none' };
  const evidence = strongKey(context.entity, matchBy, observation.fields[matchBy] ?? { state: 'blank' });
  const marked = await recordBy(context, tx, 'id', observation.marker);
  if (marked && marked.id !== own) {
    if (evidence.ok && marked.keyValue !== null && evidence.key !== marked.keyValue)
      return { kind: 'unclear', reason: 'mark_contradicts', detail: contradiction(context, row, marked) };
    // Where the record is there already, if archived, this may be a copy that became another: only the key can tell.
    if ((await placeIn(tx, marked.id, connection)) === 'free')
      return { kind: 'known', recordId: marked.id, how: 'marker', insteadOfArchived: false };
  }
  if (!evidence.ok) {
    if (isNewlyArchived) return { kind: 'none' };
    const reason = evidence.reason === 'missing' ? 'no_key' : 'invalid_key';
    return { kind: 'unclear', reason, detail: evidence.detail };
  }
  const known = await recordBy(context, tx, 'keyValue', evidence.key);
  if (!known) return { kind: 'new', key: evidence.key };
  const place = await placeIn(tx, known.id, connection);
  if (place !== 'free' && isNewlyArchived) return { kind: 'none' };
  if (place === 'taken')
    return { kind: 'unclear', reason: 'duplicate_key', detail: duplicate(context, row, known) };
  const how = `key:${matchBy}`;
  return { kind: 'known', recordId: known.id, how, insteadOfArchived: place === 'archived' };
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
    .where(and(eq(records.entity, entity.name), eq(records[column], value)));
  return record;
}

function duplicate(context: RunContext, { connection }: StagedRow, { title }: Known): string {
  const { label } = connectorOf(context, connection);
  return `${label} has two with the same ${context.flow.matchBy.toUpperCase()}; the other one is “${title}”`;
}

function contradiction(context: RunContext, { connection }: StagedRow, { title }: Known): string {
  const { label } = connectorOf(context, connection);
  return `in ${label} it carries Truce’s mark of “${title}”, but another ${context.flow.matchBy.toUpperCase()}`;
}
