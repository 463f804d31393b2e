import { type CourierOptions, openRound } from './courier-round.ts';

export type { CourierOptions } from './courier-round.ts';
export type { Delivery } from './post.ts';

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

/**
 * Sends a vendor's webhooks in the background, on the vendor's own timetable. Each delivery is tried by itself: what failed comes
 * after what happened later, and a target that takes too long to answer gets it twice.
 */
export interface Courier<Event> {
  send(event: Event): void;
  setTarget(url: string | null, manners?: { readonly unruly: number }): void;
  close(): Promise<void>;
}

export function openCourier<Event>(options: CourierOptions<Event>): Courier<Event> {
  let round: ReturnType<typeof openRound<Event>> | null = null;
  return {
    send: (event) => round?.send(event),
    setTarget: (url, manners) => {
      void round?.close();
      round = url === null ? null : openRound(url, options, manners?.unruly ?? null);
    },
    close: async () => {
      await round?.close();
    },
  };
}
