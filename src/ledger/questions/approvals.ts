import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import { tell } from '../changes/changes.ts';
import type { DbOrTx, Tx } from '../db.ts';
import type { Conflict } from '../records/records.ts';
import type { ApprovalEnd } from '../tables/changes.ts';
import { approvals, conflicts } from '../tables/index.ts';

export type Approval = typeof approvals.$inferSelect;

/** The first approval that waits for a second one. */
export async function waitingApproval(db: DbOrTx, conflictId: string): Promise<Approval | null> {
  const [approval] = await db
    .select()
    .from(approvals)
    .where(and(eq(approvals.conflictId, conflictId), isNull(approvals.withdrawnAt)));
  return approval ?? null;
}

/** The newest approval of each question of a change, whether it counts still or not. */
export async function newestApprovals(db: DbOrTx, changeId: string): Promise<ReadonlyMap<string, Approval>> {
  const rows = await db
    .select()
    .from(approvals)
    .where(eq(approvals.changeId, changeId))
    .orderBy(asc(approvals.id));
  return new Map(rows.map((row) => [row.conflictId, row]));
}

/** An approval that waits for a second one, by its number, with its question; null once it does not. */
export async function approvalThatWaits(
  db: DbOrTx,
  id: number,
): Promise<{ readonly approval: Approval; readonly question: Conflict } | null> {
  const [row] = await db
    .select({ approval: approvals, question: conflicts })
    .from(approvals)
    .innerJoin(conflicts, eq(conflicts.id, approvals.conflictId))
    .where(and(eq(approvals.id, id), isNull(approvals.withdrawnAt)));
  return row && row.question.state === 'open' && row.question.closedAt === null ? row : null;
}

/** First approvals of these questions count no longer, and the story says why. Call it with their changes locked. */
export async function withdrawApprovals(
  tx: Tx,
  conflictIds: readonly string[],
  { because, now }: { readonly because: ApprovalEnd; readonly now: Date },
): Promise<void> {
  if (conflictIds.length === 0) return;
  const ended = await tx
    .update(approvals)
    .set({ withdrawnAt: now, withdrawnBecause: because })
    .where(and(inArray(approvals.conflictId, [...conflictIds]), isNull(approvals.withdrawnAt)))
    .returning();
  await tell(
    tx,
    ended.map(({ changeId, field, by }) => ({
      changeId,
      at: now,
      kind: 'unapproved' as const,
      field,
      actor: by,
      data: { because },
    })),
  );
}
