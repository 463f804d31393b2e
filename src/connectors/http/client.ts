import { Agent, type Dispatcher } from 'undici';
import type { ConnectionTerms } from '../../agreement/agreement.ts';
import type { Clock } from '../../clock.ts';
import type { CallContext } from '../connector.ts';
import { type BudgetLedger, createBudget, type Limit } from './budget.ts';
import type { Answer, HttpCall } from './call.ts';
import { describeExchange } from './describe.ts';
import { CallFailed } from './failure.ts';
import { type Judgement, judge } from './judge.ts';
import type { ExchangeLog } from './log.ts';
import { secretsOf } from './redact.ts';
import { withRetries } from './retry.ts';
import { type Outgoing, type Sent, send } from './send.ts';
import { createShapeWatch, type ShapeStore } from './shape-watch.ts';
import type { RawAnswer, VendorWords } from './vendor-words.ts';

/** What every connector's client is given by the app. */
export interface HttpDeps {
  readonly log: ExchangeLog;
  readonly budgets: BudgetLedger;
  /** What answers look like; left out = nobody looks. */
  readonly shapes?: ShapeStore;
  /** Where the company's days end, for systems that count none of their own; UTC if left out. */
  readonly timeZone?: string;
}

export interface HttpOptions extends HttpDeps {
  readonly terms: ConnectionTerms;
  readonly words: VendorWords;
  readonly clock: Clock;
  /** Rolling limits beside the budget's minute and day. */
  readonly limits?: readonly Limit[];
  /** Calls at one time, of all replicas together; any number if left out. */
  readonly atOnce?: number;
  /** `rolling`: any 24 hours count as a day. Left out = the company's own days, or the account's once it told where they end. */
  readonly day?: 'rolling';
  /** Credentials as they are now; whatever is logged loses them. */
  secrets(): readonly string[];
}

/** Sends a call, in budget, with retries where they can do no harm. Throws CallFailed, or the signal's reason. */
export interface Http {
  <T>(call: HttpCall<T>, context: CallContext): Promise<Answer<T>>;
  /** The account's own time zone, at whose midnight its calls are counted afresh. */
  tellZone(zone: string): Promise<void>;
}

/** Connections to one host at a time, where the vendor has no word on it. */
const connections = 4;

/** The HTTP client of one connection: the only way in which a connector talks to its vendor. */
export function createHttp(options: HttpOptions): Http {
  const { terms, words, clock } = options;
  const timeoutMs = terms.timeoutSeconds * 1000;
  const shapes = options.shapes ? createShapeWatch(terms.id, options.shapes, clock) : null;
  const { atOnce, limits, day = { zone: options.timeZone ?? 'UTC' } } = options;
  const dispatcher = new Agent({ connections: atOnce ?? connections, connect: { timeout: timeoutMs } });
  const budget = createBudget(
    {
      ...terms,
      connection: terms.id,
      label: words.label,
      day,
      ...(limits ? { limits } : {}),
      ...(atOnce === undefined ? {} : { atOnce }),
    },
    options.budgets,
    clock,
  );

  const attempt = async <T>(call: HttpCall<T>, context: CallContext, number: number): Promise<Answer<T>> => {
    const { signal, forPerson } = context;
    const counted = call.counted !== false;
    const done = counted ? await budget.take({ signal, forPerson, limits: call.limits }) : () => undefined;
    const at = clock.now();
    const outgoing = prepare(call, context, { timeoutMs, dispatcher });
    const sent = await send(outgoing, words.label).finally(done);
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
    if (judged.ok) {
      const drifts = counted && shapes ? await shapes.look(call.purpose, judged.data) : [];
      return { data: judged.data, exchangeId, drifts };
    }
    const { failure } = judged;
    if (counted && failure.cause === 'busy' && failure.resumeAt) await budget.close(failure.resumeAt);
    const status = sent.kind === 'answered' ? sent.answer.status : null;
    // A read leaves nothing behind at the vendor, whatever became of it.
    const mayHaveArrived = failure.mayHaveArrived && call.effect !== 'read';
    throw new CallFailed(terms.id, { ...failure, mayHaveArrived }, { status, exchangeId });
  };

  const http = <T>(call: HttpCall<T>, context: CallContext) =>
    withRetries((number) => attempt(call, context, number), {
      effect: call.effect,
      clock,
      signal: context.signal,
    });
  return Object.assign(http, { tellZone: budget.tellZone });
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
