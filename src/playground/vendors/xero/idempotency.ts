import { createHash } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import type { Store } from '../../store.ts';
import type { Answer, Call } from '../exchange.ts';
import { badRequest } from './errors.ts';

interface Kept {
  readonly key: string;
  readonly request: string;
  /** ISO 8601. */
  readonly at: string;
  readonly answer: Answer;
}

/** The answer to a write, made once. */
export type Idempotency = (call: Call, write: () => Answer) => Answer;

const keptMs = 6 * 60_000;

/**
 * `Idempotency-Key`: the answer to a write, errors too, is kept for six minutes and given again for the same key and request;
 * the key with another request is refused. Source: Xero's guide on idempotent requests.
 */
export function createIdempotency(store: Store, clock: Clock): Idempotency {
  const kept = store.collection<Kept>('xero.idempotency');
  return (call, write) => {
    const key = call.headers['idempotency-key'];
    if (!key) return write();
    if (key.length > 128) return badRequest('The Idempotency-Key is longer than 128 characters.');
    const now = clock.now().getTime();
    for (const old of kept.all()) if (Date.parse(old.at) <= now - keptMs) kept.delete(old.key);
    const request = fingerprint(call);
    const before = kept.get(key);
    if (before && before.request !== request) {
      return badRequest(`The Idempotency-Key ${key} is used with a different request.`);
    }
    if (before) return before.answer;
    const answer = store.together(() => {
      const fresh = write();
      kept.set(key, { key, request, at: new Date(now).toISOString(), answer: fresh });
      return fresh;
    });
    return answer;
  };
}

const fingerprint = ({ method, path, query, body }: Call): string =>
  createHash('sha256').update(`${method} ${path}?${query} ${body}`).digest('hex');
