import { setTimeout as wait } from 'node:timers/promises';

export interface CourierOptions<Event> {
  /** Events in one delivery at most. */
  readonly most: number;
  /** Body and headers of a delivery. `attempt` counts from 0. */
  pack(events: readonly Event[], attempt: number, url: string): Delivery;
  /** What the vendor asks of a target before it sends anything there; false = not now. */
  proves?(post: (delivery: Delivery) => Promise<number | null>): Promise<boolean>;
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
  let proven = !options.proves;
  let waiting: Event[] = [];
  let working: Promise<void> | null = null;
  const stop = new AbortController();

  const tries = async (url: string, once: (attempt: number) => Promise<boolean>): Promise<boolean> => {
    for (let attempt = 0; attempt <= pausesMs.length; attempt += 1) {
      if (target !== url || stop.signal.aborted) return false;
      if (await once(attempt)) return true;
      await wait(pausesMs[attempt] ?? 0, undefined, { signal: stop.signal }).catch(() => {});
    }
    return false;
  };
  const prove = (url: string) =>
    tries(url, async () => (await options.proves?.((delivery) => post(url, delivery, stop.signal))) ?? true);
  const deliver = (url: string, events: readonly Event[]) =>
    tries(url, async (attempt) => {
      const status = await post(url, options.pack(events, attempt, url), stop.signal);
      return status !== null && status >= 200 && status < 300;
    });

  const work = async () => {
    await wait(momentMs, undefined, { signal: stop.signal }).catch(() => {});
    while (target && !stop.signal.aborted && (waiting.length > 0 || !proven)) {
      const url = target;
      if (!proven) {
        const good = await prove(url);
        if (target !== url) continue;
        proven = good;
        if (!good) target = null;
        continue;
      }
      await deliver(url, waiting.splice(0, options.most));
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
      proven = !options.proves;
      waiting = [];
      if (url && !proven) start();
    },
    close: async () => {
      target = null;
      stop.abort();
      await working;
    },
  };
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
