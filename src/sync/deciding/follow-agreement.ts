import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Flow } from '../../agreement/agreement.ts';
import { agreementVersion, bodyOf } from '../../ledger/agreement/agreements.ts';
import { tell } from '../../ledger/changes/changes.ts';
import type { DbOrTx, Tx } from '../../ledger/db.ts';
import { announceCard, rank } from '../../ledger/posts/outbox.ts';
import type { RecordState } from '../../ledger/records/records.ts';
import { changes, conflicts, pending } from '../../ledger/tables/index.ts';
import { connectorOf, type RunContext } from '../context.ts';
import { newLimit } from './limits.ts';
import type { PlannedField } from './plan.ts';

/** A flow's terms in a version that a change was made under; null where it had no such flow. */
export type FormerTerms = (version: number) => Promise<Flow | null>;

/** Looks each version up once. */
export function formerTerms(db: DbOrTx, flow: string): FormerTerms {
  const known = new Map<number, Promise<Flow | null>>();
  const look = async (version: number) => {
    const row = await agreementVersion(db, version);
    return (row && bodyOf(row).flows[flow]) ?? null;
  };
  return (version) => {
    const found = known.get(version) ?? look(version);
    known.set(version, found);
    return found;
  };
}

/**
 * Takes a record's open change along into the agreement that is active now. A detail that the agreement no longer keeps in
 * step is neither asked about nor written any more; an open question gets the limit that the agreement gives it now. Returns the
 * record as it then is; its other fields are decided as ever, see {@link answerByTerms}.
 */
export async function followAgreement(
  context: RunContext,
  tx: Tx,
  state: RecordState,
  former: FormerTerms,
): Promise<RecordState> {
  const { change } = state;
  const { version } = context.agreement;
  if (!change || change.agreementVersion === version) return state;
  await tx.update(changes).set({ agreementVersion: version }).where(eq(changes.id, change.id));
  const left = [...new Set([...state.pending.keys(), ...state.conflicts.keys()])].filter(
    (field) => !context.flow.fields[field],
  );
  const stays = await withLimits(context, tx, state, await former(change.agreementVersion));
  return letGo(context, tx, stays, {
    fields: left,
    reason: () => 'the agreement no longer keeps this detail in step',
  });
}

/** Gives open questions their new limits, and shows them. */
async function withLimits(
  context: RunContext,
  tx: Tx,
  state: RecordState,
  before: Flow | null,
): Promise<RecordState> {
  const now = context.clock.now();
  const moved = [...state.conflicts.values()].flatMap((question) => {
    const terms = context.flow.fields[question.field];
    if (question.state !== 'open' || !terms) return [];
    const limit = newLimit(question, before?.fields[question.field], terms, now);
    return limit ? [{ ...question, ...limit }] : [];
  });
  if (moved.length === 0) return state;
  for (const { id, deadline, fallback } of moved)
    await tx.update(conflicts).set({ deadline, fallback }).where(eq(conflicts.id, id));
  await show(context, tx, state, now);
  return {
    ...state,
    conflicts: new Map([...state.conflicts, ...moved.map((one) => [one.field, one] as const)]),
  };
}

/**
 * Withdraws the questions that the agreement answers by itself now: the plan has an end for them, and it is not to ask. What an old
 * rule had on its way goes with them. Returns the record as it then is.
 */
export async function answerByTerms(
  context: RunContext,
  tx: Tx,
  state: RecordState,
  planned: readonly PlannedField[],
): Promise<RecordState> {
  const withStep = (...kinds: PlannedField['step']['kind'][]) =>
    new Set(planned.filter(({ step }) => kinds.includes(step.kind)).map(({ view }) => view.field.name));
  const stopped = [...withStep('hold').intersection(new Set(state.pending.keys()))];
  if (stopped.length > 0)
    await tx
      .delete(pending)
      .where(and(eq(pending.recordId, state.record.id), inArray(pending.field, stopped)));
  const decided = withStep('bring', 'hold');
  const fields = [...state.conflicts.values()]
    .filter(({ field, state: at }) => at === 'open' && decided.has(field))
    .map(({ field }) => field);
  return letGo(context, tx, state, { fields, reason: (field) => answered(context, field) });
}

interface LettingGo {
  readonly fields: readonly string[];
  readonly reason: (field: string) => string;
}

/** Withdraws questions, takes back what was on its way, and says why. */
async function letGo(
  context: RunContext,
  tx: Tx,
  state: RecordState,
  { fields, reason }: LettingGo,
): Promise<RecordState> {
  const { change } = state;
  if (!change || fields.length === 0) return state;
  const now = context.clock.now();
  const those = [...fields];
  await tx.delete(pending).where(and(eq(pending.recordId, state.record.id), inArray(pending.field, those)));
  for (const field of those) {
    await tx
      .update(conflicts)
      .set({ state: 'withdrawn', closedAt: now, note: reason(field) })
      .where(
        and(eq(conflicts.recordId, state.record.id), eq(conflicts.field, field), isNull(conflicts.closedAt)),
      );
  }
  await tell(
    tx,
    those.map((field) => ({
      changeId: change.id,
      at: now,
      kind: 'withdrawn',
      field,
      data: { reason: reason(field) },
    })),
  );
  await show(context, tx, state, now);
  const kept = <T>(map: ReadonlyMap<string, T>) =>
    new Map([...map].filter(([field]) => !those.includes(field)));
  return { ...state, pending: kept(state.pending), conflicts: kept(state.conflicts) };
}

const show = (context: RunContext, tx: Tx, { change }: RecordState, now: Date): Promise<void> =>
  announceCard(tx, { subject: `change:${change?.id}`, flow: context.flow.id, rank: rank.decision, now });

/** Why nobody is asked any more, in words for those who were. */
function answered(context: RunContext, field: string): string {
  const terms = context.flow.fields[field];
  const head = `version ${context.agreement.version} of the agreement asks nobody here`;
  switch (terms?.rule) {
    case 'overwrite':
    case 'read_only':
      return `${head}: ${connectorOf(context, terms.systemOfRecord).label} decides`;
    case 'latest':
      return `${head}: the newest change counts`;
    default:
      return `${head}: what changed in one system alone goes to the others`;
  }
}
