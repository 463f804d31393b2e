import { and, eq, gt, inArray, sql } from 'drizzle-orm';
import type { DbOrTx, Tx } from '../db.ts';
import { insertMany } from '../many.ts';
import { hints, links, records } from '../tables/index.ts';

export type Hint = typeof hints.$inferSelect;

/** The entity of a hint of which nobody could say what it names: every flow of the connection reads it. */
const anything = '';

/** Records of a connection that changed. `entity` left out = nobody can say what they are. */
interface Changed {
  readonly connection: string;
  readonly entity?: string;
  readonly externalIds: readonly string[];
  readonly now: Date;
}

/** Keeps that these records changed: one row a record, however often it is said. Commits before it returns. */
export async function addHints(
  db: DbOrTx,
  { connection, entity = anything, externalIds, now }: Changed,
): Promise<void> {
  // In one order everywhere, so that two webhooks at once cannot wait for each other.
  const ids = [...new Set(externalIds)].sort();
  if (ids.length === 0) return;
  const rows = ids.map((externalId) => {
    return { connection, entity, externalId, receivedAt: now, events: 1, readBy: {} };
  });
  await db.execute(sql`
    ${insertMany(hints, rows)} on conflict (connection, entity, external_id) do update set
      received_at = greatest(${hints.receivedAt}, excluded.received_at), events = ${hints.events} + 1`);
}

/** Has these records read anew, with whichever system they are in. `only` = their places in use. */
export async function hintRecords(
  tx: Tx,
  recordIds: readonly string[],
  { now, only = 'all' }: { readonly now: Date; readonly only?: 'all' | 'in use' },
): Promise<void> {
  if (recordIds.length === 0) return;
  const places = await tx
    .select({ connection: links.connection, externalId: links.externalId, entity: records.entity })
    .from(links)
    .innerJoin(records, eq(records.id, links.recordId))
    .where(
      and(inArray(links.recordId, [...recordIds]), only === 'all' ? undefined : eq(links.archived, false)),
    );
  const groups = Map.groupBy(places, ({ connection, entity }) => JSON.stringify([connection, entity]));
  for (const [first, ...others] of groups.values()) {
    if (!first) continue;
    const { connection, entity } = first;
    const externalIds = [first, ...others].map(({ externalId }) => externalId);
    await addHints(tx, { connection, entity, externalIds, now });
  }
}

/** Whose hints: those of its entity that a flow has not read yet. */
interface Reader {
  readonly connection: string;
  readonly flow: string;
  readonly entity: string;
}

/** A hint that the flow has not read, or that came again since. */
export const unreadBy = ({ flow, entity }: Pick<Reader, 'flow' | 'entity'>) =>
  sql`${hints.entity} in (${anything}, ${entity}) and coalesce((${hints.readBy} ->> ${flow})::int, -1) < ${hints.events}`;

/** The hints of a connection that wait for a flow, oldest first, so many of them, behind the one that was last taken. They stay until they are forgotten. */
export async function waitingHints(
  db: DbOrTx,
  { connection, ...reader }: Reader,
  { limit, after = null }: { readonly limit: number; readonly after?: Hint | null },
): Promise<Hint[]> {
  const behind = after
    ? sql`(${hints.receivedAt}, ${hints.externalId}, ${hints.entity}) > (${sql.param(after.receivedAt, hints.receivedAt)}, ${after.externalId}, ${after.entity})`
    : undefined;
  return db
    .select()
    .from(hints)
    .where(and(eq(hints.connection, connection), unreadBy(reader), behind))
    .orderBy(hints.receivedAt, hints.externalId, hints.entity)
    .limit(limit);
}

export const countHints = (db: DbOrTx, { connection, ...reader }: Reader): Promise<number> =>
  db.$count(hints, and(eq(hints.connection, connection), unreadBy(reader)));

/** True iff any of these connections has a hint that waits for the flow. `counted`: one that something happened for; a reminder to look again has time. */
export async function hasHints(
  db: DbOrTx,
  {
    connections,
    counted = false,
    ...reader
  }: Omit<Reader, 'connection'> & { readonly connections: readonly string[]; readonly counted?: boolean },
): Promise<boolean> {
  const rows = await db
    .select({ one: sql`1` })
    .from(hints)
    .where(
      and(
        inArray(hints.connection, [...connections]),
        unreadBy(reader),
        counted ? gt(hints.events, 0) : undefined,
      ),
    )
    .limit(1);
  return rows.length > 0;
}

/** True iff this record is still to be read by the flow. */
export async function isHinted(
  db: DbOrTx,
  { connection, externalId, ...reader }: Reader & { readonly externalId: string },
): Promise<boolean> {
  const one = and(eq(hints.connection, connection), eq(hints.externalId, externalId), unreadBy(reader));
  return (await db.$count(hints, one)) > 0;
}

/**
 * Forgets hints whose records a flow has read and stored; where others read them too, once the last of them has. One that came
 * again after it was taken is kept, by its count: clocks of two replicas, or two events in one millisecond, cannot hide it.
 * `flows`: all that use the connection.
 */
export async function forgetHints(
  db: DbOrTx,
  taken: readonly Hint[],
  { flow, flows }: { readonly flow: string; readonly flows: readonly { id: string; entity: string }[] },
): Promise<void> {
  for (const [entity, some] of Map.groupBy(taken, (hint) => hint.entity)) {
    const readers = flows.filter((one) => entity === anything || one.entity === entity).map(({ id }) => id);
    await forgetSome(db, some, { flow, others: readers.filter((id) => id !== flow) });
  }
}

async function forgetSome(
  db: DbOrTx,
  taken: readonly Hint[],
  { flow, others }: { readonly flow: string; readonly others: readonly string[] },
): Promise<void> {
  const rows = taken.map(({ connection, entity, externalId, events }) => {
    return { connection, entity, external_id: externalId, events };
  });
  const read = sql`jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
    as t(connection text, entity text, external_id text, events integer)`;
  const isIt = sql`h.connection = t.connection and h.entity = t.entity and h.external_id = t.external_id`;
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
