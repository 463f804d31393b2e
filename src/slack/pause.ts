import { setTimeout } from 'node:timers/promises';

const longest = 60_000;

/** Waits before another try, ever longer, up to a minute of real time; no longer than until `signal` is aborted. Never rejects. */
export async function pause(tries: number, signal: AbortSignal): Promise<void> {
  await setTimeout(Math.min(longest, 1_000 * 2 ** Math.min(tries, 6)), undefined, { signal }).catch(
    () => undefined,
  );
}
