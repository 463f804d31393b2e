import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { DbOrTx, Tx } from '../db.ts';
import { announceCard, announceCards, announceLine, rank } from '../posts/outbox.ts';
import { changes, conflicts, pauses } from '../tables/index.ts';

export type Pause = typeof pauses.$inferSelect;

type Times = Pick<Pause, 'until' | 'endedAt'>;

/** True while the flow stands still. One whose time has come is over, also before anybody wrote that down. Pure. */
export const isStanding = (pause: Times | null, now: Date): boolean =>
  pause !== null && pause.endedAt === null && (pause.until === null || pause.until > now);

/** When the flow went on after its last pause; null where it never stood still, or stands still now. Pure. */
export const wentOn = (last: Times | null, now: Date): Date | null =>
  last === null || isStanding(last, now) ? null : (last.endedAt ?? last.until);

/** The newest pause of a flow: the one under way, if any is. */
export async function lastPause(db: DbOrTx, flow: string): Promise<Pause | null> {
  const [last] = await db
    .select()
    .from(pauses)
    .where(eq(pauses.flow, flow))
    .orderBy(desc(pauses.id))
    .limit(1);
  return last ?? null;
}

/** The pause under which the flow stands still now, or null. */
export async function pauseOf(db: DbOrTx, flow: string, now: Date): Promise<Pause | null> {
  const last = await lastPause(db, flow);
  return isStanding(last, now) ? last : null;
}

export async function pauseById(db: DbOrTx, id: number): Promise<Pause | null> {
  const [pause] = await db.select().from(pauses).where(eq(pauses.id, id));
  return pause ?? null;
}

interface Asked {
  readonly flow: string;
  /** Slack user id. */
  readonly by: string;
  readonly until: Date | null;
  readonly now: Date;
}

/** Stops a flow, or gives a pause under way another end. `changed` is false where it stands still until then already. */
export async function pauseFlow(
  tx: Tx,
  { flow, by, until, now }: Asked,
): Promise<{ readonly pause: Pause; readonly isNew: boolean; readonly changed: boolean }> {
  await endWhoseTimeHasCome(tx, { flow, now });
  const [made] = await tx
    .insert(pauses)
    .values({ flow, by, at: now, until })
    .onConflictDoNothing()
    .returning();
  if (made) {
    await show(tx, made, now);
    return { pause: made, isNew: true, changed: true };
  }
  const [open] = await tx
    .select()
    .from(pauses)
    .where(and(eq(pauses.flow, flow), isNull(pauses.endedAt)))
    .for('update');
  if (!open) throw new Error('a pause ended while it was looked at');
  if (open.until?.getTime() === until?.getTime()) return { pause: open, isNew: false, changed: false };
  const [moved] = await tx
    .update(pauses)
    .set({ until, revision: sql`${pauses.revision} + 1` })
    .where(eq(pauses.id, open.id))
    .returning();
  const pause = moved ?? open;
  await show(tx, pause, now);
  await say(tx, pause, 'pause_moved', { by, until: until?.toISOString() ?? null }, now);
  return { pause, isNew: false, changed: true };
}

/** Lets a flow go on. Null where it does already. `by` = Slack user id; null = its time had come. */
export async function resumeFlow(
  tx: Tx,
  { flow, by, now }: { flow: string; by: string | null; now: Date },
): Promise<Pause | null> {
  const [pause] = await tx
    .update(pauses)
    .set({ endedAt: now, endedBy: by, revision: sql`${pauses.revision} + 1` })
    .where(and(eq(pauses.flow, flow), isNull(pauses.endedAt)))
    .returning();
  if (!pause) return null;
  await show(tx, pause, now);
  await say(tx, pause, 'pause_over', { by }, now);
  return pause;
}

/** Writes down that a pause is over whose time has come. True where it was this call that did. */
export async function endWhoseTimeHasCome(
  tx: Tx,
  { flow, now }: { flow: string; now: Date },
): Promise<boolean> {
  const [open] = await tx
    .select()
    .from(pauses)
    .where(and(eq(pauses.flow, flow), isNull(pauses.endedAt)))
    .for('update');
  if (!open || isStanding(open, now)) return false;
  return (await resumeFlow(tx, { flow, by: null, now })) !== null;
}

const subjectOf = ({ id }: Pause) => `pause:${id}`;

/** Its own message, and those of the decisions that wait for it. */
async function show(tx: Tx, pause: Pause, now: Date): Promise<void> {
  const { flow } = pause;
  await announceCard(tx, { subject: subjectOf(pause), flow, rank: rank.other, now });
  const decided = await tx
    .selectDistinct({ changeId: conflicts.changeId })
    .from(conflicts)
    .innerJoin(changes, eq(changes.id, conflicts.changeId))
    .where(and(eq(conflicts.flow, flow), eq(conflicts.state, 'decided_pending'), isNull(changes.closedAt)));
  const subjects = decided.map(({ changeId }) => `change:${changeId}`);
  await announceCards(tx, { subjects, flow, rank: rank.decision, now });
}

const say = (
  tx: Tx,
  pause: Pause,
  template: string,
  params: Readonly<Record<string, unknown>>,
  now: Date,
): Promise<void> =>
  announceLine(tx, {
    key: `${subjectOf(pause)}:${pause.revision}`,
    subject: subjectOf(pause),
    flow: pause.flow,
    template,
    params,
    rank: rank.other,
    now,
  });
