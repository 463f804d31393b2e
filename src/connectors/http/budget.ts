import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { busy, CallFailed, failure } from './failure.ts';
import { longestWaitMs } from './retry.ts';
import type { Remaining } from './vendor-words.ts';
import { callPlaces, isPlain, type Places, type Waiter, waitingCalls } from './waiting-calls.ts';

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

/** One connection's budget as this process sees it: calls are leased from the ledger as they are wanted, so that none are wasted. */
export function createBudget(terms: BudgetTerms, ledger: BudgetLedger, clock: Clock): Budget {
  const { connection } = terms;
  const waiting = waitingCalls();
  const places = callPlaces();
  const ahead = { left: 0, until: 0 };
  let isPumping = false;
  const limitsFor = limitsOf(terms);
  const ask = asking(terms, { ledger, clock, places });
  const spare = spareOf(terms);

  const goOn = (waiter: Waiter) => {
    waiting.drop(waiter);
    // Others wait for a free place: that there are some is told by the next lease, else now.
    const isLast = () => terms.atOnce !== undefined && places.areUntold() && waiting.isEmpty();
    waiter.go(places.take(() => isLast() && void ask([], 0).catch(() => undefined)));
  };

  const serve = async (): Promise<void> => {
    waiting.failAborted();
    const first = waiting.first();
    if (!first) return;
    const now = clock.now();
    if (ahead.left > 0 && ahead.until > now.getTime() && isPlain(first)) {
      ahead.left -= 1;
      return goOn(first);
    }
    const alike = waiting.alike(first);
    const more = isPlain(first) ? spare : 0;
    const lease = await ask(limitsFor(first), alike.length + more);
    if (lease.until) return refuse(first, lease, now);
    for (const waiter of alike.slice(0, lease.granted)) goOn(waiter);
    if (lease.granted > alike.length) {
      ahead.left = lease.granted - alike.length;
      ahead.until = now.getTime() + aheadMs;
    }
  };

  const refuse = async (first: Waiter, { until, because }: Refusal, now: Date): Promise<void> => {
    const calls = limitsFor(first).find(({ name }) => name === because)?.calls;
    const wait = until.getTime() - now.getTime();
    if (because === 'day') {
      const isAlike = (waiter: Waiter) => waiter.forPerson === first.forPerson;
      return waiting.fail(isAlike, () => spent(terms, calls ?? 0, { span: 'today', until }));
    }
    if (because === 'closed' && wait > longestWaitMs)
      return waiting.fail(everyone, () => new CallFailed(connection, busy(terms.label, until, now)));
    const isTooLong = (waiter: Waiter) => now.getTime() - waiter.since >= longestTurnMs;
    const thisMinute = { span: 'this minute', until } as const;
    if (because !== 'closed')
      waiting.fail(isTooLong, () => spent(terms, calls ?? terms.callsPerMinute, thisMinute));
    if (waiting.isEmpty()) return;
    // Our own places come free by an answer, those of others by their word.
    if (because === 'at_once' && places.underWay() > 0)
      await Promise.race([places.freed(), waiting.someoneGivesUp()]);
    else await clock.sleep(wait, waiting.givingUp());
  };

  const pump = async (): Promise<void> => {
    if (isPumping) return;
    isPumping = true;
    try {
      // Whoever asks in the same moment is served by one lease.
      await Promise.resolve();
      while (!waiting.isEmpty()) await serve();
    } catch (error) {
      waiting.fail(everyone, () => error);
    } finally {
      isPumping = false;
    }
  };

  return {
    take: (how = {}) =>
      new Promise((go, fail) => {
        waiting.add({ ...how, since: clock.now().getTime(), go, fail });
        void pump();
      }),
    observe: async (remaining) => {
      if (remaining.minute === undefined && remaining.day === undefined) return;
      const limits = limitsFor({ forPerson: true });
      await ledger.feed({ connection, limits, remaining, now: clock.now() });
    },
    close: async (until) => {
      ahead.left = 0;
      await ledger.close(connection, until);
    },
    tellZone: (zone) => ledger.tellZone(connection, zone),
  };
}

type Refusal = Extract<Lease, { granted: 0; until: Date }>;

const everyone = () => true;

const ratesOf = (terms: BudgetTerms): readonly Limit[] => [
  { name: 'minute', calls: terms.callsPerMinute, perMs: 60_000 },
  ...(terms.limits ?? []),
];

/** All limits that a call is under. */
const limitsOf =
  (terms: BudgetTerms) =>
  ({ forPerson, limits = [] }: Take): Limit[] => [
    ...ratesOf(terms),
    ...limits,
    dayLimit(terms, forPerson === true ? terms.callsPerDay : terms.callsPerDay - terms.callsForPeople),
  ];

/** How many calls are leased ahead. */
function spareOf(terms: BudgetTerms): number {
  const fastest = Math.min(...ratesOf(terms).map(({ calls }) => calls));
  return Math.floor(Math.min(20, fastest / wide.minute, terms.callsPerDay / wide.day));
}

/** Asks for so many calls, and tells the others how many of ours are under way. */
function asking(
  terms: BudgetTerms,
  {
    ledger,
    clock,
    places,
  }: { readonly ledger: BudgetLedger; readonly clock: Clock; readonly places: Places },
) {
  const { connection, atOnce = null } = terms;
  const caller = randomUUID();
  const longestCallMs = terms.timeoutSeconds * 1000 + 5_000;
  return (limits: readonly Limit[], calls: number): Promise<Lease> => {
    const underWay = places.underWay();
    places.told(underWay + (calls > 0 ? 1 : 0));
    const now = clock.now();
    return ledger.lease({ connection, caller, calls, limits, underWay, atOnce, longestCallMs, now });
  };
}

function spent(
  { connection, label }: BudgetTerms,
  calls: number,
  { span, until }: { readonly span: 'today' | 'this minute'; readonly until: Date },
): CallFailed {
  const those = calls === 1 ? 'one call' : `${calls.toLocaleString('en-AU')} calls`;
  const words = `The ${those} to ${label} for ${span} ${calls === 1 ? 'is' : 'are'} used up`;
  return new CallFailed(connection, failure('budget', words, { resumeAt: until }));
}

function dayLimit({ day }: BudgetTerms, calls: number): Limit {
  const how = day === 'rolling' ? { perMs: 86_400_000 } : { perMs: null, zone: day?.zone ?? 'UTC' };
  return { name: 'day', calls, ...how };
}
