/** Dates as Slack's date tokens ask for them, in the reader's own zone, in Australian English. */
export interface Reader {
  readonly now: Date;
  /** IANA zone. */
  readonly zone: string;
}

type Parts = Intl.DateTimeFormatOptions;

/** Fills every known `{token}` of a format. An unknown token or an impossible time gives the fallback, as in Slack. */
export function formatDate(timestamp: number, format: string, fallback: string, reader: Reader): string {
  const at = new Date(timestamp * 1000);
  if (Number.isNaN(at.getTime())) return fallback;
  let known = true;
  const text = format.replace(/\{([a-z_]+)\}/g, (_, token: string) => {
    const words = tokenWords(token, at, reader);
    if (words === null) known = false;
    return words ?? '';
  });
  return known ? text : fallback;
}

function tokenWords(token: string, at: Date, reader: Reader): string | null {
  if (token === 'time') return clockTime(at, reader.zone);
  if (token === 'time_secs')
    return written(at, reader.zone, { hour: 'numeric', minute: '2-digit', second: '2-digit', hour12: true });
  if (token === 'ago') return ago(at, reader.now);
  if (token === 'date_num') return dayKey(at, reader.zone);
  if (token.endsWith('_pretty'))
    return relativeDay(at, reader) ?? dateWords(token.replace(/_pretty$/, ''), at, reader);
  return dateWords(token, at, reader);
}

function dateWords(token: string, at: Date, { zone, now }: Reader): string | null {
  const year: Parts =
    dayKey(at, zone).slice(0, 4) === dayKey(now, zone).slice(0, 4) ? {} : { year: 'numeric' };
  if (token === 'date') return written(at, zone, { day: 'numeric', month: 'long', ...year });
  if (token === 'date_short') return written(at, zone, { day: 'numeric', month: 'short', ...year });
  if (token === 'date_long')
    return written(at, zone, { weekday: 'long', day: 'numeric', month: 'long', ...year });
  return null;
}

/** "today", "yesterday", "tomorrow", or null. */
function relativeDay(at: Date, { zone, now }: Reader): string | null {
  const day = (date: Date) => Date.parse(`${dayKey(date, zone)}T00:00:00Z`) / 86_400_000;
  return { '-1': 'yesterday', '0': 'today', '1': 'tomorrow' }[String(day(at) - day(now))] ?? null;
}

/** "5 minutes ago", "in 2 hours"; "just now" within a minute. */
export function ago(at: Date, now: Date): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  const size = Math.abs(seconds);
  if (size < 45) return 'just now';
  const words = new Intl.RelativeTimeFormat('en-AU', { numeric: 'always' });
  if (size < 45 * 60) return words.format(Math.sign(seconds) * Math.max(1, Math.round(size / 60)), 'minute');
  if (size < 22 * 3600)
    return words.format(Math.sign(seconds) * Math.max(1, Math.round(size / 3600)), 'hour');
  return words.format(Math.sign(seconds) * Math.max(1, Math.round(size / 86_400)), 'day');
}

/** "9:05 am" */
export function clockTime(at: Date, zone: string): string {
  return written(at, zone, { hour: 'numeric', minute: '2-digit', hour12: true });
}

/** "9:05 am" today, "14 Nov" on another day: as a lock screen has it. */
export function recentTime(at: Date, reader: Reader): string {
  const isToday = dayKey(at, reader.zone) === dayKey(reader.now, reader.zone);
  return isToday ? clockTime(at, reader.zone) : (dateWords('date_short', at, reader) ?? '');
}

/** The divider between two days of messages: "Today", "Yesterday", "Tuesday 24 November". */
export function dayWords(at: Date, reader: Reader): string {
  const near = relativeDay(at, reader);
  return near ? near.charAt(0).toUpperCase() + near.slice(1) : (dateWords('date_long', at, reader) ?? '');
}

/** "2026-11-24" in the zone: the same for two times iff they fall on the same day there. */
export function dayKey(at: Date, zone: string): string {
  return new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(at);
}

/** Slack's message ids are times: seconds with six decimals. */
export function timeOf(ts: string): Date {
  return new Date(Number(ts) * 1000);
}

function written(at: Date, zone: string, parts: Parts): string {
  // ICU puts narrow no-break spaces before "am" and a comma after the weekday; neither reads well in a chat.
  return new Intl.DateTimeFormat('en-AU', { timeZone: zone, ...parts })
    .format(at)
    .replace(/[\u202f\u00a0]/g, ' ')
    .replace(',', '');
}
