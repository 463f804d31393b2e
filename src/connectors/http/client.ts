import { Agent, type Dispatcher } from 'undici';
import type { ConnectionTerms } from '../../agreement/agreement.ts';
import type { Clock } from '../../clock.ts';
import type { CallContext } from '../connector.ts';
import { type BudgetLedger, createBudget } from './budget.ts';
import type { Answer, HttpCall } from './call.ts';
import { describeExchange } from './describe.ts';
import { CallFailed } from './failure.ts';
import { type Judgement, judge } from './judge.ts';
import type { ExchangeLog } from './log.ts';
import { createPace, type Limit } from './pace.ts';
import { secretsOf } from './redact.ts';
import { withRetries } from './retry.ts';
import { type Outgoing, type Sent, send } from './send.ts';
import type { RawAnswer, VendorWords } from './vendor-words.ts';

/** What every connector's client is given by the app. */
export interface HttpDeps {
  readonly log: ExchangeLog;
  readonly budgets: BudgetLedger;
}

export interface HttpOptions extends HttpDeps {
  readonly terms: ConnectionTerms;
  readonly words: VendorWords;
  readonly clock: Clock;
  /** Rolling limits beside the budget's minute and day. */
  readonly limits?: readonly Limit[];
  /** Credentials as they are now; whatever is logged loses them. */
  secrets(): readonly string[];
}

/** Sends a call, in budget, with retries where they can do no harm. Throws CallFailed, or the signal's reason. */
export type Http = <T>(call: HttpCall<T>, context: CallContext) => Promise<Answer<T>>;

/** Connections to one host at a time; Xero allows five. */
const connections = 4;

/** The HTTP client of one connection: the only way in which a connector talks to its vendor. */
export function createHttp(options: HttpOptions): Http {
  const { terms, words, clock } = options;
  const timeoutMs = terms.timeoutSeconds * 1000;
  const dispatcher = new Agent({ connections, connect: { timeout: timeoutMs } });
  const budget = createBudget({ ...terms, connection: terms.id, label: words.label }, options.budgets, clock);
  const rolling = [{ calls: terms.callsPerMinute, perMs: 60_000 }, ...(options.limits ?? [])];
  const pace = createPace(rolling, clock);

  const attempt = async <T>(call: HttpCall<T>, context: CallContext, number: number): Promise<Answer<T>> => {
    const { signal } = context;
    const counted = call.counted !== false;
    if (counted) await budget.take(signal);
    if (counted) await pace(signal);
    await call.pace?.(signal);
    const at = clock.now();
    const outgoing = prepare(call, context, { timeoutMs, dispatcher });
    const sent = await send(outgoing, words.label);
    const now = clock.now();
    const form = call.body && 'form' in call.body ? call.body.form : {};
    const secrets = [...options.secrets(), ...secretsOf(call.headers, form)];
    const judged = verdict(sent, (answer) =>
      judge({ answer, shape: call.shape, words, now, attempt: number, secrets }),
    );
    const exchangeId = await options.log.write(
      describeExchange({
        call,
        context,
        outgoing,
        sent,
        judged,
        at,
        now,
        number,
        connection: terms.id,
        secrets,
      }),
    );
    if (counted && sent.kind === 'answered' && words.remaining) {
      await budget.observe(words.remaining(sent.answer.headers));
    }
    if (judged.ok) return { data: judged.data, exchangeId };
    const { failure } = judged;
    if (counted && failure.cause === 'busy' && failure.resumeAt) await budget.close(failure.resumeAt);
    const status = sent.kind === 'answered' ? sent.answer.status : null;
    // A read leaves nothing behind at the vendor, whatever became of it.
    const mayHaveArrived = failure.mayHaveArrived && call.effect !== 'read';
    throw new CallFailed(terms.id, { ...failure, mayHaveArrived }, { status, exchangeId });
  };

  return (call, context) =>
    withRetries((number) => attempt(call, context, number), {
      effect: call.effect,
      clock,
      signal: context.signal,
    });
}

function prepare<T>(
  call: HttpCall<T>,
  context: CallContext,
  how: { timeoutMs: number; dispatcher: Dispatcher },
): Outgoing {
  const url = new URL(call.url);
  for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
  const { body } = call;
  const json = body !== undefined && 'json' in body;
  const type = json ? 'application/json' : 'application/x-www-form-urlencoded';
  return {
    ...how,
    url: url.toString(),
    method: call.method,
    headers: {
      accept: 'application/json',
      'x-correlation-id': context.correlationId,
      ...(body === undefined ? {} : { 'content-type': type }),
      ...call.headers,
    },
    body:
      body === undefined
        ? null
        : json
          ? JSON.stringify(body.json)
          : new URLSearchParams(body.form).toString(),
    signal: context.signal,
  };
}

function verdict<T>(sent: Sent, judged: (answer: RawAnswer) => Judgement<T>): Judgement<T> {
  return sent.kind === 'answered' ? judged(sent.answer) : { ok: false, failure: sent.failure };
}
