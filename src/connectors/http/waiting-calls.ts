import type { Limit, Take } from './budget.ts';

/** A call that waits for its turn. */
export interface Waiter extends Take {
  /** ms since 1970. */
  readonly since: number;
  readonly go: (done: () => void) => void;
  readonly fail: (error: unknown) => void;
}

/** The calls that wait: what a person waits for goes first. */
export interface WaitingCalls {
  isEmpty(): boolean;
  first(): Waiter | undefined;
  add(waiter: Waiter): void;
  drop(waiter: Waiter): void;
  /** Those that are under the same limits as this one, itself among them. */
  alike(one: Waiter): Waiter[];
  fail(which: (waiter: Waiter) => boolean, why: (waiter: Waiter) => unknown): void;
  /** Fails those whose caller gave up, with its reason. */
  failAborted(): void;
  /** Aborts when one of those that wait now gives up. */
  givingUp(): AbortSignal;
  someoneGivesUp(): Promise<void>;
}

export function waitingCalls(): WaitingCalls {
  const waiting: Waiter[] = [];
  const drop = (waiter: Waiter) => {
    const at = waiting.indexOf(waiter);
    if (at >= 0) waiting.splice(at, 1);
  };
  const fail: WaitingCalls['fail'] = (which, why) => {
    for (const waiter of waiting.filter(which)) {
      drop(waiter);
      waiter.fail(why(waiter));
    }
  };
  const givingUp = () => AbortSignal.any(waiting.flatMap(({ signal }) => signal ?? []));
  return {
    isEmpty: () => waiting.length === 0,
    first: () => waiting[0],
    add: (waiter) => {
      const behind = waiter.forPerson ? waiting.findIndex((other) => !other.forPerson) : -1;
      if (behind < 0) waiting.push(waiter);
      else waiting.splice(behind, 0, waiter);
    },
    drop,
    alike: (one) => waiting.filter((other) => isLike(other, one)),
    fail,
    failAborted: () =>
      fail(
        ({ signal }) => signal?.aborted === true,
        ({ signal }) => signal?.reason,
      ),
    givingUp,
    someoneGivesUp: () =>
      new Promise((resolve) => givingUp().addEventListener('abort', () => resolve(), { once: true })),
  };
}

/** The calls of this process that were sent and have not been answered. */
export interface Places {
  underWay(): number;
  /** Notes what the others know of them. */
  told(underWay: number): void;
  /** Whether the others take places for taken that are all free. */
  areUntold(): boolean;
  /** Resolves when the next one comes free. */
  freed(): Promise<void>;
  /** Takes one; it is free again once the returned function is called, whereupon `then` is. */
  take(then: () => void): () => void;
}

export function callPlaces(): Places {
  let underWay = 0;
  let told = 0;
  let freed = Promise.withResolvers<void>();
  return {
    underWay: () => underWay,
    told: (count) => {
      told = count;
    },
    areUntold: () => underWay === 0 && told > 0,
    freed: () => freed.promise,
    take: (then) => {
      let isOver = false;
      underWay += 1;
      return () => {
        if (isOver) return;
        isOver = true;
        underWay -= 1;
        freed.resolve();
        freed = Promise.withResolvers();
        then();
      };
    },
  };
}

/** Under no limits but those of every call. */
export const isPlain = ({ forPerson, limits }: Take): boolean => !forPerson && (limits ?? []).length === 0;

const isLike = (one: Take, other: Take): boolean =>
  (one.forPerson ?? false) === (other.forPerson ?? false) && names(one.limits) === names(other.limits);

const names = (limits: readonly Limit[] = []): string => limits.map(({ name }) => name).join();
