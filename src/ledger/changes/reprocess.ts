import { eq } from 'drizzle-orm';
import type { Db, DbOrTx, Tx } from '../db.ts';
import { announceCard, rank } from '../posts/outbox.ts';
import { addHints, hintRecords } from '../runs/hints.ts';
import { changes, links, pending } from '../tables/index.ts';
import { type Change, moveChange, tell } from './changes.ts';
import { forgetTries } from './retries.ts';

export type ReprocessPreview =
  | {
      readonly kind: 'can';
      readonly change: Change;
      readonly what: readonly string[];
      readonly connections: readonly string[];
    }
  | { readonly kind: 'settled' | 'asking' | 'running'; readonly change: Change }
  | { readonly kind: 'unknown' };

/** What running a change again would do, without doing it. `what` names the fields that still have to go out, if any. */
export async function previewReprocess(db: DbOrTx, changeId: string): Promise<ReprocessPreview> {
  const [change] = await db.select().from(changes).where(eq(changes.id, changeId));
  if (!change) return { kind: 'unknown' };
  if (change.closedAt) return { kind: 'settled', change };
  if (change.state === 'asking') return { kind: 'asking', change };
  if (change.state === 'open') return { kind: 'running', change };
  const waiting = await db.select().from(pending).where(eq(pending.changeId, changeId));
  return {
    kind: 'can',
    change,
    what: waiting.map((row) => row.field),
    connections: await whereItIs(db, change),
  };
}

/**
 * Opens a failed, held or stuck change for a fresh compare; nothing staged is ever re-sent as it is. Returns false where
 * there is nothing to run again.
 */
export function reopen(
  db: Db,
  { changeId, by, now }: { changeId: string; by: string; now: Date },
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const [change] = await tx.select().from(changes).where(eq(changes.id, changeId)).for('update');
    if (!change || change.closedAt || change.state === 'asking') return false;
    await reopenChange(tx, change, { by, now });
    return true;
  });
}

/** Opens a change that its caller has locked. One that is closed stays so: its record is read again, and compared. */
export async function reopenChange(
  tx: Tx,
  change: Change,
  { by, now }: { by: string; now: Date },
): Promise<void> {
  const { id: changeId } = change;
  // Whichever run comes next reads it afresh, also when the one that was asked for cannot.
  await nameIt(tx, change, now);
  if (change.closedAt) return;
  const data = { was: change.state, hold: change.hold };
  await tell(tx, [{ changeId, at: now, kind: 'reprocess', actor: by, data }]);
  await moveChange(tx, changeId, { state: 'open', now });
  await forgetTries(tx, changeId);
  await announceCard(tx, { subject: `change:${changeId}`, flow: change.flow, rank: rank.decision, now });
}

/** A record that could never be read has no links; its change names it. */
async function whereItIs(db: DbOrTx, { recordId, subject }: Change): Promise<string[]> {
  if (!recordId) return [connectionOf(subject)];
  const rows = await db
    .select({ connection: links.connection })
    .from(links)
    .where(eq(links.recordId, recordId));
  return rows.map(({ connection }) => connection);
}

async function nameIt(tx: Tx, { recordId, subject }: Change, now: Date): Promise<void> {
  if (recordId) return hintRecords(tx, [recordId], { now });
  const connection = connectionOf(subject);
  await addHints(tx, { connection, externalIds: [subject.slice(connection.length + 1)], now });
}

/** The subject of a record that could not be read is `<connection>:<external id>`. */
const connectionOf = (subject: string) => subject.slice(0, subject.indexOf(':'));
