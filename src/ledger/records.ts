import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { AlsoRead } from '../connectors/connector.ts';
import type { Observed } from '../entities/field.ts';
import type { Change } from './changes.ts';
import type { DbOrTx } from './db.ts';
import { agreed, bases, changes, conflicts, links, pending, records } from './tables/index.ts';

export type RecordRow = typeof records.$inferSelect;
export type Link = typeof links.$inferSelect;
export type Agreed = typeof agreed.$inferSelect;
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

/** Loads records with everything that belongs to them, in one query per table. */
export async function loadRecords(db: DbOrTx, ids: readonly string[]): Promise<RecordState[]> {
  if (ids.length === 0) return [];
  const wanted = [...new Set(ids)];
  const [rows, linkRows, baseRows, agreedRows, pendingRows, conflictRows, changeRows] = await Promise.all([
    db.select().from(records).where(inArray(records.id, wanted)),
    db.select().from(links).where(inArray(links.recordId, wanted)),
    db.select().from(bases).where(inArray(bases.recordId, wanted)),
    db.select().from(agreed).where(inArray(agreed.recordId, wanted)),
    db.select().from(pending).where(inArray(pending.recordId, wanted)),
    db
      .select()
      .from(conflicts)
      .where(and(inArray(conflicts.recordId, wanted), isNull(conflicts.closedAt))),
    db
      .select()
      .from(changes)
      .where(and(inArray(changes.recordId, wanted), isNull(changes.closedAt))),
  ]);
  const of = <T extends { recordId: string | null }>(list: readonly T[]) =>
    Map.groupBy(list, (row) => row.recordId);
  const [l, b, a, p, c, ch] = [
    of(linkRows),
    of(baseRows),
    of(agreedRows),
    of(pendingRows),
    of(conflictRows),
    of(changeRows),
  ];
  return rows.map((record) => ({
    record,
    links: l.get(record.id) ?? [],
    bases: new Map(
      [...Map.groupBy(b.get(record.id) ?? [], (row) => row.connection)].map(([connection, fields]) => [
        connection,
        Object.fromEntries(fields.map((row) => [row.field, observedOf(row)])),
      ]),
    ),
    agreed: new Map((a.get(record.id) ?? []).map((row) => [row.field, row])),
    pending: new Map((p.get(record.id) ?? []).map((row) => [row.field, row])),
    conflicts: new Map((c.get(record.id) ?? []).map((row) => [row.field, row])),
    change: ch.get(record.id)?.[0] ?? null,
  }));
}

function observedOf(row: typeof bases.$inferSelect): Observed {
  return row.state === 'value' && row.value !== null
    ? { state: 'value', value: row.value }
    : { state: row.state === 'value' ? 'blank' : row.state };
}

/** Stores what was observed, or read back after our own write, as the base of the fields that took part. */
export async function moveBases(
  db: DbOrTx,
  input: {
    recordId: string;
    connection: string;
    role: string;
    fields: Readonly<Record<string, Observed>>;
    origin: 'observed' | 'read_back';
    vendorAt: string | null;
    archived: boolean;
    url: string | null;
    also: readonly AlsoRead[];
    now: Date;
  },
): Promise<void> {
  const { recordId, connection, role, origin, now } = input;
  await db
    .update(links)
    .set({
      readAt: now,
      archived: input.archived,
      url: input.url,
      also: [...input.also],
      ...(input.vendorAt
        ? {
            vendorAt: sql`greatest(coalesce(${links.vendorAt}, ${input.vendorAt}::timestamptz), ${input.vendorAt}::timestamptz)`,
          }
        : {}),
    })
    .where(and(eq(links.recordId, recordId), eq(links.connection, connection)));
  const rows = Object.entries(input.fields)
    .filter(([, observed]) => observed.state !== 'not_read')
    .map(([field, observed]) => ({
      recordId,
      connection,
      role,
      field,
      state: observed.state,
      value: observed.state === 'value' ? observed.value : null,
      origin,
      at: now,
    }));
  if (rows.length === 0) return;
  await db
    .insert(bases)
    .values(rows)
    .onConflictDoUpdate({
      target: [bases.recordId, bases.connection, bases.field],
      set: {
        state: excluded('state'),
        value: excluded('value'),
        origin: excluded('origin'),
        at: excluded('at'),
        role: excluded('role'),
      },
    });
}

const excluded = (column: string) => sql.raw(`excluded.${column}`);
