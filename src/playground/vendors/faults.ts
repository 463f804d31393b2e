import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../clock.ts';
import { type Random, seededRandom } from '../data/random.ts';
import { type Answer, type Call, html, isObject } from './exchange.ts';
import type { Fault, FaultStep, Trouble } from './vendor.ts';

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
  /** The key of a record's id; several where there are several kinds of record. */
  readonly idKey: string | readonly string[];
  /** The record as nobody can read it; its id stays. */
  spoil(record: Json): Json;
}

/** What becomes of a call: an answer, one that breaks off in the middle, or none at all. */
export type Fate =
  | { readonly kind: 'answered' | 'reset'; readonly answer: Answer }
  | { readonly kind: 'cut' };

/** The one fault that a practice vendor has at a time. */
export interface Faults {
  readonly current: Fault | null;
  set(fault: Fault | null): void;
  /** Takes a call through the fault. `own` makes the vendor's own answer, at most once; `isGone` = nobody waits for it any more. */
  meet(call: Call, own: () => Answer, isGone: () => boolean): Promise<Fate>;
}

/** What chance brings where a seed names nothing else: all that passes by itself, and takes no real time to speak of. */
const usual: readonly Trouble[] = [
  { kind: 'server_error' },
  { kind: 'bad_gateway' },
  { kind: 'busy', retryAfterSeconds: 1 },
  { kind: 'slow', seconds: 0.02 },
  { kind: 'cut_before_write' },
  { kind: 'cut_after_write' },
  { kind: 'reset' },
  { kind: 'half_json' },
];

export function createFaults(clock: Clock, dialect: Dialect): Faults {
  let fault: Fault | null = null;
  let until = Number.POSITIVE_INFINITY;
  let chance: Random | null = null;
  let mended = Promise.withResolvers<void>();
  const set = (next: Fault | null) => {
    mended.resolve();
    mended = Promise.withResolvers();
    fault = next;
    chance = next?.kind === 'seed' ? seededRandom(next.seed) : null;
    const seconds = next?.kind === 'busy' ? next.retryAfterSeconds : Number.POSITIVE_INFINITY;
    until = clock.now().getTime() + seconds * 1000;
  };
  const current = () => {
    if (clock.now().getTime() >= until) set(null);
    return fault;
  };
  /** What this call meets. A `busy` that has begun says how much of it is left. */
  const strike = (call: Call): Trouble | null => {
    const now = current();
    const hit = now && hitBy(now, call, dialect, chance);
    if (!hit) return null;
    fault = hit.left;
    const { trouble } = hit;
    if (trouble?.kind !== 'busy' || until === Number.POSITIVE_INFINITY) return trouble;
    return { ...trouble, retryAfterSeconds: Math.ceil((until - clock.now().getTime()) / 1000) };
  };
  return {
    get current() {
      return current();
    },
    set,
    meet: async (call, own, isGone) => {
      let trouble = strike(call);
      while (trouble?.kind === 'silent') {
        await mended.promise;
        if (isGone()) return { kind: 'cut' };
        trouble = strike(call);
      }
      return trouble ? fateOf(trouble, call, { own, dialect, mended: mended.promise }) : answered(own());
    },
  };
}

async function fateOf(
  trouble: Trouble,
  call: Call,
  how: { readonly own: () => Answer; readonly dialect: Dialect; readonly mended: Promise<void> },
): Promise<Fate> {
  if (trouble.kind === 'cut_before_write') return { kind: 'cut' };
  const instead = answerInstead(trouble, call, how.dialect);
  if (instead) return answered(instead);
  const answer = how.own();
  if (trouble.kind === 'slow') await wait(trouble.seconds * 1000);
  if (trouble.kind === 'silent_after_write' && answer.status < 300) await how.mended;
  return outgoing(trouble, answer, how.dialect);
}

/** What a fault does to this call, and what is left of it then. Null = nothing. */
function hitBy(
  fault: Fault,
  call: Call,
  dialect: Dialect,
  chance: Random | null,
): { readonly trouble: Trouble | null; readonly left: Fault | null } | null {
  if (fault.kind === 'seed') {
    if (!chance || chance.between(1, 1000) > fault.rate * 1000) return null;
    const trouble = chance.pick(fault.of ?? usual);
    return fits(trouble, call, dialect) ? { trouble, left: fault } : null;
  }
  if (fault.kind === 'script') {
    const [step, ...steps] = fault.steps;
    if (!step || !fits(step, call, dialect)) return null;
    const left = steps.length > 0 ? { ...fault, steps } : null;
    return { trouble: step.kind === 'fine' ? null : step, left };
  }
  if (!fits(fault, call, dialect)) return null;
  const { times = Number.POSITIVE_INFINITY } = fault;
  if (times === Number.POSITIVE_INFINITY) return { trouble: fault, left: fault };
  return { trouble: fault, left: times > 1 ? { ...fault, times: times - 1 } : null };
}

function fits({ kind, on }: FaultStep, call: Call, dialect: Dialect): boolean {
  const isWrite = dialect.isWrite(call);
  if (on) return isWrite === (on === 'write');
  return isWrite || !(kind.endsWith('_write') || kind === 'writes_refused');
}

function answerInstead(trouble: Trouble, call: Call, dialect: Dialect): Answer | null {
  if (trouble.kind === 'server_error') return dialect.serverError();
  if (trouble.kind === 'bad_gateway') return html(502, '502 Bad Gateway');
  if (trouble.kind === 'revoked') return dialect.revoked(call);
  if (trouble.kind === 'html') return html(200, 'We will be back shortly');
  if (trouble.kind === 'busy') return dialect.busy(trouble.retryAfterSeconds);
  if (trouble.kind === 'writes_refused') return dialect.refused(call, trouble.message);
  return null;
}

function outgoing(trouble: Trouble, answer: Answer, dialect: Dialect): Fate {
  switch (trouble.kind) {
    case 'cut_after_write':
    case 'silent_after_write':
      // A refusal changed nothing: it is told.
      return answer.status < 300 ? { kind: 'cut' } : answered(answer);
    case 'reset':
      return { kind: 'reset', answer };
    case 'half_json':
      return answered({ ...answer, body: answer.body.slice(0, answer.body.length / 2) });
    case 'renamed':
      return answered(withBody(answer, dialect.rename));
    case 'malformed_record':
      return answered(withBody(answer, (body) => spoilRecord(body, trouble.externalId, dialect)));
    default:
      return answered(answer);
  }
}

const answered = (answer: Answer): Fate => ({ kind: 'answered', answer });

function withBody(answer: Answer, change: (body: unknown) => unknown): Answer {
  const isJson = answer.headers['content-type']?.includes('json') && answer.body !== '';
  return isJson ? { ...answer, body: JSON.stringify(change(JSON.parse(answer.body))) } : answer;
}

function spoilRecord(value: unknown, id: string, dialect: Dialect): unknown {
  if (Array.isArray(value)) return value.map((item) => spoilRecord(item, id, dialect));
  if (!isObject(value)) return value;
  if ([dialect.idKey].flat().some((key) => value[key] === id)) return dialect.spoil(value);
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
