import type { Dispatcher } from 'undici';
import type { z } from 'zod';
import type { Limit } from './budget.ts';
import type { Effect } from './retry.ts';
import type { ShapeDrift } from './shape-watch.ts';

/** One request as a connector wants it. */
export interface HttpCall<T> {
  /** For people: "read contacts". */
  readonly purpose: string;
  readonly method: Dispatcher.HttpMethod;
  readonly url: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: { readonly json: unknown } | { readonly form: Readonly<Record<string, string>> };
  readonly effect: Effect;
  /** The shape of the answer's outside. Keep the records inside `unknown`: one bad record must not spoil the page. */
  readonly shape: z.ZodType<T>;
  /** False for calls that the vendor does not count, such as signing in. */
  readonly counted?: boolean;
  /** Limits of this endpoint alone, beside those of the whole account. */
  readonly limits?: readonly Limit[];
}

export interface Answer<T> {
  readonly data: T;
  readonly exchangeId: number;
  /** What answers of this endpoint lack, or have otherwise, since some time. */
  readonly drifts: readonly ShapeDrift[];
}
