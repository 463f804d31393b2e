import { and, desc, eq, isNull } from 'drizzle-orm';
import type { FieldValue } from '../entities/field.ts';
import { type Change, moveChange, tell } from './changes.ts';
import type { Db, Tx } from './db.ts';
import { announceCard, rank } from './outbox.ts';
import type { ChangeState } from './tables/changes.ts';
import { changes, conflicts, decisions, pending } from './tables/index.ts';

export interface DecideInput {
  readonly changeId: string;
  readonly field: string;
  /** The connection whose value is taken, `agreed` for the value agreed before, `other` for a typed one. */
  readonly from: string;
  /** For `other`; null clears the field everywhere. */
  readonly value?: FieldValue | null;
  /** The revision of the message that was clicked. */
  readonly revision: number;
  readonly by: string;
  readonly now: Date;
  readonly agreementVersion: number;
}

export type DecideResult =
  | { readonly kind: 'decided' }
  | { readonly kind: 'already'; readonly by: string; readonly from: string; readonly at: Date }
  | { readonly kind: 'outdated'; readonly field: string; readonly at: Date }
  | { readonly kind: 'closed'; readonly state: ChangeState | 'unknown' };

type Conflict = typeof conflicts.$inferSelect;

/**
 * One person's choice for one field, at most once whoever clicks and however often: the change's row is locked, and a
 * decision is unique per question. What was chosen becomes pending; a run brings it to every system and reads it back.
 */
export function decideConflict(db: Db, input: DecideInput): Promise<DecideResult> {
  return db.transaction(async (tx) => {
    const [change] = await tx.select().from(changes).where(eq(changes.id, input.changeId)).for('update');
    if (!change) return { kind: 'closed', state: 'unknown' };
    const [conflict] = await tx
      .select()
      .from(conflicts)
      .where(and(eq(conflicts.changeId, change.id), eq(conflicts.field, input.field)))
      .orderBy(desc(conflicts.openedAt))
      .limit(1);
    if (!conflict) return { kind: 'closed', state: change.state };
    if (conflict.chosen) {
      return {
        kind: 'already',
        by: conflict.chosen.by,
        from: conflict.chosen.from,
        at: new Date(conflict.chosen.at),
      };
    }
    if (conflict.closedAt) return { kind: 'closed', state: change.state };
    if (input.revision < conflict.optionsRevision)
      return { kind: 'outdated', field: conflict.field, at: change.updatedAt };
    const value = chosenValue(conflict, input);
    if (value === undefined) return { kind: 'outdated', field: conflict.field, at: change.updatedAt };
    await record(tx, change, conflict, value, input);
    return { kind: 'decided' };
  });
}

function chosenValue(conflict: Conflict, input: DecideInput): FieldValue | null | undefined {
  if (input.from === 'other') return input.value;
  if (input.from === 'agreed') return conflict.agreedBefore;
  return conflict.options.find((option) => option.connection === input.from)?.value;
}

async function record(
  tx: Tx,
  change: Change,
  conflict: Conflict,
  value: FieldValue | null,
  input: DecideInput,
): Promise<void> {
  const { by, now, field, from } = input;
  await tx.insert(decisions).values({
    conflictId: conflict.id,
    changeId: change.id,
    field,
    by,
    at: now,
    from,
    value,
    revision: input.revision,
    agreementVersion: input.agreementVersion,
  });
  await tx
    .update(conflicts)
    .set({ state: 'decided_pending', chosen: { value, from, by, at: now.toISOString() } })
    .where(eq(conflicts.id, conflict.id));
  await tx
    .insert(pending)
    .values({ recordId: conflict.recordId, field, changeId: change.id, value, by, since: now })
    .onConflictDoUpdate({
      target: [pending.recordId, pending.field],
      set: { value, by, since: now, changeId: change.id },
    });
  await tell(tx, [
    { changeId: change.id, at: now, kind: 'decided', field, actor: by, data: { from, value } },
  ]);
  const stillOpen = await tx
    .select({ id: conflicts.id })
    .from(conflicts)
    .where(and(eq(conflicts.changeId, change.id), eq(conflicts.state, 'open'), isNull(conflicts.closedAt)));
  await moveChange(tx, change.id, { state: stillOpen.length > 0 ? 'asking' : 'writing', now });
  await announceCard(tx, { subject: `change:${change.id}`, flow: change.flow, rank: rank.decision, now });
}
