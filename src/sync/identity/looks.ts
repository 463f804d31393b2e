import { createHash } from 'node:crypto';
import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import type { Entity, FieldValue, Observed } from '../../entities/field.ts';
import type { DbOrTx } from '../../ledger/db.ts';
import { among } from '../../ledger/many.ts';
import type { Link, RecordRow } from '../../ledger/records/records.ts';
import { openSightings } from '../../ledger/sealing/evidence.ts';
import { bases, facts, links, looks, records, sightings } from '../../ledger/tables/index.ts';
import type { Sighted } from '../../ledger/tables/records.ts';
import { commit, type RunContext } from '../context.ts';
import { type Look, readSign } from './decide-likeness.ts';

/** A record, its places and what its systems hold of it. */
export interface Looked extends Look {
  readonly record: RecordRow;
  /** Its places in the flow's systems, archived ones too. */
  readonly links: readonly Link[];
}

/** How these records look now, by their id. */
export async function looksOf(
  { entity, flow }: Pick<RunContext, 'entity' | 'flow'>,
  db: DbOrTx,
  ids: readonly string[],
): Promise<Map<string, Looked>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const [recordRows, linkRows, baseRows] = await Promise.all([
    db
      .select()
      .from(records)
      .where(and(among(records.id, wanted), eq(records.entity, entity.name))),
    db
      .select()
      .from(links)
      .where(and(among(links.recordId, wanted), inArray(links.connection, [...flow.connections]))),
    db.select().from(bases).where(among(bases.recordId, wanted)),
  ]);
  const linksBy = Map.groupBy(linkRows, (row) => row.recordId);
  const basesBy = Map.groupBy(baseRows, (row) => row.recordId);
  return new Map(
    recordRows.map((record) => {
      const own = linksBy.get(record.id) ?? [];
      const inUse = new Set(own.filter((link) => !link.archived).map((link) => link.connection));
      const held = flow.connections.flatMap((connection) =>
        (basesBy.get(record.id) ?? []).filter(
          (row) => row.connection === connection && inUse.has(connection),
        ),
      );
      const values = valuesOf(
        entity,
        flow.matchBy,
        held.map((row) => row.fields),
      );
      return [record.id, { id: record.id, key: record.keyValue, inUse, values, record, links: own }];
    }),
  );
}

function valuesOf(
  entity: Entity,
  matchBy: string,
  held: readonly Readonly<Record<string, Observed>>[],
): Map<string, readonly FieldValue[]> {
  const fields = new Set([matchBy, ...fieldsOf(entity)]);
  return new Map(
    [...fields].map((field) => [
      field,
      held.flatMap((one) => {
        const observed = one[field];
        return observed?.state === 'value' ? [observed.value] : [];
      }),
    ]),
  );
}

const fieldsOf = (entity: Entity): string[] => [...new Set(entity.signs.flatMap((sign) => sign.fields))];

/** What a record can be looked up by: a short hash of each thing that it holds of each sign. */
export const cluesOf = (entity: Entity, look: Pick<Look, 'values'>): string[] => [
  ...new Set(
    entity.signs.flatMap((sign) =>
      readSign(sign, look).map(({ key }) =>
        createHash('sha256')
          .update(JSON.stringify([entity.name, sign.name, key]))
          .digest('base64url')
          .slice(0, 16),
      ),
    ),
  ),
];

const page = 2000;
/** What was seen as long ago as this is in the table for certain: a transaction that began before it has ended. */
const settledAfterMs = 2 * 60_000;

/**
 * Keeps the table of clues up with what was seen since the last time; the first time, with everything. It only ever grows: a
 * clue that holds no longer leads to a record that is then found not to look alike.
 */
export async function keepLooks(context: RunContext): Promise<void> {
  const name = `looks:${context.entity.name}`;
  const [known] = await context.db.select().from(facts).where(eq(facts.name, name));
  const seen = (known?.value as { sighting?: number } | undefined)?.sighting;
  const settled = await newestSettled(context);
  await (seen === undefined ? indexAll(context) : indexSince(context, seen));
  if (settled === seen) return;
  const row = { value: { sighting: settled }, at: context.clock.now() };
  await commit(context, (tx) =>
    tx
      .insert(facts)
      .values({ name, ...row })
      .onConflictDoUpdate({ target: facts.name, set: row }),
  );
}

async function newestSettled({ db, clock }: RunContext): Promise<number> {
  const until = new Date(clock.now().getTime() - settledAfterMs).toISOString();
  // From the newest back: the first that is old enough.
  const [row] = await db.execute<{ id: number }>(
    sql`select id::int as id from ${sightings} where at <= ${until}::timestamptz order by id desc limit 1`,
  );
  return row?.id ?? 0;
}

async function indexAll(context: RunContext): Promise<void> {
  let after = '';
  for (;;) {
    const ids = await context.db
      .select({ id: records.id })
      .from(records)
      .where(and(eq(records.entity, context.entity.name), gt(records.id, after)))
      .orderBy(asc(records.id))
      .limit(page);
    const last = ids.at(-1)?.id;
    if (last === undefined) return;
    const wanted = ids.map((row) => row.id);
    const rows = await context.db
      .select({ recordId: bases.recordId, fields: onlySigns(context.entity, bases.fields) })
      .from(bases)
      .where(among(bases.recordId, wanted));
    await store(context, rows);
    after = last;
  }
}

async function indexSince(context: RunContext, seen: number): Promise<void> {
  let after = seen;
  for (;;) {
    const rows = await context.db
      .select({
        id: sightings.id,
        recordId: sightings.recordId,
        fields: sightings.fields,
        sealed: sightings.sealed,
      })
      .from(sightings)
      .innerJoin(records, and(eq(records.id, sightings.recordId), eq(records.entity, context.entity.name)))
      .where(gt(sightings.id, after))
      .orderBy(asc(sightings.id))
      .limit(page);
    const last = rows.at(-1)?.id;
    if (last === undefined) return;
    await store(context, await openSightings(context.db, rows));
    after = last;
  }
}

/** Of all that a system holds, only what a record is known by. */
const onlySigns = (entity: Entity, column: typeof bases.fields) =>
  sql<Readonly<Record<string, Observed>>>`jsonb_build_object(${sql.join(
    fieldsOf(entity).map((field) => sql`${field}::text, ${column} -> ${field}::text`),
    sql`, `,
  )})`;

/** Of what was erased since only that it was there is known. */
const isKnown = (one: Sighted | Observed | null): one is Observed =>
  one !== null && (one.state !== 'value' || ('value' in one && one.value != null));

async function store(
  context: RunContext,
  rows: readonly { recordId: string; fields: Readonly<Record<string, Sighted | Observed | null>> }[],
): Promise<void> {
  const { entity, flow } = context;
  const found = rows.flatMap(({ recordId, fields }) => {
    const held = Object.fromEntries(
      Object.entries(fields).flatMap(([name, one]) => (isKnown(one) ? [[name, one]] : [])),
    );
    const clues = cluesOf(entity, { values: valuesOf(entity, flow.matchBy, [held]) });
    return clues.map((clue) => ({ clue, record_id: recordId }));
  });
  if (found.length === 0) return;
  await commit(context, (tx) =>
    tx.execute(sql`
      insert into ${looks} (clue, record_id)
      select distinct clue, record_id from jsonb_to_recordset(${JSON.stringify(found)}::text::jsonb) as f(clue text, record_id text)
      order by clue, record_id
      on conflict do nothing`),
  );
}
