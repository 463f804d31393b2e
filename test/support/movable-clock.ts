import { type Clock, systemClock } from '#src/clock.ts';

export interface MovableClock extends Clock {
  /** From now on it is `ms` later. What sleeps already does not wake for it. */
  advance(ms: number): void;
}

/** The system's clock, so that sockets and timers go on as ever, which can be put ahead. */
export function movableClock(): MovableClock {
  let ahead = 0;
  return {
    now: () => new Date(systemClock.now().getTime() + ahead),
    sleep: systemClock.sleep,
    advance: (ms) => {
      ahead += ms;
    },
  };
}
