import { and, asc, eq, gt, inArray, isNotNull, isNull, lte, ne, or, sql } from 'drizzle-orm';
import type { DbOrTx } from '../db.ts';
import { changes, conflicts, outbox } from '../tables/index.ts';

export type OutboxRow = typeof outbox.$inferSelect;

/** How long a sender that took a row may be silent until the row's outcome counts as unknown; ms. Longer than any one call. */
const sendingLease = 20_000;

/** What may be sent now, highest rank and oldest first. A row that a sender took and never came back from is among them. */
export function dueRows(db: DbOrTx, now: Date, limit = 100): Promise<OutboxRow[]> {
  return db
    .select()
    .from(outbox)
    .where(and(ne(outbox.state, 'sent'), lte(outbox.notBefore, now)))
    .orderBy(asc(outbox.rank), asc(outbox.createdAt), asc(outbox.key))
    .limit(limit);
}

/** How many messages are due and not out yet, or were tried in vain. Decisions that wait in line for room are not among them. */
export function countWaiting(db: DbOrTx, now: Date): Promise<number> {
  return db.$count(
    outbox,
    and(
      ne(outbox.state, 'sent'),
      or(lte(outbox.notBefore, now), isNotNull(outbox.error), eq(outbox.state, 'sending')),
    ),
  );
}

/** Whether anything of a flow cannot be placed in its channel. */
export const isAnyUnplaceable = async (db: DbOrTx, flow: string): Promise<boolean> =>
  (await db.$count(outbox, and(eq(outbox.state, 'unplaceable'), eq(outbox.flow, flow)))) > 0;

/** Takes a row for sending, so that no other sender does; null where another was faster. */
export async function takeRow(db: DbOrTx, row: OutboxRow, now: Date): Promise<OutboxRow | null> {
  const [taken] = await db
    .update(outbox)
    .set({
      state: 'sending',
      attempts: sql`${outbox.attempts} + 1`,
      notBefore: new Date(now.getTime() + sendingLease),
    })
    .where(
      and(
        eq(outbox.key, row.key),
        eq(outbox.state, row.state),
        eq(outbox.attempts, row.attempts),
        lte(outbox.notBefore, now),
      ),
    )
    .returning();
  return taken ?? null;
}

/** Lets go of what senders had taken: only for an embedded database, whose folder is locked, so that no other process can be sending. */
export async function freeSending(db: DbOrTx, now: Date): Promise<void> {
  await db.update(outbox).set({ notBefore: now }).where(eq(outbox.state, 'sending'));
}

/** It is shown as it was when `wanted` had this number; what changed since is sent next. */
export async function rowSent(
  db: DbOrTx,
  key: string,
  { wanted, channel, ts, now }: { wanted: number; channel: string | null; ts: string | null; now: Date },
): Promise<void> {
  await db
    .update(outbox)
    .set({
      sent: wanted,
      state: sql`case when ${outbox.wanted} > ${wanted} then 'waiting' else 'sent' end`,
      channel,
      ts,
      attempts: 0,
      error: null,
      notBefore: now,
    })
    .where(eq(outbox.key, key));
}

/** Puts a row back, to be tried again at `notBefore`. */
export async function rowPutBack(
  db: DbOrTx,
  key: string,
  set: {
    state: 'waiting' | 'unknown' | 'unplaceable';
    notBefore: Date;
    error: string | null;
    post?: { channel: string; ts: string } | null;
  },
): Promise<void> {
  const post = set.post === undefined ? {} : { channel: set.post?.channel ?? null, ts: set.post?.ts ?? null };
  await db
    .update(outbox)
    .set({ state: set.state, notBefore: set.notBefore, error: set.error, ...post })
    .where(eq(outbox.key, key));
}

export async function outboxRow(db: DbOrTx, key: string): Promise<OutboxRow | null> {
  const [row] = await db.select().from(outbox).where(eq(outbox.key, key));
  return row ?? null;
}

/** What stands at a place in Slack, where it is ours. */
export async function rowAt(
  db: DbOrTx,
  { channel, ts }: { readonly channel: string; readonly ts: string },
): Promise<OutboxRow | null> {
  const [row] = await db
    .select()
    .from(outbox)
    .where(and(eq(outbox.channel, channel), eq(outbox.ts, ts)));
  return row ?? null;
}

/** A card that comes to an end and begins anew is a new message: an edit far up is seen by nobody. */
export async function postAnew(db: DbOrTx, key: string): Promise<void> {
  await db.update(outbox).set({ channel: null, ts: null, sent: 0 }).where(eq(outbox.key, key));
}

export async function setParams(db: DbOrTx, key: string, params: Record<string, unknown>): Promise<void> {
  await db.update(outbox).set({ params }).where(eq(outbox.key, key));
}

export interface Line {
  /** Open decisions whose message is posted. */
  readonly shown: number;
  /** Open decisions without a message yet: outbox keys. Those that somebody is called to come first, then the oldest. */
  readonly waiting: readonly string[];
  /** How many of these somebody is called to, in the thread of a message that is not there yet: they wait for no room. */
  readonly called: number;
  readonly oldest: Date | null;
}

/** The open decisions of each flow: which are shown, which wait in line. */
export async function decisionLines(db: DbOrTx): Promise<Map<string, Line>> {
  const called = sql<boolean>`exists (select 1 from outbox said where said.subject = ${outbox.subject} and said.kind = 'line' and said.state <> 'sent')`;
  const rows = await db
    .selectDistinct({
      flow: changes.flow,
      key: outbox.key,
      ts: outbox.ts,
      openedAt: changes.openedAt,
      called,
    })
    .from(conflicts)
    .innerJoin(changes, eq(changes.id, conflicts.changeId))
    .innerJoin(outbox, eq(outbox.key, sql`'card:change:' || ${changes.id}`))
    .where(and(eq(conflicts.state, 'open'), isNull(conflicts.closedAt)))
    .orderBy(asc(changes.openedAt), asc(outbox.key));
  const lines = new Map<string, Line>();
  for (const [flow, list] of Map.groupBy(rows, (row) => row.flow)) {
    const waiting = list.filter((row) => row.ts === null);
    const first = waiting.filter((row) => row.called);
    lines.set(flow, {
      shown: list.length - waiting.length,
      waiting: [...first, ...waiting.filter((row) => !row.called)].map((row) => row.key),
      called: first.length,
      oldest: list[0]?.openedAt ?? null,
    });
  }
  return lines;
}

/** Puts a decision's first message aside until there is room for it. */
export async function putInLine(db: DbOrTx, key: string, until: Date): Promise<void> {
  await db
    .update(outbox)
    .set({ notBefore: until })
    .where(and(eq(outbox.key, key), eq(outbox.state, 'waiting'), isNull(outbox.ts)));
}

/** There is room: these may go out now. */
export async function pullForward(db: DbOrTx, keys: readonly string[], now: Date): Promise<void> {
  await db
    .update(outbox)
    .set({ notBefore: now })
    .where(
      and(
        inArray(outbox.key, [...keys]),
        eq(outbox.state, 'waiting'),
        eq(outbox.attempts, 0),
        isNull(outbox.ts),
        gt(outbox.notBefore, now),
      ),
    );
}
