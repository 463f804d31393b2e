import type { Flow } from '../../agreement/agreement.ts';
import { type AgreementVersion, openProposal } from '../../ledger/agreement/agreements.ts';
import { wordOf, wordsFor } from '../../ledger/agreement/proposals.ts';
import { putAsideIn } from '../../ledger/changes/field-holds.ts';
import { budgetLeft } from '../../ledger/connections/budget-left.ts';
import { newestProof } from '../../ledger/money/proofs.ts';
import { countOpenLikenesses } from '../../ledger/questions/likenesses.ts';
import type { Run } from '../../ledger/records/lookup.ts';
import { type Backlog, backlogOf, wholeOf } from '../../ledger/runs/backlog.ts';
import { flowNumbers, oldestDecisionPost, postedAt } from '../../ledger/runs/flow-numbers.ts';
import { type FlowState, flowState } from '../../ledger/runs/flow-status.ts';
import { isStanding, lastPause, type Pause, wentOn } from '../../ledger/runs/pauses.ts';
import { isFirstLoadApproved } from '../../ledger/runs/runs.ts';
import { nextSlot } from '../../slots.ts';
import type { FactSources } from '../deps.ts';
import { problemWords } from '../messages/alert/problem-words.ts';
import { proofHead } from '../messages/money-proof/words.ts';
import type { FlowStatus, StatusFacts, StatusWord } from '../messages/status/facts.ts';
import { listed } from '../messages/text.ts';
import { decidersOf } from '../people.ts';
import { heldUpByFlow } from './held-up.ts';
import { waitSentence, waitWords } from './holds.ts';
import { nameOf } from './rollback.ts';

/** A flow whose runner has been silent for this many missed slots beyond its own limit is unknown, whatever it last said. */
const silentSlots = 3;

interface Asker {
  readonly id: string;
  readonly command: string;
  /** Flows whose records the asker may read. */
  readonly mine: readonly Flow[];
}

/** How these flows stand, for one asker. */
export async function statusFacts(
  sources: FactSources,
  flows: readonly Flow[],
  asker: Asker,
): Promise<StatusFacts> {
  const active = sources.agreement();
  const now = sources.clock.now();
  const mine = flows.flatMap(({ id }) => (asker.mine.some((flow) => flow.id === id) ? [id] : []));
  const heldUp = await heldUpByFlow(sources, mine);
  return {
    now,
    zone: active.timeZone,
    agreement: active.version,
    command: asker.command,
    flows: await Promise.all(
      flows.map(async (flow) => ({
        ...(await flowStatus(sources, flow, asker, now)),
        ...(mine.includes(flow.id)
          ? { heldUp: heldUp.each(flow.id), ...(await moneyOf(sources, flow)) }
          : {}),
      })),
    ),
    heldUp: heldUp.decisions,
  };
}

/** What the last look at the money of a flow found. */
async function moneyOf({ db }: FactSources, flow: Flow): Promise<Pick<FlowStatus, 'money'>> {
  const proof = flow.moneyProof === null ? null : await newestProof(db, flow.id);
  return proof ? { money: { at: proof.at, words: proofHead(proof.found) } } : {};
}

/** What takes some counting, and only owners are told. */
async function numbersOf(
  { db, agreement, labels, linkTo }: FactSources,
  flow: Flow,
  { now, alert }: { now: Date; alert: number | null },
): Promise<Pick<FlowStatus, 'usual' | 'arrival' | 'week' | 'calls' | 'links'>> {
  const { timeZone, connections } = agreement();
  const [{ usual, arrival, week }, decision, problem] = await Promise.all([
    flowNumbers(db, flow.id, { now, zone: timeZone }),
    oldestDecisionPost(db, flow.id),
    alert === null ? null : postedAt(db, `incident:${alert}`),
  ]);
  const counted = flow.connections.flatMap((id) => {
    const terms = connections[id];
    return terms && terms.system !== 'postgresql' && terms.system !== 'csv' ? [terms] : [];
  });
  const calls = counted.map(async (terms) => {
    const { day } = await budgetLeft(db, terms, { now, timeZone });
    return { label: labels(terms.id), left: day, perDay: terms.callsPerDay };
  });
  const weekday = now.toLocaleDateString('en-AU', { timeZone, weekday: 'long' });
  return {
    usual: usual && { from: usual.from, to: usual.to, weekday: usual.sameWeekday ? weekday : null },
    arrival,
    week,
    calls: await Promise.all(calls),
    links: {
      decision: decision && (linkTo?.(decision) ?? null),
      alert: problem && (linkTo?.(problem) ?? null),
    },
  };
}

const noNumbers = {
  usual: null,
  arrival: null,
  week: { moved: 0, asked: 0 },
  calls: [],
  links: { decision: null, alert: null },
} as const;

/** Which owners of the flow have not said yes to it yet; null where it waits for none of them. */
function proposedTo(proposal: AgreementVersion, flow: Flow): FlowStatus['proposed'] {
  const left = wordsFor(proposal).filter((word) => word.flow === flow.id && !wordOf(proposal, word));
  const waitsFor = [...new Set(left.map(({ as }) => flow.owners[as].slack))];
  return left.length > 0 ? { version: proposal.version, waitsFor } : null;
}

async function flowStatus(sources: FactSources, flow: Flow, asker: Asker, now: Date): Promise<FlowStatus> {
  const { db, labels, agreement } = sources;
  const dayStart = startOfDay(agreement().timeZone, now);
  const [state, approved, aside, alike, backlog, proposal, newest] = await Promise.all([
    flowState(db, flow.id, { now, dayStart }),
    isFirstLoadApproved(db, flow.id),
    putAsideIn(db, flow.id),
    countOpenLikenesses(db, flow.id),
    backlogOf(db, flow),
    openProposal(db),
    lastPause(db, flow.id),
  ]);
  const entity = sources.entity(flow.entity);
  const { problem, last } = state;
  const pause = isStanding(newest, now) ? newest : null;
  const mine = asker.mine.some(({ id }) => id === flow.id);
  const words = problem
    ? problemWords({
        cause: problem.cause,
        system: problem.connection ? labels(problem.connection) : null,
        flowName: flow.name,
        channel: flow.channel,
        field: problem.data.field ?? null,
        fewer: problem.data.fewer ?? false,
        credentialsNote: null,
      })
    : '';
  return {
    id: flow.id,
    name: flow.name,
    ...wordFor({ flow, state, approved, asker, now, pause, since: wentOn(newest, now) }),
    paused: pause && { by: nameOf(agreement(), pause.by), at: pause.at, until: pause.until },
    noun: entity.noun,
    between: listed(flow.connections.map(labels)),
    schedule: scheduleWords(flow.schedule.cron),
    problem: problem
      ? {
          words,
          alert: problem.id,
          reference: problem.correlationId,
          takenBy: problem.acknowledgedBy,
          takenUntil: problem.acknowledgedUntil,
        }
      : null,
    proposed: proposal && proposedTo(proposal, flow),
    decisions: state.decisions,
    alike,
    waiting: state.waiting.map(({ reason, n }) => ({ words: waitWords(reason, flow, entity), n })),
    aside: aside.rollbacks[0] ? { ...aside, reference: aside.rollbacks[0] } : null,
    failed: state.failed,
    partial: state.partial,
    backlog: notable(backlog, now),
    short: shortWords(state.running ?? last),
    stuck: state.stuck.map(({ id, subject, recordId, hold, holdDetail }) => ({
      title: recordId ? subject : `One of ${labels(subject.slice(0, subject.indexOf(':')))}`,
      why: waitSentence({ hold, holdDetail }, flow, entity) ?? 'not saved everywhere',
      reference: id,
    })),
    last: last
      ? {
          at: last.finishedAt ?? last.startedAt,
          changed: last.counts?.changed ?? 0,
          reference: last.correlationId,
        }
      : null,
    lastGood: state.lastGood?.finishedAt ?? null,
    // Nothing is due while it stands still; then whatever comes first.
    next: pause ? pause.until : nextSlot(flow.schedule.cron, flow.schedule.timeZone, now),
    today: state.today,
    owners: { business: flow.owners.business.slack, technical: flow.owners.technical.slack },
    standIns: {
      business: flow.owners.business.standIn?.slack ?? null,
      technical: flow.owners.technical.standIn?.slack ?? null,
    },
    ...(mine ? await numbersOf(sources, flow, { now, alert: problem?.id ?? null }) : noNumbers),
    mine,
  };
}

/** Fewer than this, or none that has waited for so long (in ms), are what any run works off. */
const worthALine = { records: 50, ageMs: 5 * 60_000 };

function notable(backlog: Backlog, now: Date): FlowStatus['backlog'] {
  const { waiting, oldest } = wholeOf(backlog);
  if (waiting < worthALine.records || !oldest || now.getTime() - oldest.getTime() < worthALine.ageMs)
    return null;
  return { n: waiting, oldest, tries: backlog.retries.most };
}

/** What a run said at its start, and still holds: it is under way, or parked until there are calls again. */
function shortWords(run: Pick<Run, 'state' | 'notes'> | null): string | null {
  if (run?.state !== 'running' && run?.state !== 'parked') return null;
  const said = (run.notes ?? []).flatMap((note) => (note.kind === 'budget_short' ? [note.message] : []));
  return said.length > 0 ? said.join(' ') : null;
}

/** Problems beside which the runs go on. */
const goesOn: ReadonlySet<string> = new Set(['room', 'drift', 'connection']);
/** Problems of the data: the runs go on, and yet nobody should take the flow for fine. */
const needsALook: ReadonlySet<string> = new Set([
  'partial',
  'zero_rows',
  'safety_stop',
  'loss',
  'backlog',
  'volume',
  'refusals',
]);
/** What waits for the word of somebody who may decide. */
const waitsForWord: ReadonlySet<string> = new Set(['safety_stop', 'gone']);

interface WordInput {
  readonly flow: Flow;
  readonly state: FlowState;
  readonly approved: boolean;
  readonly asker: Asker;
  readonly now: Date;
  readonly pause: Pause | null;
  /** When it last went on after a pause. */
  readonly since: Date | null;
}

/** The one state word of a flow, and since when: the worst that is true. */
function wordFor({ flow, state, approved, asker, now, pause, since }: WordInput): {
  state: StatusWord;
  since: Date | null;
} {
  const { problem, running, last, decisions, waiting } = state;
  if (pause) return { state: 'paused', since: pause.at };
  if (problem && (problem.cause === 'late' || problem.cause === 'stuck'))
    return { state: 'late', since: problem.openedAt };
  const looks = problem !== null && needsALook.has(problem.cause);
  if (problem && !looks && !goesOn.has(problem.cause)) return { state: 'stopped', since: problem.openedAt };
  const lastHeard = running?.startedAt ?? last?.finishedAt ?? last?.startedAt ?? null;
  const heard = lastHeard && since && since > lastHeard ? since : lastHeard;
  if (heard && isSilent(flow, heard, now)) return { state: 'unknown', since: heard };
  const waitsForApproval = waiting.some(
    ({ reason }) => waitsForWord.has(reason) || (reason === 'first_load' && !approved),
  );
  if (decisions.open > 0 || waitsForApproval) {
    const word = decidersOf(flow).includes(asker.id) ? 'waiting for you' : 'waiting for the business owner';
    return { state: word, since: null };
  }
  if (looks) return { state: 'needs a look', since: problem.openedAt };
  if (running) return { state: 'running', since: running.startedAt };
  return { state: last ? 'fine' : 'draft', since: null };
}

/** Nothing was heard of the flow although several of its slots have passed. */
function isSilent(flow: Flow, heard: Date, now: Date): boolean {
  let due: Date | null = heard;
  for (let missed = 0; missed < silentSlots && due; missed++)
    due = nextSlot(flow.schedule.cron, flow.schedule.timeZone, due);
  return due !== null && now.getTime() > due.getTime() + flow.lateAfterMinutes * 60_000;
}

const startOfDay = (zone: string, now: Date): Date =>
  new Date(
    Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone).startOfDay()
      .epochMilliseconds,
  );

/** The usual schedules in words, any other as it is written. */
function scheduleWords(cron: string): string {
  const [minute = '', hour = '', ...rest] = cron.trim().split(/\s+/);
  if (rest.join(' ') !== '* * *') return `at “${cron}”`;
  if (minute === '*' && hour === '*') return 'every minute';
  const step = /^\*\/(\d+)$/.exec(minute);
  if (step && hour === '*') return `every ${step[1]} minutes`;
  if (/^\d+$/.test(minute) && hour === '*') return 'every hour';
  if (/^\d+$/.test(minute) && /^\d+$/.test(hour)) return `every day at ${hour}:${minute.padStart(2, '0')}`;
  return `at “${cron}”`;
}
