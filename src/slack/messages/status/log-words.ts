import type { Fault } from '../../../ledger/tables/log-links.ts';
import { count } from '../text.ts';
import { momentIn } from '../times.ts';

/** What is known of the chain over the log. */
export interface LogFacts {
  readonly zone: string;
  /** The last check of all of it; null where there was none yet. */
  readonly checked: { readonly lines: number; readonly at: Date } | null;
  /** The newest link, and since when all are signed; null where nothing is chained yet. */
  readonly newest: {
    readonly n: number;
    readonly hash: string;
    readonly at: Date;
    readonly signedSince: Date | null;
  } | null;
}

/** How much of a hash people are shown: enough to tell one from another. */
const shownOf = 8;

/** "it is whole: 12,345 lines, checked Tue 24 Nov, 3:05 am AEDT; newest link 4,711: 1a2b3c4d". Pure. */
export function wholeWords({ zone, checked, newest }: LogFacts): string {
  if (!newest) return 'nothing has been chained yet';
  const check = checked
    ? `it is whole: ${count(checked.lines, 'line', 'lines')}, checked ${momentIn(zone, checked.at)}`
    : 'it has not been checked yet';
  const signed = newest.signedSince
    ? `signed since ${momentIn(zone, newest.signedSince)}`
    : 'not signed, as TRUCE_SECRET_KEY is not set';
  return `${check}; newest link ${newest.n}: ${newest.hash.slice(0, shownOf)}, ${signed}`;
}

/** What is wrong with the log: which lines, between when and when, and what was done to them. Pure. */
export function faultWords({ kind, source, first, last, count: n, from, to }: Fault, zone: string): string {
  const ids = first === last ? `${first}` : `${first} to ${last}`;
  const when = [from, to].map((at) => momentIn(zone, new Date(at)));
  const times = when[0] === when[1] ? `on ${when[0]}` : `between ${when[0]} and ${when[1]}`;
  const lines = `${count(n, 'line', 'lines')} of the log (${source} ${ids}), written ${times}`;
  switch (kind) {
    case 'changed':
      return `Somebody changed ${lines}`;
    case 'taken':
      return `Somebody took away ${lines}`;
    case 'added':
      return `Somebody put in ${lines}`;
    case 'link':
      return `Somebody changed the chain over the log: ${count(n, 'link', 'links')} (${ids}), over what was written ${times}`;
    case 'cut':
      return `Somebody cut off the chain over the log and let it grow anew: link ${ids} was another one ${times}`;
    case 'key':
      return `Around link ${ids}, ${times}, the chain over the log is signed with a TRUCE_SECRET_KEY that is not here, or with none`;
  }
}

/** What to do about it. Pure. */
export function faultRemedy({ kind }: Pick<Fault, 'kind'>): string {
  switch (kind) {
    case 'key':
      return 'Add the earlier key to TRUCE_SECRET_KEY_OLD; if nobody took one away, ask who can write to Truce’s database';
    case 'cut':
      return 'Ask who can write to Truce’s database, and compare the log with the full ones that people have saved; this is shown for 30 days';
    default:
      return 'Ask who can write to Truce’s database, and put them back from a backup: the next night’s check then finds it whole';
  }
}
