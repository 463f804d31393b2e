import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../clock.ts';

export interface CourierOptions<Event> {
  /** Events in one delivery at most. */
  readonly most: number;
  /** Body and headers of a delivery. `attempt` counts from 0. */
  pack(events: readonly Event[], attempt: number, url: string): Delivery;
  /** What the vendor asks of a target before it sends anything there; false = not now. */
  proves?(post: (delivery: Delivery) => Promise<number | null>): Promise<boolean>;
  /** When a delivery is tried again; left out: a few times within seconds, and then it is dropped. */
  readonly timetable?: Timetable;
}
/** The vendor's own: pauses before each further try, on its clock. After the last one the target is given up. */
export interface Timetable {
  readonly clock: Clock;
  readonly pausesMs: readonly number[];
}
export interface Delivery {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Sends a vendor's webhooks a moment later, in the background, a few times. What cannot be delivered is dropped: webhooks are hints. */
export interface Courier<Event> {
  send(event: Event): void;
  setTarget(url: string | null): void;
  close(): Promise<void>;
}

const momentMs = 30;
/** Pauses before a second, third and fourth try: the vendors' minutes and hours, in practice time. */
const pausesMs = [150, 600, 2400];
const answerWithinMs = 5000;
const waitingMost = 1000;

export function openCourier<Event>(options: CourierOptions<Event>): Courier<Event> {
  let target: string | null = null;
  let proven = false;
  let waiting: Event[] = [];
  let working: Promise<void> | null = null;
  const stop = new AbortController();
  const goesOn = (url: string) => target === url && !stop.signal.aborted;
  const { prove, deliver } = createRounds(options, goesOn, stop.signal);

  const work = async () => {
    await pause(momentMs, stop.signal);
    while (target && !stop.signal.aborted && (waiting.length > 0 || !proven)) {
      const url = target;
      const good = proven || (await prove(url));
      if (target !== url) continue;
      proven = good;
      if (!good) target = null;
      else if (waiting.length > 0) {
        const delivered = await deliver(url, waiting.splice(0, options.most));
        if (!delivered && options.timetable && target === url) target = null;
      }
    }
    working = null;
  };
  const start = () => {
    working ??= work();
  };
  return {
    send: (event) => {
      if (!target) return;
      waiting = [...waiting, event].slice(-waitingMost);
      start();
    },
    setTarget: (url) => {
      target = url;
      proven = false;
      waiting = [];
      if (url) start();
    },
    close: async () => {
      target = null;
      stop.abort();
      await working;
    },
  };
}

function createRounds<Event>(
  { proves, pack, timetable }: CourierOptions<Event>,
  goesOn: (url: string) => boolean,
  stop: AbortSignal,
) {
  const quick = pausesMs.map((ms) => () => pause(ms, stop));
  const pauses = timetable?.pausesMs.map((ms) => () => pauseOn(timetable.clock, ms, stop)) ?? quick;
  return {
    prove: async (url: string): Promise<boolean> => {
      if (!proves) return true;
      const once = () => proves((delivery) => post(url, delivery, stop));
      return tryAFewTimes(once, () => goesOn(url), quick);
    },
    deliver: async (url: string, events: readonly Event[]): Promise<boolean> => {
      const once = async (attempt: number) => {
        const status = await post(url, pack(events, attempt, url), stop);
        return status !== null && status >= 200 && status < 300;
      };
      return tryAFewTimes(once, () => goesOn(url), pauses);
    },
  };
}

async function tryAFewTimes(
  once: (attempt: number) => Promise<boolean>,
  goesOn: () => boolean,
  pauses: readonly (() => Promise<void>)[],
): Promise<boolean> {
  for (let attempt = 0; goesOn(); attempt += 1) {
    if (await once(attempt)) return true;
    const next = pauses[attempt];
    if (!next) return false;
    await next();
  }
  return false;
}

/** Ends early when everything does. */
const pause = (ms: number, stop: AbortSignal) => wait(ms, undefined, { signal: stop }).catch(() => {});

/** Looks at the clock now and then: sleeping on one that is moved by hand would move it. */
async function pauseOn(clock: Clock, ms: number, stop: AbortSignal): Promise<void> {
  const due = clock.now().getTime() + ms;
  while (clock.now().getTime() < due && !stop.aborted) await pause(momentMs, stop);
}

/** The status, or null when nobody answered in time. */
async function post(url: string, { body, headers }: Delivery, stop: AbortSignal): Promise<number | null> {
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(answerWithinMs)]);
    const all = { 'content-type': 'application/json', ...headers };
    const response = await fetch(url, { method: 'POST', body, headers: all, signal, redirect: 'manual' });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return null;
  }
}
