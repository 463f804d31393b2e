import { moveChanges, type Opening, openChanges, type Told, tell } from '../../ledger/changes/changes.ts';
import { announceHolders } from '../../ledger/changes/held-up.ts';
import type { Tx } from '../../ledger/db.ts';
import { redrawCards } from '../../ledger/posts/outbox.ts';
import { type RecordState, underWay } from '../../ledger/records/records.ts';
import type { NamedRecord } from '../../ledger/sealing/named-records.ts';
import type { HoldReason } from '../../ledger/tables/changes.ts';
import { connectorOf, type RunContext } from '../context.ts';
import { labelsIn } from '../writing/barriers.ts';
import { barrierWords, neededRecords } from '../writing/decide-order.ts';
import type { CreateStep } from './decide-create.ts';

type Wait = CreateStep & { readonly kind: 'wait' };

/** A system in which a record is missing, and why it is not made there yet. */
interface WaitingIn {
  readonly connection: string;
  readonly step: Wait;
}

/** What a record waits for while it is missing somewhere; the first that applies is what people are told. */
export const waitsToBeMade: readonly (HoldReason | null)[] = [
  'first_load',
  'name_taken',
  'maybe_same',
  'not_linked',
  'waits_for_other',
];

/** A record that is missing in systems and is not made there yet, and why not. */
export interface WaitsToBeMade {
  readonly state: RecordState;
  readonly waits: readonly WaitingIn[];
}

/**
 * Holds records that are missing in systems and are not made there yet, and says why, once. What else is under way with them goes
 * on; what else they wait for stays what they wait for.
 */
export async function waitToBeMade(
  context: RunContext,
  tx: Tx,
  all: readonly WaitsToBeMade[],
): Promise<void> {
  const now = context.clock.now();
  const news = all.flatMap((one) => {
    const hold = holdOf(context, one);
    return hold ? [{ ...one, ...hold }] : [];
  });
  if (news.length === 0) return;
  const opened = await openChanges(
    tx,
    news.map(({ state }) => openingOf(context, state, now)),
  );
  const held = news.map((one) => ({ ...one, id: opened.get(one.state.record.id)?.id ?? '' }));
  await tell(
    tx,
    held.flatMap(({ id, waits }) => waits.map((wait) => toldOf(context, id, wait, now))),
  );
  await moveChanges(
    tx,
    held.map(({ id, state, hold, holdDetail }) => {
      return { id, state: underWay(state) ?? 'held', hold, holdDetail, now };
    }),
  );
  await redrawCards(
    tx,
    held.map(({ id }) => `change:${id}`),
  );
  const waiting = held.flatMap(({ state, hold }) => (hold === 'waits_for_other' ? [state.record.id] : []));
  await announceHolders(tx, { flows: Object.values(context.agreement.flows), waiting, now });
}

/** The hold that they come to; null where there is none, or it is known. */
function holdOf(
  context: RunContext,
  { state: { change, pending }, waits }: WaitsToBeMade,
): { readonly hold: HoldReason | null; readonly holdDetail: string } | null {
  const reasons = new Set<HoldReason | null>(waits.map(({ step }) => step.reason));
  const own = waitsToBeMade.find((reason) => reasons.has(reason)) ?? null;
  // That nothing of it may be written where it is was said last: what it lacks elsewhere is said once that is over.
  const isKeptBack = change?.hold === 'locked' || change?.hold === 'waits_for_other';
  if (own === null || (isKeptBack && change.state === 'held' && pending.size > 0)) return null;
  const hold = outranks(context, change?.hold ?? null) ? (change?.hold ?? null) : own;
  const holdDetail = detailOf(context, waits);
  return change?.hold === hold && change.holdDetail === holdDetail ? null : { hold, holdDetail };
}

/** The change that a record's waiting, or making, belongs to. */
export const openingOf = (
  { flow, run, agreement }: RunContext,
  { record }: RecordState,
  now: Date,
): Opening => ({
  recordId: record.id,
  flow: flow.id,
  subject: record.title,
  runId: run.id,
  agreementVersion: agreement.version,
  now,
});

const toldOf = (context: RunContext, changeId: string, wait: WaitingIn, at: Date): Told => ({
  changeId,
  at,
  kind: 'held',
  connection: wait.connection,
  data: {
    reason: wait.step.reason,
    detail: detailOf(context, [wait]),
    ...(wait.step.reason === 'first_load' ? { missing: true } : {}),
  },
  others: othersOf(wait.step),
});

/** Whom the words name. */
function othersOf(step: Wait): NamedRecord[] {
  switch (step.reason) {
    case 'maybe_same':
      return [{ id: step.recordId, title: step.title }];
    case 'name_taken':
      return [{ id: step.namesake.recordId, title: step.namesake.title }];
    case 'waits_for_other':
      return neededRecords(step.needs);
    default:
      return [];
  }
}

/** A field that something else keeps writing, or one that waits for the approval too. */
const outranks = ({ firstLoadApproved }: RunContext, hold: HoldReason | null): boolean =>
  hold === 'tug_of_war' || (hold === 'first_load' && !firstLoadApproved);

/** What is to be said of it: one phrase for the systems in which it waits for the same. */
function detailOf(context: RunContext, waits: readonly WaitingIn[]): string {
  const { connections } = context.flow;
  const inOrder = connections.flatMap((id) => waits.filter(({ connection }) => connection === id));
  const alike = Map.groupBy(inOrder, ({ connection, step }) => {
    if (step.reason === 'waits_for_other') return `${step.reason} ${connection}`;
    return step.reason === 'name_taken' ? `${step.namesake.title} ${step.namesake.hasKey}` : step.reason;
  });
  return [...alike.values()].flatMap((some) => phraseOf(context, some)).join('; ');
}

function phraseOf(context: RunContext, waits: readonly WaitingIn[]): string[] {
  const [first] = waits;
  if (!first) return [];
  const labels = waits.map(({ connection }) => connectorOf(context, connection).label);
  const { step } = first;
  switch (step.reason) {
    case 'first_load':
      return [`to be made in ${labels.join(' and ')}`];
    case 'not_linked':
      return [`not in ${labels.join(' or ')}, and without a name to make it with`];
    case 'waits_for_other': {
      const words = { labels: labelsIn(context), timeZone: context.agreement.timeZone };
      return [barrierWords(first.connection, { kind: step.reason, needs: step.needs }, words)];
    }
    case 'maybe_same':
      return [
        `it may be “${step.title}”, which ${labels.join(' and ')} ${labels.length > 1 ? 'have' : 'has'}: a person is asked`,
      ];
    case 'name_taken': {
      const key = context.entity.fields.find((field) => field.name === context.flow.matchBy)?.label ?? 'key';
      const { title, hasKey } = step.namesake;
      const have = labels.length > 1 ? 'have' : 'has';
      const under = hasKey ? `under another ${key}` : `without a valid ${key}`;
      return [`${labels.join(' and ')} ${have} “${title}” already, ${under}`];
    }
  }
}
