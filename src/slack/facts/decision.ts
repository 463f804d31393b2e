import type { Flow } from '../../agreement/agreement.ts';
import { actingName } from '../../agreement/deputies.ts';
import { takesPart } from '../../agreement/takes-part.ts';
import type { Entity, Field, FieldValue } from '../../entities/field.ts';
import { agreementVersion, bodyOf } from '../../ledger/agreement/agreements.ts';
import type { Change } from '../../ledger/changes/changes.ts';
import { type Approval, newestApprovals } from '../../ledger/questions/approvals.ts';
import { type Withdrawal, withdrawalsOf } from '../../ledger/questions/withdrawals.ts';
import { agreedOf, changeById, linksOf, newestIntents, questionsOf } from '../../ledger/records/lookup.ts';
import type { Conflict, Link } from '../../ledger/records/records.ts';
import { pauseOf } from '../../ledger/runs/pauses.ts';
import { erasureOfChange } from '../../ledger/sealing/erasures.ts';
import type { ConflictOption } from '../../ledger/tables/changes.ts';
import { type FactSources, flowOf } from '../deps.ts';
import type { DecisionFacts, FieldFacts, SaveFacts, ValueGroup } from '../messages/decision/facts.ts';
import { inSentence } from '../messages/text.ts';
import { deciderNames } from '../people.ts';
import { customFacts } from './case-law.ts';
import { fieldNamed, fromWords, showValue } from './fields.ts';
import { heldUpFacts } from './held-up.ts';
import { waitWords } from './holds.ts';
import { tugFacts } from './put-back.ts';
import { twoPeopleFacts } from './two-people.ts';
import { undoneFacts } from './undone.ts';

/** Everything that the message of a change shows, as the ledger has it now; null where change or flow are gone. */
export async function decisionFacts(
  sources: FactSources,
  changeId: string,
  drawing: number,
): Promise<DecisionFacts | null> {
  const { db, agreement, entity: entityNamed } = sources;
  const change = await changeById(db, changeId);
  const flow = change && (flowOf(agreement(), change.flow) ?? (await endedFlow(sources, change)));
  if (!change || !flow) return null;
  const entity = entityNamed(flow.entity);
  const { questions, ...known } = await knownOf(db, change);
  const about = { sources, flow, entity, ...known };
  const { links } = known;
  const fields = questions.map((question) => fieldFacts({ ...about, question }));
  const days = flow.forgetValuesAfterDays;
  const isErased = (await erasureOfChange(db, change.id)) !== null;
  const isOld = isErased || isForgotten(change, days, sources.clock.now());
  const facts: DecisionFacts = {
    changeId,
    revision: change.revision,
    drawing,
    title: change.subject,
    noun: entity.noun.one,
    flowName: flow.name,
    agreement: change.agreementVersion,
    zone: agreement().timeZone,
    state: change.state,
    waitsFor: change.hold ? waitWords(change.hold, flow, entity) : null,
    waitsDetail: change.holdDetail,
    deciders: deciderNames(flow),
    helper: actingName(flow.owners.technical),
    fields,
    heldUp: await heldUpFacts(sources, { changes: change.closedAt ? [] : [changeId] }),
    saves: await saveFacts(sources, entity, change, { links, fields: fields.map(({ name }) => name) }),
    tugs: await tugFacts(sources, flow, entity, change),
    locked: change.hold === 'locked' && change.closedAt === null,
    paused: await pausedFacts(sources, change),
    closedAt: change.closedAt,
    forgottenAfterDays: isOld && !isErased ? days : null,
    custom: await customFacts(sources, flow, change, fields),
    ...(await undoneFacts(sources, flow, change, fields)),
  };
  return isOld ? withoutValues(facts) : facts;
}

/** Whether what is decided waits for a sync that stands still. A write that has left comes to its end first. */
export async function pausedFacts(
  { db, clock }: FactSources,
  change: Change,
): Promise<{ readonly until: Date | null } | null> {
  const pause = change.closedAt ? null : await pauseOf(db, change.flow, clock.now());
  if (!pause) return null;
  const intents = await newestIntents(db, change.id);
  const isUnderWay = intents.some(({ state }) => state === 'in_flight' || state === 'unknown');
  return isUnderWay ? null : { until: pause.until };
}

/** What the ledger has of a change beside its row. */
async function knownOf(db: FactSources['db'], change: Change) {
  const [questions, links, beside, approvals, withdrawals] = await Promise.all([
    questionsOf(db, change.id),
    linksOf(db, change.recordId),
    agreedOf(db, change.recordId),
    newestApprovals(db, change.id),
    withdrawalsOf(db, change),
  ]);
  return { questions, links, beside, approvals, withdrawals };
}

const day = 24 * 3_600_000;

/** Channels are read by many, and for ever: what is over keeps its values in the ledger alone. */
const isForgotten = ({ closedAt }: Change, days: number, now: Date): boolean =>
  closedAt !== null && now.getTime() - closedAt.getTime() >= days * day;

/** Nothing of it can be read off a drawing any more, whoever draws it. */
function withoutValues(facts: DecisionFacts): DecisionFacts {
  const hide = <T extends { readonly hidden: boolean }>(all: readonly T[]): T[] =>
    all.map((one) => ({ ...one, hidden: true }));
  const { undone } = facts;
  return {
    ...facts,
    fields: hide(facts.fields).map((field) => ({
      ...field,
      groups: [],
      agreedBefore: null,
      chosen: field.chosen && { ...field.chosen, shown: null },
      withdrawn: field.withdrawn && { ...field.withdrawn, settledOn: null },
    })),
    undone: undone && { ...undone, back: hide(undone.back), left: hide(undone.left) },
    undoable: 'no',
    custom: null,
  };
}

/** A flow that the agreement has no more, as it was when the change was looked at last: its message tells that it ended. */
async function endedFlow({ db }: FactSources, change: Change): Promise<Flow | null> {
  const version = await agreementVersion(db, change.agreementVersion);
  return (version && bodyOf(version).flows[change.flow]) ?? null;
}

interface FieldInput {
  readonly sources: FactSources;
  readonly flow: Flow;
  readonly entity: Entity;
  readonly question: Conflict;
  readonly links: readonly Link[];
  readonly beside: Readonly<Record<string, FieldValue>>;
  /** The newest of each question. */
  readonly approvals: ReadonlyMap<string, Approval>;
  /** By field. */
  readonly withdrawals: ReadonlyMap<string, Withdrawal>;
}

function fieldFacts(input: FieldInput): FieldFacts {
  const { sources, flow, entity, question, approvals, withdrawals } = input;
  const field = fieldNamed(entity, question.field);
  const terms = flow.fields[question.field];
  const chosen = question.chosen;
  const groups = groupsOf(field, input);
  const show = (value: FieldValue | null) => showValue(field, value);
  const from = (source: string) => fromWords(source, sources.labels);
  const approval = approvals.get(question.id) ?? null;
  // Two people are never overruled by the clock, whatever the agreement said when they were asked.
  const isKept = terms?.twoPeople === true && question.fallback === 'owner_wins';
  return {
    name: question.field,
    label: field.label,
    hidden: field.class !== 'open',
    state: question.state,
    groups,
    agreedBefore: showValue(field, question.agreedBefore),
    deadline: question.deadline,
    fallback: isKept ? 'keep' : question.fallback,
    isLate: question.fallback === 'hold' && isOver(question, sources.clock.now()),
    ownerLabel: sources.labels(terms?.systemOfRecord ?? ''),
    chosen: chosen
      ? {
          shown: show(chosen.value),
          from: from(chosen.from),
          by: chosen.by,
          at: new Date(chosen.at),
          ...(chosen.first ? { first: chosen.first.by } : {}),
        }
      : null,
    twoPeople: twoPeopleFacts({ flow, field, question, approval, groups, show, from }),
    note: question.note,
    withdrawn: question.state === 'withdrawn' ? withdrawnFacts(withdrawals.get(question.field), show) : null,
  };
}

const isOver = ({ deadline }: Conflict, now: Date): boolean => deadline !== null && deadline <= now;

function withdrawnFacts(
  withdrawal: Withdrawal | undefined,
  show: (value: FieldValue | null) => string | null,
): FieldFacts['withdrawn'] {
  const { reason = null, settledOn } = withdrawal ?? {};
  return { reason, settledOn: settledOn === undefined ? null : { shown: show(settledOn) } };
}

/** One group for each distinct value, those that changed first. */
function groupsOf(field: Field, { question, links, beside, sources: { labels } }: FieldInput): ValueGroup[] {
  const key = (option: ConflictOption) =>
    `${option.asAgreed}:${option.value === null ? '' : `=${field.normal(option.value)}`}`;
  const groups = [...Map.groupBy(question.options, key).values()].map((same): ValueGroup => {
    const newest = [...same].sort((a, b) => (b.changedAt ?? '').localeCompare(a.changedAt ?? ''))[0];
    return {
      systems: same.map(({ connection }) => ({
        id: connection,
        label: labels(connection),
        url: links.find((link) => link.connection === connection)?.url ?? null,
      })),
      shown: showValue(field, same[0]?.value),
      odd: oddWords(field, same[0], beside),
      asAgreed: same[0]?.asAgreed ?? false,
      changedAt: newest?.changedAt ? new Date(newest.changedAt) : null,
      changedBy: newest?.changedBy ?? null,
    };
  });
  return groups.sort((a, b) => Number(a.asAgreed) - Number(b.asAgreed));
}

/** What was agreed before has been looked at by somebody, or was the same everywhere. */
function oddWords(field: Field, option: ConflictOption | undefined, beside: FieldInput['beside']) {
  const value = option?.asAgreed ? null : option?.value;
  return value === null || value === undefined ? null : (field.warning?.(value, beside) ?? null);
}

const outcomes = {
  in_flight: 'saving',
  done: 'saved',
  refused: 'refused',
  unknown: 'checking',
  abandoned: 'saving',
} as const;

async function saveFacts(
  { db, labels, agreement }: FactSources,
  entity: Entity,
  change: Change,
  { links, fields }: { readonly links: readonly Link[]; readonly fields: readonly string[] },
): Promise<SaveFacts[]> {
  const flow = flowOf(agreement(), change.flow);
  const intents = new Map((await newestIntents(db, change.id)).map((intent) => [intent.connection, intent]));
  // Before any write nobody knows who has it. Where the others were written and one was not, it had it.
  const wasWritten = change.state === 'settled' || (change.state === 'failed' && intents.size > 0);
  const isIn = (connection: string) => links.some((link) => link.connection === connection);
  // A system that takes part with none of what is told about it has nothing to confirm.
  const isMeant = (connection: string) =>
    fields.length === 0 || fields.some((field) => flow && takesPart(flow, field, connection));
  return (flow?.connections ?? [])
    .filter((connection) => intents.has(connection) || (isIn(connection) && isMeant(connection)))
    .map((connection): SaveFacts => {
      const intent = intents.get(connection);
      return {
        label: labels(connection),
        makes: intent?.kind === 'create',
        outcome: intent ? outcomes[intent.state] : wasWritten ? 'has_it' : 'saving',
        what: Object.keys(intent?.fields ?? {}).map((name) => inSentence(fieldNamed(entity, name).label)),
        reason: intent?.reason ?? null,
        unasked: intent?.unasked ?? false,
      };
    });
}
