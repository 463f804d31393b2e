import type { ActiveAgreement, Flow } from '../agreement/agreement.ts';
import type { Clock } from '../clock.ts';
import type { Connection, SetUpStep } from '../connectors/connection.ts';
import type { Connector, Marking } from '../connectors/connector.ts';
import { entityNamed } from '../entities/named.ts';
import type { Db } from '../ledger/db.ts';
import { approvedIn, approveMarking } from '../ledger/records/markings.ts';
import { markCounts } from '../ledger/records/marks.ts';
import { isFirstLoadApproved } from '../ledger/runs/runs.ts';
import { callsToMark } from '../sync/marking/decide-allowance.ts';

interface MarkingParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly connections: ReadonlyMap<string, Connection>;
  readonly agreement: () => ActiveAgreement;
}

const stepPrefix = 'marks:';

/**
 * The steps by which people let Truce write its ids into the records that are in a connection already, one for each kind of record;
 * none where it may already, where nothing is linked yet, or where the system has no place for it.
 */
export async function markingSteps(parts: MarkingParts, id: string): Promise<SetUpStep[]> {
  const keeps = parts.connections.get(id)?.keeps;
  if (!keeps) return [];
  const approved = await approvedIn(parts.db, id);
  const flows = Object.values(parts.agreement().flows).filter((flow) => flow.connections.includes(id));
  const steps: SetUpStep[] = [];
  for (const [entity, some] of Map.groupBy(flows, (flow) => flow.entity)) {
    const connector = keeps.get(entity);
    if (connector?.marking && !approved.has(entity) && (await anyLoaded(parts, some))) {
      const { due } = await markCounts(parts.db, { connection: id, entity }, parts.clock.now());
      if (due > 0) steps.push(stepFor(entity, { connector, marking: connector.marking, records: due }));
    }
  }
  return steps;
}

/** Before its first load was approved a flow writes nothing, this neither. */
async function anyLoaded({ db }: MarkingParts, flows: readonly Flow[]): Promise<boolean> {
  for (const flow of flows) if (await isFirstLoadApproved(db, flow.id)) return true;
  return false;
}

interface Wanted {
  readonly connector: Connector;
  readonly marking: Marking;
  readonly records: number;
}

function stepFor(entity: string, { connector, marking, records }: Wanted): SetUpStep {
  const { one, many } = entityNamed(entity).noun;
  const most = roundedUp(records);
  const read = connector.costs?.(most).read ?? marking.cost;
  const calls = callsToMark(most, { read, write: marking.cost });
  const n = (value: number) => value.toLocaleString('en-AU');
  return {
    id: `${stepPrefix}${entity}`,
    label: `Mark ${many} with Truce’s id`,
    details: [
      `Up to ${n(most)} ${many} that are linked get Truce’s own id in ${marking.place}; nothing else of them is changed`,
      `Up to ${n(roundedUp(calls))} calls, some with each run: at most half of a day’s, and none of those kept for people`,
      'What already holds something else in that place is left as it is, and counted',
      `${many.charAt(0).toUpperCase()}${many.slice(1)} that are linked later get it too`,
      `With it Truce knows a ${one} again whose number was typed away, or that was linked before`,
    ],
    optional: true,
  };
}

/** To two figures, so that what somebody was shown is still what it was when they press a minute later. */
function roundedUp(value: number): number {
  const unit = 10 ** Math.max(1, Math.floor(Math.log10(Math.max(1, value))) - 1);
  return Math.ceil(value / unit) * unit;
}

/** Keeps a person's word for such a step; false where the step is none of these. */
export async function approveMarkingStep(
  { db, clock }: MarkingParts,
  { connection, step, by }: { readonly connection: string; readonly step: string; readonly by: string },
): Promise<boolean> {
  if (!step.startsWith(stepPrefix)) return false;
  await approveMarking(db, { connection, entity: step.slice(stepPrefix.length), by, now: clock.now() });
  return true;
}
