/** Ways in which a test or a person makes the practice Slack misbehave. Each is used up by one call, `down` apart. */
export interface Faults {
  /** The next call of `method` is carried out, then the connection is cut before the answer. */
  loseNextAnswer(method: string): void;
  /** The next call of `method` is refused with this error, and nothing is done. */
  failNext(method: string, error: string): void;
  /** The next call of `method` gets 429 with this `Retry-After`. */
  rateLimitNext(method: string, seconds: number): void;
  /** While down, every call gets 503, and sockets are cut and refused. */
  down(isDown: boolean): void;
  readonly isDown: boolean;
  takeFailure(method: string): string | undefined;
  takeRateLimit(method: string): number | undefined;
  takeLostAnswer(method: string): boolean;
}

export function openFaults(onDown: () => void): Faults {
  const failures = queues<string>();
  const rateLimits = queues<number>();
  const lost = queues<true>();
  let isDown = false;
  return {
    loseNextAnswer: (method) => lost.add(method, true),
    failNext: failures.add,
    rateLimitNext: rateLimits.add,
    down: (now) => {
      isDown = now;
      if (now) onDown();
    },
    get isDown() {
      return isDown;
    },
    takeFailure: failures.take,
    takeRateLimit: rateLimits.take,
    takeLostAnswer: (method) => lost.take(method) === true,
  };
}

function queues<T>() {
  const waiting = new Map<string, T[]>();
  return {
    add: (method: string, what: T) => {
      waiting.set(method, [...(waiting.get(method) ?? []), what]);
    },
    take: (method: string): T | undefined => waiting.get(method)?.shift(),
  };
}
