import { and, eq } from 'drizzle-orm';
import type { FieldValue } from '../../entities/field.ts';
import { type Change, moveChange, openChange, type Told, tell } from '../../ledger/changes.ts';
import type { Tx } from '../../ledger/db.ts';
import { announceCard, rank } from '../../ledger/outbox.ts';
import type { RecordState } from '../../ledger/records.ts';
import type { ChangeState, HoldReason } from '../../ledger/tables/changes.ts';
import { agreed, conflicts, exchangeChanges, pending } from '../../ledger/tables/index.ts';
import type { RunContext } from '../context.ts';
import { adoptKey } from '../identity/adopt-key.ts';
import { heldFields, observe, type Seen } from './observe.ts';
import type { PlannedField } from './plan.ts';

/** Carries a record's plan out in the ledger: bases, agreed values, questions, what is to be written, and the story of it. One transaction. True iff there was more to it than observing and agreeing. */
export async function carryOut(
  context: RunContext,
  tx: Tx,
  state: RecordState,
  planned: readonly PlannedField[],
  seen: readonly Seen[],
): Promise<boolean> {
  await observe(context, tx, state, seen, heldFields(state, planned));
  const steps = planned.filter(({ step }) => step.kind !== 'nothing');
  const agreements = steps.filter(({ step }) => step.kind === 'agree');
  for (const { view, step } of agreements) {
    if (step.kind === 'agree') await agree(context, tx, state, view.field.name, step.value, step.by, null);
  }
  if (steps.length === agreements.length) return false;
  await carryOutChange(context, tx, state, steps, seen);
  return true;
}

/** What differs and is not simply agreed makes, or joins, the record's open change. */
async function carryOutChange(
  context: RunContext,
  tx: Tx,
  state: RecordState,
  steps: readonly PlannedField[],
  seen: readonly Seen[],
): Promise<void> {
  const now = context.clock.now();
  const change = await openChange(tx, {
    recordId: state.record.id,
    flow: context.flow.id,
    subject: state.record.title,
    runId: context.run.id,
    agreementVersion: context.agreement.version,
    now,
  });
  const held =
    steps.map(({ step }) => (step.kind === 'hold' ? step.reason : null)).find((reason) => reason !== null) ??
    null;
  if (
    held !== null &&
    (change.hold === held || change.state === 'failed') &&
    steps.every(({ step }) => step.kind === 'hold' || step.kind === 'agree')
  )
    return;
  await linkExchanges(tx, change.id, seen);
  await tell(tx, opening(context, change, steps, seen, now));
  // That it was merged away somewhere is there to be seen until a person has looked.
  const merged =
    held === null && change.hold === 'merged' ? { hold: change.hold, holdDetail: change.holdDetail } : {};
  const next = await moveChange(tx, change.id, {
    state: stateAfter(state, steps),
    hold: held,
    ...merged,
    now,
  });
  for (const planned of steps) await carryOutStep(context, tx, state, next, planned);
  await announceCard(tx, { subject: `change:${change.id}`, flow: context.flow.id, rank: rank.decision, now });
}

function stateAfter(state: RecordState, steps: readonly PlannedField[]): ChangeState {
  const kinds = new Map(steps.map(({ view, step }) => [view.field.name, step.kind]));
  const stillOpen = [...state.conflicts.values()].some(
    (conflict) =>
      conflict.state === 'open' && !['withdraw', 'expire'].includes(kinds.get(conflict.field) ?? ''),
  );
  if (stillOpen || [...kinds.values()].includes('ask')) return 'asking';
  if (
    state.pending.size > 0 ||
    [...kinds.values()].includes('bring') ||
    [...kinds.values()].includes('expire')
  )
    return 'writing';
  return [...kinds.values()].includes('hold') ? 'held' : 'writing';
}

function opening(
  context: RunContext,
  change: Change,
  steps: readonly PlannedField[],
  seen: readonly Seen[],
  now: Date,
): Told[] {
  const names = steps.map(({ view }) => view.field.name);
  const reads = seen.map(({ connection, observation }) => ({
    changeId: change.id,
    at: now,
    kind: 'read' as const,
    connection,
    data: {
      vendorAt: observation.vendorAt,
      changed: steps
        .filter(({ view }) =>
          view.participants.some((p) => p.connection === connection && (p.changed || p.isNew)),
        )
        .map(({ view }) => view.field.name),
    },
  }));
  const compared = {
    changeId: change.id,
    at: now,
    kind: 'compared' as const,
    data: { fields: names, of: Object.keys(context.flow.fields).length },
  };
  return [...reads, compared];
}

async function carryOutStep(
  context: RunContext,
  tx: Tx,
  state: RecordState,
  change: Change,
  { view, step }: PlannedField,
): Promise<void> {
  const field = view.field.name;
  const now = context.clock.now();
  const line = { changeId: change.id, at: now, field };
  switch (step.kind) {
    case 'bring':
      await bring(tx, state, change, field, step.value, step.by, now);
      return tell(tx, [
        { ...line, kind: 'ruled', actor: step.by, data: { value: step.value, putBack: step.putBack } },
      ]);
    case 'ask':
      await setAside(tx, state, field, now);
      await ask(context, tx, state, change, field, step);
      return tell(tx, [
        { ...line, kind: 'asked', data: { options: step.options.map((option) => option.connection) } },
      ]);
    case 'move':
      await tx
        .update(conflicts)
        .set({ options: [...step.options], optionsRevision: change.revision })
        .where(eq(conflicts.id, state.conflicts.get(field)?.id ?? ''));
      return tell(tx, [{ ...line, kind: 'moved', data: {} }]);
    case 'withdraw':
      await closeConflict(tx, state, field, 'withdrawn', now);
      await agree(context, tx, state, field, step.value, 'same', change.id);
      return tell(tx, [
        { ...line, kind: 'withdrawn', data: { reason: 'the systems came to agree by themselves' } },
      ]);
    case 'expire':
      await closeConflict(tx, state, field, 'expired', now);
      if (step.value !== undefined) await bring(tx, state, change, field, step.value, 'rule:owner_wins', now);
      return tell(tx, [
        {
          ...line,
          kind: 'ruled',
          actor: 'rule:nobody_chose',
          data: { value: step.value ?? null, kept: step.value === undefined },
        },
      ]);
    case 'hold':
      return tell(tx, [{ ...line, kind: 'held', data: { reason: step.reason satisfies HoldReason } }]);
    default:
      return undefined;
  }
}

async function bring(
  tx: Tx,
  state: RecordState,
  change: Change,
  field: string,
  value: FieldValue | null,
  by: string,
  now: Date,
): Promise<void> {
  const row = { changeId: change.id, value, by, since: now };
  await tx
    .insert(pending)
    .values({ recordId: state.record.id, field, ...row })
    .onConflictDoUpdate({ target: [pending.recordId, pending.field], set: row });
}

async function ask(
  context: RunContext,
  tx: Tx,
  state: RecordState,
  change: Change,
  field: string,
  step: {
    readonly options: readonly (typeof conflicts.$inferInsert)['options'][number][];
    readonly agreedBefore: FieldValue | null;
  },
): Promise<void> {
  const terms = context.flow.fields[field];
  const now = context.clock.now();
  const hours = terms?.decideWithinHours;
  await tx.insert(conflicts).values({
    // One field may be asked about again within one change: the revision tells the questions apart.
    id: `${change.id}/${field}/${change.revision}`,
    changeId: change.id,
    recordId: state.record.id,
    flow: context.flow.id,
    field,
    state: 'open',
    options: [...step.options],
    optionsRevision: change.revision,
    agreedBefore: step.agreedBefore,
    openedAt: now,
    deadline: hours ? new Date(now.getTime() + hours * 3_600_000) : null,
    fallback: terms?.ifNobodyChooses ?? 'keep',
  });
  context.log.info(
    { event: 'decision_needed', reference: change.id, flow: context.flow.id },
    `${context.flow.name}: a decision is needed on ${labelOf(context, field)} of ${state.record.title}`,
  );
}

/** What was decided before, but overtaken by a newer edit before it was saved everywhere, is asked again. */
async function setAside(tx: Tx, state: RecordState, field: string, now: Date): Promise<void> {
  await closeConflict(tx, state, field, 'withdrawn', now);
  await tx.delete(pending).where(and(eq(pending.recordId, state.record.id), eq(pending.field, field)));
}

async function closeConflict(
  tx: Tx,
  state: RecordState,
  field: string,
  to: 'withdrawn' | 'expired',
  now: Date,
): Promise<void> {
  const conflict = state.conflicts.get(field);
  if (conflict)
    await tx.update(conflicts).set({ state: to, closedAt: now }).where(eq(conflicts.id, conflict.id));
}

/** The value on which all systems are now; whoever or whatever settled it is kept with it. */
export async function agree(
  context: RunContext,
  tx: Tx,
  state: RecordState,
  field: string,
  value: FieldValue | null,
  by: string,
  changeId: string | null,
): Promise<void> {
  const row = {
    value,
    settledAt: context.clock.now(),
    settledBy: by,
    changeId,
    agreementVersion: context.agreement.version,
  };
  await tx
    .insert(agreed)
    .values({ recordId: state.record.id, field, ...row })
    .onConflictDoUpdate({ target: [agreed.recordId, agreed.field], set: row });
  if (field === context.flow.matchBy) await adoptKey(context, tx, state.record.id, value);
}

async function linkExchanges(tx: Tx, changeId: string, seen: readonly Seen[]): Promise<void> {
  const ids = [...new Set(seen.flatMap((one) => one.exchangeId ?? []))];
  if (ids.length === 0) return;
  await tx
    .insert(exchangeChanges)
    .values(ids.map((exchangeId) => ({ changeId, exchangeId })))
    .onConflictDoNothing();
}

function labelOf(context: RunContext, field: string): string {
  return (context.entity.fields.find((candidate) => candidate.name === field)?.label ?? field).toLowerCase();
}
