import { VendorError } from '../../connectors/connector.ts';
import { LeaseLost } from '../../ledger/leases.ts';
import { dropRollback, type Rollback, waitingRollbacks } from '../../ledger/rollback/rollbacks.ts';
import type { RunFailure } from '../../ledger/tables/runs.ts';
import { commit, type RunContext } from '../context.ts';
import { carryOutRollback } from './carry-out-rollback.ts';
import { preview } from './preview.ts';

export interface RolledBack {
  readonly read: number;
  readonly written: number;
  readonly failures: readonly RunFailure[];
}

const nothing: RolledBack = { read: 0, written: 0, failures: [] };

/**
 * Sees to what people want put back: goes on with what they approved, from wherever an earlier run left it, then looks at what they
 * asked about. A fault in one keeps neither the others nor the run from their work.
 */
export async function rollBack(context: RunContext): Promise<RolledBack> {
  let total = nothing;
  for (const rollback of await waitingRollbacks(context.db, context.flow.id)) {
    const done = await seeTo(context, rollback);
    total = {
      read: total.read + done.read,
      written: total.written + done.written,
      failures: [...total.failures, ...done.failures],
    };
  }
  return total;
}

async function seeTo(context: RunContext, rollback: Rollback): Promise<RolledBack> {
  try {
    if (rollback.state === 'under_way') return await carryOutRollback(context, rollback);
    return { ...nothing, read: await preview(context, rollback) };
  } catch (error) {
    if (error instanceof LeaseLost || context.signal.aborted) throw error;
    const message = error instanceof Error ? error.message : String(error);
    if (!(error instanceof VendorError)) {
      const event = { event: 'bug', reference: rollback.id, flow: context.flow.id, err: error };
      context.log.error(event, `${context.flow.name}: putting back stopped on an error of Truce's own`);
    }
    if (rollback.state === 'under_way')
      return {
        ...nothing,
        failures: [{ cause: 'bug', connection: null, message: `Truce itself stumbled: ${message}` }],
      };
    const note = error instanceof VendorError ? message : 'the fault is Truce’s own, and is in its log';
    await commit(context, (tx) => dropRollback(tx, { id: rollback.id, note, now: context.clock.now() }));
    return nothing;
  }
}
