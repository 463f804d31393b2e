import { and, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { DbOrTx, Tx } from '../db.ts';
import { among, insertMany } from '../many.ts';
import { changes, links, marks, records } from '../tables/index.ts';
import { identityHolds } from './identity-holds.ts';

/** The records of an entity in a connection. */
export interface MarkScope {
  readonly connection: string;
  readonly entity: string;
}

/** Records of one kind in a connection. */
interface MarkPlace {
  readonly connection: string;
  readonly role: string;
}

/** A vendor's record whose place for our id does not hold it, as far as we know. */
export interface DueMark {
  readonly recordId: string;
  readonly externalId: string;
  /** How often our id was sent to it. */
  readonly tries: number;
}

/** What could not be marked is looked at again after so long, in ms: somebody may have made room. */
const restMs = 7 * 24 * 3_600_000;

/** Those whose turn it is, in the order of their ids; none that was looked at since `before`. */
export async function dueMarks(
  db: DbOrTx,
  scope: MarkScope,
  { limit, now, before }: { readonly limit: number; readonly now: Date; readonly before: Date },
): Promise<DueMark[]> {
  const rows = await db
    .select({
      recordId: links.recordId,
      externalId: links.externalId,
      tries: sql<number>`case when ${marks.wanted} = ${links.recordId} and ${marks.reason} is null then ${marks.tries} else 0 end`,
    })
    .from(links)
    .innerJoin(records, eq(records.id, links.recordId))
    .leftJoin(marks, atLink)
    .where(and(isMarkable(scope), isUnmarked, sql`not (${isLeft(now)})`, notSince(before)))
    .orderBy(links.externalId)
    .limit(limit);
  return rows.map((row) => ({ ...row, tries: Number(row.tries) }));
}

/** How far it is, in records of the connection. */
export interface MarkCounts {
  readonly marked: number;
  /** To be written, or written and not read since. */
  readonly due: number;
  readonly left: number;
  /** Why, each with how many; the most frequent first. */
  readonly reasons: readonly { readonly reason: string; readonly records: number }[];
}

export async function markCounts(db: DbOrTx, scope: MarkScope, now: Date): Promise<MarkCounts> {
  const state = sql<string>`case when not (${isUnmarked}) then 'marked' when ${isLeft(now)} then 'left' else 'due' end`;
  const reason = sql<string | null>`case when ${isUnmarked} and ${isLeft(now)} then ${marks.reason} end`;
  const rows = await db
    .select({ state, reason, records: sql<number>`count(*)::int` })
    .from(links)
    .innerJoin(records, eq(records.id, links.recordId))
    .leftJoin(marks, atLink)
    .where(isMarkable(scope))
    .groupBy(sql`1`, sql`2`);
  const of = (wanted: string) =>
    rows.filter((row) => row.state === wanted).reduce((sum, row) => sum + row.records, 0);
  const reasons = rows.flatMap((row) =>
    row.reason === null ? [] : [{ reason: row.reason, records: row.records }],
  );
  return {
    marked: of('marked'),
    due: of('due'),
    left: of('left'),
    reasons: reasons.sort((a, b) => b.records - a.records || (a.reason < b.reason ? -1 : 1)),
  };
}

const atLink = and(
  eq(marks.connection, links.connection),
  eq(marks.role, links.role),
  eq(marks.externalId, links.externalId),
);

const isUnmarked = sql`${marks.marker} is distinct from ${links.recordId}`;
const isLeft = (now: Date): SQL => {
  const since = new Date(now.getTime() - restMs).toISOString();
  return sql`coalesce(${marks.wanted} = ${links.recordId} and ${marks.reason} is not null and ${marks.at} > ${since}::timestamptz, false)`;
};

const notSince = (before: Date): SQL =>
  sql`(${marks.at} is null or ${marks.at} < ${before.toISOString()}::timestamptz)`;

/** We wrote, or tried to write, the id of another record there: the vendor's record has become this one since. */
const isOutdated = sql`coalesce(${marks.wanted} <> ${links.recordId}, false)`;

/**
 * In use, and of a record of which it is known who it is: it has a strong key or is elsewhere too, and waits for no word on that. What
 * bears a mark of ours that is outdated gets another in any case, unless the mark is what is in question.
 */
const isMarkable = ({ connection, entity }: MarkScope): SQL | undefined =>
  and(
    eq(links.connection, connection),
    eq(links.archived, false),
    eq(records.entity, entity),
    sql`(${records.keyValue} is not null or ${isOutdated} or exists (
      select 1 from ${links} o where o.record_id = ${links.recordId} and o.connection <> ${connection}))`,
    sql`not exists (select 1 from ${changes} c where c.record_id = ${links.recordId} and c.closed_at is null
      and ${inArray(sql`c.hold`, identityHolds)} and not (${isOutdated} and c.hold <> 'mark_contradicts'))`,
  );

/** What became of a place that was read, or written. */
export interface KeptMark {
  readonly externalId: string;
  readonly marker: string | null;
  readonly wanted: string;
  readonly tries: number;
  readonly reason: string | null;
}

export async function keepMarks(
  tx: Tx,
  { connection, role }: MarkPlace,
  kept: readonly KeptMark[],
  at: Date,
): Promise<void> {
  if (kept.length === 0) return;
  await tx.execute(sql`
    ${insertMany(
      marks,
      kept.map((one) => ({ ...one, connection, role, at })),
    )} on conflict (connection, role, external_id) do update set
      marker = excluded.marker, wanted = excluded.wanted, tries = excluded.tries, reason = excluded.reason, at = excluded.at`);
}

/** What a page that was read says of the places that are known, or that hold an id: one statement, whatever its length. */
export async function noteMarksRead(
  tx: Tx,
  { connection, role }: MarkPlace,
  read: readonly { readonly externalId: string; readonly marker: string | null }[],
  at: Date,
): Promise<void> {
  if (read.length === 0) return;
  const rows = read.map(({ externalId: id, marker }) => ({ id, marker }));
  await tx.execute(sql`
    insert into ${marks} (connection, role, external_id, marker, tries, at)
    select ${connection}, ${role}, r.id, max(r.marker), 0, ${at.toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r(id text, marker text)
    where r.marker is not null or exists (select 1 from ${marks} m
      where m.connection = ${connection} and m.role = ${role} and m.external_id = r.id)
    group by r.id
    on conflict (connection, role, external_id) do update set marker = excluded.marker, reason = null
      where ${marks.marker} is distinct from excluded.marker`);
}

/** Which of these are ids of our records. */
export async function ownIds(db: DbOrTx, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db.select({ id: records.id }).from(records).where(among(records.id, ids));
  return new Set(rows.map(({ id }) => id));
}

/** `<record> <connection>` of records whose id stands, as far as we know, in a vendor's record that is another one's: not to be made beside it. */
export async function markedElsewhere(db: DbOrTx, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const held = sql`${among(marks.marker, ids)} or ${among(marks.wanted, ids)}`;
  const rows = await db
    .select({
      connection: marks.connection,
      marker: marks.marker,
      wanted: marks.wanted,
      owner: links.recordId,
    })
    .from(marks)
    .innerJoin(links, atLink)
    .where(held);
  return new Set(
    rows.flatMap(({ connection, marker, wanted, owner }) =>
      [marker, wanted].flatMap((id) => (id === null || id === owner ? [] : [`${id} ${connection}`])),
    ),
  );
}
