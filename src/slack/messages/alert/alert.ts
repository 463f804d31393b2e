import type { Button, KnownBlock, Overflow } from '@slack/types';
import {
  actions,
  blockIds,
  button,
  context,
  type Drawn,
  header,
  line,
  link,
  type Piece,
  plain,
  rich,
  section,
} from '../blocks.ts';
import { heldUpSentence, isHoldingUp } from '../decision/held-up.ts';
import { count, defused, duration, ended, escaped, mention, named, sentence } from '../text.ts';
import { moment, richMoment, time, timeIn } from '../times.ts';
import type { AlertFacts } from './facts.ts';
import { problemWords, remedyWords, truceDoes } from './problem-words.ts';
import { remedyButtons } from './remedy-buttons.ts';
import { safeWords } from './safe-words.ts';

/** The message of one open problem, edited in place until it is over. Pure. */
export function drawAlert(facts: AlertFacts): Drawn {
  return facts.state === 'recovered' ? drawRecovered(facts) : drawOpen(facts);
}

function drawOpen(facts: AlertFacts): Drawn {
  const id = blockIds(`alert-${facts.number}`, facts.revision, facts.drawing);
  const problem = problemWords(facts);
  const again = facts.returns > 0 ? 'Again: ' : '';
  const waiting = facts.waiting ? ` ${waitWords(facts)}.` : '';
  const taken = facts.snoozed ? ' Snoozed.' : facts.state === 'acknowledged' ? ' Somebody is on it.' : '';
  const since = timeIn(facts.zone, facts.openedAt);
  return {
    text: escaped(
      `${again}${facts.flowName}: ${problem}, since ${since}.${waiting}${taken} ${safeWords(facts.cause).short}`,
    ),
    blocks: [
      header(id('head'), `${again}${facts.flowName}: ${problem}`),
      rich(
        id('what'),
        line(
          'Since ',
          richMoment(facts.zone, facts.openedAt),
          `. ${againWords(facts)}${ended(named(facts.message, 300))}`,
          ...earlierWords(facts),
        ),
      ),
      section(id('facts'), factWords(facts)),
      section(id('ask'), askWords(facts)),
      actions(id('do'), openButtons(facts)),
      context(id('foot'), footWords(facts, stateWords(facts))),
    ],
  };
}

/** The closed list of states of an open alert. */
function stateWords({ state, snoozed, escalated, returns }: AlertFacts): string {
  if (snoozed) return 'Open, snoozed';
  if (state === 'acknowledged') return 'Open, taken';
  if (escalated) return 'Open, escalated';
  return returns > 0 ? 'Open, again' : 'Open';
}

function factWords(facts: AlertFacts): string {
  const waiting = facts.waiting
    ? `*Waiting:* ${count(facts.waiting, facts.noun.one, facts.noun.many)}${facts.worth ? `, *${escaped(facts.worth)}*` : ''}.\n`
    : '';
  const behind = isHoldingUp(facts.heldUp) ? `*Behind it:* ${defused(heldUpSentence(facts.heldUp))}.\n` : '';
  const resume = facts.resumeAt ? ` It goes on at ${time(facts.zone, facts.resumeAt)}.` : '';
  return (
    `${waiting}${behind}*Safe:* ${safeWords(facts.cause).open}\n` +
    `*Truce:* ${defused(truceDoes(facts), 300)}${resume}\n*You:* ${defused(remedyWords(facts), 300)}`
  );
}

const waitWords = (facts: AlertFacts): string => {
  const n = facts.waiting ?? 0;
  const worth = facts.worth ? `, ${facts.worth},` : '';
  return `${count(n, facts.noun.one, facts.noun.many)}${worth} ${n === 1 ? 'waits' : 'wait'}`;
};

function askWords(facts: AlertFacts): string {
  const { snoozed, acknowledgedBy, acknowledgedUntil, zone } = facts;
  if (snoozed)
    return `Snoozed by ${mention(snoozed.by)} until ${moment(zone, snoozed.until)}. Nobody is called before; the numbers go on.`;
  if (facts.state === 'acknowledged' && acknowledgedBy) {
    const until = acknowledgedUntil ? ` Truce asks again at ${time(zone, acknowledgedUntil)}.` : '';
    return `*${mention(acknowledgedBy)} is on it*.${until}`;
  }
  if (mendsItself(facts)) return 'Nobody has to do anything: this mends itself.';
  const next = facts.next && `Truce asks ${escaped(facts.next.who)} ${moment(zone, facts.next.at)}.`;
  if (facts.called && !facts.escalated) {
    const then = next ? ` If nobody has, ${next}` : '';
    return `${mention(facts.technicalOwner)}, can you take it?${then}`;
  }
  return `Nobody is on it yet. ${next || 'Who can take it?'}`;
}

/** A vendor that asks us to wait, or calls used up: nobody is called for that. */
const mendsItself = ({ cause }: AlertFacts): boolean => cause === 'busy' || cause === 'budget';

const againWords = ({ returns }: AlertFacts): string =>
  returns > 0 ? `It has come back ${returns === 1 ? 'once' : `${returns} times`} since then. ` : '';

/** "Third time since Mon 16 Nov, 9:12 am; last time alert 112." */
function earlierWords({ earlier, zone }: AlertFacts): Piece[] {
  if (!earlier) return [];
  const { times, since, number, link: to } = earlier;
  return [
    ` ${sentence(timesWords(times))} time since `,
    richMoment(zone, since),
    '; last time ',
    link(`alert ${number}`, to),
    '.',
  ];
}

const ordinals = ['second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];
function timesWords(n: number): string {
  const end = n % 100 >= 11 && n % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return ordinals[n - 2] ?? `${n}${end}`;
}

function openButtons(facts: AlertFacts): (Button | Overflow)[] {
  const value = (what: string) => `${facts.number}/${what}/r${facts.revision}`;
  const taken = facts.state === 'acknowledged';
  return [
    ...(facts.snoozed
      ? [button({ action: 'alert_wake', label: 'Wake', value: value('wake'), says: 'Wake this alert now' })]
      : []),
    ...(taken
      ? []
      : [
          button({
            action: 'alert_take',
            label: 'I’m on it',
            value: value('take'),
            says: 'I am on it: tell the others that I take this',
          }),
        ]),
    ...remedyButtons(facts),
    moreMenu([
      { label: 'Show log', value: value('log') },
      ...(facts.snoozed ? [] : [{ label: 'Snooze…', value: value('snooze') }]),
      ...(taken ? [{ label: 'Hand over…', value: value('hand') }] : []),
      { label: `Pause ${facts.flowName}…`, value: value('pause') },
    ]),
  ];
}

const moreMenu = (options: readonly { readonly label: string; readonly value: string }[]): Overflow => ({
  type: 'overflow',
  action_id: 'alert_more',
  options: options.map(({ label, value }) => ({ text: plain(label, 75), value })),
});

function drawRecovered(facts: AlertFacts): Drawn {
  const id = blockIds(`alert-${facts.number}`, facts.revision, facts.drawing);
  const end = facts.recoveredAt ?? facts.openedAt;
  const span = duration(end.getTime() - facts.openedAt.getTime());
  const caught = facts.caughtUp
    ? ` ${sentence(count(facts.caughtUp, `waiting ${facts.noun.one} has`, `waiting ${facts.noun.many} have`))} gone through since.`
    : '';
  const by = facts.acknowledgedBy ? ` ${mention(facts.acknowledgedBy)} was on it.` : '';
  const blocks: KnownBlock[] = [
    section(
      id('sum'),
      `:white_check_mark: *${escaped(overWords(facts))}*\n` +
        `${sentence(defused(problemWords(facts)))}: ${moment(facts.zone, facts.openedAt)} to ${time(facts.zone, end)} (${span}).` +
        `${caught} ${safeWords(facts.cause).over}${by}`,
    ),
    actions(id('do'), [
      button({
        action: 'change_log',
        label: 'Show log',
        value: facts.reference,
        says: 'Show the log of the run that met the problem',
      }),
    ]),
    context(id('foot'), footWords(facts, 'Closed')),
  ];
  return { text: escaped(`${overWords(facts)}. ${safeWords(facts.cause).over}`), blocks };
}

function overWords({ cause, system, flowName, noun, field, channel }: AlertFacts): string {
  const it = system ?? 'it';
  switch (cause) {
    case 'room':
      return `Over: I can post in #${channel.replace(/^#/, '')} again`;
    case 'connection':
      return `Done: ${it} has what it needs`;
    case 'partial':
      return `Done: ${flowName} are everywhere again`;
    case 'zero_rows':
      return `Recovered: ${it} lists records again`;
    case 'volume':
      return `Over: about as many ${noun.many} change as usual`;
    case 'refusals':
      return `Over: few ${noun.many} are refused any more`;
    case 'safety_stop':
      return `Answered: no safety stop of ${flowName} waits`;
    case 'busy':
      return `Over: ${it} takes our calls again`;
    case 'budget':
      return `Over: there are enough calls to ${it} again`;
    case 'drift':
      return field
        ? `Over: ${it} has the field “${field}” again`
        : `Over: ${it} gives and takes all fields again`;
    case 'loss':
      return `Over: ${it} keeps ${field ? `“${field}”` : 'what is written'} as it is written`;
    case 'backlog':
      return `Over: no more ${noun.many} wait than can be worked off`;
    default:
      return `Recovered: ${flowName} runs again`;
  }
}

const footWords = (facts: AlertFacts, state: string): string =>
  `${state} · ${escaped(facts.flowName)}, ${escaped(facts.between)} · alert ${facts.number} · reference \`${facts.reference}\``;
