import { type SQL, sql } from 'drizzle-orm';
import type { Entity, Observed } from '../../entities/field.ts';
import type { Amount } from '../../entities/money/amount.ts';
import type { DbOrTx, Tx } from '../db.ts';
import { announceCards, rank } from '../posts/outbox.ts';
import { bases, changes, links, records } from '../tables/index.ts';

/** A record that waits until another one is where it goes, and what is open about that other one. */
export interface HeldUp {
  /** The open change of the record that is waited for, its flow, and whether it asks a person. */
  readonly by: { readonly changeId: string; readonly flow: string; readonly asks: boolean };
  readonly recordId: string;
  readonly title: string;
  readonly entity: string;
  readonly flow: string;
  /** What each system was last seen with. */
  readonly seen: readonly Readonly<Record<string, Observed>>[];
}

/** Which records are asked about: those that certain changes hold up, or all that the changes of certain flows do. */
export type HeldUpBy =
  | { readonly changes: readonly string[] }
  | { readonly flows: readonly string[] }
  /** Or these records, whatever holds them up. */
  | { readonly waiting: readonly string[] };

/** A flow, and between which connections its records go. */
interface Between {
  readonly id: string;
  readonly connections: readonly string[];
}

/**
 * The records that are held because they refer to one that is not where they go yet, and about which something is open: a decision, or
 * what it waits for itself. One query for however many; `flows` says between which connections each flow's records go. By title.
 */
export async function heldUp(db: DbOrTx, flows: readonly Between[], by: HeldUpBy): Promise<HeldUp[]> {
  if (Object.values(by).every((some: readonly string[]) => some.length === 0)) return [];
  const rows = await db.execute<Row>(sql`
    select distinct c.id as change_id, c.flow as by_flow, c.state = 'asking' as asks, w.flow, w.subject as title, r.id, r.entity, (
      select jsonb_agg(b.fields) from ${bases} b where b.record_id = r.id) as seen
    from ${changes} w
    join ${records} r on r.id = w.record_id
    join ${links} l on l.record_id = r.id
    cross join jsonb_array_elements(l.needs) n
    join ${links} k on k.connection = l.connection and k.external_id = n ->> 'externalId'
    join ${records} q on q.id = k.record_id and q.entity = n ->> 'entity'
    join ${changes} c on c.record_id = q.id and c.closed_at is null
    where w.hold = 'waits_for_other' and w.closed_at is null and ${meant(by)}
      and exists (
        select 1 from jsonb_to_recordset(${placesOf(flows)}::text::jsonb) as f(flow text, connection text)
        where f.flow = w.flow and not exists (
          select 1 from ${links} t
          where t.record_id = q.id and t.connection = f.connection and not t.archived))
    order by w.subject, r.id`);
  return rows.map(({ change_id: changeId, by_flow: flow, asks, id: recordId, seen, ...rest }) => ({
    ...rest,
    by: { changeId, flow, asks },
    recordId,
    seen: seen ?? [],
  }));
}

/** What a record is about in money, by the first system that says it. */
export const worthOf = ({ worth }: Entity, { seen }: Pick<HeldUp, 'seen'>): Amount | null =>
  seen.map((fields) => worth?.(fields) ?? null).find((amount) => amount !== null) ?? null;

/**
 * Draws the messages of the decisions anew that hold up records which are held from now on: they say what waits for them. `waiting` =
 * ids of these records.
 */
export async function announceHolders(
  tx: Tx,
  {
    flows,
    waiting,
    now,
  }: { readonly flows: readonly Between[]; readonly waiting: readonly string[]; readonly now: Date },
): Promise<void> {
  const asking = (await heldUp(tx, flows, { waiting })).filter(({ by }) => by.asks);
  for (const [flow, some] of Map.groupBy(asking, ({ by }) => by.flow)) {
    const subjects = some.map(({ by }) => `change:${by.changeId}`);
    await announceCards(tx, { subjects, flow, rank: rank.decision, now });
  }
}

interface Row extends Record<string, unknown> {
  readonly change_id: string;
  readonly by_flow: string;
  readonly asks: boolean;
  readonly flow: string;
  readonly title: string;
  readonly id: string;
  readonly entity: string;
  readonly seen: Readonly<Record<string, Observed>>[] | null;
}

function meant(by: HeldUpBy): SQL {
  if ('flows' in by) return sql`c.flow in ${listOf(by.flows)}`;
  return 'changes' in by ? sql`c.id in ${listOf(by.changes)}` : sql`r.id in ${listOf(by.waiting)}`;
}

const listOf = (values: readonly string[]): SQL =>
  sql`(select jsonb_array_elements_text(${JSON.stringify(values)}::text::jsonb))`;

const placesOf = (flows: readonly Between[]) =>
  JSON.stringify(
    flows.flatMap(({ id, connections }) => connections.map((connection) => ({ flow: id, connection }))),
  );
