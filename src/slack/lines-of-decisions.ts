import { decisionLines, type OutboxRow, pullForward, putInLine } from '../ledger/posts/outbox-sending.ts';
import { changeById, questionsOf } from '../ledger/records/lookup.ts';
import type { FactSources } from './deps.ts';
import { keepCount, lookAgainAfter, moving, type Queue, settledLine, shownAtOnce } from './line.ts';
import { asksOfTwo, keepLikenesses, mayBeAsked } from './lines-of-likenesses.ts';

/** May this row go out now, or does its decision wait in line? What waits is put aside until one closes. */
export async function mayBeShown(parts: FactSources, row: OutboxRow): Promise<boolean> {
  if (asksOfTwo(row)) return mayBeAsked(parts, row);
  if (row.kind !== 'card' || row.ts || !row.subject.startsWith('change:')) return true;
  const change = await changeById(parts.db, row.subject.slice('change:'.length));
  if (!change) return true;
  const asks = (await questionsOf(parts.db, change.id)).some((question) => question.state === 'open');
  if (!asks) return true;
  const line = (await decisionLines(parts.db)).get(row.flow);
  if (!line || line.shown < shownAtOnce || line.waiting.slice(0, line.called).includes(row.key)) return true;
  await putInLine(parts.db, row.key, new Date(parts.clock.now().getTime() + lookAgainAfter));
  return false;
}

/** A flow's line as it is once everything that has room is posted. */
export async function lineOf(db: FactSources['db'], flow: string): Promise<Queue> {
  const line = (await decisionLines(db)).get(flow);
  return settledLine(line);
}

/** Brings the next in line forward where there is room, and keeps the message that counts them true. */
export async function keepLines(parts: FactSources): Promise<void> {
  const now = parts.clock.now();
  const lines = await decisionLines(parts.db);
  for (const flow of Object.keys(parts.agreement().flows)) {
    const line = lines.get(flow);
    if (line && moving(line) > 0) await pullForward(parts.db, line.waiting.slice(0, moving(line)), now);
    await keepCount(parts, { subject: `queue:${flow}`, flow, waiting: settledLine(line).waiting, now });
  }
  await keepLikenesses(parts);
}
