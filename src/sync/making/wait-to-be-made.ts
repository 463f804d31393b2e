import { moveChange, openChange, tell } from '../../ledger/changes.ts';
import type { Tx } from '../../ledger/db.ts';
import { announceCard, rank } from '../../ledger/outbox.ts';
import { type RecordState, underWay } from '../../ledger/records.ts';
import type { HoldReason } from '../../ledger/tables/changes.ts';
import { connectorOf, type RunContext } from '../context.ts';
import type { CreateStep } from './decide-create.ts';

type Wait = CreateStep & { readonly kind: 'wait' };

/** A system in which a record is missing, and why it is not made there yet. */
interface WaitingIn {
  readonly connection: string;
  readonly step: Wait;
}

/** What a record waits for while it is missing somewhere; the first that applies is what people are told. */
export const waitsToBeMade: readonly (HoldReason | null)[] = ['first_load', 'name_taken', 'not_linked'];

/**
 * Holds a record that is missing in systems and is not made there yet, and says why, once. What else is under way with it goes
 * on; what else it waits for stays what it waits for.
 */
export async function waitToBeMade(
  context: RunContext,
  tx: Tx,
  state: RecordState,
  waits: readonly WaitingIn[],
): Promise<void> {
  const reasons = new Set<HoldReason | null>(waits.map(({ step }) => step.reason));
  const own = waitsToBeMade.find((reason) => reasons.has(reason)) ?? null;
  if (own === null) return;
  const hold = outranks(context, state.change?.hold ?? null) ? (state.change?.hold ?? null) : own;
  const told = waits.map((wait) => ({ ...wait, detail: detailOf(context, wait) }));
  const holdDetail = told.map(({ detail }) => detail).join('; ');
  if (state.change?.hold === hold && state.change.holdDetail === holdDetail) return;
  const now = context.clock.now();
  const change = await openChange(tx, {
    recordId: state.record.id,
    flow: context.flow.id,
    subject: state.record.title,
    runId: context.run.id,
    agreementVersion: context.agreement.version,
    now,
  });
  await tell(
    tx,
    told.map(({ connection, step: { reason }, detail }) => ({
      changeId: change.id,
      at: now,
      kind: 'held',
      connection,
      data: { reason, detail, ...(reason === 'first_load' ? { missing: true } : {}) },
    })),
  );
  await moveChange(tx, change.id, { state: underWay(state) ?? 'held', hold, holdDetail, now });
  await announceCard(tx, { subject: `change:${change.id}`, flow: context.flow.id, rank: rank.decision, now });
}

/** A field that something else keeps writing, or one that waits for the approval too. */
const outranks = ({ firstLoadApproved }: RunContext, hold: HoldReason | null): boolean =>
  hold === 'tug_of_war' || (hold === 'first_load' && !firstLoadApproved);

function detailOf(context: RunContext, { connection, step }: WaitingIn): string {
  const { label } = connectorOf(context, connection);
  switch (step.reason) {
    case 'first_load':
      return `to be made in ${label}`;
    case 'not_linked':
      return `not in ${label}, and without a name to make it with`;
    case 'name_taken': {
      const key = context.entity.fields.find((field) => field.name === context.flow.matchBy)?.label ?? 'key';
      const { title, hasKey } = step.namesake;
      return `${label} has “${title}” already, ${hasKey ? `under another ${key}` : `without a valid ${key}`}`;
    }
  }
}
