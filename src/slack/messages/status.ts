import type { Button, KnownBlock } from '@slack/types';
import { actions, bullets, button, code, context, type Drawn, line, rich, section } from './blocks.ts';
import { untilWords } from './pause.ts';
import type { FlowStatus, StatusFacts, StatusWord } from './status-facts.ts';
import { count, defused, escaped, listed, mention, named, sentence, spoken } from './text.ts';
import { moment, time } from './times.ts';

/** Worst first. */
const order = ['unknown', 'stopped', 'late', 'paused', 'needs', 'waiting', 'draft', 'running', 'fine'];
const severity = (state: StatusWord): number =>
  order.findIndex((word) => state === word || state.startsWith(`${word} `));

/** `/sync status`: every sync in a line or two, the worst first. Pure. */
export function drawStatus(facts: StatusFacts): Drawn {
  const flows = [...facts.flows].sort((a, b) => severity(a.state) - severity(b.state));
  const title = titleWords(flows, facts);
  const worst = flows[0];
  // With one sync its own line says it all.
  const blocks: KnownBlock[] = flows.length === 1 ? [] : [section('title', title)];
  for (const flow of flows) blocks.push(section(`flow.${flow.id}`, flowLines(flow, facts)));
  const others = flows.filter((flow) => !flow.mine);
  if (others.length > 0) blocks.push(context('owners', ownersWords(others)));
  const buttons = flows.slice(0, 5).map((flow) => seeButton(flow));
  if (buttons.length > 0) blocks.push(actions('see', buttons));
  if (worst) blocks.push(context('next', `Next: \`${escaped(facts.command)} status ${escaped(worst.id)}\``));
  return { text: spoken(title), blocks };
}

function titleWords(flows: readonly FlowStatus[], { now, zone }: StatusFacts): string {
  const checked = `(${time(zone, now)})`;
  if (flows.length === 0) return `*No syncs are set up yet.* ${checked}`;
  if (flows.every((flow) => flow.state === 'fine')) {
    return flows.length === 1
      ? `*${escaped(flows[0]?.name ?? '')}: fine* ${checked}`
      : `*All ${flows.length} syncs are fine* ${checked}`;
  }
  const groups = Map.groupBy(flows, (flow) => flow.state);
  return `*${listed([...groups].map(([state, list]) => `${list.length} ${escaped(state)}`))}* ${checked}`;
}

function flowLines(flow: FlowStatus, facts: StatusFacts): string {
  const { zone } = facts;
  const since = flow.since && flow.state !== 'fine' ? ` since ${time(zone, flow.since)}` : '';
  const head = `*${escaped(flow.name)}: ${escaped(flow.state)}*${flow.paused ? pausedWords(flow.paused, zone) : since}`;
  if (!flow.mine) return head;
  const quiet =
    flow.waiting.length === 0 &&
    flow.failed === 0 &&
    flow.alike === 0 &&
    flow.partial.n === 0 &&
    flow.backlog === null &&
    flow.short === null &&
    flow.proposed === null &&
    flow.aside === null;
  if (flow.state === 'fine' && quiet) return `*${escaped(flow.name)}: fine.* ${runWords(flow, zone)}`;
  const lines = [head];
  if (flow.problem)
    lines.push(
      `${sentence(defused(flow.problem.words))} (alert ${flow.problem.alert}).${takenWords(flow, zone)}`,
    );
  if (flow.decisions.open > 0) lines.push(decisionWords(flow, zone));
  if (flow.alike > 0) lines.push(alikeWords(flow));
  if (flow.proposed !== null) lines.push(proposedWords(flow, flow.proposed));
  if (flow.waiting.length > 0) lines.push(`${waitingWords(flow)}.`);
  if (flow.aside) lines.push(asideWords(flow, flow.aside));
  if (flow.failed > 0 || flow.partial.n > 0) lines.push(partialWords(flow, zone));
  if (flow.backlog) lines.push(backlogWords(flow, flow.backlog, zone));
  if (flow.short) lines.push(defused(flow.short));
  lines.push(runWords(flow, zone));
  return lines.join('\n');
}

const pausedWords = ({ by, at, until }: NonNullable<FlowStatus['paused']>, zone: string): string =>
  ` by ${escaped(by)} since ${moment(zone, at)}, ${untilWords(until, zone)}`;

function takenWords({ problem }: FlowStatus, zone: string): string {
  if (!problem?.takenBy) return '';
  const until = problem.takenUntil ? ` until ${time(zone, problem.takenUntil)}` : '';
  return ` ${mention(problem.takenBy)} is on it${until}.`;
}

function decisionWords({ decisions }: FlowStatus, zone: string): string {
  const oldest = decisions.oldest ? ` The oldest is from ${moment(zone, decisions.oldest)}.` : '';
  return `${count(decisions.open, 'decision waits', 'decisions wait')}.${oldest}`;
}

const proposedWords = ({ owners }: FlowStatus, version: number): string =>
  `Version ${version} of the agreement waits for ${mention(owners.business)} to approve it.`;

const alikeWords = ({ alike, noun }: FlowStatus): string =>
  `${count(alike, `pair of ${noun.many} looks`, `pairs of ${noun.many} look`)} alike: Truce asks whether they are one.`;

function waitingWords({ waiting, noun }: FlowStatus): string {
  const n = waiting.reduce((sum, reason) => sum + reason.n, 0);
  const reasons = waiting.map((reason) => `${escaped(reason.words)} ${reason.n}`).join(', ');
  return `${count(n, `${noun.one} waits`, `${noun.many} wait`)}: ${reasons}`;
}

/** What is in some system and not in all: found again by itself, and here counted. */
function backlogWords(
  { noun }: FlowStatus,
  { n, oldest, tries }: NonNullable<FlowStatus['backlog']>,
  zone: string,
): string {
  const tried = tries > 1 ? ` One was tried ${tries} times.` : '';
  return `${count(n, `${noun.one} is`, `${noun.many} are`)} still to be worked off, the oldest since ${time(zone, oldest)}.${tried}`;
}

function partialWords({ failed, partial, noun }: FlowStatus, zone: string): string {
  const next = partial.nextTryAt
    ? ` Truce tries again by itself, next at ${time(zone, partial.nextTryAt)}.`
    : '';
  return `${count(Math.max(failed, partial.n), noun.one, noun.many)} not saved everywhere.${next}`;
}

function asideWords(
  { noun }: FlowStatus,
  { fields, records, reference }: NonNullable<FlowStatus['aside']>,
): string {
  const of = `${count(fields, 'detail', 'details')} of ${count(records, noun.one, noun.many)}`;
  return `${of} put aside after an undo, the newest \`${reference}\`.`;
}

function runWords({ last, next }: FlowStatus, zone: string): string {
  const lastRun = last
    ? `Last ${time(zone, last.at)}, ${last.changed > 0 ? count(last.changed, 'change', 'changes') : 'nothing new'}.`
    : 'No run yet.';
  return `${lastRun}${next ? ` Next ${time(zone, next)}.` : ''}`;
}

const ownersWords = (flows: readonly FlowStatus[]): string => {
  const owners = [...new Set(flows.flatMap((flow) => [flow.owners.business, flow.owners.technical]))].map(
    mention,
  );
  return `You can read the state. Amounts and records are shown to the owners: ${owners.join(', ')}.`;
};

const seeButton = (flow: FlowStatus): Button =>
  button({
    action: `status_flow:${flow.id}`,
    label: `See ${flow.name}`,
    value: flow.id,
    says: `Status of ${flow.name}`,
  });

/** `/sync status customers`: one sync, with its reasons. Pure. */
export function drawFlowStatus(facts: StatusFacts, flow: FlowStatus): Drawn {
  const { zone, agreement, command } = facts;
  const since = flow.since && flow.state !== 'fine' ? ` since ${time(zone, flow.since)}` : '';
  const head = `*${escaped(flow.name)}: ${escaped(flow.state)}*${flow.paused ? pausedWords(flow.paused, zone) : since}\n${escaped(flow.between)}, ${escaped(flow.schedule)}, agreement ${agreement}`;
  const blocks: KnownBlock[] = [section('title', head)];
  if (flow.mine) {
    blocks.push(section('facts', detailLines(flow, zone).join('\n')));
    if (flow.stuck.length > 0) blocks.push(stuckList(flow));
    blocks.push(actions('do', detailButtons(flow)));
    const reference = flow.problem?.reference ?? flow.stuck[0]?.reference;
    const next = reference ? `${command} lookup ${reference}` : `${command} run ${flow.id}`;
    blocks.push(context('next', `Next: \`${escaped(next)}\``));
  } else {
    blocks.push(context('owners', ownersWords([flow])));
  }
  return { text: `${escaped(flow.name)}: ${escaped(flow.state)}`, blocks };
}

/** What somebody can take up, by its reference: the newest few, for there may be thousands. */
function stuckList({ stuck, waiting, failed }: FlowStatus): KnownBlock {
  const all = failed + waiting.reduce((sum, reason) => sum + reason.n, 0);
  const head = all > stuck.length ? `The newest ${stuck.length} of ${all}:` : 'They are:';
  const lines = stuck.map(({ title, why, reference }) =>
    line(`${named(title, 60)}: ${why}, `, code(reference)),
  );
  return rich('stuck', line(head), bullets(...lines));
}

function detailLines(flow: FlowStatus, zone: string): string[] {
  const { problem, owners, today } = flow;
  const lines: string[] = [];
  if (problem)
    lines.push(`*Why:* ${defused(problem.words)} (alert ${problem.alert}).${takenWords(flow, zone)}`);
  if (flow.decisions.open > 0) lines.push(`*Decisions:* ${decisionWords(flow, zone)}`);
  if (flow.proposed !== null) lines.push(`*Agreement:* ${proposedWords(flow, flow.proposed)}`);
  if (flow.alike > 0) lines.push(`*Same ${flow.noun.one}?* ${alikeWords(flow)}`);
  if (flow.waiting.length > 0) lines.push(`*Waiting:* ${waitingWords(flow)}.`);
  if (flow.aside) lines.push(`*Undone:* ${asideWords(flow, flow.aside)}`);
  if (flow.failed > 0 || flow.partial.n > 0)
    lines.push(`*Not saved everywhere:* ${partialWords(flow, zone)}`);
  if (flow.backlog) lines.push(`*To work off:* ${backlogWords(flow, flow.backlog, zone)}`);
  if (flow.short) lines.push(`*Calls:* ${defused(flow.short)}`);
  if (flow.last)
    lines.push(
      `*Last run:* ${moment(zone, flow.last.at)}, ${flow.last.changed > 0 ? count(flow.last.changed, 'change', 'changes') : 'nothing new'}.`,
    );
  if (flow.lastGood) lines.push(`*Last good run:* ${moment(zone, flow.lastGood)}.`);
  lines.push(flow.next ? `*Next run:* ${moment(zone, flow.next)}.` : '*Next run:* not known.');
  lines.push(
    `*Today:* ${count(today.runs, 'run', 'runs')}, ${today.settled} settled, ${today.decided} decided by people.`,
  );
  lines.push(`*Owners:* ${mention(owners.business)} (business), ${mention(owners.technical)} (technical).`);
  return lines;
}

/** "Pause…", or "Let it go on…" where it stands still. */
export const pauseButton = ({ id, name, paused }: Pick<FlowStatus, 'id' | 'name' | 'paused'>): Button =>
  paused
    ? button({
        action: 'resume_ask',
        label: 'Let it go on…',
        value: id,
        says: `Let ${named(name, 40)} go on; asks first`,
      })
    : button({ action: 'pause_ask', label: 'Pause…', value: id, says: `Pause ${named(name, 40)}; asks first` });

function detailButtons(flow: FlowStatus): Button[] {
  const run = button({ action: 'flow_run', label: 'Run now', value: flow.id, says: `Run ${flow.name} now` });
  const buttons = [...(flow.paused ? [] : [run]), pauseButton(flow)];
  const reference = flow.problem?.reference ?? flow.last?.reference;
  if (reference)
    buttons.push(
      button({
        action: 'change_log',
        label: 'Show log',
        value: reference,
        says: 'Show the log of the newest run',
      }),
    );
  return buttons;
}
