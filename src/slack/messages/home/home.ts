import type { Button, HomeView, KnownBlock } from '@slack/types';
import { actions, button, context, header, linkButton, section } from '../blocks.ts';
import { holdUpWords } from '../decision/held-up.ts';
import type { FlowStatus } from '../status/facts.ts';
import { pauseButton } from '../status/status.ts';
import {
  arrivalWords,
  decisionWords,
  runWords,
  stateWords,
  takenWords,
  todayWords,
} from '../status/words.ts';
import { count, defused, ended, escaped, listed, mention, sentence } from '../text.ts';
import { moment } from '../times.ts';
import { slotWords, toldButton } from '../told.ts';
import { connectionLine } from './connections.ts';
import { decisionBlocks } from './decisions.ts';
import type { BoardFacts, HomeFacts } from './facts.ts';

/** More syncs than these share lines, the fine ones first. */
const most = 12;
/** Slack takes a hundred blocks: of more syncs than these the rest is counted. */
const mostUnfolded = 30;
/** Of those in one line so many are named. */
const restNamed = 8;

/** One person's board in the app's Home tab: decisions and problems first, then how their syncs stand. Pure. */
export function drawHome(facts: HomeFacts): HomeView {
  if (facts.kind === 'stranger')
    return view([section('stranger', `This board is for members of ${escaped(facts.company)}.`)]);
  if (facts.kind === 'unknown')
    return view([
      section(
        'unknown',
        'Slack would not tell me who you are just now. Please open this tab again in a minute.',
      ),
    ]);
  const mine = facts.flows.filter((flow) => flow.mine);
  const shown = facts.view === 'mine' && mine.length > 0 ? mine : facts.flows;
  return view([
    ...(facts.isFirst ? [firstVisit(facts, mine)] : []),
    ...(mine.length > 0 ? forYou(facts, mine) : []),
    ...problems(facts, mine),
    ...syncs(facts, shown),
    ...connections(facts),
    ...(mine.length > 0 ? week(mine) : []),
    ...foot(facts, { mine, shown }),
  ]);
}

const view = (blocks: KnownBlock[]): HomeView => ({ type: 'home', callback_id: 'board', blocks });

function firstVisit({ decides, connections }: BoardFacts, mine: readonly FlowStatus[]): KnownBlock {
  const names = listed(mine.map(({ name }) => escaped(name)));
  const own = mine.length > 0 ? `\nYours here: ${names}.` : '';
  const told = [
    decides.length > 0 ? 'when decisions wait for you, twice a working day at most' : '',
    connections.length > 0 ? 'when a problem needs you' : '',
  ].filter((words) => words !== '');
  const when = told.length > 0 ? `\nTruce writes to you ${listed(told)}.` : '';
  return section('first', `*Truce keeps your systems in step, and asks when they disagree.*${own}${when}`);
}

function forYou(facts: BoardFacts, mine: readonly FlowStatus[]): KnownBlock[] {
  const { decides, zone, heldUp, decisions } = facts;
  const asked = mine.filter(({ id }) => decides.includes(id));
  const lines = asked.flatMap((flow) => askedLines(flow, zone));
  const proposed = mine.filter((flow) => flow.proposed !== null);
  const head = header('you', 'For you');
  if (lines.length === 0 && proposed.length === 0) return [head, nothingWaits(facts, mine)];
  const open = asked.reduce((sum, flow) => sum + flow.decisions.open, 0);
  const first = asked.find(({ links }) => links.decision !== null);
  const go =
    // Where each is named below, one button for all of them would be one too many.
    first?.links.decision && open > 0 && (decisions.more > 0 || decisions.shown.length === 0)
      ? [
          actions('you.do', [
            linkButton({
              action: 'home_go:decide',
              label: open === 1 ? 'Decide' : `Decide ${open}`,
              url: first.links.decision,
              says: `Go to the oldest decision of ${first.name}`,
            }),
          ]),
        ]
      : [];
  const agree = proposed.map(
    ({ name, proposed: waits }) =>
      `Version ${waits?.version} of the agreement changes ${escaped(name)}, and waits to be approved.`,
  );
  const holds = holdUpWords(heldUp, open);
  const headline = holds && asked.length > 1 ? [`*${count(open, 'decision', 'decisions')} ${holds}*`] : [];
  return [
    head,
    section('you.lines', [...headline, ...lines, ...agree].join('\n')),
    ...decisionBlocks(decisions, zone),
    ...go,
  ];
}

function nothingWaits({ flows }: BoardFacts, mine: readonly FlowStatus[]): KnownBlock {
  const fine = flows.every(({ state }) => state === 'fine');
  const all = fine
    ? flows.length === 1
      ? ` ${escaped(flows[0]?.name ?? '')}: fine.`
      : ` ${flows.length === 2 ? 'Both' : `All ${flows.length}`} syncs are fine.`
    : '';
  const wrong = mine.some(({ problem }) => problem !== null);
  return section('you.none', wrong ? '*No decision waits for you.*' : `*Nothing waits for you.*${all}`);
}

/** What waits for the word of whoever decides a flow. */
function askedLines(flow: FlowStatus, zone: string): string[] {
  const { name, decisions, alike, noun, waiting } = flow;
  const others = waiting.filter(({ words }) => asksSomebody.has(words));
  return [
    ...(decisions.open > 0 ? [`*${escaped(name)}:* ${decisionWords(flow, zone)}`] : []),
    ...(alike > 0
      ? [
          `*${escaped(name)}:* ${count(alike, `pair of ${noun.many} looks`, `pairs of ${noun.many} look`)} alike.`,
        ]
      : []),
    ...others.map(
      ({ words, n }) =>
        `*${escaped(name)}:* ${count(n, `${noun.one} waits`, `${noun.many} wait`)}: ${escaped(words)}.`,
    ),
  ];
}

/** As they are worded in status: what only a person's answer ends. */
const asksSomebody: ReadonlySet<string> = new Set([
  'the safety stop',
  'gone from a system',
  'the first load is not approved',
]);

function problems({ zone }: BoardFacts, mine: readonly FlowStatus[]): KnownBlock[] {
  const having = mine.filter((flow) => flow.problem !== null).slice(0, most);
  if (having.length === 0) return [];
  return [
    header('problems', 'Problems'),
    ...having.flatMap((flow) => {
      const { id, problem, links } = flow;
      const words = `${sentence(defused(problem?.words ?? ''))} (alert ${problem?.alert}).${takenWords(flow, zone)}`;
      const go = links.alert
        ? [
            linkButton({
              action: 'home_go:alert',
              label: 'Go to the alert',
              url: links.alert,
              says: `Go to alert ${problem?.alert} of ${flow.name}`,
              style: 'plain',
            }),
          ]
        : [];
      return [
        section(`problem.${id}`, `${stateWords(flow, zone)}\n${words}`),
        ...(go.length > 0 ? [actions(`problem.${id}.do`, go)] : []),
      ];
    }),
  ];
}

function syncs(facts: BoardFacts, shown: readonly FlowStatus[]): KnownBlock[] {
  const { zone, unfolded, view: chosen } = facts;
  const title = chosen === 'mine' && shown.every(({ mine }) => mine) ? 'Your syncs' : 'All syncs';
  const fold = shown.length > most && !unfolded;
  const open = fold ? shown.filter(({ state }) => state !== 'fine') : shown;
  const listedOpen = open.slice(0, mostUnfolded);
  const rest = shown.filter((flow) => !listedOpen.includes(flow));
  const folded =
    rest.length > 0 ? [section('syncs.rest', `And ${rest.length} more: ${restWords(rest)}.`)] : [];
  if (shown.length === 0) return [header('syncs', title), section('syncs.none', 'No syncs are set up yet.')];
  return [
    { type: 'divider', block_id: 'syncs.line' },
    header('syncs', title),
    ...listedOpen.flatMap((flow) => syncBlocks(flow, zone)),
    ...folded,
  ];
}

/** "38 fine (Stock, Orders …), 2 paused (Products, Prices)" */
function restWords(flows: readonly FlowStatus[]): string {
  const states = [...Map.groupBy(flows, ({ state }) => state)];
  return states
    .map(([state, same]) => {
      const names = same.slice(0, restNamed).map(({ name }) => escaped(name));
      const n = states.length === 1 ? 'all' : same.length;
      return `${n} ${escaped(state)} (${names.join(', ')}${same.length > restNamed ? ' …' : ''})`;
    })
    .join(', ');
}

function syncBlocks(flow: FlowStatus, zone: string): KnownBlock[] {
  const { id, name, mine, paused } = flow;
  if (!mine) return [section(`sync.${id}`, stateWords(flow, zone))];
  const lines = [stateWords(flow, zone), runWords(flow, zone), todayWords(flow), arrivalWords(flow)];
  const see = button({ action: 'status_flow', label: 'See', value: id, says: `Status of ${name}` });
  const run = button({ action: 'flow_run', label: 'Run now', value: id, says: `Run ${name} now` });
  return [
    section(`sync.${id}`, lines.filter((line) => line !== '').join('\n')),
    actions(`sync.${id}.do`, paused ? [see, pauseButton(flow)] : [see, run, pauseButton(flow)]),
  ];
}

function connections({ connections: all, zone }: BoardFacts): KnownBlock[] {
  if (all.length === 0) return [];
  const more = button({
    action: 'home_connections',
    label: 'See connections',
    value: 'all',
    says: 'Each connection’s account, permissions and calls',
  });
  return [
    header('connections', 'Connections'),
    section('connections.all', all.map((one) => connectionLine(one, zone)).join('\n')),
    actions('connections.do', [more]),
  ];
}

function week(mine: readonly FlowStatus[]): KnownBlock[] {
  const sum = (of: (flow: FlowStatus) => number) => mine.reduce((all, flow) => all + of(flow), 0);
  const moved = sum((flow) => flow.week.moved);
  const asked = sum((flow) => flow.week.asked);
  const open = sum((flow) => Math.max(flow.failed, flow.partial.n));
  const left =
    open > 0 ? `${open.toLocaleString('en-AU')} not saved everywhere yet` : 'nothing is left half-way';
  const [only] = mine;
  const arrived = mine.length === 1 && only ? arrivalWords(only) : '';
  const words = `${count(moved, 'change', 'changes')} moved, ${asked.toLocaleString('en-AU')} asked a person, ${left}.`;
  return [
    { type: 'divider', block_id: 'week.line' },
    header('week', 'The last 7 days'),
    section('week.words', [words, arrived].filter((line) => line !== '').join('\n')),
  ];
}

interface Listed {
  readonly mine: readonly FlowStatus[];
  readonly shown: readonly FlowStatus[];
}

/** What the board shows, and how its person is told. */
function footButtons({ flows, view: chosen, unfolded }: BoardFacts, { mine, shown }: Listed): Button[] {
  return [
    ...(mine.length > 0 && mine.length < flows.length
      ? [
          button({
            action: 'home_view',
            label: chosen === 'mine' ? 'Show all syncs' : 'Show my syncs',
            value: chosen === 'mine' ? 'all' : 'mine',
            says: chosen === 'mine' ? 'Show all syncs on this board' : 'Show only my syncs on this board',
          }),
        ]
      : []),
    ...(shown.length > most
      ? [
          button({
            action: 'home_fold',
            label: unfolded ? 'Fold the fine ones' : `Show all ${shown.length}`,
            value: unfolded ? 'fold' : 'unfold',
            says: unfolded
              ? 'Put the syncs that are fine into one line'
              : `Show all ${shown.length} syncs one by one`,
          }),
        ]
      : []),
    ...(mine.length > 0 ? [toldButton] : []),
  ];
}

function foot(facts: BoardFacts, { mine, shown }: Listed): KnownBlock[] {
  const { flows, now, zone, agreement, told } = facts;
  const buttons = footButtons(facts, { mine, shown });
  const strangers = flows.filter((flow) => !flow.mine);
  const owners = [
    ...new Set(strangers.flatMap(({ owners: { business, technical } }) => [business, technical])),
  ];
  const whose =
    mine.length === 0 && owners.length > 0
      ? [
          context(
            'owners',
            ended(
              `You can read the state. Records are shown to the owners: ${owners.map(mention).join(', ')}`,
            ),
          ),
        ]
      : [];
  return [
    ...(buttons.length > 0 ? [actions('view', buttons)] : []),
    ...whose,
    context(
      'updated',
      `${mine.length > 0 ? `You are told what waits ${slotWords[told]}.\n` : ''}Updated ${moment(zone, now)}. Agreement ${agreement}.`,
    ),
  ];
}
