import type { Lease, LeaseRequest, Limit } from '../../connectors/http/budget.ts';
import type { Remaining } from '../../connectors/http/vendor-words.ts';

/** Calls taken at one time: when (ms since 1970), and how many. */
export type Taken = readonly [at: number, calls: number];

/** What is known of one connection's calls. JSON-safe. */
export interface BudgetState {
  /** By limit, oldest first. Times are rounded down to a sixtieth of the limit's stretch; of a calendar day there is one. */
  readonly taken: Readonly<Record<string, readonly Taken[]>>;
  /** Calls of each process that are under way, as it last said. */
  readonly callers: Readonly<Record<string, { readonly at: number; readonly underWay: number }>>;
  /** Nothing goes out before; ms since 1970. */
  readonly closedUntil: number | null;
  /** At whose midnight the account's days end, where the vendor told. */
  readonly zone: string | null;
  /** What the vendor last said is left of the day. */
  readonly toldDay: number | null;
  /** How the day is counted, as last asked: for who wants to know what is left. */
  readonly day: Pick<Limit, 'perMs' | 'zone'> | null;
}

export const untouched: BudgetState = {
  taken: {},
  callers: {},
  closedUntil: null,
  zone: null,
  toldDay: null,
  day: null,
};

/** How soon somebody who waits for a free place looks again, in ms. */
const lookAgainMs = 200;
/** A process that asked for nothing in so long takes no part in sharing the places, in ms. */
const quietMs = 10_000;
const mostAheadMs = 5 * 60_000;

/**
 * Grants as many of the calls asked for as every limit allows, or says when to ask again. Pure. Whatever the instants at which
 * the granted calls go out within their sixtieth of a stretch, no stretch ever holds more than its limit.
 */
export function lease(before: BudgetState, request: LeaseRequest): { state: BudgetState; answer: Lease } {
  const now = latest(before, request.now);
  const state = present(before, request);
  if (request.calls < 1) return { state, answer: { granted: 0, until: request.now, because: 'nothing' } };
  const refuse = (until: number, because: string) => ({
    state,
    answer: { granted: 0, until: new Date(until), because } as const,
  });
  if (state.closedUntil !== null && state.closedUntil > now) return refuse(state.closedUntil, 'closed');
  const places = placesFor(state, request);
  if (places < 1) return refuse(now + lookAgainMs, 'at_once');
  const rooms = request.limits.map((limit) => limit.calls - used(state, limit, now));
  const granted = Math.min(request.calls, places, ...rooms);
  if (granted >= 1) {
    const caller = { at: now, underWay: request.underWay + granted };
    const callers = { ...state.callers, [request.caller]: caller };
    return {
      state: take({ ...state, callers }, request.limits, granted, now),
      answer: { granted, until: null },
    };
  }
  const closed = request.limits
    .filter((_, at) => (rooms[at] ?? 0) < 1)
    .map((limit) => ({ because: limit.name, until: opens(state, limit, now) }));
  const last = closed.reduce((one, other) => (other.until > one.until ? other : one));
  return refuse(last.until, last.because);
}

/** What the vendor says is left counts against everybody. Where its own day has begun anew, ours begins anew with it. Pure. */
export function feed(
  before: BudgetState,
  { limits, remaining, now: at }: Pick<LeaseRequest, 'limits' | 'now'> & { remaining: Remaining },
): BudgetState {
  const now = latest(before, at);
  let state = before;
  for (const limit of limits) {
    const left =
      limit.name === 'minute' ? remaining.minute : limit.name === 'day' ? remaining.day : undefined;
    if (left === undefined) continue;
    if (limit.name === 'day') {
      const isNewDay =
        limit.perMs === null && state.toldDay !== null && left - state.toldDay > limit.calls / 10;
      if (isNewDay) state = { ...state, taken: { ...state.taken, day: [] } };
      // Answers overtake each other: the lowest word of a day is the newest.
      const toldDay = isNewDay || state.toldDay === null ? left : Math.min(state.toldDay, left);
      state = { ...state, toldDay: limit.perMs === null ? toldDay : left };
    }
    const others = limit.calls - used(state, limit, now) - left;
    if (others > 0) state = take(state, [limit], others, now);
  }
  return state;
}

/** Calls that nobody has taken of this limit yet; may be less than none. Pure. */
export const room = (state: BudgetState, limit: Limit, now: Date): number =>
  limit.calls - used(state, limit, latest(state, now));

/** When enough of a spent limit is free again to go on: all of a calendar day, a twentieth of a rolling one, any of what is shorter. Pure. */
export function opensAt(state: BudgetState, limit: Limit, at: Date): Date {
  return new Date(opens(state, limit, latest(state, at)));
}

function opens(state: BudgetState, limit: Limit, now: number): number {
  if (limit.perMs === null) return dayOf(limit, state, now).end;
  const wanted = limit.perMs >= 3_600_000 ? Math.ceil(limit.calls / 20) : 1;
  let left = limit.calls - used(state, limit, now);
  for (const [at, calls] of kept(state, limit, now)) {
    left += calls;
    if (left >= wanted) return at + holdMs(limit.perMs);
  }
  return now + holdMs(limit.perMs);
}

const grainOf = (perMs: number): number => Math.max(1, Math.floor(perMs / 60));
/** A little longer than the vendor counts them: calls are not equally long under way. */
const holdMs = (perMs: number): number => perMs + grainOf(perMs) + Math.min(1_000, Math.floor(perMs / 40));

function take(state: BudgetState, limits: readonly Limit[], calls: number, now: number): BudgetState {
  const taken = { ...state.taken };
  for (const limit of limits) {
    const at = limit.perMs === null ? dayOf(limit, state, now).start : now - (now % grainOf(limit.perMs));
    const held = [...kept(state, limit, now)];
    const same = held.findIndex(([other]) => other === at);
    if (same >= 0) held[same] = [at, (held[same]?.[1] ?? 0) + calls];
    else held.push([at, calls]);
    taken[limit.name] = held.sort(([a], [b]) => a - b);
  }
  return { ...state, taken };
}

const used = (state: BudgetState, limit: Limit, now: number): number =>
  kept(state, limit, now).reduce((sum, [, calls]) => sum + calls, 0);

/** Clocks of replicas differ: one that is behind goes by the others' newest word. A clock that was far ahead is not believed. */
function latest({ taken }: BudgetState, now: Date): number {
  let newest = now.getTime();
  for (const held of Object.values(taken)) {
    const at = held.at(-1)?.[0] ?? 0;
    if (at > newest && at - now.getTime() <= mostAheadMs) newest = at;
  }
  return newest;
}

/** Those that still count. */
function kept(state: BudgetState, limit: Limit, now: number): readonly Taken[] {
  const held = state.taken[limit.name] ?? [];
  const { perMs } = limit;
  if (perMs !== null) return held.filter(([at]) => at + holdMs(perMs) > now && at <= now);
  const { start, end } = dayOf(limit, state, now);
  return held.filter(([at]) => at >= start && at < end);
}

function dayOf(limit: Limit, { zone }: BudgetState, now: number): { start: number; end: number } {
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone ?? limit.zone ?? 'UTC');
  const start = local.startOfDay();
  return { start: start.epochMilliseconds, end: start.add({ days: 1 }).startOfDay().epochMilliseconds };
}

/** How many calls more this process may have under way: all processes share the places evenly, and never have more together. */
function placesFor(state: BudgetState, request: LeaseRequest): number {
  const { atOnce, caller, underWay, now } = request;
  if (atOnce === null) return request.calls;
  const others = Object.entries(state.callers).filter(([id]) => id !== caller);
  const theirs = others.reduce((sum, [, one]) => sum + one.underWay, 0);
  const awake = others.filter(([, one]) => now.getTime() - one.at < quietMs).length;
  const share = Math.max(1, Math.floor(atOnce / (awake + 1)));
  return Math.min(share - underWay, atOnce - theirs - underWay);
}

/** With what this process says of itself, and without processes of which nothing was heard for longer than any call lasts. */
function present(state: BudgetState, request: LeaseRequest): BudgetState {
  const { caller, underWay, atOnce, longestCallMs, limits } = request;
  const now = request.now.getTime();
  const day = limits.find(({ name }) => name === 'day');
  const counted = day ? { perMs: day.perMs, ...(day.zone ? { zone: day.zone } : {}) } : state.day;
  const closedUntil = state.closedUntil !== null && state.closedUntil > now ? state.closedUntil : null;
  const heard = Object.entries(state.callers).filter(([, { at }]) => now - at < longestCallMs + quietMs);
  const callers = atOnce === null ? {} : { ...Object.fromEntries(heard), [caller]: { at: now, underWay } };
  return { ...state, day: counted, closedUntil, callers };
}
