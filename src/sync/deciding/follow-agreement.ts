import { and, eq, inArray, isNull } from 'drizzle-orm';
import { tell } from '../../ledger/changes.ts';
import type { Tx } from '../../ledger/db.ts';
import { announceCard, rank } from '../../ledger/outbox.ts';
import type { RecordState } from '../../ledger/records.ts';
import { changes, conflicts, pending } from '../../ledger/tables/index.ts';
import type { RunContext } from '../context.ts';

/**
 * Takes a record's open change along into the agreement that is active now. A detail that the agreement no longer keeps in
 * step is neither asked about nor written any more. Returns the record as it then is; its other fields are decided as ever.
 */
export async function followAgreement(context: RunContext, tx: Tx, state: RecordState): Promise<RecordState> {
  const { change } = state;
  if (!change || change.agreementVersion === context.agreement.version) return state;
  const { version } = context.agreement;
  const now = context.clock.now();
  const left = [...new Set([...state.pending.keys(), ...state.conflicts.keys()])].filter(
    (field) => !context.flow.fields[field],
  );
  await tx.update(changes).set({ agreementVersion: version }).where(eq(changes.id, change.id));
  if (left.length === 0) return state;
  const note = 'the agreement no longer keeps this detail in step';
  await tx.delete(pending).where(and(eq(pending.recordId, state.record.id), inArray(pending.field, left)));
  await tx
    .update(conflicts)
    .set({ state: 'withdrawn', closedAt: now, note })
    .where(
      and(
        eq(conflicts.recordId, state.record.id),
        inArray(conflicts.field, left),
        isNull(conflicts.closedAt),
      ),
    );
  await tell(
    tx,
    left.map((field) => ({ changeId: change.id, at: now, kind: 'withdrawn', field, data: { reason: note } })),
  );
  await announceCard(tx, { subject: `change:${change.id}`, flow: context.flow.id, rank: rank.decision, now });
  const kept = <T>(map: ReadonlyMap<string, T>) =>
    new Map([...map].filter(([field]) => !left.includes(field)));
  return { ...state, pending: kept(state.pending), conflicts: kept(state.conflicts) };
}
