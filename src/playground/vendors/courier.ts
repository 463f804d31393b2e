import { setTimeout as wait } from 'node:timers/promises';
import { type Clock, systemClock } from '../../clock.ts';
import { seededRandom } from '../data/random.ts';
import { type Delivery, post } from './post.ts';

export type { Delivery };

const minute = 60_000;
const atOnce = 0;

/** When vendors try: ms from the event to the first attempt, and from each attempt that failed to the next. */
export const timetables = {
  /** Up to ten over 24 hours, spread by HubSpot as it likes; here each pause is twice the one before. [H docs; the pauses are ours] */
  hubspot: [atOnce, ...Array.from({ length: 9 }, (_, n) => 2.8 * minute * 2 ** n)],
  /** At once, then every 15 minutes for 24 hours. [X-R; M] */
  xero: [atOnce, ...Array.from({ length: 96 }, () => 15 * minute)],
  /** A minute after the event, then 5, 10, 15, 20 and 25 minutes later. [H transcription; M] */
  'cin7-core': [minute, 5 * minute, 10 * minute, 15 * minute, 20 * minute, 25 * minute],
} as const;

export interface CourierOptions<Event> {
  /** By which the timetable goes: both or neither. */
  readonly clock?: Clock;
  /** Left out: a few tries within seconds. */
  readonly timetable?: readonly number[];
  /** Events in one delivery at most. */
  readonly most: number;
  /** Body and headers of a delivery. `attempt` counts from 0; the list of events is the same one at every attempt. */
  pack(events: readonly Event[], attempt: number, url: string): Delivery;
  /** What the vendor asks of a target before it sends anything there; false = not now. */
  proves?(post: (delivery: Delivery) => Promise<number | null>): Promise<boolean>;
  /** The last attempt at a delivery has failed, and it is dropped; true = the vendor sends nothing there any more. */
  givesUp?(): boolean;
}

/**
 * Sends a vendor's webhooks in the background, on the vendor's own timetable. Each delivery is tried by itself: what failed comes
 * after what happened later, and a target that takes too long to answer gets it twice.
 */
export interface Courier<Event> {
  send(event: Event): void;
  setTarget(url: string | null, manners?: { readonly unruly: number }): void;
  close(): Promise<void>;
}

/** Real ms between two looks at the clock, and for what happens together to go out together. */
const momentMs = 30;
/** Real pauses of somebody who presses "verify" again, while the target is not up yet. */
const provingPausesMs = [150, 600, 2400];
const waitingMost = 1000;

interface Waiting<Event> {
  readonly events: readonly Event[];
  readonly attempt: number;
  readonly dueAt: number;
}

export function openCourier<Event>(options: CourierOptions<Event>): Courier<Event> {
  const { clock = systemClock, timetable = [atOnce, ...provingPausesMs] } = options;
  let target: string | null = null;
  let proven = false;
  let disorder = orderly;
  let waiting: Waiting<Event>[] = [];
  let working: Promise<void> | null = null;
  const stop = new AbortController();
  const goesOn = (url: string) => target === url && !stop.signal.aborted;
  const dueAt = (attempt: number, from: number) => from + (timetable[attempt] ?? 0);

  const prove = async (url: string): Promise<boolean> => {
    for (const pauseMs of [...provingPausesMs, 0]) {
      if (!goesOn(url)) return false;
      if (!options.proves || (await options.proves((delivery) => post(url, delivery, stop.signal))))
        return true;
      await pause(pauseMs, stop.signal);
    }
    return false;
  };

  const deliver = async (url: string, { events, attempt }: Waiting<Event>): Promise<void> => {
    const startedAt = clock.now().getTime();
    const status = await post(url, options.pack(events, attempt, url), stop.signal);
    if ((status !== null && status >= 200 && status < 300) || !goesOn(url)) return;
    const next = attempt + 1;
    if (next < timetable.length) waiting.push({ events, attempt: next, dueAt: dueAt(next, startedAt) });
    else if (options.givesUp?.()) setTarget(null);
  };

  const work = async () => {
    await pause(momentMs, stop.signal);
    while (target && !stop.signal.aborted && (waiting.length > 0 || !proven)) {
      const url = target;
      const good = proven || (await prove(url));
      if (target !== url) continue;
      proven = good;
      if (!good) target = null;
      const due = good ? takeDue(waiting, clock.now().getTime(), options.most) : null;
      if (due) waiting = due.left;
      if (due && due.batches.length > 0) await Promise.all(due.batches.map((batch) => deliver(url, batch)));
      else await pause(momentMs, stop.signal);
    }
    working = null;
  };
  const start = () => {
    working ??= work();
  };
  const setTarget: Courier<Event>['setTarget'] = (url, manners) => {
    target = url;
    proven = false;
    waiting = [];
    disorder = manners ? unruly(manners.unruly) : orderly;
    if (url) start();
  };
  return {
    send: (event) => {
      if (!target) return;
      const first = dueAt(0, clock.now().getTime());
      const copies = disorder().map((late) => ({ events: [event], attempt: 0, dueAt: first + late }));
      waiting = [...waiting, ...copies].slice(-waitingMost);
      start();
    },
    setTarget,
    close: async () => {
      target = null;
      stop.abort();
      await working;
    },
  };
}

/** What is due, the first attempts put together by `most`. */
function takeDue<Event>(waiting: readonly Waiting<Event>[], now: number, most: number) {
  const due = waiting.filter(({ dueAt }) => dueAt <= now);
  const fresh = due.filter(({ attempt }) => attempt === 0);
  const batches: Waiting<Event>[] = due.filter(({ attempt }) => attempt > 0);
  for (let at = 0; at < fresh.length; at += most) {
    const events = fresh.slice(at, at + most).flatMap((one) => one.events);
    batches.push({ events, attempt: 0, dueAt: now });
  }
  return { batches, left: waiting.filter(({ dueAt }) => dueAt > now) };
}

/** For each event, how much later than it should each copy of it goes out, in ms. */
type Disorder = () => readonly number[];
const orderly: Disorder = () => [0];

/** About a third of the events twice, each copy up to ten seconds late. */
function unruly(seed: number): Disorder {
  const random = seededRandom(seed);
  return () => Array.from({ length: random.between(1, 3) === 3 ? 2 : 1 }, () => random.between(0, 10) * 1000);
}

/** Ends early when everything does. */
const pause = (ms: number, stop: AbortSignal) => wait(ms, undefined, { signal: stop }).catch(() => {});
