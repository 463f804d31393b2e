import { and, eq, inArray } from 'drizzle-orm';
import { confirmAbsences, linksThatAreGone } from '../../ledger/absences.ts';
import type { Tx } from '../../ledger/db.ts';
import { staged } from '../../ledger/tables/index.ts';
import type { RunContext } from '../context.ts';

/**
 * A system, asked by id, says that these records are gone. That is the only evidence that counts, whoever asked: a list, a
 * webhook of a deletion, a look before writing. What was read of them before and not compared yet goes with them. True iff one of
 * them was thought to be there.
 */
export async function confirmGone(
  { flow, clock }: Pick<RunContext, 'flow' | 'clock'>,
  tx: Tx,
  connection: string,
  externalIds: readonly string[],
): Promise<boolean> {
  const gone = await linksThatAreGone(tx, connection, externalIds);
  if (gone.length === 0) return false;
  await confirmAbsences(tx, { flow: flow.id, gone, now: clock.now() });
  await tx
    .update(staged)
    .set({ state: 'dropped', reason: 'gone from there' })
    .where(
      and(
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
