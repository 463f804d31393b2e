import type { Button, KnownBlock } from '@slack/types';
import {
  actions,
  bullets,
  button,
  code,
  context,
  type Drawn,
  line,
  linkButton,
  rich,
  section,
} from '../blocks.ts';
import { holdUpWords } from '../decision/held-up.ts';
import { count, defused, escaped, listed, mention, named, sentence, spoken } from '../text.ts';
import { moment, time } from '../times.ts';
import type { FlowStatus, StatusFacts, StatusWord } from './facts.ts';
import {
  alikeWords,
  arrivalWords,
  asideWords,
  backlogWords,
  callsWords,
  decisionWords,
  partialWords,
  proposedWords,
  runWords,
  stateWords,
  takenWords,
  usualWords,
  waitingWords,
} from './words.ts';

/** Worst first. */
const order = ['unknown', 'stopped', 'late', 'paused', 'needs', 'waiting', 'draft', 'running', 'fine'];
const severity = (state: StatusWord): number =>
  order.findIndex((word) => state === word || state.startsWith(`${word} `));

export const worstFirst = (flows: readonly FlowStatus[]): FlowStatus[] =>
  [...flows].sort((a, b) => severity(a.state) - severity(b.state));

/** `/sync status`: every sync in a line or two, the worst first. Pure. */
export function drawStatus(facts: StatusFacts): Drawn {
  const flows = worstFirst(facts.flows);
  const title = titleWords(flows, facts).concat(holdsLine(facts));
  const worst = flows[0];
  // With one sync its own line says it all.
  const blocks: KnownBlock[] = flows.length === 1 ? [] : [section('title', title)];
  for (const flow of flows) blocks.push(section(`flow.${flow.id}`, flowLines(flow, facts)));
  const others = flows.filter((flow) => !flow.mine);
  if (others.length > 0) blocks.push(context('owners', ownersWords(others)));
  const buttons = [...decideButtons(flows), ...flows.slice(0, 5).map((flow) => seeButton(flow))];
  if (buttons.length > 0) blocks.push(actions('see', buttons));
  if (worst) blocks.push(context('next', `Next: \`${escaped(facts.command)} status ${escaped(worst.id)}\``));
  return { text: spoken(title), blocks };
}

/** "3 decisions hold up $14,230", where anything waits for them. */
function holdsLine({ flows, heldUp }: StatusFacts): string {
  const open = flows.reduce((sum, flow) => (flow.mine ? sum + flow.decisions.open : sum), 0);
  const holds = flows.length > 1 ? holdUpWords(heldUp, open) : null;
  return holds ? `\n*${count(open, 'decision', 'decisions')} ${holds}*` : '';
}

function titleWords(flows: readonly FlowStatus[], { now, zone }: StatusFacts): string {
  const checked = `(${time(zone, now)})`;
  if (flows.length === 0) return `*No syncs are set up yet.* ${checked}`;
  if (flows.every((flow) => flow.state === 'fine')) {
    return flows.length === 1
      ? `*${escaped(flows[0]?.name ?? '')}: fine* ${checked}`
      : `*${flows.length === 2 ? 'Both' : `All ${flows.length}`} syncs are fine* ${checked}${todayOf(flows)}`;
  }
  const groups = Map.groupBy(flows, (flow) => flow.state);
  return `*${listed([...groups].map(([state, list]) => `${list.length} ${escaped(state)}`))}* ${checked}`;
}

/** What all of them did today, for whoever owns one. */
function todayOf(flows: readonly FlowStatus[]): string {
  const mine = flows.filter((flow) => flow.mine);
  if (mine.length === 0) return '';
  const sum = (of: (flow: FlowStatus) => number) => mine.reduce((all, flow) => all + of(flow), 0);
  const settled = sum(({ today }) => today.settled);
  const decided = sum(({ today }) => today.decided);
  return `\nToday: ${count(settled, 'change', 'changes')} moved, ${decided.toLocaleString('en-AU')} decided by people.`;
}

function flowLines(flow: FlowStatus, facts: StatusFacts): string {
  const { zone } = facts;
  const head = stateWords(flow, zone);
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
  if (flow.proposed !== null) lines.push(proposedWords(flow.proposed));
  if (flow.waiting.length > 0) lines.push(`${waitingWords(flow)}.`);
  if (flow.aside) lines.push(asideWords(flow, flow.aside));
  if (flow.failed > 0 || flow.partial.n > 0) lines.push(partialWords(flow, zone));
  if (flow.backlog) lines.push(backlogWords(flow, flow.backlog, zone));
  if (flow.short) lines.push(defused(flow.short));
  lines.push(runWords(flow, zone));
  return lines.join('\n');
}

const ownersWords = (flows: readonly FlowStatus[]): string => {
  const owners = [...new Set(flows.flatMap((flow) => [flow.owners.business, flow.owners.technical]))].map(
    mention,
  );
  return `You can read the state. Amounts and records are shown to the owners: ${owners.join(', ')}.`;
};

/** To the oldest decision that waits for the one who asks. */
function decideButtons(flows: readonly FlowStatus[]): Button[] {
  const asked = flows.filter(({ state, decisions }) => state === 'waiting for you' && decisions.open > 0);
  const open = asked.reduce((sum, { decisions }) => sum + decisions.open, 0);
  const url = asked.find(({ links }) => links.decision !== null)?.links.decision;
  const label = open === 1 ? 'Decide' : `Decide ${open}`;
  return url ? [linkButton({ action: 'home_go:decide', label, url, says: 'Go to the oldest decision' })] : [];
}

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
  const head = `${stateWords(flow, zone)}\n${escaped(flow.between)}, ${escaped(flow.schedule)}, agreement ${agreement}`;
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
  if (flow.proposed !== null) lines.push(`*Agreement:* ${proposedWords(flow.proposed)}`);
  if (flow.alike > 0) lines.push(`*Same ${flow.noun.one}?* ${alikeWords(flow)}`);
  if (flow.waiting.length > 0) lines.push(`*Waiting:* ${waitingWords(flow)}.`);
  if (flow.aside) lines.push(`*Undone:* ${asideWords(flow, flow.aside)}`);
  if (flow.failed > 0 || flow.partial.n > 0)
    lines.push(`*Not saved everywhere:* ${partialWords(flow, zone, true)}`);
  if (flow.backlog) lines.push(`*To work off:* ${backlogWords(flow, flow.backlog, zone)}`);
  if (flow.short) lines.push(`*Calls:* ${defused(flow.short)}`);
  if (flow.money) lines.push(`*Money:* ${escaped(flow.money.words)}, ${moment(zone, flow.money.at)}.`);
  if (flow.last)
    lines.push(
      `*Last run:* ${moment(zone, flow.last.at)}, ${flow.last.changed > 0 ? count(flow.last.changed, 'change', 'changes') : 'nothing new'}.`,
    );
  if (flow.lastGood) lines.push(`*Last good run:* ${moment(zone, flow.lastGood)}.`);
  lines.push(`*Next run:* ${nextWords(flow, zone)}`);
  lines.push(
    `*Today:* ${count(today.runs, 'run', 'runs')}, ${today.settled} settled, ${today.decided} decided by people.${usualWords(flow.usual)}`,
  );
  if (flow.arrival) lines.push(`*Time to arrive:* ${arrivalWords(flow)} (7 days)`);
  if (flow.calls.length > 0) lines.push(`*Calls left today:* ${callsWords(flow)}.`);
  const roles = (['business', 'technical'] as const).map((role) => {
    const standIn = flow.standIns?.[role];
    return `${mention(owners[role])} (${role}${standIn ? `; ${mention(standIn)} stands in today` : ''})`;
  });
  lines.push(`*Owners:* ${roles.join(', ')}.`);
  return lines;
}

function nextWords({ next, paused }: FlowStatus, zone: string): string {
  if (paused && !next) return 'when somebody lets it go on.';
  return next ? `${moment(zone, next)}${paused ? ', by itself' : ''}.` : 'not known.';
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
    : button({
        action: 'pause_ask',
        label: 'Pause…',
        value: id,
        says: `Pause ${named(name, 40)}; asks first`,
      });

function detailButtons(flow: FlowStatus): Button[] {
  const run = button({ action: 'flow_run', label: 'Run now', value: flow.id, says: `Run ${flow.name} now` });
  const buttons = [...(flow.paused ? [] : [run]), pauseButton(flow)];
  if (flow.links.alert)
    buttons.push(
      linkButton({
        action: 'home_go:alert',
        label: 'Go to the alert',
        url: flow.links.alert,
        says: `Go to alert ${flow.problem?.alert} of ${flow.name}`,
        style: 'plain',
      }),
    );
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
