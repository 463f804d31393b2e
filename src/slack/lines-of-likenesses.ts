import { type OutboxRow, pullForward, putInLine } from '../ledger/posts/outbox-sending.ts';
import { likenessById, likenessLine } from '../ledger/questions/likenesses.ts';
import type { FactSources } from './deps.ts';
import { keepCount, lookAgainAfter, type Queue, settledLine, shownAtOnce } from './line.ts';

const kind = 'likeness:';

export const asksOfTwo = ({ kind: of, subject }: OutboxRow): boolean =>
  of === 'card' && subject.startsWith(kind);

/** May this question go out now, or does it wait in line? The most alike come first. */
export async function mayBeAsked(parts: FactSources, row: OutboxRow): Promise<boolean> {
  if (row.ts) return true;
  const likeness = await likenessById(parts.db, Number(row.subject.slice(kind.length)));
  if (likeness?.state !== 'open') return true;
  const { shown, waiting } = await likenessLine(parts.db, row.flow);
  const place = waiting.indexOf(row.key);
  if (place < shownAtOnce - shown) return true;
  await putInLine(parts.db, row.key, new Date(parts.clock.now().getTime() + lookAgainAfter));
  return false;
}

/** A flow's line as it is once everything that has room is posted. */
export const lineOfLikenesses = async (db: FactSources['db'], flow: string): Promise<Queue> =>
  settledLine(await likenessLine(db, flow));

/** Brings the next in line forward where there is room, and keeps the message that counts them true. */
export async function keepLikenesses(parts: FactSources): Promise<void> {
  const now = parts.clock.now();
  for (const flow of Object.keys(parts.agreement().flows)) {
    const line = await likenessLine(parts.db, flow);
    const free = shownAtOnce - line.shown;
    if (free > 0 && line.waiting.length > 0) await pullForward(parts.db, line.waiting.slice(0, free), now);
    await keepCount(parts, { subject: `alike:${flow}`, flow, waiting: settledLine(line).waiting, now });
  }
}
