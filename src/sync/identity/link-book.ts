import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { Observation } from '../../connectors/connector.ts';
import type { Tx } from '../../ledger/db.ts';
import { goInto } from '../../ledger/records/one-record.ts';
import { bases, links, recordKeys, records, staged } from '../../ledger/tables/index.ts';
import type { Place } from '../../ledger/tables/likenesses.ts';

export type StagedRow = typeof staged.$inferSelect & { observation: Observation };

/** To which record an external id belongs, and what is known of that. */
export interface KnownLink {
  recordId: string;
  /** True once its record has a strong key: then nothing about it is in question. */
  keyed: boolean;
  readonly vendorAt: Date | null;
  /** True where a person had the record erased. */
  readonly erased?: boolean;
}

/** The links of some staged rows, read at once and kept up to date while they are matched. */
export type LinkBook = Map<string, KnownLink>;

export const bookKey = ({ connection, externalId }: { connection: string; externalId: string }) =>
  `${connection} ${externalId}`;

export async function openBook(tx: Tx, rows: readonly StagedRow[]): Promise<LinkBook> {
  const places = [...new Map(rows.map((row) => [bookKey(row), placeOf(row)])).values()];
  const found = await tx
    .select({ link: links, keyValue: records.keyValue, erasedAt: recordKeys.erasedAt })
    .from(links)
    .innerJoin(records, eq(records.id, links.recordId))
    .leftJoin(recordKeys, eq(recordKeys.recordId, links.recordId))
    .innerJoin(
      sql`jsonb_to_recordset(${JSON.stringify(places)}::text::jsonb) as place(connection text, id text, role text)`,
      sql`${links.connection} = place.connection and ${links.externalId} = place.id and ${links.role} = place.role`,
    );
  return new Map(
    found.map(({ link, keyValue, erasedAt }) => [
      bookKey(link),
      {
        recordId: link.recordId,
        keyed: keyValue !== null,
        vendorAt: link.vendorAt,
        ...(erasedAt ? { erased: true } : {}),
      },
    ]),
  );
}

const placeOf = ({ connection, externalId, observation: { role } }: StagedRow) => ({
  connection,
  id: externalId,
  role,
});

/** The link to a vendor's record. One id may serve records of several kinds there. */
export const isAt = ({ connection, role, externalId }: Place): SQL | undefined =>
  and(eq(links.connection, connection), eq(links.role, role), eq(links.externalId, externalId));

/** A record is no longer linked to anything in a connection. */
export function forgetIn(book: LinkBook, connection: string, recordId: string): void {
  for (const [key, link] of book) {
    if (link.recordId === recordId && key.startsWith(`${connection} `)) book.delete(key);
  }
}

/** Writes down, in one statement, to which record each row belongs. */
export async function writeMatches(tx: Tx, book: LinkBook, rows: readonly StagedRow[]): Promise<void> {
  const matched = rows.map((row) => ({ id: row.id, record_id: book.get(bookKey(row))?.recordId }));
  if (matched.length === 0) return;
  await tx.execute(sql`
    update ${staged} s set state = 'matched', record_id = m.record_id
    from jsonb_to_recordset(${JSON.stringify(matched)}::text::jsonb) as m(id bigint, record_id text)
    where s.id = m.id`);
}

/** Whether a record is in a system already: with a record in use there, with an archived one, or not at all. */
export async function placeIn(
  tx: Tx,
  recordId: string,
  connection: string,
): Promise<'taken' | 'archived' | 'free'> {
  const [link] = await tx
    .select({ archived: links.archived })
    .from(links)
    .where(and(eq(links.recordId, recordId), eq(links.connection, connection)));
  if (!link) return 'free';
  return link.archived ? 'archived' : 'taken';
}

/** Lets go of a vendor's record: one that is archived, in whose place one with the same key is in use, or one merged away. */
export async function letGo(
  tx: Tx,
  recordId: string,
  connection: string,
  reason = 'archived; another record took its place',
): Promise<void> {
  const here = <T extends typeof links | typeof bases>(table: T) =>
    and(eq(table.recordId, recordId), eq(table.connection, connection));
  await tx.delete(bases).where(here(bases));
  await tx.delete(links).where(here(links));
  await tx
    .update(staged)
    .set({ state: 'dropped', reason })
    .where(
      and(eq(staged.recordId, recordId), eq(staged.connection, connection), eq(staged.state, 'matched')),
    );
}

/**
 * What was erased is never filled again: what is archived is not taken in, and what is in use once more, or has come back, belongs
 * to the erased record no longer, and comes as a new one. Returns the rows that are left.
 */
export async function passErased(
  tx: Tx,
  book: LinkBook,
  rows: readonly StagedRow[],
): Promise<readonly StagedRow[]> {
  const erased = rows.filter((row) => book.get(bookKey(row))?.erased);
  for (const row of erased.filter(({ observation }) => !observation.archived)) {
    await tx.delete(links).where(isAt({ ...row, role: row.observation.role }));
    book.delete(bookKey(row));
  }
  const dropped = erased.filter(({ observation }) => observation.archived);
  for (const { id } of dropped)
    await tx
      .update(staged)
      .set({ state: 'dropped', reason: 'erased', observation: null })
      .where(eq(staged.id, id));
  return rows.filter((row) => !dropped.includes(row));
}

/** A record that stood alone joins another, with what was read of it and not compared yet. Its bases go: it is compared anew. */
export async function moveLinks(
  tx: Tx,
  { from, to, how }: { readonly from: string; readonly to: string; readonly how: string },
): Promise<void> {
  await tx.delete(bases).where(eq(bases.recordId, from));
  await tx.update(links).set({ recordId: to, how, print: null }).where(eq(links.recordId, from));
  await tx.update(staged).set({ recordId: to }).where(eq(staged.recordId, from));
  await goInto(tx, { from, to });
}
