import type { Clock } from '../../clock.ts';
import { busy, CallFailed, failure } from './failure.ts';
import { longestWaitMs } from './retry.ts';
import type { Remaining } from './vendor-words.ts';

type Span = 'minute' | 'day';

export interface LeaseRequest {
  readonly connection: string;
  readonly span: Span;
  /** Start of the window that the calls are for. */
  readonly windowStart: Date;
  readonly calls: number;
  /** All replicas together may lease so many in one window. */
  readonly limit: number;
  readonly now: Date;
}

/** What all replicas have taken together. Every method is one atomic statement. */
export interface BudgetLedger {
  /** All the calls asked for, or none: then `closedUntil` says whether the vendor closed the connection after a 429. */
  lease(request: LeaseRequest): Promise<{ readonly granted: boolean; readonly closedUntil: Date | null }>;
  /** The vendor says that only `remaining` are left in this window: what others used is counted as ours. */
  feed(request: Omit<LeaseRequest, 'calls' | 'now'> & { readonly remaining: number }): Promise<void>;
  /** Nothing goes out before `until`. */
  close(connection: string, until: Date): Promise<void>;
}

export interface BudgetTerms {
  readonly connection: string;
  readonly label: string;
  readonly callsPerMinute: number;
  readonly callsPerDay: number;
}

export interface Budget {
  /**
   * Takes one call, waiting for the next minute when this one is spent. Throws CallFailed `budget` when the day is spent,
   * `busy` while the vendor wants to be left alone for longer than we wait.
   */
  take(signal?: AbortSignal): Promise<void>;
  observe(remaining: Remaining): Promise<void>;
  close(until: Date): Promise<void>;
}

const lengths = { minute: 60_000, day: 86_400_000 } as const;
/** A replica that died holding a block wastes it until the window ends, so blocks are small beside the limit. */
const blockOf = (limit: number) => Math.max(1, Math.min(20, Math.floor(limit / 12)));
const mostMinutesWaited = 5;

const windowOf = (span: Span, now: Date): Date =>
  new Date(Math.floor(now.getTime() / lengths[span]) * lengths[span]);

interface Held {
  window: number;
  left: number;
}

/** One connection's budget as this process sees it: blocks leased from the ledger, spent call by call. */
export function createBudget(terms: BudgetTerms, ledger: BudgetLedger, clock: Clock): Budget {
  const limits = { minute: terms.callsPerMinute, day: terms.callsPerDay } as const;
  const held: Record<Span, Held> = { minute: { window: -1, left: 0 }, day: { window: -1, left: 0 } };
  let closedUntil: Date | null = null;
  let turn: Promise<void> = Promise.resolve();

  const lease = async (span: Span, now: Date): Promise<boolean> => {
    const windowStart = windowOf(span, now);
    const mine = held[span];
    if (mine.window === windowStart.getTime() && mine.left > 0) return true;
    const limit = limits[span];
    for (const calls of new Set([blockOf(limit), 1])) {
      const answer = await ledger.lease({
        connection: terms.connection,
        span,
        windowStart,
        calls,
        limit,
        now,
      });
      closedUntil = later(closedUntil, answer.closedUntil);
      if (!answer.granted) continue;
      held[span] = { window: windowStart.getTime(), left: calls };
      return true;
    }
    return false;
  };

  const takeOne = async (signal?: AbortSignal): Promise<void> => {
    for (let waited = 0; ; waited += 1) {
      signal?.throwIfAborted();
      const now = clock.now();
      if (closedUntil && closedUntil > now) {
        await waitOrGiveUp(closedUntil, now, signal);
        continue;
      }
      const minute = await lease('minute', now);
      if (closedUntil && closedUntil > now) continue;
      if (!minute) {
        if (waited >= mostMinutesWaited) throw spent('minute', now);
        await clock.sleep(windowEnd('minute', now).getTime() - now.getTime(), signal);
        continue;
      }
      if (!(await lease('day', now))) throw spent('day', now);
      held.minute.left -= 1;
      held.day.left -= 1;
      return;
    }
  };

  const waitOrGiveUp = async (until: Date, now: Date, signal?: AbortSignal): Promise<void> => {
    const wait = until.getTime() - now.getTime();
    if (wait > longestWaitMs) throw new CallFailed(terms.connection, busy(terms.label, until, now));
    await clock.sleep(wait, signal);
  };

  const spent = (span: Span, now: Date): CallFailed => {
    const of = span === 'day' ? 'today' : 'this minute';
    const words = `The ${limits[span].toLocaleString('en-AU')} calls to ${terms.label} for ${of} are used up`;
    return new CallFailed(terms.connection, failure('budget', words, { resumeAt: windowEnd(span, now) }));
  };

  return {
    take: (signal) => {
      // One at a time: two callers must not lease a block each where one would do.
      const mine = turn.then(() => takeOne(signal));
      turn = mine.catch(() => undefined);
      return mine;
    },
    observe: async (remaining) => {
      const now = clock.now();
      for (const span of ['minute', 'day'] as const) {
        const left = remaining[span];
        // Plenty left is no news; the vendor's minute rolls and ours does not, so only a low figure is believed.
        if (left === undefined || left > limits[span] / 10) continue;
        const mine = held[span];
        mine.left = Math.min(mine.left, left);
        await ledger.feed({
          connection: terms.connection,
          span,
          windowStart: windowOf(span, now),
          limit: limits[span],
          // Calls that we hold already are leased; they are not left for anybody else.
          remaining: left - mine.left,
        });
      }
    },
    close: async (until) => {
      closedUntil = later(closedUntil, until);
      held.minute.left = 0;
      await ledger.close(terms.connection, until);
    },
  };
}

const windowEnd = (span: Span, now: Date): Date => new Date(windowOf(span, now).getTime() + lengths[span]);

function later(a: Date | null, b: Date | null): Date | null {
  if (!a || !b) return a ?? b;
  return a > b ? a : b;
}
