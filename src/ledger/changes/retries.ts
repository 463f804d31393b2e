import { and, asc, eq, inArray, isNull, lte, sql } from 'drizzle-orm';
import type { DbOrTx, Tx } from '../db.ts';
import { hintRecords } from '../runs/hints.ts';
import { changes } from '../tables/index.ts';
import { moveChanges, tell } from './changes.ts';

/** As many are tried again by one run. */
const atOnce = 100;

const isDue = (flow: string, now: Date) =>
  and(
    eq(changes.flow, flow),
    eq(changes.state, 'failed'),
    isNull(changes.closedAt),
    lte(changes.nextTryAt, now),
  );

/** Records with a change that could not be brought everywhere, and is to be tried again by now. */
export async function retriesDue(db: DbOrTx, flow: string, now: Date): Promise<string[]> {
  const rows = await db
    .select({ recordId: changes.recordId })
    .from(changes)
    .where(isDue(flow, now))
    .orderBy(asc(changes.nextTryAt))
    .limit(atOnce);
  return rows.flatMap(({ recordId }) => recordId ?? []);
}

/**
 * Opens what is due for a fresh compare, as a person does who presses "Try again": every system is read again first, nothing is sent
 * as it was. Returns how many.
 */
export async function retryDue(tx: Tx, flow: string, now: Date): Promise<number> {
  const due = await tx
    .select({ id: changes.id, recordId: changes.recordId, attempts: changes.attempts })
    .from(changes)
    .where(isDue(flow, now))
    .orderBy(asc(changes.nextTryAt), asc(changes.id))
    .limit(atOnce)
    .for('update');
  if (due.length === 0) return 0;
  await tell(
    tx,
    due.map(({ id, attempts }) => ({ changeId: id, at: now, kind: 'retried', data: { attempts } })),
  );
  await moveChanges(
    tx,
    due.map(({ id }) => ({ id, state: 'open', now })),
  );
  await tx
    .update(changes)
    .set({ nextTryAt: null })
    .where(
      inArray(
        changes.id,
        due.map(({ id }) => id),
      ),
    );
  const ids = due.flatMap(({ recordId }) => recordId ?? []);
  await hintRecords(tx, ids, { now, only: 'in use' });
  return due.length;
}

/**
 * Notes that a change failed once more, and when it is tried again by itself. Several refusals of one try are one. `waitMs` = the
 * wait after so many tries.
 */
export async function noteFailedTry(
  tx: Tx,
  { changeId, waitMs, now }: { changeId: string; waitMs: (attempts: number) => number; now: Date },
): Promise<void> {
  const [change] = await tx
    .select({ attempts: changes.attempts, nextTryAt: changes.nextTryAt })
    .from(changes)
    .where(eq(changes.id, changeId));
  if (!change || (change.nextTryAt !== null && change.nextTryAt > now)) return;
  const attempts = change.attempts + 1;
  await tx
    .update(changes)
    .set({ attempts, nextTryAt: new Date(now.getTime() + waitMs(attempts)) })
    .where(eq(changes.id, changeId));
}

/** A person tries it again: the waits begin anew. */
export const forgetTries = (tx: Tx, changeId: string) =>
  tx.update(changes).set({ attempts: sql`0`, nextTryAt: null }).where(eq(changes.id, changeId));
