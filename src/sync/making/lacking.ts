import { and, desc, eq, gt, inArray, type SQL, sql } from 'drizzle-orm';
import { nameKey } from '../../entities/names.ts';
import type { Tx } from '../../ledger/db.ts';
import { among } from '../../ledger/many.ts';
import { markedElsewhere } from '../../ledger/records/marks.ts';
import { bases, cursors, intents, links, records } from '../../ledger/tables/index.ts';
import { connectorOf, type RunContext } from '../context.ts';
import { type Said, saidOf } from '../identity/said-apart.ts';
import type { Namesake } from './decide-create.ts';

/** A system in which records are made, as it stands in this run. */
export interface Target {
  readonly connection: string;
  readonly from: readonly string[];
  /** Up to when its list of changes is known; null = it was never read completely. */
  readonly listedUntil: Date | null;
  /** Its records by the normal form of their names. */
  readonly namesakes: ReadonlyMap<string, readonly Namesake[]>;
  /** What people said, or are asked, of which records are one. */
  readonly said: Said;
}

type Wanted = Pick<Target, 'connection' | 'from'>;

/** Where the agreement wants missing records made, and records can be. */
export const wantedIn = (context: RunContext): Wanted[] =>
  Object.entries(context.flow.createIn)
    .filter(([connection]) => connectorOf(context, connection).canCreate)
    .map(([connection, from]) => ({ connection, from }));

/** What has to be known of these systems before a record is made there. */
export async function targetsOf(context: RunContext, wanted: readonly Wanted[]): Promise<Target[]> {
  const said = await saidOf(context);
  return Promise.all(
    wanted.map(async ({ connection, from }) => ({
      connection,
      from,
      listedUntil: await listedUntil(context, connection),
      namesakes: await namesakesIn(context, connection),
      said,
    })),
  );
}

/** Up to when a system's list of changes is known; null = it was never read completely. */
export async function listedUntil({ db, flow }: RunContext, connection: string): Promise<Date | null> {
  const [cursor] = await db
    .select({ at: cursors.at })
    .from(cursors)
    .where(and(eq(cursors.flow, flow.id), eq(cursors.connection, connection)));
  return cursor?.at ?? null;
}

async function namesakesIn(
  { db, entity }: RunContext,
  connection: string,
): Promise<Map<string, readonly Namesake[]>> {
  const names = sql.join(
    entity.names.map((name) => sql`${name}`),
    sql`, `,
  );
  const rows = await db
    .select({
      recordId: records.id,
      title: records.title,
      key: records.keyValue,
      values: sql<
        unknown[]
      >`(select jsonb_agg(${bases.fields} -> n -> 'value') from unnest(array[${names}]::text[]) n)`,
      connections: sql<string[]>`array(select l.connection from links l where l.record_id = ${records.id})`,
    })
    .from(bases)
    .innerJoin(records, eq(records.id, bases.recordId))
    .innerJoin(links, and(eq(links.recordId, bases.recordId), eq(links.connection, bases.connection)))
    .where(and(eq(bases.connection, connection), eq(records.entity, entity.name), eq(links.archived, false)));
  const named = rows.flatMap(({ key, values, ...rest }) =>
    values.flatMap((value) =>
      typeof value === 'string' ? [{ ...rest, name: nameKey(value), hasKey: key !== null }] : [],
    ),
  );
  return Map.groupBy(named, ({ name }) => name);
}

/**
 * Records that are in use in a system from which they are to be made in another, and are not in that one. What was tried and
 * came to nothing is last, or the same few would keep all others waiting.
 */
export async function lackingRecords(
  { db, entity }: RunContext,
  targets: readonly Wanted[],
): Promise<string[]> {
  if (targets.length === 0) return [];
  const tried = db.$with('tried').as(
    db
      .select({ recordId: intents.recordId, at: sql`max(${intents.committedAt})`.as('at') })
      .from(intents)
      .where(and(eq(intents.kind, 'create'), eq(intents.state, 'abandoned')))
      .groupBy(intents.recordId),
  );
  const rows = await db
    .with(tried)
    .select({ id: records.id })
    .from(records)
    .leftJoin(tried, eq(tried.recordId, records.id))
    .where(lackedBy(entity.name, targets))
    .orderBy(sql`${tried.at} nulls first`, records.createdAt, records.id);
  return rows.map((row) => row.id);
}

/** When the newest of the records was first seen that a system lacks, and of which its list tells nothing yet; null = there is none. */
export async function lackingSince(
  { db, entity }: RunContext,
  target: Wanted,
  since: Date,
): Promise<Date | null> {
  const [newest] = await db
    .select({ at: records.createdAt })
    .from(records)
    .where(and(lackedBy(entity.name, [target]), gt(records.createdAt, since)))
    .orderBy(desc(records.createdAt))
    .limit(1);
  return newest?.at ?? null;
}

/** Records with a key, in use in a system from which they are to be made in one of these, and not in that one. */
function lackedBy(entity: string, targets: readonly Wanted[]): SQL | undefined {
  const lacks = targets.map(({ connection, from }): SQL => {
    const known = sql.join(
      from.map((one) => sql`${one}`),
      sql`, `,
    );
    return sql`(exists (select 1 from links l where l.record_id = ${records.id} and l.connection in (${known}) and not l.archived)
      and not exists (select 1 from links t where t.record_id = ${records.id} and t.connection = ${connection}))`;
  });
  return and(
    eq(records.entity, entity),
    sql`${records.keyValue} is not null`,
    sql`(${sql.join(lacks, sql` or `)})`,
  );
}

const askAgainAfterMs = 24 * 3_600_000;

/** `<record> <connection>` of what a system refused to make within a day, as part of these changes. */
export async function refusedCreates(
  context: RunContext,
  tx: Tx,
  changeIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await tx
    .select()
    .from(intents)
    .where(and(among(intents.changeId, changeIds), eq(intents.kind, 'create')))
    .orderBy(desc(intents.committedAt));
  const since = context.clock.now().getTime() - askAgainAfterMs;
  const newest = [...Map.groupBy(rows, pairOf)].flatMap(([pair, [one]]) =>
    one ? [[pair, one] as const] : [],
  );
  return new Set(
    newest
      .filter(([, { state, finishedAt }]) => state === 'refused' && (finishedAt?.getTime() ?? 0) > since)
      .map(([pair]) => pair),
  );
}

/**
 * `<record> <connection>` of what is not to be sent: creates whose outcome is not known, and records whose id still stands in a
 * vendor's record that belongs to another one by now: there it would be found, and taken for what was to be made.
 */
export async function notToBeMade(tx: Tx, ids: readonly string[]): Promise<ReadonlySet<string>> {
  return (await openCreates(tx, ids)).union(await markedElsewhere(tx, ids));
}

async function openCreates(tx: Tx, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx
    .select({ recordId: intents.recordId, connection: intents.connection })
    .from(intents)
    .where(
      and(
        among(intents.recordId, ids),
        eq(intents.kind, 'create'),
        inArray(intents.state, ['in_flight', 'unknown']),
      ),
    );
  return new Set(rows.map(pairOf));
}

/** Names a record in a connection. */
export const pairOf = ({ recordId, connection }: { recordId: string; connection: string }): string =>
  `${recordId} ${connection}`;
