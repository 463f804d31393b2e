import { eq, inArray, or, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { entities } from '../../entities/index.ts';
import type { Tx } from '../db.ts';
import { among } from '../many.ts';
import { subjectOfStop } from '../runs/safety-stops.ts';
import {
  absences,
  agreementVersions,
  changes,
  conflicts,
  intents,
  likenesses,
  moneyProofs,
  outbox,
  records,
  safetyStops,
  sightings,
} from '../tables/index.ts';
import { openSightings } from './evidence.ts';

/** What a record is called from then on. */
export const erasedTitle = 'Erased record';

/** What these records are called, and were before, as far as anybody knows. Ask it while their past can be read. */
export async function titlesOf(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const own = await tx
    .select({ title: records.title, entity: records.entity })
    .from(records)
    .where(among(records.id, ids));
  const subjects = await tx
    .selectDistinct({ title: changes.subject })
    .from(changes)
    .where(among(changes.recordId, ids));
  const asked = await tx
    .select()
    .from(likenesses)
    .where(or(among(likenesses.leftRecord, ids), among(likenesses.rightRecord, ids)));
  const seen = await openSightings(
    tx,
    await tx.select().from(sightings).where(among(sightings.recordId, ids)),
  );
  const kinds = new Set(own.map(({ entity }) => entity));
  const fields = entities.flatMap(({ name, names }) => (kinds.has(name) ? names : []));
  const titles = [
    ...[...own, ...subjects].map(({ title }) => title),
    ...asked.flatMap((row) => [
      ...(ids.includes(row.leftRecord) ? [row.leftTitle] : []),
      ...(ids.includes(row.rightRecord) ? [row.rightTitle] : []),
    ]),
    ...seen.flatMap((row) => fields.map((field) => row.fields[field]?.value)),
  ];
  return [...new Set(titles)].filter((title) => typeof title === 'string' && title.trim() !== '').map(String);
}

/**
 * Takes a record's names out of what tells of others: why they wait, what was refused, examples. Of two of one name it takes both:
 * what still holds is said anew by the next run. Returns the subjects of the messages that show it.
 */
export async function blankMentions(tx: Tx, titles: readonly string[]): Promise<string[]> {
  const subjects = new Set<string>();
  for (const title of titles.filter((one) => one !== erasedTitle)) {
    for (const subject of await blankWords(tx, title)) subjects.add(subject);
    for (const subject of await blankExamples(tx, title)) subjects.add(subject);
  }
  return [...subjects];
}

async function blankWords(tx: Tx, title: string): Promise<string[]> {
  // In quotation marks, as all of our words have it, but for those about what it refers to: there it begins a sentence.
  const says = (column: PgColumn) => or(has(column, `“${title}”`), has(column, `${title} is `)) as SQL;
  const without = (column: PgColumn) =>
    sql<string>`replace(replace(${column}, ${`“${title}”`}, ${`“${erasedTitle}”`}), ${`${title} is `}, ${`${erasedTitle} is `})`;
  const held = await tx
    .update(changes)
    .set({ holdDetail: without(changes.holdDetail) })
    .where(says(changes.holdDetail))
    .returning({ id: changes.id });
  const noted = await tx
    .update(conflicts)
    .set({ note: without(conflicts.note) })
    .where(says(conflicts.note))
    .returning({ id: conflicts.changeId });
  const refused = await tx
    .update(intents)
    .set({ reason: without(intents.reason) })
    .where(says(intents.reason))
    .returning({ id: intents.changeId });
  const asked = await tx
    .update(likenesses)
    .set({ note: without(likenesses.note) })
    .where(says(likenesses.note))
    .returning({ id: likenesses.id });
  const merged = await tx
    .update(absences)
    .set({ mergedInto: erasedTitle })
    .where(eq(absences.mergedInto, title))
    .returning({ id: absences.id });
  return [
    ...[...held, ...noted, ...refused].map(({ id }) => `change:${id}`),
    ...asked.map(({ id }) => `likeness:${id}`),
    ...merged.map(({ id }) => `gone:${id}`),
  ];
}

const has = (column: PgColumn, text: string): SQL => sql`strpos(${column}, ${text}) > 0`;

/** Examples that a proposal of new rules, or a proof of the money, tells by name. */
async function blankExamples(tx: Tx, title: string): Promise<string[]> {
  const tells = (column: PgColumn) => sql`strpos(${column}::text, ${JSON.stringify(title)}) > 0`;
  const { preview, version } = agreementVersions;
  const proposed = await tx.select({ version, preview }).from(agreementVersions).where(tells(preview));
  for (const row of proposed)
    await tx
      .update(agreementVersions)
      .set({ preview: renamed(row.preview, title) })
      .where(eq(version, row.version));
  const { id, found } = moneyProofs;
  const proved = await tx.select({ id, found }).from(moneyProofs).where(tells(found));
  for (const row of proved)
    await tx
      .update(moneyProofs)
      .set({ found: renamed(row.found, title) })
      .where(eq(id, row.id));
  const agreements = await tx
    .select({ subject: outbox.subject })
    .from(outbox)
    .where(
      inArray(
        sql<string>`split_part(${outbox.subject}, '/', 1)`,
        proposed.map((row) => `agreement:${row.version}`),
      ),
    );
  return [...agreements.map(({ subject }) => subject), ...proved.map((row) => `proof:${row.id}`)];
}

/** The same with another text wherever that text stands, but not as a name. */
function renamed<T>(value: T, text: string): T {
  return JSON.parse(JSON.stringify(value), (_, one) => (one === text ? erasedTitle : one)) as T;
}

/** The messages of what was stopped because it was too much at once, where these records are among it: they show examples. */
export async function stopsThatShow(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const listed = sql`(select jsonb_array_elements_text(${JSON.stringify(ids)}::text::jsonb))`;
  const rows = await tx
    .select({ id: safetyStops.id })
    .from(safetyStops)
    .where(
      sql`exists (select 1 from jsonb_array_elements_text(${safetyStops.covers}) c where c in ${listed})`,
    );
  return rows.map(({ id }) => subjectOfStop(id));
}
