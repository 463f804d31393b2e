import type { z } from 'zod';
import { busy, type Failure, failure } from './failure.ts';
import { redactText } from './redact.ts';
import { nextMinute, type RawAnswer, retryAfter, type VendorWords } from './vendor-words.ts';

export type Judgement<T> =
  | { readonly ok: true; readonly data: T }
  | { readonly ok: false; readonly failure: Failure };

interface Case<T> {
  readonly answer: RawAnswer;
  /** The shape of the answer's outside; the records inside are read one by one, later. */
  readonly shape: z.ZodType<T>;
  readonly words: VendorWords;
  readonly now: Date;
  readonly attempt: number;
  /** Credentials that a vendor's reason must not repeat. */
  readonly secrets?: readonly string[];
}

/** What a response means. Pure. A refusal carries the vendor's reason without secrets, e-mail addresses and phone numbers. */
export function judge<T>({ answer, shape, words, now, attempt, secrets = [] }: Case<T>): Judgement<T> {
  const no = (why: Failure): Judgement<T> => ({ ok: false, failure: why });
  const { label } = words;
  const busyUntil = whenToResume(answer, words, now, attempt);
  if (busyUntil) return no(busy(label, busyUntil, now));
  const { status } = answer;
  if (status >= 500) {
    return no(
      failure('unreachable', `${label} has a problem of its own (error ${status})`, {
        mayHaveArrived: true,
        passing: true,
      }),
    );
  }
  const body = parse(answer);
  const reason = body.kind === 'json' ? clean(words.reason?.(body.value), secrets) : null;
  if (status === 401 || status === 403) {
    return no(failure('auth', `${label} has refused our sign-in${reason ? `: ${reason}` : ''}`));
  }
  if (status >= 400) {
    const why = reason ?? `error ${status}`;
    return no(failure('refused', `${label} has refused the call: ${why}`, { reason: why }));
  }
  if (status < 200 || status >= 300) return no(nonsense(`${label} sent us elsewhere instead of answering`));
  if (body.kind === 'page') return no(nonsense(`${label} answered with a web page instead of data`));
  if (body.kind === 'half')
    return no({ ...nonsense(`${label}’s answer broke off in the middle`), passing: true });
  const shaped = shape.safeParse(body.value);
  if (shaped.success) return { ok: true, data: shaped.data };
  return no(nonsense(`${label} answered in a shape that we do not know (${issue(shaped.error)})`));
}

function whenToResume(answer: RawAnswer, words: VendorWords, now: Date, attempt: number): Date | null {
  const own = words.busyUntil?.(answer, now, attempt) ?? null;
  if (own) return own;
  if (answer.status === 429) return retryAfter(answer.headers, now) ?? nextMinute(now);
  return null;
}

type Body = { kind: 'json'; value: unknown } | { kind: 'page' } | { kind: 'half' };

function parse({ headers, text }: RawAnswer): Body {
  const type = headers['content-type'] ?? '';
  if (!/\bjson\b/i.test(type)) return { kind: 'page' };
  try {
    return { kind: 'json', value: JSON.parse(text) };
  } catch {
    return { kind: 'half' };
  }
}

/** The request was understood as far as we know: a write may have been carried out. */
const nonsense = (message: string): Failure => failure('nonsense', message, { mayHaveArrived: true });

/** One line of at most 300 characters, so that a vendor cannot fill a message. */
function clean(reason: string | null | undefined, secrets: readonly string[]): string | null {
  const line = reason?.replace(/\s+/g, ' ').trim();
  if (!line) return null;
  const safe = redactText(line, secrets);
  return safe.length > 300 ? `${safe.slice(0, 299)}…` : safe;
}

/** The first thing wrong, with its place: "Contacts: expected array". */
export function issue(error: z.ZodError): string {
  const [first] = error.issues;
  if (!first) return 'unreadable';
  const place = first.path.map(String).join('.');
  const what = first.message.replace(/^Invalid input: /, '');
  return place ? `${place}: ${what}` : what;
}
