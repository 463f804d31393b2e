import { and, eq } from 'drizzle-orm';
import type { FieldValue } from '../../entities/field.ts';
import type { Db, DbOrTx } from '../db.ts';
import { changes, conflicts, pending } from '../tables/index.ts';
import { tell } from './changes.ts';
import { reopenChange } from './reprocess.ts';

/** A value that could not be saved everywhere. */
export interface Unsaved {
  readonly field: string;
  readonly value: FieldValue | null;
}

/** What of a failed change could be typed anew; none of one that is closed, or on its way. */
export async function unsavedOf(db: DbOrTx, changeId: string): Promise<Unsaved[]> {
  return db
    .select({ field: pending.field, value: pending.value })
    .from(pending)
    .innerJoin(changes, eq(changes.id, pending.changeId))
    .where(and(eq(pending.changeId, changeId), eq(changes.state, 'failed')))
    .orderBy(pending.field);
}

export interface Edit {
  readonly changeId: string;
  readonly field: string;
  readonly value: FieldValue;
  /** The change's revision when its value was shown. */
  readonly revision: number;
  readonly by: string;
  readonly now: Date;
}

/**
 * Takes a typed value in place of one that could not be saved, and opens the change for a fresh compare: that the value is fit, and
 * that this person may choose it, was asked before. False where the change has moved meanwhile: nothing was done.
 */
export function editAndRetry(db: Db, { changeId, field, value, revision, by, now }: Edit): Promise<boolean> {
  return db.transaction(async (tx) => {
    const [change] = await tx.select().from(changes).where(eq(changes.id, changeId)).for('update');
    if (change?.state !== 'failed' || change.revision !== revision) return false;
    const [row] = await tx
      .update(pending)
      .set({ value, by, since: now })
      .where(and(eq(pending.changeId, changeId), eq(pending.field, field)))
      .returning({ field: pending.field });
    if (!row) return false;
    // A question that was answered with the value that failed is answered with this one now.
    const chosen = { value, from: 'other', by, at: now.toISOString() };
    await tx
      .update(conflicts)
      .set({ chosen, state: 'decided_pending' })
      .where(
        and(eq(conflicts.changeId, changeId), eq(conflicts.field, field), eq(conflicts.state, 'failed')),
      );
    await tell(tx, [{ changeId, at: now, kind: 'edited', field, actor: by, data: { value } }]);
    await reopenChange(tx, change, { by, now });
    return true;
  });
}
