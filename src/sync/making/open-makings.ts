import { createHash, randomUUID } from 'node:crypto';
import type { Needed } from '../../connectors/connector.ts';
import {
  type Change,
  type ChangeMove,
  moveChanges,
  openChanges,
  tell,
} from '../../ledger/changes/changes.ts';
import type { Tx } from '../../ledger/db.ts';
import { insertMany } from '../../ledger/many.ts';
import { type RecordState, underWay } from '../../ledger/records/records.ts';
import { closeIntents } from '../../ledger/sealing/evidence.ts';
import { intents } from '../../ledger/tables/index.ts';
import type { RunContext } from '../context.ts';
import type { CreateStep } from './decide-create.ts';
import type { Making } from './made.ts';
import { openingOf, waitsToBeMade, waitToBeMade } from './wait-to-be-made.ts';

/** What is to be done about a record in one system that lacks it. */
export interface PlannedStep {
  readonly connection: string;
  /** True while the system's own word counts that the name is taken. */
  readonly isRefused: boolean;
  readonly step: CreateStep;
  /** What it refers to, by the ids in that system. */
  readonly needs: readonly Needed[];
}

interface Planned {
  readonly state: RecordState;
  readonly steps: readonly PlannedStep[];
}

/** Commits what is about to be made, before it is sent, and lets wait what is not made yet; in a statement for each kind of row. */
export async function openMakings(
  context: RunContext,
  tx: Tx,
  planned: readonly Planned[],
): Promise<Making[]> {
  await waitToBeMade(
    context,
    tx,
    planned.map(({ state, steps }) => ({
      state,
      waits: steps.flatMap(({ connection, step }) => (step.kind === 'wait' ? [{ connection, step }] : [])),
    })),
  );
  const making = planned.filter(({ steps }) => steps.some(({ step }) => step.kind === 'make'));
  if (making.length === 0) return [];
  const now = context.clock.now();
  const opened = await openChanges(
    tx,
    making.map(({ state }) => openingOf(context, state, now)),
  );
  const open = making.flatMap((one) => {
    const change = opened.get(one.state.record.id);
    return change ? [{ ...one, change }] : [];
  });
  const sent = open.flatMap(({ state, steps, change }) =>
    steps.flatMap(({ connection, step, needs }): Making[] => {
      if (step.kind !== 'make') return [];
      const { id: recordId } = state.record;
      const about = { key: randomUUID(), changeId: change.id, recordId, connection };
      return [{ ...about, fields: step.fields, ...(needs.length > 0 ? { needs } : {}) }];
    }),
  );
  await storeIntents(context, tx, sent);
  await moveChanges(
    tx,
    open.map((one) => ({ id: one.change.id, ...moveOn(one, now) })),
  );
  return sent;
}

async function storeIntents(context: RunContext, tx: Tx, sent: readonly Making[]): Promise<void> {
  const now = context.clock.now();
  const rows = sent.map(({ key, needs, ...one }) => ({
    ...one,
    id: key,
    kind: 'create' as const,
    externalId: null,
    fields: { ...one.fields },
    before: {},
    payloadHash: createHash('sha256').update(JSON.stringify(one.fields)).digest('hex'),
    state: 'in_flight' as const,
    runId: context.run.id,
    agreementVersion: context.agreement.version,
    committedAt: now,
  }));
  await tx.execute(insertMany(intents, await closeIntents(tx, rows)));
  await tell(
    tx,
    sent.map(({ changeId, connection, fields }) => ({
      changeId,
      at: now,
      kind: 'sent',
      connection,
      data: { fields: Object.keys(fields), make: true },
    })),
  );
}

/** That it was missing is over where it is made; what it waits for in another system, or beside that, stays. */
function moveOn({ state, steps, change }: Planned & { readonly change: Change }, now: Date): ChangeMove {
  const stillWaits = steps.some(({ step, isRefused }) => step.kind === 'wait' || isRefused);
  const waits = stillWaits || !waitsToBeMade.includes(change.hold);
  return {
    state: underWay(state) ?? 'writing',
    hold: waits ? change.hold : null,
    holdDetail: waits ? change.holdDetail : null,
    now,
  };
}
