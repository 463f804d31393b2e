import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { DbOrTx, Tx } from '../db.ts';
import { announceCard, rank } from '../posts/outbox.ts';
import { absences, bases, conflicts, links, pending } from '../tables/index.ts';
import type { AbsenceEnd } from '../tables/records.ts';

export type Absence = typeof absences.$inferSelect;

/** What a link says of itself while its record is gone there: it stays, so that the record is not made there again unasked. */
export const goneAway = 'gone';

const subjectOfAbsence = (id: number) => `gone:${id}`;

/** Suspects of a connection that nobody has asked for by their ids yet, oldest first. */
export async function suspectsIn(
  db: DbOrTx,
  { flow, connection, atMost }: { flow: string; connection: string; atMost: number },
): Promise<string[]> {
  const rows = await db
    .select({ externalId: absences.externalId })
    .from(absences)
    .where(and(eq(absences.flow, flow), eq(absences.state, 'suspected'), eq(absences.connection, connection)))
    .orderBy(asc(absences.id))
    .limit(atMost);
  return rows.map((row) => row.externalId);
}

/** Records in use that a list of everything did not name: they have to be asked for by their ids. */
export async function suspect(
  tx: Tx,
  {
    flow,
    connection,
    role,
    externalIds,
    now,
  }: { flow: string; connection: string; role: string; externalIds: readonly string[]; now: Date },
): Promise<void> {
  if (externalIds.length === 0) return;
  await tx.execute(sql`
    insert into ${absences} (flow, record_id, connection, external_id, state, since)
    select ${flow}, l.record_id, l.connection, l.external_id, 'suspected', ${now.toISOString()}::timestamptz
    from ${links} l join jsonb_array_elements_text(${JSON.stringify(externalIds)}::text::jsonb) as named(id)
      on l.external_id = named.id
    where l.connection = ${connection} and l.role = ${role}
    on conflict do nothing`);
}

/** Read by their ids, they are there after all: a list that leaves records out proves nothing. */
export async function clearSuspects(
  tx: Tx,
  { flow, connection, externalIds }: { flow: string; connection: string; externalIds: readonly string[] },
): Promise<void> {
  if (externalIds.length === 0) return;
  await tx
    .delete(absences)
    .where(
      and(
        eq(absences.flow, flow),
        eq(absences.connection, connection),
        eq(absences.state, 'suspected'),
        inArray(absences.externalId, [...externalIds]),
      ),
    );
}

/** Links that a system, asked by id, said are gone. A record that is archived already, or was made and never read, is not among them. */
export async function linksThatAreGone(
  tx: Tx,
  connection: string,
  externalIds: readonly string[],
): Promise<(typeof links.$inferSelect)[]> {
  if (externalIds.length === 0) return [];
  const rows = await tx
    .select()
    .from(links)
    .where(
      and(
        eq(links.connection, connection),
        inArray(links.externalId, [...externalIds]),
        eq(links.archived, false),
      ),
    );
  return rows.filter((link) => link.how !== goneAway && !(link.how === 'made' && link.readAt === null));
}

/** Their absence is certain: from here on the links take part in nothing. What follows is decided apart from it. */
export async function confirmAbsences(
  tx: Tx,
  {
    flow,
    gone,
    mergedInto = null,
    now,
  }: {
    flow: string;
    gone: readonly (typeof links.$inferSelect)[];
    mergedInto?: string | null;
    now: Date;
  },
): Promise<void> {
  for (const { recordId, connection, externalId, how } of gone) {
    const known = { externalId, how, mergedInto, state: 'confirmed' as const, confirmedAt: now };
    await tx
      .insert(absences)
      .values({ flow, recordId, connection, since: now, ...known })
      .onConflictDoUpdate({
        target: [absences.recordId, absences.connection],
        targetWhere: sql`${absences.state} <> 'over'`,
        set: { ...known, revision: sql`${absences.revision} + 1`, ended: null, endedBy: null, endedAt: null },
      });
    await tx
      .update(links)
      .set({ how: goneAway, archived: true, print: null })
      .where(and(eq(links.recordId, recordId), eq(links.connection, connection)));
  }
}

/** What is gone from a system, or may be, and is not over. */
export async function openAbsences(db: DbOrTx, flow: string): Promise<Absence[]> {
  return db
    .select()
    .from(absences)
    .where(and(eq(absences.flow, flow), inArray(absences.state, ['confirmed', 'asked', 'answered'])))
    .orderBy(asc(absences.id));
}

export async function absenceById(db: DbOrTx, id: number): Promise<Absence | null> {
  const [absence] = await db.select().from(absences).where(eq(absences.id, id));
  return absence ?? null;
}

/** How many of a flow's records a person is asked about because they are gone. */
export async function askedAbsences(db: DbOrTx, flow: string): Promise<Absence[]> {
  return db
    .select()
    .from(absences)
    .where(and(eq(absences.flow, flow), eq(absences.state, 'asked')))
    .orderBy(asc(absences.id));
}

interface Ending {
  readonly absence: Absence;
  readonly ended: AbsenceEnd;
  readonly by: string;
  readonly now: Date;
}

/** Puts down what came of an absence. `over` = nothing of it is left; else the record is still gone there. */
export async function endAbsence(
  tx: Tx,
  { absence, ended, by, now }: Ending,
  state: 'answered' | 'over',
): Promise<void> {
  await tx
    .update(absences)
    .set({ state, ended, endedBy: by, endedAt: now, revision: sql`${absences.revision} + 1` })
    .where(eq(absences.id, absence.id));
  await announceAbsence(tx, absence, now);
  await announceNext(tx, absence.flow, now);
}

/** What was chosen is done now: it is archived elsewhere, or there again. */
export async function noteDone(tx: Tx, absence: Absence, now: Date): Promise<void> {
  const state = absence.ended === 'make' ? 'over' : absence.state;
  await tx.update(absences).set({ state, doneAt: now }).where(eq(absences.id, absence.id));
  await announceAbsence(tx, absence, now);
}

/** Questions of this kind that are shown at a time; the others wait until one is answered. */
export const absencesShown = 5;

/** Where one question is answered there is room for the next. */
async function announceNext(tx: Tx, flow: string, now: Date): Promise<void> {
  const rows = await tx.execute<{ id: number }>(sql`
    select a.id from ${absences} a left join outbox o on o.key = 'card:gone:' || a.id
    where a.flow = ${flow} and a.state = 'asked' and o.ts is null
      and a.id in (select id from ${absences} where flow = ${flow} and state = 'asked' order by id limit ${absencesShown})`);
  for (const { id } of rows) await announceAbsence(tx, { id, flow }, now);
}

export const announceAbsence = (tx: Tx, { id, flow }: Pick<Absence, 'id' | 'flow'>, now: Date) =>
  announceCard(tx, { subject: subjectOfAbsence(id), flow, rank: rank.decision, now });

/**
 * The status of a record that is gone somewhere becomes "archived" where it still is. What it was last seen with where it is gone is
 * taken as archived too: back in use there some day, that is a change, and the status field's rule says what becomes of it.
 */
export async function archiveElsewhere(
  tx: Tx,
  {
    absence,
    changeId,
    by,
    now,
  }: { absence: Pick<Absence, 'recordId' | 'connection'>; changeId: string; by: string; now: Date },
): Promise<void> {
  const { recordId, connection } = absence;
  const row = { changeId, value: 'archived', by, since: now };
  await tx
    .update(conflicts)
    .set({ state: 'withdrawn', closedAt: now, note: 'gone from a system, and archived elsewhere for that' })
    .where(and(eq(conflicts.recordId, recordId), eq(conflicts.field, status), isNull(conflicts.closedAt)));
  await tx
    .insert(pending)
    .values({ recordId, field: status, ...row })
    .onConflictDoUpdate({ target: [pending.recordId, pending.field], set: row });
  const archived = JSON.stringify({ [status]: { state: 'value', value: 'archived' } });
  await tx
    .update(bases)
    .set({ fields: sql`${bases.fields} || ${archived}::text::jsonb` })
    .where(
      and(
        eq(bases.recordId, recordId),
        eq(bases.connection, connection),
        sql`${bases.fields} -> ${status}::text ->> 'state' in ('value', 'blank')`,
      ),
    );
}

const status = 'status';

/** Records that a person wants made again where they are gone, with those systems: nobody has to approve that a second time. */
export async function madeAgainByPerson(
  db: DbOrTx,
  recordIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (recordIds.length === 0) return new Map();
  const rows = await db
    .selectDistinct({ recordId: absences.recordId, connection: absences.connection })
    .from(absences)
    .where(and(inArray(absences.recordId, [...recordIds]), eq(absences.ended, 'make')));
  const places = Map.groupBy(rows, ({ recordId }) => recordId);
  return new Map([...places].map(([id, some]) => [id, some.map(({ connection }) => connection)]));
}
