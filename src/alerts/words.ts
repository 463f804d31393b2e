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
