import { and, desc, eq, isNull, lt, ne, sql } from 'drizzle-orm';
import type { DbOrTx } from '../../ledger/db.ts';
import { firstLoadFact } from '../../ledger/runs/runs.ts';
import type { Stop } from '../../ledger/runs/safety-stops.ts';
import { facts, links, records, runs } from '../../ledger/tables/index.ts';
import type { SafetyStopKind } from '../../ledger/tables/safety-stops.ts';
import type { RunContext } from '../context.ts';
import { windowMs } from './decide-safety-stop.ts';

type Known = Pick<RunContext, 'flow' | 'entity' | 'clock' | 'run'>;

const day = 24 * 3_600_000;
/** Days of the past from which it is known what is usual. */
const daysOfPast = 28;

/** Something that was done to a record by rule, and when. */
interface Done {
  readonly recordId: string;
  readonly at: Date;
}

/** When the business owner approved the counts of the first load; null where that was not done yet. */
export async function firstLoadApprovedAt(db: DbOrTx, flow: string): Promise<Date | null> {
  const [row] = await db
    .select({ at: facts.at })
    .from(facts)
    .where(eq(facts.name, firstLoadFact(flow)));
  return row?.at ?? null;
}

/**
 * Records that were touched by rule within the last hour and that nobody approved: neither as part of a safety stop nor of the
 * first load, nor decided by a person.
 */
export async function touchedLately(
  db: DbOrTx,
  { flow, clock }: Known,
  kind: SafetyStopKind,
  stops: readonly Stop[],
  firstLoad: Date | null,
): Promise<ReadonlySet<string>> {
  const since = new Date(clock.now().getTime() - windowMs);
  const done = await doneSince(db, flow.id, kind, since, firstLoad);
  const approved = stops.filter((stop) => stop.kind === kind && stop.state === 'approved');
  const isApproved = ({ recordId, at }: Done) =>
    approved.some(({ covers, decidedAt }) => decidedAt !== null && decidedAt <= at && covers.has(recordId));
  return new Set(done.filter((one) => !isApproved(one)).map((one) => one.recordId));
}

/** The middle of what the days of the last four weeks brought: one day of thousands makes thousands no habit. */
export async function usualPerDay(db: DbOrTx, { flow, clock }: Known, kind: SafetyStopKind): Promise<number> {
  const now = clock.now().getTime();
  const until = now - windowMs;
  const done = await doneSince(db, flow.id, kind, new Date(until - daysOfPast * day), null);
  const perDay = Array.from({ length: daysOfPast }, () => new Set<string>());
  for (const { recordId, at } of done) {
    perDay[Math.floor((until - at.getTime()) / day)]?.add(recordId);
  }
  const counts = perDay.map((ids) => ids.size).sort((a, b) => a - b);
  return counts[Math.floor(daysOfPast / 2)] ?? 0;
}

async function doneSince(
  db: DbOrTx,
  flow: string,
  kind: SafetyStopKind,
  since: Date,
  firstLoad: Date | null,
): Promise<Done[]> {
  const from = sql`${since.toISOString()}::timestamptz`;
  if (kind === 'gone') {
    return dated(
      await db.execute<Row>(sql`
        select record_id as "recordId", confirmed_at as at from absences
        where flow = ${flow} and state <> 'suspected' and state <> 'confirmed' and confirmed_at > ${from}`),
    );
  }
  const loaded = firstLoad ? sql`and c.opened_at > ${firstLoad.toISOString()}::timestamptz` : sql``;
  const createdAfter = firstLoad ? sql`and r.created_at > ${firstLoad.toISOString()}::timestamptz` : sql``;
  if (kind === 'makes') {
    return dated(
      await db.execute<Row>(sql`
        select i.record_id as "recordId", max(i.committed_at) as at
        from changes c join intents i on i.change_id = c.id join records r on r.id = i.record_id
        where c.flow = ${flow} and c.updated_at > ${from} and i.committed_at > ${from}
          and i.kind = 'create' and i.state in ('done', 'in_flight', 'unknown') ${createdAfter}
        group by i.record_id, date_trunc('hour', i.committed_at)`),
    );
  }
  const blank = kind === 'blanks' ? sql`and f.value = 'null'::jsonb` : sql``;
  return dated(
    await db.execute<Row>(sql`
      select i.record_id as "recordId", max(i.committed_at) as at
      from changes c join intents i on i.change_id = c.id
      where c.flow = ${flow} and c.updated_at > ${from} and i.committed_at > ${from}
        and i.kind = 'update' and i.state <> 'abandoned' ${loaded}
        and exists (select 1 from jsonb_each(i.fields) f where true ${blank}
          and not exists (select 1 from decisions d where d.change_id = i.change_id and d.field = f.key))
        and not exists (select 1 from story s where s.change_id = i.change_id and s.kind in ('rolled_back', 'edited', 'gone'))
      group by i.record_id, date_trunc('hour', i.committed_at)`),
  );
}

type Row = { recordId: string; at: string | Date };

const dated = (rows: readonly Row[]): Done[] =>
  rows.map(({ recordId, at }) => ({ recordId, at: new Date(at) }));

/** Records of the flow, in use somewhere. */
export async function sizeOf(db: DbOrTx, { flow, entity }: Known): Promise<number> {
  const connections = sql.join(
    flow.connections.map((id) => sql`${id}`),
    sql`, `,
  );
  const [row] = await db
    .select({ n: sql<number>`count(distinct ${links.recordId})::int` })
    .from(links)
    .innerJoin(records, eq(records.id, links.recordId))
    .where(
      and(
        eq(records.entity, entity.name),
        sql`(not ${links.archived} or ${links.how} = 'gone')`,
        sql`${links.connection} in (${connections})`,
      ),
    );
  return row?.n ?? 0;
}

/** How long ago the newest run before this one that looked at everything came to a good end, in ms. */
export async function timeAway(db: DbOrTx, { flow, clock, run }: Known): Promise<number> {
  const [last] = await db
    .select({ finishedAt: runs.finishedAt })
    .from(runs)
    .where(
      and(
        eq(runs.flow, flow.id),
        lt(runs.id, run.id),
        eq(runs.state, 'done'),
        ne(runs.trigger, 'hint'),
        isNull(runs.targets),
      ),
    )
    .orderBy(desc(runs.id))
    .limit(1);
  return last?.finishedAt ? Math.max(0, clock.now().getTime() - last.finishedAt.getTime()) : 0;
}
