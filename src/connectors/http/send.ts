import { type Dispatcher, request } from 'undici';
import { type Failure, failure, waitInWords } from './failure.ts';
import type { RawAnswer } from './vendor-words.ts';

export interface Outgoing {
  readonly url: string;
  readonly method: Dispatcher.HttpMethod;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly dispatcher: Dispatcher;
}

export type Sent =
  | { readonly kind: 'answered'; readonly answer: RawAnswer }
  | { readonly kind: 'failed'; readonly failure: Failure };

/**
 * One request, nothing else: no retry, no log. A time-out covers everything from connecting to the last byte. Throws only
 * the caller's own abort reason.
 */
export async function send(outgoing: Outgoing, label: string): Promise<Sent> {
  const { url, method, headers, body, timeoutMs, signal, dispatcher } = outgoing;
  const deadline = AbortSignal.timeout(timeoutMs);
  const either = signal ? AbortSignal.any([signal, deadline]) : deadline;
  let status: number | null = null;
  try {
    const response = await request(url, { method, headers, body, signal: either, dispatcher });
    status = response.statusCode;
    const text = await response.body.text();
    return { kind: 'answered', answer: { status, headers: flat(response.headers), text } };
  } catch (error) {
    signal?.throwIfAborted();
    return { kind: 'failed', failure: notAnswered(error, { label, timeoutMs, deadline, status }) };
  }
}

interface Circumstances {
  readonly label: string;
  readonly timeoutMs: number;
  readonly deadline: AbortSignal;
  /** Set when an answer had begun. */
  readonly status: number | null;
}

function notAnswered(error: unknown, { label, timeoutMs, deadline, status }: Circumstances): Failure {
  const code = codeOf(error);
  if (code !== null && neverArrived.test(code)) {
    return failure('unreachable', `${label} cannot be reached (${code})`, { passing: true });
  }
  const sent = { mayHaveArrived: true, passing: true };
  if (deadline.aborted || code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
    return failure('silent', `${label} does not answer (waited ${waitInWords(timeoutMs)})`, sent);
  }
  if (status !== null) return failure('nonsense', `${label}’s answer broke off in the middle`, sent);
  return failure('unreachable', `${label} hung up without an answer`, sent);
}

/** Codes of a connection that never came about: what was to be sent has not left us. */
const neverArrived =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_.*|.*CERT.*|DEPTH_ZERO.*|SELF_SIGNED.*)$/;

function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  if (typeof code === 'string') return code;
  return cause === undefined ? null : codeOf(cause);
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const one = (value: string | string[]) => (Array.isArray(value) ? value.join(', ') : value);
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), one(value)]],
    ),
  );
}
