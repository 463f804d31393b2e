import { and, asc, eq, gt, inArray, isNull, ne, notLike, sql } from 'drizzle-orm';
import type { DbOrTx } from '../db.ts';
import { incidents, outbox } from '../tables/index.ts';

/** What the channel of these flows does not take. What goes to one person is no part of it. */
const unplaceable = (flows: readonly string[]) =>
  and(
    eq(outbox.state, 'unplaceable'),
    inArray(outbox.flow, [...flows]),
    sql`not (${outbox.kind} = 'note' and ${outbox.params} ? 'to')`,
    // The alert of the channel itself is the technical owner's.
    sql`${outbox.subject} not in (select 'incident:' || ${incidents.id} from ${incidents} where ${incidents.cause} = 'room')`,
  );

/** Slack's word for why something cannot be posted in the channel of these flows; null where nothing waits for that. */
export async function whyUnplaced(db: DbOrTx, flows: readonly string[]): Promise<string | null> {
  const [row] = await db
    .select({ error: outbox.error })
    .from(outbox)
    .where(unplaceable(flows))
    .orderBy(asc(outbox.createdAt), asc(outbox.key))
    .limit(1);
  return row ? (row.error ?? 'unknown') : null;
}

/** Open alerts that nobody has seen since they cannot be posted, oldest first. */
export async function unseenAlerts(db: DbOrTx, flows: readonly string[]): Promise<number[]> {
  const rows = await db
    .select({ id: incidents.id })
    .from(incidents)
    .innerJoin(outbox, eq(outbox.key, sql`'card:incident:' || ${incidents.id}`))
    .where(and(unplaceable(flows), isNull(outbox.ts), ne(incidents.state, 'recovered')))
    .orderBy(asc(incidents.id));
  return rows.map(({ id }) => id);
}

/** Whether anything went out into the channel of these flows after that. */
export async function wentThrough(db: DbOrTx, flows: readonly string[], after: Date): Promise<boolean> {
  const sent = and(
    eq(outbox.state, 'sent'),
    inArray(outbox.flow, [...flows]),
    notLike(outbox.channel, 'D%'),
    gt(outbox.notBefore, after),
  );
  return (await db.select({ key: outbox.key }).from(outbox).where(sent).limit(1)).length > 0;
}
