import { sql } from 'drizzle-orm';
import type { AlsoRead, Needed, Observation } from '../../connectors/connector.ts';
import type { Observed } from '../../entities/field.ts';
import type { DbOrTx } from '../db.ts';
import type { Seen } from '../sealing/evidence.ts';
import { closed, type Seals, sealsOf } from '../sealing/vault.ts';
import { bases, links, sightings } from '../tables/index.ts';

/** What was read of a record in one system, and counts from now on as what it was last seen with. */
export interface BaseMove {
  readonly recordId: string;
  readonly connection: string;
  readonly observation: Observation;
  /** The fields that took part, if not all of them. */
  readonly fields?: Readonly<Record<string, Observed>>;
  /** If not as the observation says. */
  readonly archived?: boolean;
  readonly exchangeId: number | null;
  /** Of the observation, once nothing of it is left to do. */
  readonly print?: string | null;
  /** True = only where all fields of the observation are known now, not these alone. */
  readonly printIfWhole?: boolean;
}

interface How {
  readonly origin: 'observed' | 'read_back';
  readonly runId: number | null;
  readonly now: Date;
}

/**
 * Stores what was observed, or read back after our own write, as the bases of the next comparison, in one statement for any
 * number of records. What differs from what was seen before is put down as a sighting: that a value came, when and how.
 */
export async function moveBases(
  db: DbOrTx,
  moves: readonly BaseMove[],
  { origin, runId, now }: How,
): Promise<void> {
  if (moves.length === 0) return;
  const at = sql`${now.toISOString()}::timestamptz`;
  const seals = await sealsOf(
    db,
    moves.map(({ recordId }) => recordId),
  );
  const rows = moves.map((move) => sealedRow(rowOf(move), seals));
  await db.execute(sql`
    with moved as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as m(
        record_id text, connection text, role text, fields jsonb, editors jsonb, vendor_at timestamptz, archived boolean,
        url text, also jsonb, needs jsonb, locked text, exchange_id bigint, print text, whole jsonb, sealed text)
    ), news as (
      select m.*, n.fields as fresh,
        case when m.sealed is not null then (
          select jsonb_object_agg(f.key, jsonb_build_object('state', f.value -> 'state')) from jsonb_each(n.fields) f
        ) when m.editors = '{}' then n.fields else (
          select jsonb_object_agg(f.key, f.value || coalesce(m.editors -> f.key, '{}')) from jsonb_each(n.fields) f
        ) end as sighted,
        case when m.whole = '{}' or coalesce(b.fields, '{}') || m.fields || m.whole = coalesce(b.fields, '{}') || m.fields
          then m.print end as kept
      from moved m
      left join ${bases} b on b.record_id = m.record_id and b.connection = m.connection
      cross join lateral (
        select jsonb_object_agg(f.key, f.value) as fields
        from jsonb_each(m.fields) f where f.value is distinct from b.fields -> f.key
      ) n
    ), sighted as (
      insert into ${sightings} (record_id, connection, at, vendor_at, origin, run_id, exchange_id, fields, sealed)
      select record_id, connection, ${at}, vendor_at, ${origin}, ${runId}::bigint, exchange_id, sighted, sealed
      from news where sighted is not null
    ), linked as (
      update ${links} l set read_at = ${at}, archived = m.archived, url = m.url, also = m.also, needs = m.needs,
        locked = m.locked, locked_at = case when l.locked = m.locked then l.locked_at when m.locked is not null then ${at} end,
        vendor_at = greatest(l.vendor_at, m.vendor_at), print = m.kept
      from news m where l.record_id = m.record_id and l.connection = m.connection
    )
    insert into ${bases} as b (record_id, connection, role, fields, at)
    select record_id, connection, role, fresh, ${at} from news where fresh is not null
    on conflict (record_id, connection) do update set
      role = excluded.role, fields = b.fields || excluded.fields, at = excluded.at`);
}

interface Row {
  readonly record_id: string;
  readonly connection: string;
  readonly role: string;
  readonly fields: Readonly<Record<string, Observed>>;
  readonly editors: Readonly<Record<string, { readonly by: string }>>;
  readonly vendor_at: string | null;
  readonly archived: boolean;
  readonly url: string | null;
  readonly also: readonly AlsoRead[];
  readonly needs: readonly Needed[];
  readonly locked: string | null;
  readonly exchange_id: number | null;
  readonly print: string | null;
  readonly whole: Readonly<Record<string, Observed>>;
  /** The values of `fields`, and who changed them, under the record's key; null = it has none. */
  readonly sealed?: string | null;
}

/** All of them, as nobody knows yet which differ; the sighting names those that do. */
function sealedRow(row: Row, seals: Seals): Row {
  const seen: Seen = Object.fromEntries(
    Object.entries(row.fields).map(([field, { state: _, ...value }]) => [
      field,
      { ...value, ...row.editors[field] },
    ]),
  );
  return { ...row, sealed: Object.keys(seen).length > 0 ? closed(seals, row.record_id, seen) : null };
}

function rowOf({ recordId, connection, observation, exchangeId, ...move }: BaseMove): Row {
  const { role, editors, vendorAt, url, also, needs = [], locked = null, facts = {} } = observation;
  const isArchived = move.archived ?? observation.archived;
  return {
    record_id: recordId,
    connection,
    role,
    fields: { ...readOf(move.fields ?? observation.fields), ...(isArchived ? {} : readOf(facts)) },
    editors: Object.fromEntries(
      Object.entries(editors).flatMap(([field, { by }]) => (by === null ? [] : [[field, { by }]])),
    ),
    vendor_at: vendorAt,
    archived: isArchived,
    url,
    also,
    needs,
    locked,
    exchange_id: exchangeId,
    print: move.print ?? null,
    whole: move.printIfWhole ? readOf(observation.fields) : {},
  };
}

const readOf = (fields: Readonly<Record<string, Observed>>) =>
  Object.fromEntries(Object.entries(fields).filter(([, observed]) => observed.state !== 'not_read'));
