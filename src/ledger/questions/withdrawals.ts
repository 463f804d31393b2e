import { and, asc, desc, eq, gt, inArray, isNotNull, lte, or, sql } from 'drizzle-orm';
import type { FieldValue } from '../../entities/field.ts';
import type { DbOrTx } from '../db.ts';
import { openSettlements } from '../sealing/evidence.ts';
import { openStory } from '../sealing/story-values.ts';
import { approvals, changes, conflicts, laters, settlements, story } from '../tables/index.ts';

/** How a question ended that nobody had to answer. */
export interface Withdrawal {
  /** Why, in words for people, as the story tells it. */
  readonly reason: string | null;
  /** What the systems agree on; undefined where they do not. */
  readonly settledOn: FieldValue | null | undefined;
}

/** What became of the withdrawn questions of a change, by field. */
export async function withdrawalsOf(
  db: DbOrTx,
  change: { readonly id: string; readonly recordId: string | null },
): Promise<ReadonlyMap<string, Withdrawal>> {
  if (change.recordId === null) return new Map();
  const told = await db
    .select({ field: story.field, data: story.data })
    .from(story)
    .where(and(eq(story.changeId, change.id), eq(story.kind, 'withdrawn')))
    .orderBy(asc(story.id));
  if (told.length === 0) return new Map();
  const found = await db
    .select()
    .from(settlements)
    .where(and(eq(settlements.recordId, change.recordId), eq(settlements.changeId, change.id)))
    .orderBy(desc(settlements.id));
  const settled = await openSettlements(db, found);
  const lines = await openStory(
    db,
    told.map((line) => ({ ...line, recordId: change.recordId })),
  );
  return new Map(
    lines.map(({ field, data }) => [
      field ?? '',
      {
        reason: typeof data.reason === 'string' ? data.reason : null,
        settledOn: settled.find(({ fields }) => field !== null && field in fields)?.fields[field ?? ''],
      },
    ]),
  );
}

/** A decision that somebody was concerned with, and that is needed no longer. */
export interface NoLonger {
  readonly changeId: string;
  readonly title: string;
  readonly fields: readonly string[];
}

/**
 * What one person put off, or had given the first of two approvals of, and what was withdrawn since without anybody deciding it.
 * `person` is a Slack user id; `since` is not among it, `until` is.
 */
export async function noLongerFor(
  db: DbOrTx,
  { flow, person, since, until }: { flow: string; person: string; since: Date; until: Date },
): Promise<NoLonger[]> {
  // Few, and most often none: looked for first, since all questions that ever were are not to be gone through each time.
  const putOff = await db.select({ id: laters.changeId }).from(laters).where(eq(laters.by, person));
  const approved = await db
    .select({ id: approvals.conflictId })
    .from(approvals)
    .where(and(eq(approvals.by, person), eq(approvals.withdrawnBecause, 'over')));
  if (putOff.length + approved.length === 0) return [];
  const ids = (some: readonly { readonly id: string }[]) => some.map(({ id }) => id);
  const rows = await db
    .select({ changeId: changes.id, title: changes.subject, field: conflicts.field })
    .from(conflicts)
    .innerJoin(changes, eq(changes.id, conflicts.changeId))
    .where(
      and(
        eq(conflicts.flow, flow),
        eq(conflicts.state, 'withdrawn'),
        isNotNull(conflicts.closedAt),
        gt(conflicts.closedAt, since),
        lte(conflicts.closedAt, until),
        // One that was decided, and undone or overtaken before it was everywhere, is another thing.
        sql`${conflicts.chosen} is null`,
        or(inArray(changes.id, ids(putOff)), inArray(conflicts.id, ids(approved))),
        // Asked anew at once, it is needed still.
        sql`not exists (select 1 from conflicts newer where newer.record_id = ${conflicts.recordId} and newer.field = ${conflicts.field} and newer.closed_at is null)`,
      ),
    )
    .orderBy(asc(conflicts.closedAt), asc(conflicts.id));
  return [...Map.groupBy(rows, ({ changeId }) => changeId)].map(([changeId, list]) => ({
    changeId,
    title: list[0]?.title ?? '',
    fields: list.map(({ field }) => field),
  }));
}
