import type { Clock } from '#src/clock.ts';

export interface EventClock extends Clock {
  /** Lets time pass until `work` is done, from one moment at which somebody wakes to the next. */
  run<T>(work: Promise<T>): Promise<T>;
}

/** A clock for many that sleep at the same time: when nobody can go on, it is the moment at which the first of them wakes. */
export function eventClock(start: Date): EventClock {
  let at = start.getTime();
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();
  return {
    now: () => new Date(at),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const wake = () => {
          sleepers.delete(sleeper);
          resolve();
        };
        const sleeper = { until: at + Math.max(0, ms), wake };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', wake, { once: true });
      }),
    run: async (work) => {
      let over = false;
      const end = () => {
        over = true;
      };
      work.then(end, end);
      while (!over) {
        // Whatever can go on without time passing does so first.
        await new Promise(setImmediate);
        if (over) break;
        const next = [...sleepers].sort((a, b) => a.until - b.until)[0];
        if (!next) continue;
        at = Math.max(at, next.until);
        next.wake();
      }
      return work;
    },
  };
}
