import { type Field, same } from '../../entities/field.ts';
import { goneAway } from '../../ledger/records/absences.ts';
import type { Link, RecordState } from '../../ledger/records/records.ts';
import { connectorOf, projector, type RunContext } from '../context.ts';
import type { FieldHistory, Option } from '../decide-step.ts';
import { mergedAway } from '../identity/merged.ts';
import type { PutAside } from '../rolling-back/put-aside.ts';
import { statusField } from '../status.ts';
import type { Seen } from './observe.ts';
import type { PlanInput } from './plan.ts';
import type { PutBacks } from './put-backs.ts';

/** What has to be known of a flow, beside its records, to plan them. */
export type Planning = Pick<RunContext, 'flow' | 'entity' | 'connectors' | 'clock' | 'firstLoadApproved'>;

/** By field, what the ledger's story says of a record. */
export interface Past {
  readonly putBacks: ReadonlyMap<string, PutBacks> | undefined;
  readonly leftApart: ReadonlyMap<string, readonly Option[]> | undefined;
  readonly putAside?: ReadonlyMap<string, PutAside> | undefined;
}

function historyOf(state: RecordState, field: Field, past: Past): FieldHistory {
  const putBacks = past.putBacks?.get(field.name);
  const settled = state.agreed.get(field.name);
  const conflict = state.conflicts.get(field.name);
  const value = settled?.value ?? null;
  return {
    agreed: settled ? value : undefined,
    isAgreedUnasked: settled?.settledBy === 'same',
    pending: state.pending.get(field.name) ?? null,
    question: conflict?.state === 'open' ? conflict : null,
    leftApart: past.leftApart?.get(field.name),
    putBacks: putBacks?.values.filter((one) => same(field, one, value)).length ?? 0,
    isHeld: putBacks?.held ?? false,
    putAside: past.putAside?.get(field.name) ?? null,
  };
}

/** What a record's plan is made from: all that the ledger has of it, and what was just read. */
export function planInput(
  context: Planning,
  state: RecordState,
  seen: readonly Seen[],
  past: Past,
): PlanInput {
  const observations = new Map(seen.map((one) => [one.connection, one.observation]));
  const isArchived = (link: Link) => observations.get(link.connection)?.archived ?? link.archived;
  // What is gone from a system is neither heard there nor archived: it may come back as it was.
  const present = state.links.filter((link) => link.how !== goneAway);
  const inUse = present.filter((link) => !isArchived(link));
  const counted = context.flow.fields[statusField] ? present : inUse;
  return {
    entity: context.entity,
    flow: context.flow,
    // In the agreement's order, so that people find the same button in the same place.
    connections: context.flow.connections.filter((id) => counted.some((link) => link.connection === id)),
    bases: state.bases,
    basesAt: new Map(
      counted.flatMap(({ connection, vendorAt }) => (vendorAt ? [[connection, vendorAt.toISOString()]] : [])),
    ),
    back: new Set(inUse.filter((link) => link.archived).map((link) => link.connection)),
    archived: new Set(
      present.filter((link) => isArchived(link) && link.how !== mergedAway).map((link) => link.connection),
    ),
    readOnly: new Set(context.flow.connections.filter((id) => !connectorOf(context, id).canUpdate)),
    observations,
    history: (field) => historyOf(state, field, past),
    project: projector(context),
    firstLoadApproved: context.firstLoadApproved,
    now: context.clock.now(),
  };
}
