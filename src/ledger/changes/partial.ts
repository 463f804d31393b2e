import { and, asc, eq, inArray, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { DbOrTx } from '../db.ts';
import { changes, story } from '../tables/index.ts';

/** A change that is in some system and not in all: something was refused, has no answer, or could not be made. */
export interface Partial {
  readonly changeId: string;
  readonly title: string;
  /** Since when it is on its way. */
  readonly since: Date;
  /** When Truce tries it again by itself; null = at the next run, or once somebody acts. */
  readonly nextTryAt: Date | null;
  /** Connections that do not have it yet. */
  readonly missingIn: readonly string[];
  /** What it waits for, as the end of a sentence: "its customer: Fairy Wren is not in Xero yet"; null = nothing else. */
  readonly waitsFor: string | null;
}

const waits = sql`changes.hold = 'waits_for_other'`;
const begun = sql<string>`(select min(s.at) from story s where s.change_id = changes.id and (
  s.kind in ('sent', 'failed', 'refused', 'unknown') or (${waits} and s.kind = 'held' and s.data ->> 'reason' = 'waits_for_other'
    and not exists (select 1 from story r where r.change_id = s.change_id and r.id > s.id and r.kind = 'released'))))`;

/**
 * What was sent and is not everywhere: not what waits for a person before anything was sent. `andParked` = also what waits for another
 * record, from then on.
 */
const isPartial = (flow: string, andParked: boolean): SQL | undefined =>
  and(
    eq(changes.flow, flow),
    isNull(changes.closedAt),
    or(
      andParked ? and(eq(changes.state, 'held'), waits) : undefined,
      eq(changes.state, 'failed'),
      eq(changes.state, 'writing'),
      and(eq(changes.state, 'held'), eq(changes.hold, 'name_taken')),
    ),
    sql`${begun} is not null`,
  );

/** The oldest of them, at most `atMost`, that began before `before`; with those that wait for another record for so long. */
export async function partialWork(
  db: DbOrTx,
  { flow, before, atMost }: { flow: string; before: Date; atMost: number },
): Promise<Partial[]> {
  const rows = await db
    .select({
      id: changes.id,
      title: changes.subject,
      since: begun,
      nextTryAt: changes.nextTryAt,
      waitsFor: sql<string | null>`case when ${waits} then ${changes.holdDetail} end`,
    })
    .from(changes)
    .where(and(isPartial(flow, true), sql`${begun} <= ${before.toISOString()}::timestamptz`))
    .orderBy(asc(begun), asc(changes.id))
    .limit(atMost);
  const missing = await missingOf(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map(({ id, title, since, nextTryAt, waitsFor }) => ({
    changeId: id,
    title,
    waitsFor,
    since: new Date(since),
    nextTryAt,
    missingIn: missing.get(id) ?? [],
  }));
}

/**
 * How many began before `before`, and when the first of them is tried again by itself. `orFailed` = with those that failed, however
 * new they are: nothing of them is on its way. `andParked` = with those that wait for another record.
 */
export async function countPartial(
  db: DbOrTx,
  flow: string,
  before: Date,
  { orFailed = false, andParked = false } = {},
): Promise<{ readonly n: number; readonly nextTryAt: Date | null }> {
  const [row] = await db
    .select({ n: sql<number>`count(*)::int`, next: sql<string | null>`min(${changes.nextTryAt})` })
    .from(changes)
    .where(
      and(
        isPartial(flow, andParked),
        or(
          orFailed ? eq(changes.state, 'failed') : undefined,
          sql`${begun} <= ${before.toISOString()}::timestamptz`,
        ),
      ),
    );
  return { n: row?.n ?? 0, nextTryAt: row?.next ? new Date(row.next) : null };
}

/** What each system was last told of a change: where that is not that it has it, it does not. */
async function missingOf(db: DbOrTx, ids: readonly string[]): Promise<Map<string, string[]>> {
  if (ids.length === 0) return new Map();
  const lines = await db
    .select({ changeId: story.changeId, connection: story.connection, kind: story.kind })
    .from(story)
    .where(
      and(
        inArray(story.changeId, [...ids]),
        inArray(story.kind, ['held', 'sent', 'saved', 'made', 'read_back', 'refused', 'unknown', 'failed']),
      ),
    )
    .orderBy(asc(story.id));
  return new Map(
    [...Map.groupBy(lines, (line) => line.changeId)].map(([changeId, told]) => {
      const last = new Map(told.map(({ connection, kind }) => [connection, kind]));
      const lacks = [...last].filter(([, kind]) => !['saved', 'made', 'read_back'].includes(kind));
      return [changeId, lacks.flatMap(([connection]) => connection ?? [])];
    }),
  );
}
