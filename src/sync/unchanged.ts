import { sql } from 'drizzle-orm';
import type { ReadItem } from '../connectors/connector.ts';
import type { Tx } from '../ledger/db.ts';
import { bases, changes, links, records } from '../ledger/tables/index.ts';
import { connectorOf, type RunContext } from './context.ts';
import { printOf } from './fingerprint.ts';

/**
 * The items of a page that need a look: all but those that are, to the letter, what was compared when their record was last read,
 * with nothing about the record left to do. Those are noted as read again, and that is all that happens to them.
 */
export async function withoutUnchanged(
  context: RunContext,
  tx: Tx,
  connection: string,
  items: readonly ReadItem[],
): Promise<readonly ReadItem[]> {
  const page = pageOf(context, items);
  if (page.length === 0) return items;
  const { role } = connectorOf(context, connection);
  const now = context.clock.now().toISOString();
  const readAt = sql`${now}::timestamptz`;
  // Of what is to be compared the print goes: whatever is read next of it, be it as before, comes after this.
  const rows = await tx.execute<{ id: string; is_same: boolean }>(sql`
    update ${links} l set print = case when known.is_same then l.print end,
      read_at = case when known.is_same then ${readAt} else l.read_at end
    from (
      select k.record_id, k.role, k.external_id, k.print = page.print and r.key_value is not null
        and exists (select 1 from ${bases} b where b.record_id = k.record_id and b.connection = k.connection)
        and not exists (select 1 from ${changes} c where c.record_id = k.record_id and c.closed_at is null) as is_same
      from jsonb_to_recordset(${JSON.stringify(page)}::text::jsonb) as page(id text, print text)
      join ${links} k on k.connection = ${connection} and k.external_id = page.id and k.role = ${role}
      join ${records} r on r.id = k.record_id
      where k.print is not null
    ) known
    where l.record_id = known.record_id and l.connection = ${connection} and l.role = known.role
    returning known.external_id as id, known.is_same`);
  const same = new Set(rows.filter((row) => row.is_same).map((row) => row.id));
  return items.filter((item) => !same.has(idOf(item)));
}

/** The print of each record of a page; none of one that is unreadable, or that the page names twice. */
function pageOf(context: RunContext, items: readonly ReadItem[]): { id: string; print: string | null }[] {
  const staged = items.filter((item) => item.kind === 'read' || item.kind === 'malformed');
  return [...Map.groupBy(staged, idOf)].map(([id, [item, another]]) => ({
    id,
    print: item?.kind === 'read' && !another ? printOf(context, item.observation) : null,
  }));
}

const idOf = (item: ReadItem): string =>
  item.kind === 'read' ? item.observation.externalId : item.externalId;
