import { sql } from 'drizzle-orm';
import type { Needed } from '../../connectors/connector.ts';
import type { DbOrTx, Tx } from '../db.ts';
import { changes, links, records, runs } from '../tables/index.ts';

/** A record of another entity, or of the same, as the system names it in which it is referred to. */
export interface NamedNeed extends Needed {
  readonly connection: string;
}

/** A record that another one refers to. */
export interface NeededRecord {
  readonly id: string;
  readonly title: string;
  /** Where it is: by connection. */
  readonly places: ReadonlyMap<string, { readonly externalId: string; readonly archived: boolean }>;
}

/** What the ledger knows of records that others refer to; null for one that no run has read. Asks nothing where there are none. */
export async function knownNeeds(
  db: DbOrTx,
  needs: readonly NamedNeed[],
): Promise<(need: NamedNeed) => NeededRecord | null> {
  if (needs.length === 0) return () => null;
  const asked = new Map(needs.map((need) => [keyOf(need), need]));
  const rows = await db.execute<Row>(sql`
    select n.entity, n.connection, n.id as named, r.id, r.title, l.connection as place, l.external_id, l.archived
    from jsonb_to_recordset(${JSON.stringify([...asked.values()].map(rowOf))}::text::jsonb)
      as n(entity text, connection text, id text)
    join ${links} k on k.connection = n.connection and k.external_id = n.id
    join ${records} r on r.id = k.record_id and r.entity = n.entity
    join ${links} l on l.record_id = r.id`);
  const found = Map.groupBy(rows, ({ entity, connection, named }) =>
    keyOf({ entity, connection, externalId: named }),
  );
  return (need) => {
    const places = found.get(keyOf(need));
    const [first] = places ?? [];
    if (!places || !first) return null;
    const at = places.map(
      ({ place, external_id: externalId, archived }) => [place, { externalId, archived }] as const,
    );
    return { id: first.id, title: first.title, places: new Map(at) };
  };
}

interface Row extends Record<string, unknown> {
  readonly entity: string;
  readonly connection: string;
  readonly named: string;
  readonly id: string;
  readonly title: string;
  readonly place: string;
  readonly external_id: string;
  readonly archived: boolean;
}

const keyOf = ({ entity, connection, externalId }: NamedNeed): string =>
  JSON.stringify([entity, connection, externalId]);
const rowOf = ({ entity, connection, externalId: id }: NamedNeed) => ({ entity, connection, id });

/** A record as one system was just read with it. */
export interface Standing {
  readonly recordId: string;
  readonly connection: string;
  readonly needs: readonly Needed[];
  readonly locked: string | null;
}

/** Keeps what was just read of records beside their values: to what they refer, and whether they may be written to. */
export async function noteStandings(tx: Tx, standings: readonly Standing[], now: Date): Promise<void> {
  if (standings.length === 0) return;
  const rows = standings.map(({ recordId, ...rest }) => ({ record_id: recordId, ...rest }));
  await tx.execute(sql`
    update ${links} l set needs = s.needs, locked = s.locked, locked_at = case
      when l.locked = s.locked then l.locked_at when s.locked is not null then ${now.toISOString()}::timestamptz end
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      as s(record_id text, connection text, needs jsonb, locked text)
    where l.record_id = s.record_id and l.connection = s.connection`);
}

/** A system merged a record into another: whatever referred to it there refers to that one. */
export async function renameNeed(
  tx: Tx,
  { entity, connection, from, to }: { entity: string; connection: string; from: string; to: string },
): Promise<void> {
  const old = JSON.stringify({ entity, externalId: from });
  const next = JSON.stringify({ entity, externalId: to });
  await tx.execute(sql`
    update ${links} l set needs = (
      select jsonb_agg(case when n @> ${old}::text::jsonb then ${next}::text::jsonb else n end)
      from jsonb_array_elements(l.needs) n
    ) where l.connection = ${connection} and l.needs @> jsonb_build_array(${old}::text::jsonb)`);
}

/**
 * Records of a flow that wait for others, of which something has been found or made since the flow's last run began: what they wait
 * for may have come.
 */
export async function parkedWithNews(db: DbOrTx, flow: string): Promise<string[]> {
  const rows = await db.execute<{ id: string }>(sql`
    select distinct c.record_id as id
    from ${changes} c
    join ${links} l on l.record_id = c.record_id
    cross join jsonb_array_elements(l.needs) n
    join ${links} k on k.connection = l.connection and k.external_id = n ->> 'externalId'
    join ${links} t on t.record_id = k.record_id
    where c.flow = ${flow} and c.hold = 'waits_for_other' and c.closed_at is null
      and t.linked_at >= (select max(r.started_at) from ${runs} r where r.flow = ${flow})`);
  return rows.map(({ id }) => id);
}
