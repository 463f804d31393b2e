/** Lengths that may be typed: `90m`, `2h`, `3d`, in ms. */
const lengths: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * The instant that somebody means: `2h` (ago), `today`, `yesterday`, `14:30` (today), `2026-11-20`, `2026-11-20 14:30`, in the
 * zone in which people read times. Null for anything else, and for days that there are not. Pure.
 */
export function instantMeant(words: string, { now, zone }: { now: Date; zone: string }): Date | null {
  const typed = words.trim().toLowerCase().replace(/\s+/g, ' ');
  const ago = /^(\d{1,4})\s?([mhd])$/.exec(typed);
  if (ago) return new Date(now.getTime() - Number(ago[1]) * (lengths[ago[2] ?? ''] ?? 0));
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone).toPlainDate();
  if (typed === 'today') return startOf(today, zone);
  if (typed === 'yesterday') return startOf(today.subtract({ days: 1 }), zone);
  const at = /^(?:(\d{4}-\d{2}-\d{2})(?:[ t]|$))?(\d{1,2}:\d{2})?$/.exec(typed);
  if (!at || typed === '') return null;
  try {
    const day = at[1] ? Temporal.PlainDate.from(at[1], { overflow: 'reject' }) : today;
    return startOf(day, zone, at[2]);
  } catch {
    return null;
  }
}

/** Throws for a time that there is not. A local time that the clocks skip is the one right after it. */
function startOf(day: Temporal.PlainDate, zone: string, time = '00:00'): Date {
  const plainTime = Temporal.PlainTime.from(time.padStart(5, '0'));
  return new Date(day.toZonedDateTime({ timeZone: zone, plainTime }).epochMilliseconds);
}
