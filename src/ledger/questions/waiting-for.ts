import { and, asc, eq, gt, isNull, lt, ne, sql } from 'drizzle-orm';
import type { DbOrTx } from '../db.ts';
import type { IncidentState } from '../tables/incidents.ts';
import { approvals, changes, conflicts, incidents } from '../tables/index.ts';

/** A record with decisions that a person may make. */
export interface WaitingDecision {
  readonly changeId: string;
  readonly title: string;
  readonly fields: readonly string[];
  readonly openedAt: Date;
  /** The first of their limits. */
  readonly deadline: Date | null;
}

/**
 * The decisions of a flow that one person can do something about, oldest first: whoever gave the first approval of a value can do
 * no more about it, nor can those who count as one person with them: `standsFor` = for whom this one stands in. `person` is a Slack
 * user id, or null for whoever it is.
 */
export async function decisionsFor(
  db: DbOrTx,
  { flow, person, standsFor = [] }: { flow: string; person: string | null; standsFor?: readonly string[] },
): Promise<WaitingDecision[]> {
  const rows = await db
    .select({
      changeId: conflicts.changeId,
      title: changes.subject,
      field: conflicts.field,
      openedAt: conflicts.openedAt,
      deadline: conflicts.deadline,
      approvedBy: approvals.by,
    })
    .from(conflicts)
    .innerJoin(changes, eq(changes.id, conflicts.changeId))
    .leftJoin(approvals, and(eq(approvals.conflictId, conflicts.id), isNull(approvals.withdrawnAt)))
    .where(and(eq(conflicts.flow, flow), eq(conflicts.state, 'open'), isNull(conflicts.closedAt)))
    .orderBy(asc(conflicts.openedAt), asc(conflicts.id));
  const own = rows.filter(
    ({ approvedBy }) =>
      person === null || approvedBy === null || ![person, ...standsFor].includes(approvedBy),
  );
  return [...Map.groupBy(own, ({ changeId }) => changeId).values()].flatMap((same) => {
    const [first] = same;
    if (!first) return [];
    const limits = same.flatMap(({ deadline }) => deadline ?? []).sort((a, b) => a.getTime() - b.getTime());
    const { changeId, title, openedAt } = first;
    return [
      { changeId, title, openedAt, fields: same.map(({ field }) => field), deadline: limits[0] ?? null },
    ];
  });
}

/** Whether the time of any open decision of a flow ends in a span of time. */
export async function isAnyEnding(
  db: DbOrTx,
  { flow, from, to }: { flow: string; from: Date; to: Date },
): Promise<boolean> {
  const open = and(eq(conflicts.flow, flow), eq(conflicts.state, 'open'), isNull(conflicts.closedAt));
  return (
    (await db.$count(conflicts, and(open, gt(conflicts.deadline, from), lt(conflicts.deadline, to)))) > 0
  );
}

/** Records of a flow whose value one person chose, and that could not be saved everywhere; oldest first. */
export async function unsavedOf(
  db: DbOrTx,
  { flow, person }: { flow: string; person: string },
): Promise<{ readonly changeId: string; readonly title: string }[]> {
  return db
    .selectDistinct({ changeId: changes.id, title: changes.subject, openedAt: changes.openedAt })
    .from(changes)
    .innerJoin(conflicts, eq(conflicts.changeId, changes.id))
    .where(
      and(
        eq(changes.flow, flow),
        eq(changes.state, 'failed'),
        isNull(changes.closedAt),
        sql`${conflicts.chosen} ->> 'by' = ${person}`,
      ),
    )
    .orderBy(asc(changes.openedAt), asc(changes.id));
}

/** The problems of a flow that are not over, oldest first. */
export const openProblems = (db: DbOrTx, flow: string): Promise<(typeof incidents.$inferSelect)[]> =>
  db
    .select()
    .from(incidents)
    .where(and(eq(incidents.flow, flow), ne(incidents.state, 'recovered' satisfies IncidentState)))
    .orderBy(asc(incidents.openedAt), asc(incidents.id));
