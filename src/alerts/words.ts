/** What the watch itself finds, in words for people. What a system did wrong is told by the run that met it. */

/** A time of day where the company is: "9:12 am". */
function timeOfDay(at: Date, timeZone: string): string {
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
