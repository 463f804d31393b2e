import { endWord, safeWords } from './alert/safe-words.ts';
import { leftWords } from './connections/marks.ts';
import { editorQuestion } from './decision/later.ts';
import { count, defused, ended, escaped, listed, mention, named } from './text.ts';
import { moment, time } from './times.ts';

/** Who and what a sentence is about; gathered when it is sent. */
export interface LineContext {
  readonly flowName: string;
  readonly noun: { readonly one: string; readonly many: string };
  readonly channel: string;
  readonly title: string;
  readonly zone: string;
  /** Slack user id. */
  readonly technicalOwner: string;
  /** Who did it, where they stand in for an owner: "Dana Lee, for the technical owner,". */
  readonly by?: string;
  /** Whom it calls, by Slack user id: nobody else is mentioned. */
  readonly called: readonly string[];
  readonly params: Readonly<Record<string, unknown>>;
}

/**
 * The sentences that are said once, in a thread or on their own, by the name of their template (mrkdwn). A mention is written
 * only of those who are called. Null for a template that this version does not know.
 */
export function lineWords(template: string, context: LineContext): string | null {
  return templates[template]?.(context) ?? null;
}

const templates: Readonly<Record<string, (context: LineContext) => string>> = {
  incident_doubled: ({ params, noun }) =>
    `Now ${waitWords(number(params.waiting), noun)} (${number(params.waitingAtOpening)} at the start).`,
  incident_recovered: ({ params, noun, zone }) => {
    const caught = number(params.caughtUp);
    const through =
      caught > 0 ? ` ${count(caught, `${noun.one} has`, `${noun.many} have`)} gone through since.` : '';
    const left = number(params.waiting);
    const waits = left > 0 ? ` ${waitWords(left, noun)} for the next run.` : '';
    const safe = params.cause === 'loss' ? safeWords('loss') : safeWords('late');
    return `${endWord(params.cause)}${at(' at ', params.at, zone)}.${through}${waits} ${safe.over}`;
  },
  incident_returned: ({ params, called, zone }) => {
    const who = called.length > 0 ? `${callsOut(called)}it` : 'It';
    const times = number(params.times);
    return `${who} is back${at(' since ', params.at, zone)}${times > 1 ? ` (${times} times by now)` : ''}: ${ended(defused(text(params.message), 300))}`;
  },
  incident_taken: ({ params, zone, technicalOwner, by }) => {
    // A mention would ring the phone of the one who has just pressed the button.
    const who = by ?? (params.by === technicalOwner ? 'The technical owner' : 'The business owner');
    return `${who} is on it${at(', until ', params.until, zone)}. Then Truce asks again.`;
  },
  incident_asked_again: ({ called, flowName }) =>
    `${callsOut(called)}${escaped(flowName)} still has this problem, and nobody is on it any more.${called.length > 0 ? ' Can you take it?' : ''}`,
  incident_awake: ({ called, flowName }) =>
    `${callsOut(called)}${escaped(flowName)} still has this problem, and its snooze is over.${called.length > 0 ? ' Can you take it?' : ''}`,
  incident_unclaimed: ({ called, flowName }) =>
    `${callsOut(called)}${escaped(flowName)} still has this problem, and nobody is on it yet. Can you take it?`,
  incident_escalated: ({ params, called, flowName, noun, zone }) => {
    const n = number(params.waiting);
    const waits = n > 0 ? ` ${waitWords(n, noun)}.` : '';
    return `${callsOut(called)}${escaped(flowName)} has this problem since ${day(params.openedAt, zone)}, and nobody is on it yet.${waits} Can you take it, or find somebody?`;
  },
  incident_handed_over: ({ params, called, zone }) =>
    `${callsOut(called)}this is handed over to you${at(', until ', params.until, zone)}. Then Truce asks again.`,
  time_away: ({ params, flowName, zone }) => {
    const slots = number(params.slots);
    return (
      `Truce was away from ${day(params.from, zone)} to ${day(params.to, zone)}. ${escaped(flowName)} missed ${count(slots, 'run', 'runs')}; ` +
      'the next run catches up on everything, and nothing is lost.'
    );
  },
  decision_failed: ({ params, called, title }) =>
    `${called.length > 0 ? `${callsOut(called)}not` : 'Not'} saved everywhere: ${defused(title, 100)}. What you can do is on the message above${params.reference ? `, reference \`${text(params.reference)}\`` : ''}.`,
  second_approval: ({ params, called, title }) =>
    `${callsOut(called)}a second person has to approve the ${escaped(text(params.label))} of ${defused(title, 100)}. ` +
    'One person is enough; the buttons are on the message above.',
  over_limit: ({ params, flowName, zone }) => {
    const n = number(params.n);
    const it = n === 1 ? 'it' : 'they';
    const where = typeof params.link === 'string' ? ` <${escaped(params.link)}|Go to it>` : '';
    const who = escaped(listed(texts(params.deciders), 'or')) || 'An owner';
    const which = n === 1 ? '' : 'The first: ';
    return (
      `${escaped(flowName)}: ${count(n, 'decision is', 'decisions are')} over time, nobody has chosen, and ${it} ${n === 1 ? 'waits' : 'wait'} on. ` +
      `${which}${defused(text(params.title), 100)}, since ${day(params.since, zone)}.${where}\n${who} can choose. Can you ask them, or find somebody?`
    );
  },
  ruling_proposed: ({ params, called, flowName }) =>
    `${callsOut(called)}${defused(text(params.by), 60) || 'Somebody'} proposes a rule for ${escaped(flowName)}: ` +
    `${escaped(text(params.system))} decides over the ${escaped(text(params.label))}. It needs your word; the buttons are on the message above.`,
  erased: ({ params, noun, flowName, zone, by }) =>
    `${by ?? 'The business owner'} had a ${noun.one} of ${escaped(flowName)} erased${at(' at ', params.at, zone)}: nobody can read its values in Truce any more. ` +
    `What was done with it, when and by whom stays: \`${text(params.reference)}\`.`,
  ask_editor: ({ params, called }) =>
    `${callsOut(called)}${editorQuestion(text(params.by), placesIn(params))}`,
  connected: ({ params }) => {
    const account = text(params.account);
    return `${escaped(text(params.system))} is connected${account ? ` to ${defused(account, 100)}` : ''}. What waited for it is caught up now.`;
  },
  marks_done: ({ params, noun }) =>
    `${escaped(text(params.system))}: Truce’s own id is in ${count(number(params.marked), noun.one, noun.many)} now.${leftWords(number(params.left), reasonsIn(params))}`,
  pause_moved: ({ params, flowName, zone }) =>
    `${escaped(flowName)} stays paused ${params.until ? `until ${day(params.until, zone)}` : 'until somebody lets it go on'} now.`,
  pause_over: ({ params, flowName }) =>
    `${escaped(flowName)} goes on${params.by ? '' : ': the time of its pause has come'}. The first run reads everything.`,
  undone: ({ params }) => {
    const n = number(params.n);
    const by = defused(text(params.by), 60) || 'Somebody';
    const what =
      n === 0
        ? `${by} wanted to undo it, and nothing of it could be`
        : `${by} undid ${count(n, 'value', 'values')} of it`;
    return `${what}${params.reference ? `, reference \`${text(params.reference)}\`` : ''}.`;
  },
  doctor: ({ params }) =>
    `Something needs you:\n${texts(params.needs)
      .map((need) => `• ${escaped(need)}`)
      .join('\n')}`,
  channel_broken: ({ params, flowName, called }) =>
    `${callsOut(called)}${escaped(flowName)}, alert ${number(params.alert)}: nobody has taken this on yet. ${escaped(text(params.why))} ` +
    'Nothing is lost: what I have to say waits, and is posted when the channel works again. Please see that it exists, is not archived, and that I am a member.',
};

/** Those who are called, at the beginning of a sentence. */
const callsOut = (called: readonly string[]): string => called.map((one) => `${mention(one)} `).join('');

/** What somebody is asked about: a detail, and the systems in which they changed it. */
const placesIn = ({ places }: LineContext['params']) =>
  (Array.isArray(places) ? places : []).map((place: { label?: unknown; systems?: unknown }) => ({
    label: text(place.label),
    systems: texts(place.systems),
  }));

/** Why some were left, with how many each. */
const reasonsIn = ({ reasons }: LineContext['params']) =>
  (Array.isArray(reasons) ? reasons : []).map((one: { reason?: unknown; records?: unknown }) => ({
    reason: defusedReason(one.reason),
    records: number(one.records),
  }));
const defusedReason = (value: unknown): string => defused(text(value), 100);

const text = (value: unknown): string => (typeof value === 'string' ? named(value, 300) : '');
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(text) : []);
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);
const dateOf = (value: unknown): Date | null =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? new Date(value) : null;

function at(lead: string, value: unknown, zone: string): string {
  const when = dateOf(value);
  return when ? `${lead}${time(zone, when)}` : '';
}

function day(value: unknown, zone: string): string {
  const when = dateOf(value);
  return when ? moment(zone, when) : 'some time ago';
}

const waitWords = (n: number, noun: LineContext['noun']): string =>
  count(n, `${noun.one} waits`, `${noun.many} wait`);
