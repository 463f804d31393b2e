import { and, asc, eq, isNotNull, isNull, lte, sql } from 'drizzle-orm';
import type { Db } from '../db.ts';
import { changes, outbox } from '../tables/index.ts';
import { announceCards, rank } from './outbox.ts';

/** So many messages are edited anew at a time: Slack takes some fifty edits in a minute. */
const atOnce = 500;

/**
 * Has the messages of a flow's changes drawn once more that were over by then: their drawing shows no values any more. Once for each;
 * returns how many.
 */
export function redrawOver(
  db: Db,
  { flow, before, now }: { readonly flow: string; readonly before: Date; readonly now: Date },
): Promise<number> {
  return db.transaction(async (tx) => {
    const rows = await tx
      .select({ key: outbox.key, subject: outbox.subject })
      .from(outbox)
      .innerJoin(changes, eq(outbox.key, sql`'card:change:' || ${changes.id}`))
      .where(
        and(
          eq(changes.flow, flow),
          lte(changes.closedAt, before),
          isNotNull(outbox.ts),
          isNull(sql`${outbox.params} -> 'forgotten'`),
        ),
      )
      .orderBy(asc(changes.closedAt))
      .limit(atOnce);
    const subjects = rows.map(({ subject }) => subject);
    await announceCards(tx, { subjects, flow, rank: rank.other, now });
    for (const { key } of rows)
      await tx
        .update(outbox)
        .set({ params: sql`${outbox.params} || '{"forgotten": true}'::jsonb` })
        .where(eq(outbox.key, key));
    return rows.length;
  });
}
