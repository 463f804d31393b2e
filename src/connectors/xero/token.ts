import type { Clock } from '../../clock.ts';
import type { CallContext } from '../connector.ts';

export interface FetchedToken {
  readonly accessToken: string;
  readonly livesMs: number;
}

export interface TokenKeeper {
  /** A token good for a while. However many ask at once, one is fetched. Throws what fetching throws. */
  current(call: CallContext): Promise<string>;
  /** The vendor refused this one: the next caller fetches anew. */
  forget(accessToken: string): void;
}

/** Renewed this long before it ends, or at nine tenths of a short life. */
const aheadMs = 120_000;

/** Keeps one access token in memory and renews it ahead of its end. */
export function keepToken(fetch: (call: CallContext) => Promise<FetchedToken>, clock: Clock): TokenKeeper {
  let kept: { accessToken: string; renewAt: number } | null = null;
  let fetching: Promise<string> | null = null;

  const renew = async (call: CallContext): Promise<string> => {
    // Others may wait for the same token: the one who asked first must not take it away by giving up.
    const { signal: _, ...lasting } = call;
    const { accessToken, livesMs } = await fetch(lasting);
    kept = { accessToken, renewAt: clock.now().getTime() + livesMs - Math.min(aheadMs, livesMs / 10) };
    return accessToken;
  };

  return {
    current(call) {
      if (kept && clock.now().getTime() < kept.renewAt) return Promise.resolve(kept.accessToken);
      fetching ??= renew(call).finally(() => {
        fetching = null;
      });
      return fetching;
    },
    forget(accessToken) {
      if (kept?.accessToken === accessToken) kept = null;
    },
  };
}
