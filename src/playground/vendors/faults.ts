import type { Clock } from '../../clock.ts';
import { type Answer, type Call, html, isObject } from './exchange.ts';
import type { Fault } from './vendor.ts';

type Json = Readonly<Record<string, unknown>>;

/** What a vendor must say so that its practice double can be broken in its own words. */
export interface Dialect {
  /** True for calls that change records. */
  isWrite(call: Call): boolean;
  serverError(): Answer;
  /** To any call, whatever its credentials; to the token end point as well, where there is one. */
  revoked(call: Call): Answer;
  busy(retryAfterSeconds: number): Answer;
  /** A write that is understood and refused with a reason. */
  refused(call: Call, message: string): Answer;
  /** An answer's body with one key of the records under another name. */
  rename(body: unknown): unknown;
  /** The key of a record's id. */
  readonly idKey: string;
  /** The record as nobody can read it; its id stays. */
  spoil(record: Json): Json;
}

/** The one fault that a practice vendor has at a time. */
export interface Faults {
  readonly current: Fault | null;
  set(fault: Fault | null): void;
  /** Resolves once the vendor is not silent. */
  heard(): Promise<void>;
  /** The answer in place of the vendor's own, or null where the fault lets the call through. */
  instead(call: Call): Answer | null;
  /** What becomes of the vendor's own answer on its way out. */
  outgoing(call: Call, answer: Answer): Answer | 'cut';
}

/** `busy` ends by itself after its seconds, `cut_after_write` after its times; every other fault lasts until it is mended. */
export function createFaults(clock: Clock, dialect: Dialect): Faults {
  let fault: Fault | null = null;
  let until = Number.POSITIVE_INFINITY;
  let mended = Promise.withResolvers<void>();
  const set = (next: Fault | null) => {
    mended.resolve();
    mended = Promise.withResolvers();
    fault = next;
    const seconds = next?.kind === 'busy' ? next.retryAfterSeconds : Number.POSITIVE_INFINITY;
    until = clock.now().getTime() + seconds * 1000;
  };
  const current = () => {
    if (clock.now().getTime() >= until) set(null);
    return fault;
  };
  return {
    get current() {
      return current();
    },
    set,
    heard: async () => {
      while (current()?.kind === 'silent') await mended.promise;
    },
    instead: (call) => {
      const now = current();
      return now && answerInstead(now, call, dialect, Math.ceil((until - clock.now().getTime()) / 1000));
    },
    outgoing: (call, answer) => {
      const now = current();
      if (now?.kind === 'cut_after_write' && dialect.isWrite(call) && answer.status < 300) {
        set(now.times > 1 ? { ...now, times: now.times - 1 } : null);
        return 'cut';
      }
      return now ? changed(now, answer, dialect) : answer;
    },
  };
}

function answerInstead(fault: Fault, call: Call, dialect: Dialect, secondsLeft: number): Answer | null {
  if (fault.kind === 'server_error') return dialect.serverError();
  if (fault.kind === 'revoked') return dialect.revoked(call);
  if (fault.kind === 'html') return html(200, 'We will be back shortly');
  if (fault.kind === 'busy') return dialect.busy(secondsLeft);
  if (fault.kind === 'writes_refused' && dialect.isWrite(call)) return dialect.refused(call, fault.message);
  return null;
}

function changed(fault: Fault, answer: Answer, dialect: Dialect): Answer {
  if (fault.kind === 'half_json') return { ...answer, body: answer.body.slice(0, answer.body.length / 2) };
  if (fault.kind === 'renamed') return withBody(answer, dialect.rename);
  if (fault.kind !== 'malformed_record') return answer;
  return withBody(answer, (body) => spoilRecord(body, fault.externalId, dialect));
}

function withBody(answer: Answer, change: (body: unknown) => unknown): Answer {
  const isJson = answer.headers['content-type']?.includes('json') && answer.body !== '';
  return isJson ? { ...answer, body: JSON.stringify(change(JSON.parse(answer.body))) } : answer;
}

function spoilRecord(value: unknown, id: string, dialect: Dialect): unknown {
  if (Array.isArray(value)) return value.map((item) => spoilRecord(item, id, dialect));
  if (!isObject(value)) return value;
  if (value[dialect.idKey] === id) return dialect.spoil(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, spoilRecord(item, id, dialect)]),
  );
}

/** A JSON value with a key renamed wherever it stands. */
export function renameKey(value: unknown, from: string, to: string): unknown {
  if (Array.isArray(value)) return value.map((item) => renameKey(item, from, to));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key === from ? to : key, renameKey(item, from, to)]),
  );
}

/** A request's body as the vendor takes it while a key has another name: the old name means nothing to it any more. */
export function takeRenamed(value: unknown, from: string, to: string): unknown {
  return renameKey(renameKey(value, from, `${from} (unknown)`), to, from);
}
