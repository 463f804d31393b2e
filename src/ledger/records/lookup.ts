import { and, asc, desc, eq, getTableColumns, inArray, isNull, sql } from 'drizzle-orm';
import type { FieldValue } from '../../entities/field.ts';
import type { Change, StoryLine } from '../changes/changes.ts';
import type { LoggedExchange } from '../connections/exchanges.ts';
import type { DbOrTx } from '../db.ts';
import { firstLoadFact } from '../runs/runs.ts';
import { openStory } from '../sealing/story-values.ts';
import {
  agreed,
  changes,
  conflicts,
  exchanges,
  facts,
  incidents,
  intents,
  links,
  records,
  runs,
  story,
} from '../tables/index.ts';
import type { Conflict, Link } from './records.ts';

/** What messages and answers read. Nothing here decides or writes. */

export type Run = typeof runs.$inferSelect;
export type Incident = typeof incidents.$inferSelect;
type Intent = typeof intents.$inferSelect;

export async function changeById(db: DbOrTx, id: string): Promise<Change | null> {
  const [change] = await db.select().from(changes).where(eq(changes.id, id));
  return change ?? null;
}

export async function recordTitle(db: DbOrTx, recordId: string): Promise<string | null> {
  const [record] = await db.select({ title: records.title }).from(records).where(eq(records.id, recordId));
  return record?.title ?? null;
}

/** The newest question of each field of a change, in the order in which they were asked first. */
export async function questionsOf(db: DbOrTx, changeId: string): Promise<Conflict[]> {
  const rows = await db
    .select()
    .from(conflicts)
    .where(eq(conflicts.changeId, changeId))
    .orderBy(asc(conflicts.openedAt), asc(conflicts.id));
  return [...Map.groupBy(rows, (row) => row.field).values()].flatMap((list) => newestOf(list));
}

/** Several can have been asked at one instant: the options' revision tells which is the newest. */
function newestOf(list: readonly Conflict[]): Conflict[] {
  const newest = list.reduce((a, b) =>
    b.openedAt > a.openedAt ||
    (b.openedAt.getTime() === a.openedAt.getTime() && b.optionsRevision >= a.optionsRevision)
      ? b
      : a,
  );
  return [newest];
}

export async function storyOf(db: DbOrTx, changeId: string): Promise<StoryLine[]> {
  const lines = await db
    .select({ ...getTableColumns(story), recordId: changes.recordId })
    .from(story)
    .innerJoin(changes, eq(changes.id, story.changeId))
    .where(eq(story.changeId, changeId))
    .orderBy(asc(story.id));
  return openStory(db, lines);
}

export async function linksOf(db: DbOrTx, recordId: string | null): Promise<Link[]> {
  return recordId === null ? [] : db.select().from(links).where(eq(links.recordId, recordId));
}

/** What all systems settled on last, by field; a field that is empty everywhere is left out. */
export async function agreedOf(
  db: DbOrTx,
  recordId: string | null,
): Promise<Readonly<Record<string, FieldValue>>> {
  if (recordId === null) return {};
  const rows = await db.select().from(agreed).where(eq(agreed.recordId, recordId));
  return Object.fromEntries(rows.flatMap(({ field, value }) => (value === null ? [] : [[field, value]])));
}

/** The newest write of a change to each system. */
export async function newestIntents(db: DbOrTx, changeId: string): Promise<Intent[]> {
  const rows = await db
    .select()
    .from(intents)
    .where(eq(intents.changeId, changeId))
    .orderBy(asc(intents.committedAt));
  return [...new Map(rows.map((row) => [row.connection, row])).values()];
}

export async function runByReference(db: DbOrTx, reference: string): Promise<Run | null> {
  const [run] = await db.select().from(runs).where(eq(runs.correlationId, reference));
  return run ?? null;
}

export const callsOfRun = (db: DbOrTx, runId: number): Promise<LoggedExchange[]> =>
  db
    .select()
    .from(exchanges)
    .where(eq(exchanges.runId, runId))
    .orderBy(asc(exchanges.at), asc(exchanges.id))
    .limit(300);

export const changesOfRun = (db: DbOrTx, runId: number): Promise<Change[]> =>
  db.select().from(changes).where(eq(changes.runId, runId)).orderBy(desc(changes.updatedAt)).limit(20);

/** The newest changes of a record in these flows. */
export async function changesOfRecord(
  db: DbOrTx,
  recordId: string,
  { flows, atMost }: { readonly flows: readonly string[]; readonly atMost: number },
): Promise<Change[]> {
  if (flows.length === 0) return [];
  return db
    .select()
    .from(changes)
    .where(and(eq(changes.recordId, recordId), inArray(changes.flow, [...flows])))
    .orderBy(desc(changes.openedAt), desc(changes.id))
    .limit(atMost);
}

export async function incidentById(db: DbOrTx, id: number): Promise<Incident | null> {
  const [incident] = await db.select().from(incidents).where(eq(incidents.id, id));
  return incident ?? null;
}

/** The newest problem that this reference was given to. */
export async function incidentByReference(db: DbOrTx, reference: string): Promise<Incident | null> {
  const [incident] = await db
    .select()
    .from(incidents)
    .where(eq(incidents.correlationId, reference))
    .orderBy(desc(incidents.id))
    .limit(1);
  return incident ?? null;
}

/** The newest run of a flow that began at or after `since`, a command's own first. */
export async function runSince(db: DbOrTx, flow: string, since: Date, askedBy: string): Promise<Run | null> {
  const found = await db
    .select()
    .from(runs)
    .where(and(eq(runs.flow, flow), sql`${runs.startedAt} >= ${since.toISOString()}::timestamptz`))
    .orderBy(desc(sql`coalesce(${runs.askedBy} = ${askedBy}, false)`), asc(runs.startedAt))
    .limit(1);
  return found[0] ?? null;
}

/** References of these flows' changes that differ from this one in a single character. */
export async function nearReferences(
  db: DbOrTx,
  reference: string,
  flows: readonly string[],
): Promise<string[]> {
  if (flows.length === 0) return [];
  const start = 'tr-'.length;
  const patterns = Array.from({ length: reference.length - start }, (_, i) => {
    const at = start + i;
    return `${reference.slice(0, at)}_${reference.slice(at + 1)}`;
  });
  const likes = sql.join(
    patterns.map((pattern) => sql`${changes.id} like ${pattern}`),
    sql` or `,
  );
  const rows = await db
    .select({ id: changes.id })
    .from(changes)
    .where(and(inArray(changes.flow, [...flows]), sql`(${likes})`))
    .orderBy(desc(changes.updatedAt))
    .limit(3);
  return rows.map((row) => row.id).filter((id) => id !== reference);
}

/** What waits for the approval of a first load: how many records, in how many each field is apart, and how many a system lacks. */
export async function firstLoadCounts(
  db: DbOrTx,
  flow: string,
): Promise<{
  records: number;
  fields: { field: string; n: number }[];
  missing: { connection: string; n: number }[];
}> {
  const waiting = and(eq(changes.flow, flow), eq(changes.hold, 'first_load'), isNull(changes.closedAt));
  const [total] = await db.select({ n: sql<number>`count(*)::int` }).from(changes).where(waiting);
  const rows = await db
    .select({ field: story.field, n: sql<number>`count(distinct ${changes.id})::int` })
    .from(changes)
    .innerJoin(story, and(eq(story.changeId, changes.id), eq(story.kind, 'held')))
    .where(waiting)
    .groupBy(story.field)
    .orderBy(desc(sql`count(distinct ${changes.id})`));
  const lacks = await db
    .select({ connection: story.connection, n: sql<number>`count(distinct ${changes.id})::int` })
    .from(changes)
    .innerJoin(story, and(eq(story.changeId, changes.id), eq(story.kind, 'held')))
    .where(and(waiting, sql`${story.data} ->> 'missing' = 'true'`))
    .groupBy(story.connection)
    .orderBy(story.connection);
  return {
    records: total?.n ?? 0,
    fields: rows.flatMap(({ field, n }) => (field ? [{ field, n }] : [])),
    missing: lacks.flatMap(({ connection, n }) => (connection ? [{ connection, n }] : [])),
  };
}

export async function firstLoadApproval(db: DbOrTx, flow: string): Promise<{ by: string; at: Date } | null> {
  const [row] = await db
    .select()
    .from(facts)
    .where(eq(facts.name, firstLoadFact(flow)));
  const by = (row?.value as { by?: unknown } | undefined)?.by;
  return row ? { by: typeof by === 'string' ? by : '', at: row.at } : null;
}
