import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { strongKey } from '../../entities/index.ts';
import type { Tx } from '../../ledger/db.ts';
import { insertMany } from '../../ledger/many.ts';
import { giveKeys } from '../../ledger/sealing/vault.ts';
import { links, records } from '../../ledger/tables/index.ts';
import type { RunContext } from '../context.ts';
import { bookKey, type LinkBook, type StagedRow } from './link-book.ts';
import { isSaidApart } from './said-apart.ts';

/** A record with a strong key, and where it is. */
interface Known {
  readonly id: string;
  readonly key: string;
  readonly connections: readonly string[];
}

/**
 * Links the rows of which there is no doubt whose they are, in a few statements for all of them: in use, without a mark of ours,
 * with a strong key that no other row of its system has here, of a record that is not in that system yet. The rest is looked at
 * one by one.
 */
export async function linkPlain(
  context: RunContext,
  tx: Tx,
  rows: readonly StagedRow[],
  book: LinkBook,
): Promise<void> {
  const groups = plainGroups(context, rows, book);
  if (groups.size === 0) return;
  const known = await recordsWith(context, tx, [...groups.keys()]);
  const sure: { readonly row: StagedRow; readonly recordId: string }[] = [];
  const made: (typeof records.$inferInsert)[] = [];
  for (const [keyValue, group] of groups) {
    const record = known.get(keyValue);
    if (record && !(await isFreeFor(context, tx, record, group))) continue;
    const recordId = record?.id ?? randomUUID();
    sure.push(...group.map((row) => ({ row, recordId })));
    const [first] = group;
    if (record || !first) continue;
    const title = context.entity.title(first.observation.fields);
    made.push({ id: recordId, entity: context.entity.name, title, keyValue, createdAt: context.clock.now() });
  }
  if (made.length > 0) await tx.execute(insertMany(records, made));
  await giveKeys(
    tx,
    made.map(({ id }) => id),
  );
  await addLinks(context, tx, sure);
  for (const { row, recordId } of sure) book.set(bookKey(row), { vendorAt: null, recordId, keyed: true });
}

/** By strong key, rows that are nothing but new; a key that any other row has as well is left out. */
function plainGroups(
  { entity, flow }: RunContext,
  rows: readonly StagedRow[],
  book: LinkBook,
): ReadonlyMap<string, readonly StagedRow[]> {
  const keyed = rows
    .filter((row) => !book.get(bookKey(row))?.keyed)
    .map((row) => {
      const evidence = strongKey(
        entity,
        flow.matchBy,
        row.observation.fields[flow.matchBy] ?? { state: 'blank' },
      );
      return { row, key: evidence.ok ? evidence.key : '' };
    });
  const isPlain = ({ row }: { readonly row: StagedRow }) =>
    !book.has(bookKey(row)) && !row.observation.archived && row.observation.marker === null;
  const groups = [...Map.groupBy(keyed, ({ key }) => key)].filter(
    ([key, group]) =>
      key !== '' &&
      group.every(isPlain) &&
      new Set(group.map(({ row }) => row.connection)).size === group.length,
  );
  return new Map(groups.map(([key, group]) => [key, group.map(({ row }) => row)]));
}

async function recordsWith(
  { entity }: RunContext,
  tx: Tx,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Known>> {
  const rows = await tx.execute<{ id: string; key: string; connections: string[] }>(sql`
    select r.id, r.key_value as key,
      (select coalesce(jsonb_agg(l.connection), '[]') from ${links} l where l.record_id = r.id) as connections
    from jsonb_array_elements_text(${JSON.stringify(keys)}::text::jsonb) as k(key)
    join ${records} r on r.entity = ${entity.name} and r.key_value = k.key`);
  return new Map(rows.map((row) => [row.key, row]));
}

async function isFreeFor(
  context: RunContext,
  tx: Tx,
  { id, connections }: Known,
  group: readonly StagedRow[],
): Promise<boolean> {
  for (const row of group) {
    if (connections.includes(row.connection)) return false;
    if (await isSaidApart(context, tx, row, { own: null, other: id })) return false;
  }
  return true;
}

async function addLinks(
  { flow, clock }: RunContext,
  tx: Tx,
  sure: readonly { readonly row: StagedRow; readonly recordId: string }[],
): Promise<void> {
  if (sure.length === 0) return;
  const rows = sure.map(({ row: { connection, externalId, observation }, recordId }) => ({
    recordId,
    connection,
    role: observation.role,
    externalId,
    how: `key:${flow.matchBy}`,
    linkedAt: clock.now(),
    url: observation.url,
  }));
  await tx.execute(insertMany(links, rows));
}
