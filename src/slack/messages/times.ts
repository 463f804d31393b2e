import type { RichTextDate } from '@slack/types';

/** Times for people: Slack shows them in the reader's own zone; the fallback names ours. Pure. */

const formats = new Map<string, Intl.DateTimeFormat>();

function parts(at: Date, zone: string): Record<string, string> {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-AU', {
      timeZone: zone,
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      hour: 'numeric',
      minute: '2-digit',
      hour12: true,
      timeZoneName: 'short',
    });
    formats.set(zone, format);
  }
  return Object.fromEntries(format.formatToParts(at).map((part) => [part.type, part.value]));
}

/** "9:12 am AEDT" */
export function timeIn(zone: string, at: Date): string {
  const p = parts(at, zone);
  return `${p.hour}:${p.minute} ${p.dayPeriod?.toLowerCase()} ${p.timeZoneName}`;
}

/** "Tue 24 Nov, 8:47 am AEDT" */
export function momentIn(zone: string, at: Date): string {
  const p = parts(at, zone);
  return `${p.weekday} ${p.day} ${p.month}, ${timeIn(zone, at)}`;
}

const seconds = (at: Date) => Math.floor(at.getTime() / 1000);

/** mrkdwn: the time of day, in the reader's zone. */
export const time = (zone: string, at: Date): string => `<!date^${seconds(at)}^{time}|${timeIn(zone, at)}>`;

/** mrkdwn: day and time, in the reader's zone. */
export const moment = (zone: string, at: Date): string =>
  `<!date^${seconds(at)}^{date_short_pretty} {time}|${momentIn(zone, at)}>`;

/** rich text: day and time, in the reader's zone. */
export const richMoment = (zone: string, at: Date): RichTextDate => ({
  type: 'date',
  timestamp: seconds(at),
  format: '{date_short_pretty} {time}',
  fallback: momentIn(zone, at),
});

/** rich text: the time of day, in the reader's zone. */
export const richTime = (zone: string, at: Date): RichTextDate => ({
  type: 'date',
  timestamp: seconds(at),
  format: '{time}',
  fallback: timeIn(zone, at),
});
