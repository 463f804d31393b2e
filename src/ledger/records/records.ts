import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Observed } from '../../entities/field.ts';
import type { Change } from '../changes/changes.ts';
import type { DbOrTx } from '../db.ts';
import { among } from '../many.ts';
import { agreed, bases, changes, conflicts, links, pending, records } from '../tables/index.ts';

export type RecordRow = typeof records.$inferSelect;
export type Link = typeof links.$inferSelect;
export type Agreed = Pick<typeof agreed.$inferSelect, 'value' | 'settledBy'>;
export type Pending = typeof pending.$inferSelect;
export type Conflict = typeof conflicts.$inferSelect;

/** All that the ledger knows of one record: what a comparison starts from. */
export interface RecordState {
  readonly record: RecordRow;
  readonly links: readonly Link[];
  /** connection → field → last observed or read back. */
  readonly bases: ReadonlyMap<string, Readonly<Record<string, Observed>>>;
  readonly agreed: ReadonlyMap<string, Agreed>;
  readonly pending: ReadonlyMap<string, Pending>;
  /** Questions that no system has settled yet, by field: open, or decided and being saved. */
  readonly conflicts: ReadonlyMap<string, Conflict>;
  readonly change: Change | null;
}

/** What goes on with a record whatever else it waits for: a question to a person, a value on its way; null = nothing. */
export function underWay({
  conflicts,
  pending,
}: Pick<RecordState, 'conflicts' | 'pending'>): 'asking' | 'writing' | null {
  if ([...conflicts.values()].some((conflict) => conflict.state === 'open')) return 'asking';
  return pending.size > 0 ? 'writing' : null;
}

/**
 * Loads records with everything that belongs to them, in one query per table. Links, bases and what is agreed belong to the record;
 * its change, with what is asked and under way, belongs to a flow: `flow` = that one's alone.
 */
export async function loadRecords(db: DbOrTx, ids: readonly string[], flow?: string): Promise<RecordState[]> {
  if (ids.length === 0) return [];
  const wanted = [...new Set(ids)];
  const ofFlow = (column: typeof changes.flow | typeof conflicts.flow) =>
    flow === undefined ? undefined : eq(column, flow);
  const [rows, linkRows, baseRows, agreedRows, pendingRows, conflictRows, changeRows] = await Promise.all([
    db.select().from(records).where(among(records.id, wanted)),
    db.select().from(links).where(among(links.recordId, wanted)),
    db.select().from(bases).where(among(bases.recordId, wanted)),
    agreedOf(db, wanted),
    db.select().from(pending).where(among(pending.recordId, wanted)),
    db
      .select()
      .from(conflicts)
      .where(and(among(conflicts.recordId, wanted), isNull(conflicts.closedAt), ofFlow(conflicts.flow))),
    db
      .select()
      .from(changes)
      .where(and(among(changes.recordId, wanted), isNull(changes.closedAt), ofFlow(changes.flow))),
  ]);
  const of = <T extends { recordId: string | null }>(list: readonly T[]) =>
    Map.groupBy(list, (row) => row.recordId);
  const [l, b, p, c, ch] = [
    of(linkRows),
    of(baseRows),
    of(flow === undefined ? pendingRows : partOf(pendingRows, changeRows)),
    of(conflictRows),
    of(changeRows),
  ];
  return rows.map((record) => ({
    record,
    links: l.get(record.id) ?? [],
    bases: new Map((b.get(record.id) ?? []).map((row) => [row.connection, row.fields])),
    agreed: agreedRows.get(record.id) ?? new Map(),
    pending: new Map((p.get(record.id) ?? []).map((row) => [row.field, row])),
    conflicts: new Map((c.get(record.id) ?? []).map((row) => [row.field, row])),
    change: ch.get(record.id)?.[0] ?? null,
  }));
}

/** By record, then by field. A row for each record: with one for each field, most of the time of loading a record would be theirs. */
async function agreedOf(
  db: DbOrTx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, Agreed>>> {
  const rows = await db.execute<{ id: string; fields: Record<string, Agreed> }>(sql`
    select ${agreed.recordId} as id,
      json_object_agg(field, json_build_object('value', value, 'settledBy', settled_by)) as fields
    from ${agreed} where ${among(agreed.recordId, ids)} group by 1`);
  return new Map(rows.map(({ id, fields }) => [id, new Map(Object.entries(fields))]));
}

/** What is on its way as a part of these changes. */
function partOf(rows: readonly Pending[], open: readonly Change[]): Pending[] {
  const ids = new Set(open.map((change) => change.id));
  return rows.filter((row) => ids.has(row.changeId));
}
