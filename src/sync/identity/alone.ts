import { type Change, moveChange, openChange, tell } from '../../ledger/changes/changes.ts';
import type { Tx } from '../../ledger/db.ts';
import { loadRecords, type RecordState, underWay } from '../../ledger/records/records.ts';
import { connectorOf, type RunContext } from '../context.ts';
import { isMissing } from '../making/decide-create.ts';

/** The systems in which a record would have to be made, as the agreement has it. */
export function missingIn(
  context: RunContext,
  { record, links }: Pick<RecordState, 'record' | 'links'>,
): string[] {
  if (record.keyValue === null) return [];
  return Object.entries(context.flow.createIn).flatMap(([target, from]) =>
    connectorOf(context, target).canCreate && isMissing({ target, from, links }) ? [target] : [],
  );
}

/** Whether any of these records would have to be made somewhere. */
export async function anyMissing(context: RunContext, ids: readonly string[]): Promise<boolean> {
  const states = await loadRecords(context.db, ids, context.flow.id);
  return states.some((state) => missingIn(context, state).length > 0);
}

/** A record that only one system has, and that is made nowhere, takes part in nothing; it waits, and says where it is missing, or is left alone by the agreement. */
export async function waitForCompany(context: RunContext, tx: Tx, state: RecordState): Promise<void> {
  if (!state.record.keyValue || state.links.every((link) => link.archived)) return;
  if (context.flow.unmatched === 'leave') {
    await releaseCompany(context, tx, state);
    return;
  }
  const now = context.clock.now();
  const change = await openChange(tx, {
    recordId: state.record.id,
    flow: context.flow.id,
    subject: state.record.title,
    runId: context.run.id,
    agreementVersion: context.agreement.version,
    now,
  });
  const detail = `not in ${missingFrom(context, state).join(' or ')}`;
  if (change.hold === 'not_linked' && change.holdDetail === detail) return;
  await tell(tx, [{ changeId: change.id, at: now, kind: 'held', data: { reason: 'not_linked', detail } }]);
  await moveChange(tx, change.id, { state: 'held', hold: 'not_linked', holdDetail: detail, now });
}

/**
 * A record that is missing nowhere any more waits for that no longer: somebody made it there, it was found, or it is archived
 * everywhere. What else is under way with it goes on.
 */
export async function releaseCompany(context: RunContext, tx: Tx, state: RecordState): Promise<RecordState> {
  const { change } = state;
  if (!change) return state;
  const wasRefused = change.state === 'failed' && state.pending.size === 0;
  const waits = change.hold === 'not_linked' || change.hold === 'name_taken' || change.hold === 'maybe_same';
  return waits || wasRefused ? release(context, tx, state, change) : state;
}

/** A record that is archived wherever it is waits for nothing, nor is it made anywhere, though that was just to be tried again. */
export async function releaseArchived(context: RunContext, tx: Tx, state: RecordState): Promise<void> {
  const { change, pending } = state;
  const waitsForNothing = change?.state === 'open' && change.hold === null && pending.size === 0;
  if (change && (waitsForNothing || change.hold === 'first_load')) await release(context, tx, state, change);
  else await releaseCompany(context, tx, state);
}

async function release(
  context: RunContext,
  tx: Tx,
  state: RecordState,
  change: Change,
): Promise<RecordState> {
  const now = context.clock.now();
  await tell(tx, [{ changeId: change.id, at: now, kind: 'released', data: { reason: change.hold } }]);
  const rest = underWay(state);
  const moved = await moveChange(tx, change.id, { state: rest ?? 'withdrawn', now });
  return { ...state, change: rest ? moved : null };
}

/** The systems of a flow that a record is not in, by the names people use. */
function missingFrom(context: RunContext, state: RecordState): string[] {
  return context.flow.connections
    .filter((connection) => !state.links.some((link) => link.connection === connection))
    .map((connection) => connectorOf(context, connection).label);
}
