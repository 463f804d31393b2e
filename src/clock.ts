/** The only reader of the time. Everything else receives a {@link Clock}, so that tests and the practice past can move it. */
export interface Clock {
  now(): Date;
  /** Resolves after `ms` of this clock's time, or as soon as `signal` aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done, { once: true });
    }),
};

export interface ManualClock extends Clock {
  set(at: Date): void;
  advance(ms: number): void;
}

/** A clock that stands still until it is told; sleeping on it moves it, so that nothing ever waits. */
export function manualClock(start: Date): ManualClock {
  let at = start.getTime();
  return {
    now: () => new Date(at),
    sleep: async (ms) => {
      at += Math.max(0, ms);
    },
    set: (to) => {
      at = to.getTime();
    },
    advance: (ms) => {
      at += ms;
    },
  };
}

/**
 * Calls `work` every `ms` of real time, never twice at once, until the returned function is called (it waits for a call
 * under way). A timer's own, so that two loops never share one.
 */
export function every(ms: number, work: () => Promise<void>): () => Promise<void> {
  let busy: Promise<void> | undefined;
  const timer = setInterval(() => {
    busy ??= work().finally(() => {
      busy = undefined;
    });
  }, ms);
  return async () => {
    clearInterval(timer);
    await busy;
  };
}
