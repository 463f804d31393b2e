import type { ActiveAgreement, Flow } from '../agreement/agreement.ts';
import { countWaiting, recentIncidents } from '../ledger/alerts/incidents.ts';
import { nextCorrelationId } from '../ledger/correlation-id.ts';
import type { Tx } from '../ledger/db.ts';
import { applyMove } from './apply.ts';
import { type IncidentMove, type KnownIncident, keyOf, returnWindowMs } from './detect.ts';

/** What a look at a connection's account found, for one flow that uses it. */
export interface CheckedConnection {
  readonly connection: string;
  /**
   * `auth`: it does not let us in, as the next run would find too, and a good run proves it over. `connection`: somebody has to
   * see to something there, and only a later look proves it done.
   */
  readonly found: { readonly cause: 'auth' | 'connection'; readonly message: string } | null;
  readonly at: Date;
}

/** Opens, edits or closes the flow's problems with this connection, as the look at its account demands. */
export async function judgeCheck(
  tx: Tx,
  flow: Flow,
  agreement: ActiveAgreement,
  checked: CheckedConnection,
): Promise<void> {
  const { at } = checked;
  const since = new Date(at.getTime() - returnWindowMs);
  const known = await recentIncidents(tx, { flow: flow.id, since });
  const moves = movesFor(flow.id, known, checked, await countWaiting(tx, flow.id));
  for (const move of moves)
    await applyMove(tx, move, {
      flow: flow.id,
      agreement,
      at,
      runId: null,
      correlationId: await nextCorrelationId(tx),
    });
}

function movesFor(
  flow: string,
  incidents: readonly KnownIncident[],
  { connection, found }: CheckedConnection,
  waiting: number,
): IncidentMove[] {
  const of = (cause: 'auth' | 'connection') => {
    const known = incidents.filter(({ key }) => key === keyOf(flow, { cause, connection }));
    return { open: known.find(({ state }) => state !== 'recovered'), lately: known[0] };
  };
  const { open: needy } = of('connection');
  // Not let in, it tells nothing of what else it needs.
  if (!found) return needy ? [{ kind: 'recover', id: needy.id, data: { waiting } }] : [];
  const { cause, message } = found;
  const { open, lately } = of(cause);
  const data = { waiting, waitingAtOpening: waiting };
  if (open?.message === message) return [];
  if (open) return [{ kind: 'again', id: open.id, message, data: open.data, shown: true }];
  if (lately) return [{ kind: 'return', id: lately.id, message, data }];
  return [{ kind: 'open', key: keyOf(flow, { cause, connection }), cause, connection, message, data }];
}
