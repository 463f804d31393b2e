import { and, eq, inArray } from 'drizzle-orm';
import type { Tx } from '../../ledger/db.ts';
import { confirmAbsences, linksThatAreGone } from '../../ledger/records/absences.ts';
import { records, staged } from '../../ledger/tables/index.ts';
import type { RunContext } from '../context.ts';

/**
 * A system, asked by id, says that these records are gone. That is the only evidence that counts, whoever asked: a list, a
 * webhook of a deletion, a look before writing. What was read of them before and not compared yet goes with them. True iff one of
 * them was thought to be there.
 */
export async function confirmGone(
  { flow, entity, clock }: Pick<RunContext, 'flow' | 'entity' | 'clock'>,
  tx: Tx,
  connection: string,
  externalIds: readonly string[],
): Promise<boolean> {
  const gone = await ofEntity(tx, entity.name, await linksThatAreGone(tx, connection, externalIds));
  if (gone.length === 0) return false;
  await confirmAbsences(tx, { flow: flow.id, gone, now: clock.now() });
  await tx
    .update(staged)
    .set({ state: 'dropped', reason: 'gone from there' })
    .where(
      and(
        eq(staged.flow, flow.id),
        eq(staged.connection, connection),
        inArray(
          staged.externalId,
          gone.map((link) => link.externalId),
        ),
        inArray(staged.state, ['staged', 'matched']),
      ),
    );
  return true;
}

/** Where several flows share a connection, a hint may name another flow's record: that this flow's part of the system lacks it says nothing. */
async function ofEntity<T extends { readonly recordId: string }>(
  tx: Tx,
  entity: string,
  gone: readonly T[],
): Promise<T[]> {
  if (gone.length === 0) return [];
  const ids = [...new Set(gone.map(({ recordId }) => recordId))];
  const own = await tx
    .select({ id: records.id })
    .from(records)
    .where(and(inArray(records.id, ids), eq(records.entity, entity)));
  const known = new Set(own.map(({ id }) => id));
  return gone.filter(({ recordId }) => known.has(recordId));
}
