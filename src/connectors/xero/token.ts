import type { Clock } from '../../clock.ts';
import type { CallContext } from '../connector.ts';

export interface FetchedToken {
  readonly accessToken: string;
  readonly livesMs: number;
  /** Null where neither the answer nor the token tells. */
  readonly scopes: readonly string[] | null;
}

export interface TokenKeeper {
  /** A token good for a while. However many ask at once, one is fetched. Throws what fetching throws. */
  current(call: CallContext): Promise<FetchedToken>;
  /** The vendor refused this one: what came after it, fetched where nothing did. */
  after(refused: string, call: CallContext): Promise<FetchedToken>;
}

/** Renewed this long before it ends, or at nine tenths of a short life. */
const aheadMs = 120_000;

/** Keeps one access token in memory and renews it ahead of its end. */
export function keepToken(fetch: (call: CallContext) => Promise<FetchedToken>, clock: Clock): TokenKeeper {
  let kept: { token: FetchedToken; renewAt: number } | null = null;
  let fetching: Promise<FetchedToken> | null = null;

  const renew = async (call: CallContext): Promise<FetchedToken> => {
    // Others may wait for the same token: the one who asked first must not take it away by giving up.
    const { signal: _, ...lasting } = call;
    const token = await fetch(lasting);
    const { livesMs } = token;
    kept = { token, renewAt: clock.now().getTime() + livesMs - Math.min(aheadMs, livesMs / 10) };
    return token;
  };

  const current = (call: CallContext): Promise<FetchedToken> => {
    if (kept && clock.now().getTime() < kept.renewAt) return Promise.resolve(kept.token);
    fetching ??= renew(call).finally(() => {
      fetching = null;
    });
    return fetching;
  };

  return {
    current,
    after: (refused, call) => {
      if (kept?.token.accessToken === refused) kept = null;
      return current(call);
    },
  };
}
