import { announceNote, rank } from '../../ledger/posts/outbox.ts';
import { type Approved, noteQuiet } from '../../ledger/records/markings.ts';
import { type MarkScope, markCounts } from '../../ledger/records/marks.ts';
import { commit, connectorOf, type RunContext } from '../context.ts';

/** Where nothing was left to write, it is looked at again after so long, in ms: runs may come every few seconds. */
const quietMs = 10 * 60_000;

/** True where a look found nothing to write a short while ago. Pure. */
export const isQuiet = ({ quietAt }: Pick<Approved, 'quietAt'>, now: Date): boolean =>
  quietAt !== null && now.getTime() - quietAt.getTime() < quietMs;

/** Says once, in the flow's channel, that every record has our id, or why it has not. */
export async function sayIfDone(context: RunContext, word: Approved, scope: MarkScope): Promise<void> {
  const { connection, entity } = word;
  const { flow, clock } = context;
  const now = clock.now();
  const { marked, due, left, reasons } = await markCounts(context.db, scope, now);
  if (due > 0) return;
  const system = connectorOf(context, connection).label;
  const isFirst = await commit(context, async (tx) => {
    const first = await noteQuiet(tx, word, now);
    if (first)
      await announceNote(tx, {
        key: `marks_done:${connection}:${entity}`,
        subject: `flow:${flow.id}`,
        flow: flow.id,
        template: 'marks_done',
        params: { system, marked, left, reasons: reasons.slice(0, 3) },
        rank: rank.other,
        now,
      });
    return first;
  });
  if (isFirst)
    context.log.info(
      { event: 'marks_done', flow: flow.id, connection, marked, left },
      `${flow.name}: Truce’s own id is in all records of ${system} that have room for it.`,
    );
}
