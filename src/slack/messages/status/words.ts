import { heldUpSentence, holdUpWords, isHoldingUp } from '../decision/held-up.ts';
import { count, defused, escaped, listed, mention } from '../text.ts';
import { moment, time } from '../times.ts';
import type { FlowStatus } from './facts.ts';
import { untilWords } from './pause.ts';

/** What there is to say of a sync, in sentences of mrkdwn, for status and the board. Pure. */

/** "*Customers: paused* by Tom Walsh since 10:02 am, until 2:00 pm" */
export function stateWords({ name, state, since, paused }: FlowStatus, zone: string): string {
  const when = paused
    ? pausedWords(paused, zone)
    : since && state !== 'fine'
      ? ` since ${time(zone, since)}`
      : '';
  return `*${escaped(name)}: ${escaped(state)}*${when}`;
}

const pausedWords = ({ by, at, until }: NonNullable<FlowStatus['paused']>, zone: string): string =>
  ` by ${escaped(by)} since ${moment(zone, at)}, ${untilWords(until, zone)}`;

export function takenWords({ problem }: FlowStatus, zone: string): string {
  if (!problem?.takenBy) return '';
  const until = problem.takenUntil ? ` until ${time(zone, problem.takenUntil)}` : '';
  return ` ${mention(problem.takenBy)} is on it${until}.`;
}

export function decisionWords({ decisions, heldUp }: FlowStatus, zone: string): string {
  const holds = holdUpWords(heldUp?.decisions, decisions.open);
  const oldest = decisions.oldest ? ` The oldest is from ${moment(zone, decisions.oldest)}.` : '';
  const waits = count(decisions.open, 'decision waits', 'decisions wait');
  return `${waits}${holds ? ` and ${holds}` : ''}.${oldest}`;
}

export const proposedWords = ({ version, waitsFor }: NonNullable<FlowStatus['proposed']>): string =>
  `Version ${version} of the agreement waits for ${listed(waitsFor.map(mention))} to approve it.`;

export const alikeWords = ({ alike, noun }: FlowStatus): string =>
  `${count(alike, `pair of ${noun.many} looks`, `pairs of ${noun.many} look`)} alike: Truce asks whether they are one.`;

export function waitingWords({ waiting, noun, heldUp }: FlowStatus): string {
  const n = waiting.reduce((sum, reason) => sum + reason.n, 0);
  const reasons = waiting.map((reason) => `${escaped(reason.words)} ${reason.n}`).join(', ');
  const waits = `${count(n, `${noun.one} waits`, `${noun.many} wait`)}: ${reasons}`;
  return isHoldingUp(heldUp?.waits) ? `${waits}. For them ${defused(heldUpSentence(heldUp.waits))}` : waits;
}

/** What is in some system and not in all: found again by itself, and here counted. */
export function backlogWords(
  { noun }: FlowStatus,
  { n, oldest, tries }: NonNullable<FlowStatus['backlog']>,
  zone: string,
): string {
  const tried = tries > 1 ? ` One was tried ${tries} times.` : '';
  return `${count(n, `${noun.one} is`, `${noun.many} are`)} still to be worked off, the oldest since ${time(zone, oldest)}.${tried}`;
}

/** "2 customers not saved everywhere. Truce tries again by itself, next at 11:12 am."; `bare` = its head says already what of them. */
export function partialWords({ failed, partial, noun }: FlowStatus, zone: string, bare = false): string {
  const next = partial.nextTryAt
    ? ` Truce tries again by itself, next at ${time(zone, partial.nextTryAt)}.`
    : '';
  return `${count(Math.max(failed, partial.n), noun.one, noun.many)}${bare ? '' : ' not saved everywhere'}.${next}`;
}

export function asideWords(
  { noun }: FlowStatus,
  { fields, records, reference }: NonNullable<FlowStatus['aside']>,
): string {
  const of = `${count(fields, 'detail', 'details')} of ${count(records, noun.one, noun.many)}`;
  return `${of} put aside after an undo, the newest \`${reference}\`.`;
}

export function runWords({ last, next }: FlowStatus, zone: string): string {
  const lastRun = last
    ? `Last ${time(zone, last.at)}, ${last.changed > 0 ? count(last.changed, 'change', 'changes') : 'nothing new'}.`
    : 'No run yet.';
  return `${lastRun}${next ? ` Next ${time(zone, next)}.` : ''}`;
}

/** "Today 31 settled. A usual Tuesday by now: 25 to 40." */
export function todayWords({ today, usual }: FlowStatus): string {
  return `Today ${today.settled.toLocaleString('en-AU')} settled.${usualWords(usual)}`;
}

export function usualWords(usual: FlowStatus['usual']): string {
  if (!usual) return '';
  const [from, to] = [usual.from.toLocaleString('en-AU'), usual.to.toLocaleString('en-AU')];
  const range = usual.from === usual.to ? from : `${from} to ${to}`;
  return ` ${usual.weekday ? `A usual ${usual.weekday} by now` : 'On the days before, by this time'}: ${range}.`;
}

/** "Half arrive within 2 minutes, 95 % within 6 minutes." Nothing where nothing came by itself. */
export const arrivalWords = ({ arrival }: Pick<FlowStatus, 'arrival'>): string =>
  arrival
    ? `Half arrive within ${withinWords(arrival.median)}, 95 % within ${withinWords(arrival.p95)}.`
    : '';

/** Rounded up: "1 second", "40 seconds", "6 minutes", "3 hours". */
function withinWords(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds < 100) return count(seconds, 'second', 'seconds');
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 100) return count(minutes, 'minute', 'minutes');
  return count(Math.ceil(minutes / 60), 'hour', 'hours');
}

export function callsWords({ calls }: FlowStatus): string {
  const n = (value: number) => value.toLocaleString('en-AU');
  return calls.map(({ label, left, perDay }) => `${escaped(label)} ${n(left)} of ${n(perDay)}`).join(', ');
}
