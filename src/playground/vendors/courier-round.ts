import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../clock.ts';
import { seededRandom } from '../data/random.ts';
import { type Delivery, post } from './post.ts';

export interface CourierOptions<Event> {
  /** By which the timetable goes. */
  readonly clock: Clock;
  /** Ms before each attempt. */
  readonly timetable: readonly number[];
  /** Events in one delivery at most. */
  readonly most: number;
  /** Body and headers of a delivery. `attempt` counts from 0; the list of events is the same one at every attempt. */
  pack(events: readonly Event[], attempt: number, url: string): Delivery;
  /** What the vendor asks of a target before it sends anything there; false = not now. */
  proves?(post: (delivery: Delivery) => Promise<number | null>): Promise<boolean>;
  /** The last attempt at a delivery has failed, and it is dropped; true = the vendor sends nothing there any more. */
  givesUp?(): boolean;
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

/** Everything that goes to one target, until the courier gets another one. Works only while something waits. */
export function openRound<Event>(url: string, options: CourierOptions<Event>, unrulySeed: number | null) {
  const { clock, timetable, most } = options;
  const lateness = unrulySeed === null ? () => [0] : unruly(unrulySeed);
  const stop = new AbortController();
  const { signal } = stop;
  let waiting: Waiting<Event>[] = [];
  let working: Promise<void> | null = null;
  let proven = false;

  const deliver = async ({ events, attempt }: Waiting<Event>): Promise<void> => {
    const startedAt = clock.now().getTime();
    const status = await post(url, options.pack(events, attempt, url), signal);
    if ((status !== null && status >= 200 && status < 300) || signal.aborted) return;
    const next = attempt + 1;
    const pauseMs = timetable[next];
    if (pauseMs !== undefined) waiting.push({ events, attempt: next, dueAt: startedAt + pauseMs });
    else if (options.givesUp?.()) stop.abort();
  };

  const work = async (): Promise<void> => {
    await pause(momentMs, signal);
    proven ||= await proves(url, options, signal);
    if (!proven) stop.abort();
    while (!signal.aborted && waiting.length > 0) {
      const { due, left } = takeDue(waiting, clock.now().getTime(), most);
      waiting = left;
      await Promise.all(due.map(deliver));
      if (due.length === 0) await pause(momentMs, signal);
    }
    working = null;
  };

  const begin = () => {
    if (!signal.aborted) working ??= work();
  };
  begin();
  return {
    send: (event: Event) => {
      const dueAt = clock.now().getTime() + (timetable[0] ?? 0);
      const copies = lateness().map((lateMs) => ({ events: [event], attempt: 0, dueAt: dueAt + lateMs }));
      waiting = [...waiting, ...copies].slice(-waitingMost);
      begin();
    },
    close: async (): Promise<void> => {
      stop.abort();
      await working;
    },
  };
}

async function proves<Event>(
  url: string,
  options: CourierOptions<Event>,
  stop: AbortSignal,
): Promise<boolean> {
  for (const pauseMs of [...provingPausesMs, 0]) {
    if (stop.aborted) return false;
    if (!options.proves || (await options.proves((delivery) => post(url, delivery, stop)))) return true;
    await pause(pauseMs, stop);
  }
  return false;
}

/** What is due, the first attempts put together by `most`. */
function takeDue<Event>(waiting: readonly Waiting<Event>[], now: number, most: number) {
  const ripe = waiting.filter(({ dueAt }) => dueAt <= now);
  const fresh = ripe.filter(({ attempt }) => attempt === 0);
  const due: Waiting<Event>[] = ripe.filter(({ attempt }) => attempt > 0);
  for (let at = 0; at < fresh.length; at += most) {
    const events = fresh.slice(at, at + most).flatMap((one) => one.events);
    due.push({ events, attempt: 0, dueAt: now });
  }
  return { due, left: waiting.filter(({ dueAt }) => dueAt > now) };
}

/** For each event, how much later than it should each copy of it goes out, in ms: about a third twice, up to ten seconds late. */
function unruly(seed: number): () => readonly number[] {
  const random = seededRandom(seed);
  return () => Array.from({ length: random.between(1, 3) === 3 ? 2 : 1 }, () => random.between(0, 10) * 1000);
}

/** Ends early when everything does. */
const pause = (ms: number, stop: AbortSignal) => wait(ms, undefined, { signal: stop }).catch(() => {});
