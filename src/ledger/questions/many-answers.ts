import { randomUUID } from 'node:crypto';
import { and, asc, eq, gt, isNull, lt } from 'drizzle-orm';
import type { Change } from '../changes/changes.ts';
import type { Db, DbOrTx } from '../db.ts';
import type { Conflict } from '../records/records.ts';
import { changes, conflicts, manyAnswers } from '../tables/index.ts';
import type { ManyItem } from '../tables/many-answers.ts';

/** An open question, with the change that it belongs to. */
export interface OpenQuestion {
  readonly question: Conflict;
  readonly change: Change;
}

/** All open questions of a flow, oldest first. */
export const openQuestions = (db: DbOrTx, flow: string): Promise<OpenQuestion[]> =>
  db
    .select({ question: conflicts, change: changes })
    .from(conflicts)
    .innerJoin(changes, eq(changes.id, conflicts.changeId))
    .where(and(eq(conflicts.flow, flow), eq(conflicts.state, 'open'), isNull(conflicts.closedAt)))
    .orderBy(asc(conflicts.openedAt), asc(conflicts.id));

type ManyAnswer = typeof manyAnswers.$inferSelect;

/** Keeps what one person is shown, so that exactly this is what they confirm. */
export async function keepPreview(
  db: Db,
  preview: Pick<ManyAnswer, 'flow' | 'field' | 'from' | 'by'> & {
    readonly items: readonly ManyItem[];
    readonly now: Date;
  },
): Promise<string> {
  const id = randomUUID();
  const { items, now, ...rest } = preview;
  await db.insert(manyAnswers).values({ id, ...rest, items: [...items], at: now });
  return id;
}

/** For how long what was shown can be confirmed, ms. */
const lives = 15 * 60_000;

/** Takes what somebody was shown, once; null where it is theirs no longer: too old, taken, or another's. */
export async function takePreview(
  db: Db,
  { id, by, now }: { readonly id: string; readonly by: string; readonly now: Date },
): Promise<ManyAnswer | null> {
  const [taken] = await db
    .update(manyAnswers)
    .set({ takenAt: now })
    .where(
      and(
        eq(manyAnswers.id, id),
        eq(manyAnswers.by, by),
        isNull(manyAnswers.takenAt),
        gt(manyAnswers.at, new Date(now.getTime() - lives)),
      ),
    )
    .returning();
  return taken ?? null;
}

export async function manyAnswer(db: DbOrTx, id: string): Promise<ManyAnswer | null> {
  const [row] = await db.select().from(manyAnswers).where(eq(manyAnswers.id, id));
  return row ?? null;
}

/** What was shown long ago is of no use: each decision tells by itself who made it. */
export async function forgetPreviews(db: Db, before: Date): Promise<void> {
  await db.delete(manyAnswers).where(lt(manyAnswers.at, before));
}
