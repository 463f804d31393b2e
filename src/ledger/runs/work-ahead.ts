import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { DbOrTx } from '../db.ts';
import { bases, changes, links, pending, records } from '../tables/index.ts';

/** What is decided and not done yet, of one connection, in records. */
export interface WorkAhead {
  /** Read before anything is written: a record that moved is decided again. */
  readonly reads: number;
  readonly writes: number;
  readonly creates: number;
}

/** By connection, what a flow's decided values and missing records come to. As far as can be told without reading anything. */
export async function workAhead(
  db: DbOrTx,
  { flow, entity, createIn }: Work,
): Promise<ReadonlyMap<string, WorkAhead>> {
  const due = and(
    eq(changes.flow, flow),
    sql`${changes.closedAt} is null`,
    sql`${changes.state} not in ('failed', 'held')`,
  );
  const differs = sql`(${bases.fields} -> ${pending.field} -> 'value') is distinct from ${pending.value}`;
  const updates = await db
    .select({
      connection: links.connection,
      reads: sql<number>`count(distinct ${links.recordId})::int`,
      writes: sql<number>`count(distinct ${links.recordId}) filter (where ${differs})::int`,
    })
    .from(pending)
    .innerJoin(changes, eq(changes.id, pending.changeId))
    .innerJoin(links, eq(links.recordId, pending.recordId))
    .leftJoin(bases, and(eq(bases.recordId, links.recordId), eq(bases.connection, links.connection)))
    .where(and(due, eq(links.archived, false)))
    .groupBy(links.connection);
  const work = new Map(updates.map(({ connection, ...counts }) => [connection, { ...counts, creates: 0 }]));
  for (const [connection, from] of Object.entries(createIn)) {
    const creates = await db.$count(records, and(eq(records.entity, entity), lacking(connection, from)));
    work.set(connection, { reads: 0, writes: 0, ...work.get(connection), creates });
  }
  return work;
}

interface Work {
  readonly flow: string;
  readonly entity: string;
  readonly createIn: Readonly<Record<string, readonly string[]>>;
}

/** How many records there are of an entity. */
export const recordsOf = (db: DbOrTx, entity: string): Promise<number> =>
  db.$count(records, eq(records.entity, entity));

/** Records that are to be made there, as far as nothing keeps them waiting. */
function lacking(connection: string, from: readonly string[]): SQL {
  const known = sql.join(
    from.map((one) => sql`${one}`),
    sql`, `,
  );
  return sql`${records.keyValue} is not null
    and exists (select 1 from ${links} l where l.record_id = ${records.id} and l.connection in (${known}) and not l.archived)
    and not exists (select 1 from ${links} t where t.record_id = ${records.id} and t.connection = ${connection})
    and not exists (select 1 from ${changes} c
      where c.record_id = ${records.id} and c.closed_at is null and c.state in ('held', 'failed'))`;
}
