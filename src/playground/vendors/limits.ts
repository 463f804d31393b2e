/** A number of calls in a stretch of time, by the practice clock. */
export interface Limit {
  /** Calls left at `now`. */
  left(now: Date): number;
  /** Counts one call. Only after {@link Limit.left} said that there is one. */
  count(now: Date): void;
  /** Ms until there is one left again; 0 when there is. */
  opensIn(now: Date): number;
}

/** At most `calls` in any stretch of `ms`: a call gives its place back `ms` later. */
export function rollingLimit(calls: number, ms: number): Limit {
  let times: number[] = [];
  const recent = (now: Date) => {
    times = times.filter((time) => time > now.getTime() - ms);
    return times;
  };
  return {
    left: (now) => calls - recent(now).length,
    count: (now) => {
      times.push(now.getTime());
    },
    opensIn: (now) => {
      const held = recent(now);
      const oldest = held[held.length - calls];
      return oldest === undefined ? 0 : oldest + ms - now.getTime();
    },
  };
}

/** At most `calls` in each day of a time zone, all places free again at its midnight. */
export function dailyLimit(calls: number, zone: string): Limit {
  let counted: { readonly day: string; used: number } = { day: '', used: 0 };
  const local = (now: Date) => Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone);
  const today = (now: Date) => {
    const day = local(now).toPlainDate().toString();
    if (day !== counted.day) counted = { day, used: 0 };
    return counted;
  };
  return {
    left: (now) => calls - today(now).used,
    count: (now) => {
      today(now).used += 1;
    },
    opensIn: (now) => {
      const midnight = local(now).add({ days: 1 }).startOfDay();
      return today(now).used < calls ? 0 : midnight.epochMilliseconds - now.getTime();
    },
  };
}

/** At most `calls` in each stretch of `ms` by the clock on the wall, all places free again at its end: minutes. */
export function fixedLimit(calls: number, ms: number): Limit {
  let stretch = Number.NaN;
  let used = 0;
  const usedAt = (now: Date) => {
    const current = Math.floor(now.getTime() / ms);
    if (current !== stretch) used = 0;
    stretch = current;
    return used;
  };
  return {
    left: (now) => calls - usedAt(now),
    count: (now) => {
      used = usedAt(now) + 1;
    },
    opensIn: (now) => (usedAt(now) < calls ? 0 : ms - (now.getTime() % ms)),
  };
}
