import type { Clock } from '../../clock.ts';

/** At most so many calls in any stretch of `perMs` ms. */
export interface Limit {
  readonly calls: number;
  readonly perMs: number;
}

/**
 * Keeps this process's own calls under limits that vendors count over rolling stretches, such as HubSpot's five searches a
 * second. Returns a function that resolves when the next call may go out; its place in the row is taken at once.
 */
export function createPace(limits: readonly Limit[], clock: Clock): (signal?: AbortSignal) => Promise<void> {
  const kept = limits.filter(({ calls }) => calls > 0);
  const longest = Math.max(0, ...kept.map(({ calls }) => calls));
  const turns: number[] = [];
  return async (signal) => {
    const now = clock.now().getTime();
    let at = Math.max(now, turns.at(-1) ?? now);
    for (const { calls, perMs } of kept) {
      const before = turns.at(-calls);
      if (before !== undefined) at = Math.max(at, before + perMs);
    }
    turns.push(at);
    if (turns.length > longest) turns.shift();
    if (at > now) await clock.sleep(at - now, signal);
  };
}
