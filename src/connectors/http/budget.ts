import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { busy, CallFailed, failure } from './failure.ts';
import { longestWaitMs } from './retry.ts';
import type { Remaining } from './vendor-words.ts';

/** So many calls in any stretch of `perMs`; or, without it, in each day, which ends at midnight of `zone`. */
export interface Limit {
  /** `minute`, `day`, or one that a vendor has beside them. */
  readonly name: string;
  readonly calls: number;
  readonly perMs: number | null;
  /** IANA zone of the days; the account's own is taken instead once it is known. */
  readonly zone?: string;
}

/** What one process asks of the calls that all share. */
export interface LeaseRequest {
  readonly connection: string;
  /** This process, for limits of calls at one time. */
  readonly caller: string;
  /** As many as can be had of these; 0 only tells what is under way. */
  readonly calls: number;
  readonly limits: readonly Limit[];
  /** Calls of this process that were sent and have not been answered. */
  readonly underWay: number;
  /** At one time by all processes together; null = any number. */
  readonly atOnce: number | null;
  /** After so long a call is over, whatever became of it, in ms. */
  readonly longestCallMs: number;
  readonly now: Date;
}

/** `because`: the name of the limit that is spent, `closed` by the vendor's word, or `at_once`. */
export type Lease =
  | { readonly granted: number; readonly until: null }
  | { readonly granted: 0; readonly until: Date; readonly because: string };

/** What all replicas have taken together. Every method is one atomic step. */
export interface BudgetLedger {
  lease(request: LeaseRequest): Promise<Lease>;
  /** The vendor says that only so many are left: what others used is counted as ours. More than we thought is no news. */
  feed(
    request: Pick<LeaseRequest, 'connection' | 'limits' | 'now'> & { remaining: Remaining },
  ): Promise<void>;
  /** Nothing goes out before `until`. */
  close(connection: string, until: Date): Promise<void>;
  /** At whose midnight the account's days end. */
  tellZone(connection: string, zone: string): Promise<void>;
}

export interface BudgetTerms {
  readonly connection: string;
  readonly label: string;
  readonly callsPerMinute: number;
  readonly callsPerDay: number;
  /** Of the day's calls, those that only what a person asked for may use. */
  readonly callsForPeople: number;
  /** `rolling`: any 24 hours count, not calendar days. */
  readonly day?: 'rolling' | { readonly zone: string };
  /** Rolling limits beside the minute and the day. */
  readonly limits?: readonly Limit[];
  readonly atOnce?: number;
  readonly timeoutSeconds: number;
}

export interface Take {
  readonly forPerson?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Limits that this call alone is under. */
  readonly limits?: readonly Limit[] | undefined;
}

export interface Budget {
  /**
   * Takes one call, waiting while a minute, or less, is spent. Throws CallFailed `budget` when the day is spent, `busy` while the
   * vendor wants to be left alone for longer than we wait. The call is under way until the returned function is called.
   */
  take(how?: Take): Promise<() => void>;
  observe(remaining: Remaining): Promise<void>;
  close(until: Date): Promise<void>;
  tellZone(zone: string): Promise<void>;
}

/** How long one call waits for its turn before its run is parked instead, in ms. */
const longestTurnMs = 5 * 60_000;
/** With limits so wide, a call for each so many is leased ahead: systems of the company's own are asked thousands of times a minute. */
const wide = { minute: 1_000, day: 1_000_000 } as const;
const aheadMs = 500;

interface Waiter extends Take {
  readonly since: number;
  readonly go: (done: () => void) => void;
  readonly fail: (error: unknown) => void;
}

/** One connection's budget as this process sees it: calls are leased from the ledger as they are wanted, so that none are wasted. */
export function createBudget(terms: BudgetTerms, ledger: BudgetLedger, clock: Clock): Budget {
  const caller = randomUUID();
  const { atOnce = null } = terms;
  const waiting: Waiter[] = [];
  const ahead = { left: 0, until: 0 };
  let underWay = 0;
  /** What the others know of our calls under way. */
  let told = 0;
  let freed = Promise.withResolvers<void>();
  let pumping = false;

  const rates = [
    { name: 'minute', calls: terms.callsPerMinute, perMs: 60_000 },
    ...(terms.limits ?? []),
  ] as const;
  const fastest = Math.min(...rates.map(({ calls }) => calls));
  const spare = Math.floor(Math.min(20, fastest / wide.minute, terms.callsPerDay / wide.day));
  const limitsFor = ({ forPerson, limits = [] }: Take): Limit[] => [
    ...rates,
    ...limits,
    dayLimit(terms, forPerson === true ? terms.callsPerDay : terms.callsPerDay - terms.callsForPeople),
  ];
  const ask = (limits: readonly Limit[], calls: number) => {
    const { connection } = terms;
    const longestCallMs = terms.timeoutSeconds * 1000 + 5_000;
    told = underWay + (calls > 0 ? 1 : 0);
    const now = clock.now();
    return ledger.lease({ connection, caller, calls, limits, underWay, atOnce, longestCallMs, now });
  };

  const done = () => {
    let over = false;
    underWay += 1;
    return () => {
      if (over) return;
      over = true;
      underWay -= 1;
      freed.resolve();
      freed = Promise.withResolvers();
      // Others wait for a free place: that there are some is told by the next lease, else now.
      if (atOnce !== null && underWay === 0 && waiting.length === 0 && told > 0)
        void ask([], 0).catch(() => undefined);
    };
  };
  const drop = (waiter: Waiter) => {
    const at = waiting.indexOf(waiter);
    if (at >= 0) waiting.splice(at, 1);
  };
  const goOn = (waiter: Waiter) => {
    drop(waiter);
    waiter.go(done());
  };
  const failThose = (which: (waiter: Waiter) => boolean, why: (waiter: Waiter) => unknown) => {
    for (const waiter of waiting.filter(which)) {
      drop(waiter);
      waiter.fail(why(waiter));
    }
  };

  const serve = async (): Promise<void> => {
    failThose(
      ({ signal }) => signal?.aborted === true,
      ({ signal }) => signal?.reason,
    );
    const first = waiting[0];
    if (!first) return;
    const now = clock.now();
    if (ahead.left > 0 && ahead.until > now.getTime() && isPlain(first)) {
      ahead.left -= 1;
      return goOn(first);
    }
    const alike = waiting.filter((other) => isLike(other, first));
    const more = isPlain(first) ? spare : 0;
    const lease = await ask(limitsFor(first), alike.length + more);
    if (lease.until) return refuse(first, lease, now);
    for (const waiter of alike.slice(0, lease.granted)) goOn(waiter);
    if (lease.granted > alike.length) {
      ahead.left = lease.granted - alike.length;
      ahead.until = now.getTime() + aheadMs;
    }
  };

  const refuse = async (
    first: Waiter,
    { until, because }: Extract<Lease, { granted: 0 }>,
    now: Date,
  ): Promise<void> => {
    const { connection, label } = terms;
    const limit = limitsFor(first).find(({ name }) => name === because);
    if (because === 'day')
      return failThose(
        (waiter) => waiter.forPerson === first.forPerson,
        () => spent(limit?.calls ?? 0, 'today', until),
      );
    const wait = until.getTime() - now.getTime();
    if (because === 'closed' && wait > longestWaitMs)
      return failThose(
        () => true,
        () => new CallFailed(connection, busy(label, until, now)),
      );
    const tooLong = (waiter: Waiter) => now.getTime() - waiter.since >= longestTurnMs;
    if (because !== 'closed')
      failThose(tooLong, () => spent(limit?.calls ?? terms.callsPerMinute, 'this minute', until));
    if (waiting.length === 0) return;
    // Our own places come free by an answer, those of others by their word.
    if (because === 'at_once' && underWay > 0) await Promise.race([freed.promise, aborted()]);
    else await sleep(wait);
  };

  /** Ends when one of those that wait gives up. */
  const givingUp = () => AbortSignal.any(waiting.flatMap(({ signal }) => signal ?? []));
  const sleep = (ms: number) => clock.sleep(ms, givingUp());
  const aborted = () =>
    new Promise<void>((resolve) => givingUp().addEventListener('abort', () => resolve(), { once: true }));

  const spent = (calls: number, span: 'today' | 'this minute', until: Date): CallFailed => {
    const those = calls === 1 ? 'one call' : `${calls.toLocaleString('en-AU')} calls`;
    const words = `The ${those} to ${terms.label} for ${span} ${calls === 1 ? 'is' : 'are'} used up`;
    return new CallFailed(terms.connection, failure('budget', words, { resumeAt: until }));
  };

  const pump = async (): Promise<void> => {
    if (pumping) return;
    pumping = true;
    try {
      // Whoever asks in the same moment is served by one lease.
      await Promise.resolve();
      while (waiting.length > 0) await serve();
    } catch (error) {
      failThose(
        () => true,
        () => error,
      );
    } finally {
      pumping = false;
    }
  };

  return {
    take: (how = {}) =>
      new Promise((go, fail) => {
        const waiter = { ...how, since: clock.now().getTime(), go, fail };
        // What a person waits for goes first.
        const behind = how.forPerson ? waiting.findIndex((other) => !other.forPerson) : -1;
        if (behind < 0) waiting.push(waiter);
        else waiting.splice(behind, 0, waiter);
        void pump();
      }),
    observe: async (remaining) => {
      if (remaining.minute === undefined && remaining.day === undefined) return;
      const limits = limitsFor({ forPerson: true });
      await ledger.feed({ connection: terms.connection, limits, remaining, now: clock.now() });
    },
    close: async (until) => {
      ahead.left = 0;
      await ledger.close(terms.connection, until);
    },
    tellZone: (zone) => ledger.tellZone(terms.connection, zone),
  };
}

function dayLimit({ day }: BudgetTerms, calls: number): Limit {
  const how = day === 'rolling' ? { perMs: 86_400_000 } : { perMs: null, zone: day?.zone ?? 'UTC' };
  return { name: 'day', calls, ...how };
}

const isPlain = ({ forPerson, limits }: Take): boolean => !forPerson && (limits ?? []).length === 0;

const isLike = (one: Take, other: Take): boolean =>
  (one.forPerson ?? false) === (other.forPerson ?? false) && names(one.limits) === names(other.limits);

const names = (limits: readonly Limit[] = []): string => limits.map(({ name }) => name).join();
