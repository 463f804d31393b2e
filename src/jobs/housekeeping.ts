import { and, eq, inArray, lt, sql } from 'drizzle-orm';
import type { Clock } from '../clock.ts';
import { forgetCalls } from '../ledger/alerts/interruptions.ts';
import { forgetSignIns } from '../ledger/connections/sign-ins.ts';
import type { Db } from '../ledger/db.ts';
import { forgetEvents } from '../ledger/posts/slack-events.ts';
import { forgetLaters } from '../ledger/questions/laters.ts';
import { forgetPreviews } from '../ledger/questions/many-answers.ts';
import { dropOldPreviews } from '../ledger/rollback/rollbacks.ts';
import { outbox, runs, staged } from '../ledger/tables/index.ts';

const day = 24 * 3_600_000;
/** Compared rows are kept a week, to look at; runs that changed nothing, a month; told lines, and whom they called, two months. */
const keep = { staged: 7 * day, runs: 30 * day, said: 60 * day, calls: 60 * day };

/** Throws away what nobody will ask for again. What changes cite, and every decision, stays. Calls go with the chain over the log (`chain-log.ts`). */
export async function keepHouse({ db, clock }: { db: Db; clock: Clock }): Promise<void> {
  const before = (ms: number) => new Date(clock.now().getTime() - ms);
  await forgetSignIns(db, clock.now());
  await forgetCalls(db, before(keep.calls));
  await forgetLaters(db, before(keep.calls));
  await forgetEvents(db, before(day));
  await forgetPreviews(db, before(keep.staged));
  await dropOldPreviews(db, { before: before(day), now: clock.now() });
  await db
    .delete(staged)
    .where(and(inArray(staged.state, ['done', 'dropped']), lt(staged.stagedAt, before(keep.staged))));
  await db
    .delete(runs)
    .where(
      and(
        eq(runs.state, 'done'),
        eq(runs.judged, true),
        lt(runs.finishedAt, before(keep.runs)),
        sql`${runs.counts} ->> 'changed' = '0' and ${runs.counts} ->> 'written' = '0'`,
        sql`not exists (select 1 from changes where run_id = ${runs.id})`,
        sql`not exists (select 1 from exchanges where run_id = ${runs.id})`,
      ),
    );
  await db
    .delete(outbox)
    .where(
      and(
        inArray(outbox.kind, ['line', 'note']),
        eq(outbox.state, 'sent'),
        lt(outbox.createdAt, before(keep.said)),
      ),
    );
}
