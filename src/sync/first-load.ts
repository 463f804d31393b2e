import { and, eq, isNull, sql } from 'drizzle-orm';
import { announceCard, rank } from '../ledger/outbox.ts';
import { changes } from '../ledger/tables/index.ts';
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
  // Only what this run added changes the counts that people were shown.
  if (!row || row.count === 0 || Number(row.newest) !== context.run.id) return;
  await commit(context, (tx) =>
    announceCard(tx, {
      subject: `first_load:${context.flow.id}`,
      flow: context.flow.id,
      rank: rank.decision,
      now: context.clock.now(),
    }),
  );
}
