import { changeById, questionsOf } from '../ledger/lookup.ts';
import { announceCard, rank } from '../ledger/outbox.ts';
import {
  decisionLines,
  type Line,
  type OutboxRow,
  outboxRow,
  postAnew,
  pullForward,
  putInLine,
  setParams,
} from '../ledger/outbox-sending.ts';
import type { FactSources } from './deps.ts';

/** Decisions of a flow whose messages are open at a time. The rest wait in line; one message says how many. */
const shownAtOnce = 5;
const lookAgainAfter = 10 * 60_000;

/** May this row go out now, or does its decision wait in line? What waits is put aside until one closes. */
export async function mayBeShown(parts: FactSources, row: OutboxRow): Promise<boolean> {
  if (row.kind !== 'card' || row.ts || !row.subject.startsWith('change:')) return true;
  const change = await changeById(parts.db, row.subject.slice('change:'.length));
  if (!change) return true;
  const asks = (await questionsOf(parts.db, change.id)).some((question) => question.state === 'open');
  if (!asks) return true;
  const line = (await decisionLines(parts.db)).get(row.flow);
  if (!line || line.shown < shownAtOnce) return true;
  await putInLine(parts.db, row.key, new Date(parts.clock.now().getTime() + lookAgainAfter));
  return false;
}

/** A flow's line as it is once everything that has room is posted. */
export async function lineOf(
  db: FactSources['db'],
  flow: string,
): Promise<{ shown: number; waiting: number; oldest: Date | null }> {
  const line = (await decisionLines(db)).get(flow);
  return settledLine(line);
}

function settledLine(line: Line | undefined): { shown: number; waiting: number; oldest: Date | null } {
  const { shown = 0, waiting = [], oldest = null } = line ?? {};
  const moving = Math.min(Math.max(0, shownAtOnce - shown), waiting.length);
  return { shown: shown + moving, waiting: waiting.length - moving, oldest };
}

/** Brings the next in line forward where there is room, and keeps the message that counts them true. */
export async function keepLines(parts: FactSources): Promise<void> {
  const now = parts.clock.now();
  const lines = await decisionLines(parts.db);
  for (const flow of Object.keys(parts.agreement().flows)) {
    const line = lines.get(flow);
    const free = shownAtOnce - (line?.shown ?? 0);
    if (line && free > 0 && line.waiting.length > 0) {
      await pullForward(parts.db, line.waiting.slice(0, free), now);
    }
    await keepCount(parts, flow, settledLine(line).waiting, now);
  }
}

async function keepCount(parts: FactSources, flow: string, waiting: number, now: Date): Promise<void> {
  const subject = `queue:${flow}`;
  const key = `card:${subject}`;
  const row = await outboxRow(parts.db, key);
  const before = typeof row?.params.waiting === 'number' ? row.params.waiting : 0;
  if (waiting === before) return;
  if (row && before === 0) await postAnew(parts.db, key);
  await announceCard(parts.db, { subject, flow, rank: rank.decision, now });
  await setParams(parts.db, key, { waiting });
}
