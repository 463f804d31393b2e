import { and, asc, eq } from 'drizzle-orm';
import type { DbOrTx } from '../../ledger/db.ts';
import { among } from '../../ledger/many.ts';
import { conflicts } from '../../ledger/tables/index.ts';
import type { Option } from '../decide-step.ts';

/** By record, then by field: the values among which nobody chose in time, the last time that this happened. */
export async function leftApartOf(
  tx: DbOrTx,
  ids: readonly string[],
): Promise<Map<string, Map<string, readonly Option[]>>> {
  const rows = await tx
    .select({ recordId: conflicts.recordId, field: conflicts.field, options: conflicts.options })
    .from(conflicts)
    .where(and(among(conflicts.recordId, ids), eq(conflicts.state, 'expired')))
    .orderBy(asc(conflicts.openedAt));
  return new Map(
    [...Map.groupBy(rows, (row) => row.recordId)].map(([recordId, list]) => [
      recordId,
      new Map(list.map((row) => [row.field, row.options])),
    ]),
  );
}
