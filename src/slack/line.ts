import { announceCard, rank } from '../ledger/posts/outbox.ts';
import { type OutboxRow, outboxRow, postAnew, setParams } from '../ledger/posts/outbox-sending.ts';
import type { FactSources } from './deps.ts';

/** Questions of one kind and flow whose messages are open at a time. The rest wait in line; one message says how many. */
export const shownAtOnce = 5;
/** When what waits in line is looked at again, should nothing else do it; ms. */
export const lookAgainAfter = 10 * 60_000;

export interface Queue {
  readonly shown: number;
  readonly waiting: number;
  readonly oldest: Date | null;
}

/** A line as it is once everything that has room is posted. */
export function settledLine(
  line:
    | { readonly shown: number; readonly waiting: readonly string[]; readonly oldest: Date | null }
    | undefined,
): Queue {
  const { shown = 0, waiting = [], oldest = null } = line ?? {};
  const moving = Math.min(Math.max(0, shownAtOnce - shown), waiting.length);
  return { shown: shown + moving, waiting: waiting.length - moving, oldest };
}

/** Keeps the message that counts a line true; one that begins anew is a new message. */
export async function keepCount(
  parts: FactSources,
  { subject, flow, waiting, now }: { subject: string; flow: string; waiting: number; now: Date },
): Promise<void> {
  const key = `card:${subject}`;
  const row = await outboxRow(parts.db, key);
  const before = typeof row?.params.waiting === 'number' ? row.params.waiting : 0;
  if (waiting === before) return;
  if (row && before === 0) await postAnew(parts.db, key);
  await announceCard(parts.db, { subject, flow, rank: rank.decision, now });
  const since = row && before > 0 ? lineSince(row) : now;
  await setParams(parts.db, key, { waiting, since: since.toISOString() });
}

/** Since when a line is the one that its message counts. */
export const lineSince = ({ params, createdAt }: Pick<OutboxRow, 'params' | 'createdAt'>): Date =>
  typeof params.since === 'string' ? new Date(params.since) : createdAt;
