import { and, desc, eq, gte, inArray, isNull, ne, or, sql } from 'drizzle-orm';
import { tell } from '../changes/changes.ts';
import type { DbOrTx, Tx } from '../db.ts';
import { announceCard, rank } from '../posts/outbox.ts';
import { changes, safetyStops } from '../tables/index.ts';
import type { SafetyStopKind } from '../tables/safety-stops.ts';

export type SafetyStopRow = typeof safetyStops.$inferSelect;

/** The subject of a safety stop's message. */
export const subjectOfStop = (id: number) => `safety_stop:${id}`;

/** A stop as a run looks at it: whom it covers, and what was answered. */
export interface Stop extends Pick<SafetyStopRow, 'id' | 'kind' | 'state' | 'decidedAt'> {
  readonly covers: ReadonlySet<string>;
}

/** Stops of a flow that count for what it is about to write: those that are open or refused, and approvals not before `since`. */
export async function stopsThatCount(db: DbOrTx, flow: string, since: Date): Promise<Stop[]> {
  const rows = await db
    .select()
    .from(safetyStops)
    .where(
      and(
        eq(safetyStops.flow, flow),
        ne(safetyStops.state, 'over'),
        or(ne(safetyStops.state, 'approved'), gte(safetyStops.decidedAt, since)),
      ),
    )
    .orderBy(desc(safetyStops.id));
  return rows.map(stopOf);
}

const stopOf = ({ id, kind, state, decidedAt, covers }: SafetyStopRow): Stop => ({
  id,
  kind,
  state,
  decidedAt,
  covers: new Set(covers),
});

/** The stops of a flow that keep something back: nobody has answered yet, or the answer was no. */
export async function stopsThatWait(db: DbOrTx, flow: string): Promise<Stop[]> {
  const rows = await db
    .select()
    .from(safetyStops)
    .where(and(eq(safetyStops.flow, flow), inArray(safetyStops.state, ['open', 'refused'])));
  return rows.map(stopOf);
}

export async function safetyStopById(db: DbOrTx, id: number): Promise<SafetyStopRow | null> {
  const [stop] = await db.select().from(safetyStops).where(eq(safetyStops.id, id));
  return stop ?? null;
}

/** The stops of a flow that somebody has to answer, oldest first. */
export async function openStops(db: DbOrTx, flow: string): Promise<SafetyStopRow[]> {
  return db
    .select()
    .from(safetyStops)
    .where(and(eq(safetyStops.flow, flow), eq(safetyStops.state, 'open')))
    .orderBy(safetyStops.id);
}

interface Stopping {
  readonly flow: string;
  readonly kind: SafetyStopKind;
  readonly runId: number;
  readonly records: readonly string[];
  readonly usual: number;
  readonly of: number;
  readonly now: Date;
}

/**
 * Stops these records: in the flow's open stop of this kind, whose message then shows them too, or in a new one. Returns it. The
 * message is announced with it, so that nothing is stopped without a word.
 */
export async function stopRecords(tx: Tx, stopping: Stopping): Promise<SafetyStopRow> {
  const { flow, kind, runId, records, usual, of, now } = stopping;
  const [open] = await tx
    .select()
    .from(safetyStops)
    .where(and(eq(safetyStops.flow, flow), eq(safetyStops.kind, kind), eq(safetyStops.state, 'open')))
    .for('update');
  const covers = [...new Set([...(open?.covers ?? []), ...records])];
  const counts = { records: covers.length, usual, of };
  const [stop] = open
    ? await tx
        .update(safetyStops)
        .set({ covers, counts, revision: sql`${safetyStops.revision} + 1` })
        .where(eq(safetyStops.id, open.id))
        .returning()
    : await tx
        .insert(safetyStops)
        .values({ flow, kind, state: 'open', runId, revision: 1, counts, covers, openedAt: now })
        .returning();
  if (!stop) throw new Error('the safety stop was not stored');
  await announceCard(tx, { subject: subjectOfStop(stop.id), flow, rank: rank.decision, now });
  return stop;
}

export type StopAnswer = 'approve' | 'refuse';
export type StopAnswered =
  | { readonly kind: 'answered'; readonly stop: SafetyStopRow; readonly changeIds: readonly string[] }
  | { readonly kind: 'already'; readonly stop: SafetyStopRow }
  | { readonly kind: 'outdated' | 'gone' };

/**
 * A person's answer, given on the revision that they saw. Approved, exactly the records that the message covered go on; refused,
 * they stay as they are until their values change, or until somebody approves after all. Returns the changes that go on.
 */
export async function answerStop(
  tx: Tx,
  {
    id,
    revision,
    answer,
    by,
    now,
  }: { id: number; revision: number; answer: StopAnswer; by: string; now: Date },
): Promise<StopAnswered> {
  const [stop] = await tx.select().from(safetyStops).where(eq(safetyStops.id, id)).for('update');
  if (!stop || stop.state === 'over') return { kind: 'gone' };
  const isOpen = stop.state === 'open' || (stop.state === 'refused' && answer === 'approve');
  if (!isOpen) return { kind: 'already', stop };
  if (stop.revision !== revision) return { kind: 'outdated' };
  const [answered] = await tx
    .update(safetyStops)
    .set({
      state: answer === 'approve' ? 'approved' : 'refused',
      decidedBy: by,
      decidedAt: now,
      revision: stop.revision + 1,
    })
    .where(eq(safetyStops.id, id))
    .returning();
  const going = answer === 'approve' ? await stoppedChanges(tx, stop) : [];
  await goOn(tx, { changeIds: going, by, now });
  await announceCard(tx, { subject: subjectOfStop(id), flow: stop.flow, rank: rank.decision, now });
  return { kind: 'answered', stop: answered ?? stop, changeIds: going };
}

/** They wait for no safety stop any more. `by` = who approved it, null where there is no reason for it any more. */
export async function goOn(
  tx: Tx,
  { changeIds, by, now }: { changeIds: readonly string[]; by: string | null; now: Date },
): Promise<void> {
  for (let at = 0; at < changeIds.length; at += idsAtOnce) {
    const ids = changeIds.slice(at, at + idsAtOnce);
    await tx
      .update(changes)
      .set({
        hold: null,
        holdDetail: null,
        state: sql`case when ${changes.state} = 'held' then 'writing' else ${changes.state} end`,
        revision: sql`${changes.revision} + 1`,
        updatedAt: now,
      })
      .where(inArray(changes.id, ids));
    const data = { reason: 'safety_stop', ...(by ? { detail: 'somebody approved it' } : {}) };
    await tell(
      tx,
      ids.map((changeId) => ({ changeId, at: now, kind: 'released', actor: by, data })),
    );
  }
}

/** Some of the records that a stop covers and keeps back, the first ones first. */
export async function stoppedRecords(
  db: DbOrTx,
  { flow, covers }: Pick<SafetyStopRow, 'flow' | 'covers'>,
  atMost: number,
): Promise<string[]> {
  const rows = await db
    .select({ recordId: changes.recordId })
    .from(changes)
    .where(
      and(
        eq(changes.flow, flow),
        inArray(changes.recordId, covers.slice(0, idsAtOnce)),
        eq(changes.hold, 'safety_stop'),
        isNull(changes.closedAt),
      ),
    )
    .orderBy(changes.subject, changes.id)
    .limit(atMost);
  return rows.flatMap(({ recordId }) => recordId ?? []);
}

/** The open changes of what a stop covers that wait for it. */
async function stoppedChanges(
  db: DbOrTx,
  { flow, covers }: Pick<SafetyStopRow, 'flow' | 'covers'>,
): Promise<string[]> {
  const rows: string[] = [];
  for (let at = 0; at < covers.length; at += idsAtOnce) {
    const found = await db
      .select({ id: changes.id })
      .from(changes)
      .where(
        and(
          eq(changes.flow, flow),
          inArray(changes.recordId, covers.slice(at, at + idsAtOnce)),
          eq(changes.hold, 'safety_stop'),
          isNull(changes.closedAt),
        ),
      );
    rows.push(...found.map(({ id }) => id));
  }
  return rows;
}

const idsAtOnce = 5_000;
