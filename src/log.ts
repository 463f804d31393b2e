import { type DestinationStream, type Logger, pino } from 'pino';

export interface LogOptions {
  readonly level: string;
  /** `lines`: one plain line each, for a terminal; `json`: pino's own, for a log collector. */
  readonly form: 'lines' | 'json';
  /** IANA zone of the times in `lines`. */
  readonly timeZone?: string;
  readonly write?: (text: string) => void;
}

/** Never log these, whatever object they come in. */
const secrets = [
  'token',
  'botToken',
  'appToken',
  'signingSecret',
  'password',
  'authorization',
  'secret',
  'client_secret',
  'refresh_token',
  'response_url',
  'trigger_id',
];

/** The log. In `lines` a person reads time, level if it is worth one, what happened, and the reference it is about. */
export function createLog({
  level,
  form,
  timeZone,
  write = (text) => process.stdout.write(text),
}: LogOptions): Logger {
  const redact = { paths: secrets.flatMap((name) => [name, `*.${name}`]), censor: '[hidden]' };
  const stream: DestinationStream = {
    write: form === 'json' ? write : (text) => write(lineOf(text, timeZone)),
  };
  return pino({ level, redact, base: null }, stream);
}

interface Entry {
  readonly level: number;
  readonly time: number;
  readonly msg?: string;
  readonly reference?: string;
  readonly err?: { readonly message?: string; readonly stack?: string };
}

function lineOf(text: string, timeZone: string | undefined): string {
  const entry = JSON.parse(text) as Entry;
  const time = new Date(entry.time).toLocaleTimeString('en-AU', {
    hour: 'numeric',
    minute: '2-digit',
    second: '2-digit',
    ...(timeZone ? { timeZone } : {}),
  });
  const mark = entry.level >= 50 ? 'error: ' : entry.level >= 40 ? 'note: ' : '';
  const reference = entry.reference ? ` (${entry.reference})` : '';
  const detail = entry.err && entry.level >= 50 ? `\n    ${entry.err.stack ?? entry.err.message ?? ''}` : '';
  return `${time}  ${mark}${entry.msg ?? ''}${reference}${detail}\n`;
}
