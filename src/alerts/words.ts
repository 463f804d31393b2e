/** What the watch itself finds, in words for people. What a system did wrong is told by the run that met it. */

/** A time of day where the company is: "9:12 am". */
export function timeOfDay(at: Date, timeZone: string): string {
  return at.toLocaleTimeString('en-AU', { timeZone, hour: 'numeric', minute: '2-digit' });
}

export const lateWords = ({ slot, timeZone }: { slot: Date; timeZone: string }): string =>
  `The run due at ${timeOfDay(slot, timeZone)} has not started.`;

export const stuckWords = ({ startedAt, timeZone }: { startedAt: Date; timeZone: string }): string =>
  `The run of ${timeOfDay(startedAt, timeZone)} stopped half-way without saying why. The next run carries on where it stopped.`;

export const endlessWords = ({ startedAt, timeZone }: { startedAt: Date; timeZone: string }): string =>
  `The run of ${timeOfDay(startedAt, timeZone)} has been going for more than an hour.`;

export const recoveredWords = 'It works again.';

interface MissingSomewhere {
  readonly title: string;
  /** Systems by the names people use. */
  readonly missingIn: readonly string[];
}

/** Titles of which a message names no more. */
const namedAtMost = 5;

/** What is missing where: "Missing in Xero: Harbour Cafe, Bunya Glass". */
export function partialWords({
  hours,
  missing,
  records,
}: {
  readonly hours: number;
  readonly missing: readonly MissingSomewhere[];
  /** How many there are, of which `missing` may be the oldest only. */
  readonly records: number;
}): string {
  const systems = [...new Set(missing.flatMap((one) => one.missingIn))].sort();
  const parts = systems.map((system) => {
    const titles = missing.filter((one) => one.missingIn.includes(system)).map((one) => one.title);
    const more = titles.length > namedAtMost ? ` and ${titles.length - namedAtMost} more` : '';
    return `in ${system}: ${titles.slice(0, namedAtMost).join(', ')}${more}`;
  });
  const rest = records > missing.length ? `; these are the oldest ${missing.length} of ${records}` : '';
  return `Not everywhere after ${hours} ${hours === 1 ? 'hour' : 'hours'}. Missing ${parts.join('; ') || 'somewhere'}${rest}.`;
}

export const unansweredWords = ({ hours }: { hours: number }): string =>
  `A safety stop has waited for an answer for more than ${hours} hours. What it is about is on its own message.`;

interface Counted {
  readonly records: number;
  readonly noun: { readonly one: string; readonly many: string };
}

/** "1 customer", "1,240 customers". */
const counted = ({ records, noun }: Counted): string =>
  `${records.toLocaleString('en-AU')} ${records === 1 ? noun.one : noun.many}`;

/** "since 9:12 am", "since 3 March, 9:12 am". */
function since(at: Date, { timeZone, now }: { timeZone: string; now: Date }): string {
  const day = (one: Date) => one.toLocaleDateString('en-AU', { timeZone, day: 'numeric', month: 'long' });
  return `since ${day(at) === day(now) ? '' : `${day(at)}, `}${timeOfDay(at, timeZone)}`;
}

/** What a system does not keep, of how many records, since when. */
export const lossWords = ({
  label,
  field,
  ...rest
}: Counted & {
  readonly label: string;
  readonly field: string;
  readonly since: Date;
  readonly now: Date;
  readonly timeZone: string;
}): string =>
  `${label} has not kept “${field}” of ${counted(rest)} as it was written, ${since(rest.since, rest)}.`;

/** How much waits, in round numbers, so that the message stands still while it is worked off. */
export const backlogWords = ({
  waiting,
  oldest,
  noun,
  ...when
}: {
  readonly waiting: number;
  readonly oldest: Date;
  readonly noun: Counted['noun'];
  readonly now: Date;
  readonly timeZone: string;
}): string =>
  `About ${counted({ records: Number(waiting.toPrecision(2)), noun })} wait to be worked off, the oldest ${since(oldest, when)}, and they do not become fewer.`;

/** How many records changed since when, and how many are usual: "3,412 customers changed since 9:00 am; about 40 are usual". */
export function volumeWords({
  kind,
  records,
  usual,
  noun,
  ...when
}: Counted & {
  readonly kind: 'many' | 'few';
  readonly usual: number;
  readonly since: Date;
  readonly now: Date;
  readonly timeZone: string;
}): string {
  const changed =
    records === 0 ? `No ${noun.one}` : `${kind === 'few' ? 'Only ' : ''}${counted({ records, noun })}`;
  const about = usual === 0 ? 'none' : `about ${Number(usual.toPrecision(2)).toLocaleString('en-AU')}`;
  const from = kind === 'few' ? 'since midnight' : since(when.since, when);
  return `${changed} changed ${from}; ${about} ${usual === 1 ? 'is' : 'are'} usual by this time.`;
}

/** How many of the last day's records are refused, and how many the agreement lets pass. */
export const refusalWords = ({
  refused,
  of,
  percent,
  limit,
  noun,
}: {
  readonly refused: number;
  readonly of: number;
  readonly percent: number;
  readonly limit: number;
  readonly noun: Counted['noun'];
}): string =>
  `Of ${counted({ records: of, noun })} that changed in the last day, ${refused.toLocaleString('en-AU')} ${refused === 1 ? 'is' : 'are'} refused: ${shown(percent)} %. The agreement asks for a word from ${shown(limit)} % on.`;

/** "5", "0.5", "12". */
const shown = (percent: number): string =>
  percent.toLocaleString('en-AU', { maximumFractionDigits: percent < 10 ? 1 : 0 });

/** A vendor's own reason for refusing several records. */
export const demandWords = ({
  label,
  reason,
  ...rest
}: Counted & { readonly label: string; readonly reason: string }): string =>
  `${label} refuses ${counted(rest)} for one reason: “${reason}”. They are tried again once it is put right.`;
