import { and, eq, isNull, sql } from 'drizzle-orm';
import { announceCard, rank } from '../ledger/posts/outbox.ts';
import { changes, outbox } from '../ledger/tables/index.ts';
import { commit, type RunContext } from './context.ts';

/**
 * Where records were never agreed and are apart, nothing is written before the business owner approved the counts: one
 * message asks, however many they are.
 */
export async function announceFirstLoad(context: RunContext): Promise<void> {
  if (context.firstLoadApproved) return;
  const [row] = await context.db
    .select({ count: sql<number>`count(*)::int`, newest: sql<string>`max(${changes.runId})` })
    .from(changes)
    .where(and(eq(changes.flow, context.flow.id), eq(changes.hold, 'first_load'), isNull(changes.closedAt)));
  if (!row || row.count === 0) return;
  // Only what this run added changes the counts that people were shown; unless an earlier one died before it could show them.
  const added = Number(row.newest) === context.run.id;
  if (!added && (await wasAsked(context))) return;
  await commit(context, (tx) =>
    announceCard(tx, {
      subject: subjectOf(context),
      flow: context.flow.id,
      rank: rank.decision,
      now: context.clock.now(),
    }),
  );
}

const subjectOf = ({ flow }: RunContext) => `first_load:${flow.id}`;

async function wasAsked(context: RunContext): Promise<boolean> {
  const rows = await context.db
    .select({ key: outbox.key })
    .from(outbox)
    .where(eq(outbox.subject, subjectOf(context)));
  return rows.length > 0;
}
