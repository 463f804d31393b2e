import { and, inArray, isNull, max, min, sql } from 'drizzle-orm';
import type { DbOrTx, Tx } from '../db.ts';
import type { LossKind } from '../tables/drift.ts';
import { losses } from '../tables/index.ts';

export interface NotedLoss {
  readonly connection: string;
  readonly recordId: string;
  readonly changeId: string;
  readonly field: string;
  readonly kind: LossKind;
}

/** Puts down values that a system did not keep as they were written. */
export async function noteLosses(tx: Tx, lost: readonly NotedLoss[], now: Date): Promise<void> {
  if (lost.length === 0) return;
  await tx
    .insert(losses)
    .values(lost.map((one) => ({ ...one, since: now, lastAt: now })))
    .onConflictDoUpdate({
      target: [losses.connection, losses.field, losses.recordId],
      set: {
        kind: sql`excluded.kind`,
        changeId: sql`excluded.change_id`,
        lastAt: sql`excluded.last_at`,
        // One that was over begins anew.
        since: sql`case when ${losses.overAt} is null then ${losses.since} else excluded.since end`,
        overAt: null,
      },
    });
}

/** Values that were kept whole: what was lost of them before is over. */
export async function endLosses(
  tx: Tx,
  kept: readonly Pick<NotedLoss, 'connection' | 'recordId' | 'field'>[],
  now: Date,
): Promise<void> {
  if (kept.length === 0) return;
  const rows = kept.map(({ connection, recordId, field }) => ({ connection, record_id: recordId, field }));
  await tx.execute(sql`
    update ${losses} l set over_at = ${now.toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as k(connection text, record_id text, field text)
    where l.connection = k.connection and l.record_id = k.record_id and l.field = k.field and l.over_at is null`);
}

/** What a system does not keep of a field, in all its records. */
export interface FieldLoss {
  readonly connection: string;
  readonly field: string;
  readonly records: number;
  readonly since: Date;
  readonly lastAt: Date;
}

/** The losses of these connections that go on. */
export async function openLosses(db: DbOrTx, connections: readonly string[]): Promise<FieldLoss[]> {
  const rows = await db
    .select({
      connection: losses.connection,
      field: losses.field,
      records: sql<number>`count(*)::int`,
      since: min(losses.since),
      lastAt: max(losses.lastAt),
    })
    .from(losses)
    .where(and(inArray(losses.connection, [...connections]), isNull(losses.overAt)))
    .groupBy(losses.connection, losses.field);
  return rows.flatMap(({ since, lastAt, ...row }) => (since && lastAt ? [{ ...row, since, lastAt }] : []));
}
