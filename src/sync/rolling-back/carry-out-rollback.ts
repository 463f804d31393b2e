import { and, eq } from 'drizzle-orm';
import { announceLine, rank } from '../../ledger/posts/outbox.ts';
import { loadRecords } from '../../ledger/records/records.ts';
import { announceRollback, countItems, type Rollback } from '../../ledger/rollback/rollbacks.ts';
import { approvedItems, openRecords, placeKey, recordsToConclude } from '../../ledger/rollback/writes.ts';
import { rollbacks } from '../../ledger/tables/index.ts';
import type { RunFailure } from '../../ledger/tables/runs.ts';
import { commit, type RunContext } from '../context.ts';
import { failureOf } from '../failures.ts';
import { together } from '../together.ts';
import { conclude } from './conclude.ts';
import { chunk, readPlaces } from './look.ts';
import { prepare } from './prepare.ts';
import { send } from './send-back.ts';

/**
 * Puts back what a person approved, some records at a time: read again, and only what is still as it was found is written. What
 * cannot be reached stays open for the next run. Every step is in the ledger before the next one, so that nothing is done twice.
 */
export async function carryOutRollback(
  context: RunContext,
  rollback: Rollback,
): Promise<{ readonly read: number; readonly written: number; readonly failures: readonly RunFailure[] }> {
  const { db } = context;
  const failures: RunFailure[] = [];
  let [read, written, after] = [0, 0, ''];
  for (;;) {
    const ids = await openRecords(db, rollback.id, after, chunk);
    if (ids.length === 0 || failures.length > 0) break;
    after = ids.at(-1) as string;
    const result = await putBackSome(context, rollback, ids);
    // Another agreement counts by now: the run that follows it goes on.
    if (!result) return { read, written, failures };
    read += ids.length;
    written += result.written;
    failures.push(...result.failures);
  }
  for (;;) {
    const ids = await recordsToConclude(db, rollback.id, chunk);
    if (ids.length === 0) break;
    await conclude(context, rollback, ids);
    await context.at?.('rollback_concluded');
  }
  await finish(context, rollback);
  return { read, written, failures };
}

async function putBackSome(
  context: RunContext,
  rollback: Rollback,
  ids: readonly string[],
): Promise<{ readonly written: number; readonly failures: readonly RunFailure[] } | null> {
  const wanted = new Set((await approvedItems(context.db, rollback.id, ids)).map(placeKey));
  const readings = await readPlaces(
    context,
    await loadRecords(context.db, ids, context.flow.id),
    (recordId, connection) => wanted.has(placeKey({ recordId, connection })),
  );
  const sent = await commit(context, (tx) => prepare(context, tx, { rollback, ids, readings }));
  if (!sent) return null;
  await context.at?.('rollback_intents');
  const batches = [...Map.groupBy(sent, (one) => one.connection)];
  const results = await together(context, batches, ([connection, batch]) =>
    send(context, rollback, connection, batch),
  );
  return { written: sent.length, failures: [...readings.failures.map(failureOf), ...results.flat()] };
}

/** Done once nothing of it is left to do; then, and only then, people are told so. */
async function finish(context: RunContext, rollback: Rollback): Promise<void> {
  const now = context.clock.now();
  const { flow } = context;
  const counts = await commit(context, async (tx) => {
    const left = await openRecords(tx, rollback.id, '', 1);
    if (left.length > 0) return null;
    const done = await tx
      .update(rollbacks)
      .set({ state: 'done', finishedAt: now })
      .where(and(eq(rollbacks.id, rollback.id), eq(rollbacks.state, 'under_way')))
      .returning({ id: rollbacks.id });
    if (done.length === 0) return null;
    await announceRollback(tx, rollback, now);
    const tally = await countItems(tx, rollback.id);
    const [changeId] = rollback.target.split('/');
    if (rollback.scope === 'change' || rollback.scope === 'write') {
      await announceLine(tx, {
        key: `rollback:${rollback.id}`,
        subject: `change:${changeId}`,
        flow: flow.id,
        template: 'undone',
        params: { by: nameOf(context, rollback.by), n: tally.putBack, reference: rollback.id },
        rank: rank.other,
        now,
      });
    }
    return tally;
  });
  if (!counts) return;
  context.log.info(
    { event: 'rolled_back', reference: rollback.id, flow: flow.id },
    `${flow.name}: put back, ${counts.putBack} of ${counts.goesBack} values`,
  );
}

const nameOf = ({ agreement }: RunContext, by: string): string =>
  Object.values(agreement.people).find((person) => person.slack === by)?.name ?? 'Somebody';
