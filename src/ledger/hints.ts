import { and, eq, inArray, sql } from 'drizzle-orm';
import type { DbOrTx } from './db.ts';
import { insertMany } from './many.ts';
import { hints } from './tables/index.ts';

export type Hint = typeof hints.$inferSelect;

/** Keeps that these records of a connection changed: one row a record, however often it is said. Commits before it returns. */
export async function addHints(
  db: DbOrTx,
  { connection, externalIds, now }: { connection: string; externalIds: readonly string[]; now: Date },
): Promise<void> {
  // In one order everywhere, so that two webhooks at once cannot wait for each other.
  const ids = [...new Set(externalIds)].sort();
  if (ids.length === 0) return;
  const rows = ids.map((externalId) => ({ connection, externalId, receivedAt: now, events: 1, readBy: {} }));
  await db.execute(sql`
    ${insertMany(hints, rows)} on conflict (connection, external_id) do update set
      received_at = greatest(${hints.receivedAt}, excluded.received_at), events = ${hints.events} + 1`);
}

/** Whose hints: those that a flow has not read yet. */
interface Reader {
  readonly connection: string;
  readonly flow: string;
}

/** A hint that the flow has not read, or that came again since. */
export const unreadBy = (flow: string) =>
  sql`coalesce((${hints.readBy} ->> ${flow})::int, -1) < ${hints.events}`;

/** The hints of a connection that wait for a flow, oldest first, so many of them, behind the one that was last taken. They stay until they are forgotten. */
export async function waitingHints(
  db: DbOrTx,
  { connection, flow }: Reader,
  { limit, after = null }: { readonly limit: number; readonly after?: Hint | null },
): Promise<Hint[]> {
  const behind = after
    ? sql`(${hints.receivedAt}, ${hints.externalId}) > (${sql.param(after.receivedAt, hints.receivedAt)}, ${after.externalId})`
    : undefined;
  return db
    .select()
    .from(hints)
    .where(and(eq(hints.connection, connection), unreadBy(flow), behind))
    .orderBy(hints.receivedAt, hints.externalId)
    .limit(limit);
}

export const countHints = (db: DbOrTx, { connection, flow }: Reader): Promise<number> =>
  db.$count(hints, and(eq(hints.connection, connection), unreadBy(flow)));

/** True iff any of these connections has a hint that waits for the flow. */
export async function hasHints(
  db: DbOrTx,
  { connections, flow }: { readonly connections: readonly string[]; readonly flow: string },
): Promise<boolean> {
  const rows = await db
    .select({ one: sql`1` })
    .from(hints)
    .where(and(inArray(hints.connection, [...connections]), unreadBy(flow)))
    .limit(1);
  return rows.length > 0;
}

/** True iff this record is still to be read by the flow. */
export async function isHinted(
  db: DbOrTx,
  { connection, flow, externalId }: Reader & { readonly externalId: string },
): Promise<boolean> {
  const one = and(eq(hints.connection, connection), eq(hints.externalId, externalId), unreadBy(flow));
  return (await db.$count(hints, one)) > 0;
}

/**
 * Forgets hints whose records a flow has read and stored; where others of `flows` use the connection too, once the last of them
 * has. One that came again after it was taken is kept, by its count: clocks of two replicas, or two events in one millisecond,
 * cannot hide it.
 */
export async function forgetHints(
  db: DbOrTx,
  taken: readonly Hint[],
  { flow, flows }: { readonly flow: string; readonly flows: readonly string[] },
): Promise<void> {
  if (taken.length === 0) return;
  const rows = taken.map(({ connection, externalId, events }) => ({
    connection,
    external_id: externalId,
    events,
  }));
  const read = sql`jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
    as t(connection text, external_id text, events integer)`;
  const isIt = sql`h.connection = t.connection and h.external_id = t.external_id`;
  const others = flows.filter((one) => one !== flow);
  if (others.length === 0) {
    await db.execute(sql`delete from ${hints} h using ${read} where ${isIt} and h.events <= t.events`);
    return;
  }
  await db.execute(sql`
    update ${hints} h set read_by = h.read_by || jsonb_build_object(${flow}::text, t.events) from ${read} where ${isIt}`);
  const all = JSON.stringify([...others, flow]);
  await db.execute(sql`
    delete from ${hints} h using ${read} where ${isIt} and not exists (
      select 1 from jsonb_array_elements_text(${all}::text::jsonb) as f(flow)
      where coalesce((h.read_by ->> f.flow)::int, -1) < h.events)`);
}
