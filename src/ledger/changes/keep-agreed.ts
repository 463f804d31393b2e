import { and, eq, inArray, isNull } from 'drizzle-orm';
import { activeVersion, isActive } from '../agreement/agreements.ts';
import type { Db, Tx } from '../db.ts';
import { announceCard, rank } from '../posts/outbox.ts';
import { agreed, changes, conflicts, pending, story } from '../tables/index.ts';
import { moveChange, tell } from './changes.ts';

export interface KeepAgreed {
  readonly changeId: string;
  /** The change's revision that the person was shown. */
  readonly revision: number;
  readonly by: string;
  readonly now: Date;
  readonly agreementVersion: number;
}

export type KeepResult =
  /** These fields go back, everywhere, to what was agreed before. */
  | { readonly kind: 'kept'; readonly fields: readonly string[] }
  /** Nothing was ever agreed on what waits: there is nothing to go back to. */
  | { readonly kind: 'nothing_agreed' }
  /** It has moved since it was shown. */
  | { readonly kind: 'outdated' }
  /** Who may decide was read from an agreement that is no longer the active one. */
  | { readonly kind: 'other_agreement' }
  /** It is not held because of a lock (any more). */
  | { readonly kind: 'over' };

/**
 * A person closes a change that is held because a system lets nothing be written: what is agreed is kept, and brought to the systems
 * that have another value by now. Once, whoever presses and however often.
 */
export function keepAgreed(
  db: Db,
  { changeId, revision, by, now, agreementVersion }: KeepAgreed,
): Promise<KeepResult> {
  return db.transaction(async (tx) => {
    const isOurs = (await activeVersion(tx)) === null || (await isActive(tx, agreementVersion));
    if (!isOurs) return { kind: 'other_agreement' };
    const [change] = await tx.select().from(changes).where(eq(changes.id, changeId)).for('update');
    if (!change || change.closedAt || change.hold !== 'locked') return { kind: 'over' };
    if (change.revision !== revision) return { kind: 'outdated' };
    const back = await lockedFields(tx, changeId);
    if (back.length === 0) return { kind: 'nothing_agreed' };
    for (const { recordId, field, value } of back) {
      const here = and(eq(pending.recordId, recordId), eq(pending.field, field));
      await tx.update(pending).set({ value, by, since: now }).where(here);
    }
    const fields = back.map(({ field }) => field);
    await closeQuestions(tx, changeId, fields, now);
    await tell(
      tx,
      back.map(({ field, value }) => {
        const data = { from: 'agreed', value };
        return { changeId, at: now, kind: 'decided' as const, field, actor: by, data };
      }),
    );
    const asks = await tx.$count(
      conflicts,
      and(eq(conflicts.changeId, changeId), isNull(conflicts.closedAt)),
    );
    await moveChange(tx, changeId, { state: asks > 0 ? 'asking' : 'writing', now });
    await announceCard(tx, { subject: `change:${changeId}`, flow: change.flow, rank: rank.decision, now });
    return { kind: 'kept', fields };
  });
}

/** What waits for the lock, with what is agreed on it. */
async function lockedFields(tx: Tx, changeId: string) {
  const rows = await tx
    .select({ recordId: pending.recordId, field: pending.field, value: agreed.value })
    .from(pending)
    .innerJoin(agreed, and(eq(agreed.recordId, pending.recordId), eq(agreed.field, pending.field)))
    .where(eq(pending.changeId, changeId));
  const lines = await tx
    .select({ data: story.data })
    .from(story)
    .where(and(eq(story.changeId, changeId), eq(story.kind, 'held')));
  const named = lines.flatMap(({ data }) => (data.reason === 'locked' ? data.fields : []));
  return rows.filter(({ field }) => named.includes(field));
}

/** What a person had chosen of them could not be saved, and is not wanted any more. */
async function closeQuestions(tx: Tx, changeId: string, fields: readonly string[], now: Date): Promise<void> {
  const note = 'what was agreed before was kept instead';
  await tx
    .update(conflicts)
    .set({ state: 'withdrawn', closedAt: now, note })
    .where(
      and(
        eq(conflicts.changeId, changeId),
        inArray(conflicts.field, [...fields]),
        inArray(conflicts.state, ['decided_pending', 'failed']),
        isNull(conflicts.closedAt),
      ),
    );
}
