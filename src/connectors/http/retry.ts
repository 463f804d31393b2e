import pRetry from 'p-retry';
import type { Clock } from '../../clock.ts';
import { CallFailed } from './failure.ts';

/**
 * What a request does at the vendor: `read` and `repeatable` (the same request again leaves the same state) may be sent
 * again when nobody knows whether they arrived; `once` (anything that adds) never.
 */
export type Effect = 'read' | 'repeatable' | 'once';

/** The longest that a call waits on a vendor's word before it gives up and says when to go on. */
export const longestWaitMs = 10_000;

const waits = { unreachable: [500, 2_000], silent: [1_000], nonsense: [1_000] } as const;
const mostBusyWaits = 3;

interface Failed {
  readonly failure: CallFailed['failure'];
  readonly passing: boolean;
  readonly resumeAt: Date | null;
}

/** How long to wait before the next try, in ms; null = no next try. Pure. `attempt` is the number of the try that failed. */
export function waitBeforeRetry(failed: Failed, effect: Effect, attempt: number, now: Date): number | null {
  if (effect === 'once') return null;
  if (failed.failure === 'busy') {
    const wait = failed.resumeAt ? Math.max(0, failed.resumeAt.getTime() - now.getTime()) : null;
    return wait !== null && wait <= longestWaitMs && attempt <= mostBusyWaits ? wait : null;
  }
  if (!failed.passing) return null;
  const { failure } = failed;
  if (failure !== 'unreachable' && failure !== 'silent' && failure !== 'nonsense') return null;
  return waits[failure][attempt - 1] ?? null;
}

/** Runs `attempt` until it works or there is no use. All waiting is done on the clock, none by the library's timers. */
export function withRetries<T>(
  attempt: (number: number) => Promise<T>,
  { effect, clock, signal }: { effect: Effect; clock: Clock; signal: AbortSignal | undefined },
): Promise<T> {
  return pRetry(attempt, {
    retries: 5,
    minTimeout: 0,
    signal,
    onFailedAttempt: async ({ error, attemptNumber }) => {
      const wait =
        error instanceof CallFailed ? waitBeforeRetry(error, effect, attemptNumber, clock.now()) : null;
      if (wait === null) throw error;
      await clock.sleep(wait, signal);
    },
  });
}
