import { and, desc, eq, sql } from 'drizzle-orm';
import type { DbOrTx } from '../db.ts';
import { links, records, runs } from '../tables/index.ts';

/** Of these ids the ones that are linked here, each with whether its record is in use in another system too. */
export async function linksOf(
  db: DbOrTx,
  {
    entity,
    connection,
    ids,
  }: { readonly entity: string; readonly connection: string; readonly ids: readonly string[] },
): Promise<ReadonlyMap<string, boolean>> {
  const rows = await db.execute<{ id: string; elsewhere: boolean }>(sql`
    select l.external_id as id, exists (
      select 1 from ${links} o where o.record_id = l.record_id and o.connection <> ${connection} and not o.archived
    ) as elsewhere
    from jsonb_array_elements_text(${JSON.stringify(ids)}::text::jsonb) as asked(id)
    join ${links} l on l.connection = ${connection} and l.external_id = asked.id
    join ${records} r on r.id = l.record_id and r.entity = ${entity}`);
  return new Map(rows.map(({ id, elsewhere }) => [id, elsewhere]));
}

/** By connection, how many records the agreement left as they are when everything of it was last listed. */
export async function leftOutCounts(db: DbOrTx, flow: string): Promise<Readonly<Record<string, number>>> {
  const [run] = await db
    .select({ counts: runs.counts })
    .from(runs)
    .where(and(eq(runs.flow, flow), sql`${runs.counts} -> 'leftOut' is not null`))
    .orderBy(desc(runs.startedAt), desc(runs.id))
    .limit(1);
  return run?.counts?.leftOut ?? {};
}
