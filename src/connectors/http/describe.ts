import { createHash } from 'node:crypto';
import type { CallContext } from '../connector.ts';
import type { HttpCall } from './call.ts';
import type { Failure } from './failure.ts';
import type { Exchange } from './log.ts';
import { redactBody, redactBroken, redactUrl } from './redact.ts';
import type { Outgoing, Sent } from './send.ts';

/** Everything known of one attempt. */
export interface Told {
  readonly call: Pick<HttpCall<unknown>, 'purpose' | 'method' | 'effect' | 'body'>;
  readonly context: CallContext;
  readonly outgoing: Outgoing;
  readonly sent: Sent;
  readonly judged: { readonly ok: true } | { readonly ok: false; readonly failure: Failure };
  readonly at: Date;
  readonly now: Date;
  readonly number: number;
  readonly connection: string;
  readonly secrets: readonly string[];
}

/** What the log keeps of an attempt: redacted, with bodies only where the call was a write or did not work. */
export function describeExchange(told: Told): Exchange {
  const { call, context, outgoing, sent, judged, secrets } = told;
  const answer = sent.kind === 'answered' ? sent.answer : null;
  const withBodies = call.effect !== 'read' || !judged.ok;
  const sentBody = call.body === undefined ? null : 'json' in call.body ? call.body.json : call.body.form;
  return {
    at: told.at,
    connection: told.connection,
    purpose: call.purpose,
    method: call.method,
    url: redactUrl(outgoing.url, secrets),
    attempt: told.number,
    status: answer?.status ?? null,
    durationMs: told.now.getTime() - told.at.getTime(),
    error: judged.ok ? null : judged.failure.message,
    requestBody: withBodies ? redactBody(sentBody, secrets) : null,
    responseBody: withBodies && answer ? redactedAnswer(answer.text, secrets) : null,
    responseHash: answer ? createHash('sha256').update(answer.text).digest('hex') : null,
    headers: answer ? telling(answer.headers) : {},
    runId: context.runId,
    changeIds: context.changeIds,
  };
}

function redactedAnswer(text: string, secrets: readonly string[]): unknown {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return redactBroken(text, secrets);
  }
  return redactBody(body, secrets);
}

const tellingHeader = /^(content-type|retry-after|date|.*limit.*|.*request-?id|.*correlation-?id|cf-ray)$/;

const telling = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => tellingHeader.test(name)));
