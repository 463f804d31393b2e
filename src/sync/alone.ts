import { moveChange, openChange, tell } from '../ledger/changes.ts';
import type { Tx } from '../ledger/db.ts';
import type { RecordState } from '../ledger/records.ts';
import { connectorOf, type RunContext } from './context.ts';

/** A record that only one system has takes part in nothing; it waits, and says where it is missing. */
export async function waitForCompany(context: RunContext, tx: Tx, state: RecordState): Promise<void> {
  if (!state.record.keyValue || state.links.length === 0) return;
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

/** Somewhere else it was found: it waits no longer. */
export async function releaseCompany(context: RunContext, tx: Tx, state: RecordState): Promise<void> {
  if (state.change?.hold !== 'not_linked') return;
  const now = context.clock.now();
  await tell(tx, [{ changeId: state.change.id, at: now, kind: 'released', data: { reason: 'not_linked' } }]);
  await moveChange(tx, state.change.id, { state: 'withdrawn', now });
}

/** The systems of a flow that a record is not in, by the names people use. */
function missingFrom(context: RunContext, state: RecordState): string[] {
  return context.flow.connections
    .filter((connection) => !state.links.some((link) => link.connection === connection))
    .map((connection) => connectorOf(context, connection).label);
}
