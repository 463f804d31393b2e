import { slotAfter, startOfDay, type Workday } from './hours.ts';

export interface LaterTime {
  readonly kind: 'afternoon' | 'tomorrow' | 'day';
  readonly at: Date;
}

const day = 24 * 3_600_000;

/**
 * Until when somebody can put a decision off: this afternoon, where that is still to come, and the next working morning. It is
 * always a moment at which they are reminded anyway. Pure.
 */
export function laterTimes(workday: Workday, now: Date): LaterTime[] {
  const tomorrow = startOfDay(workday, new Date(startOfDay(workday, now).getTime() + day + day / 2));
  const times: LaterTime[] = [];
  // Two slots a day, and no week is without a working day.
  for (let at = slotAfter(workday, now), seen = 0; seen < 16; at = slotAfter(workday, at), seen++) {
    const isMorning = at.getTime() - startOfDay(workday, at).getTime() < day / 2;
    if (at < tomorrow) {
      if (!isMorning) times.push({ kind: 'afternoon', at });
    } else if (isMorning) {
      const isTomorrow = at.getTime() - tomorrow.getTime() < day;
      return [...times, { kind: isTomorrow ? 'tomorrow' : 'day', at }];
    }
  }
  return times;
}
