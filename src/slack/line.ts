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

interface Places {
  readonly shown: number;
  readonly waiting: readonly string[];
  /** So many, the first of them, wait for no room. */
  readonly called?: number;
}

/** How many of those that wait are shown next, from the first: as many as there is room for, and those that somebody is called to. */
export const moving = ({ shown, waiting, called = 0 }: Places): number =>
  Math.max(called, Math.min(Math.max(0, shownAtOnce - shown), waiting.length));

/** A line as it is once everything that has room is posted. */
export function settledLine(line: (Places & { readonly oldest: Date | null }) | undefined): Queue {
  if (!line) return { shown: 0, waiting: 0, oldest: null };
  const next = moving(line);
  return { shown: line.shown + next, waiting: line.waiting.length - next, oldest: line.oldest };
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
