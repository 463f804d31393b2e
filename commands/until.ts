const lengths: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
/** A day without a time means the morning, when people are there. */
const morning = { hour: 9 };

/**
 * The instant to come that somebody means: `2h` (from now), `tomorrow`, `friday`, `25 nov` style dates as `2026-11-25` (at 9 am
 * where no time follows), `14:30` or `2pm` (the next one), in the zone in which people read times. Null for anything else, for
 * days that there are not, and for what is past. Pure.
 */
export function untilMeant(words: string, { now, zone }: { now: Date; zone: string }): Date | null {
  const typed = words
    .trim()
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/^(in|for) /, '');
  const length = /^(\d{1,3})\s?(m|h|d)(?:in|ins|inutes?|ours?|ays?)?$/.exec(typed);
  if (length)
    return later(new Date(now.getTime() + Number(length[1]) * (lengths[length[2] ?? ''] ?? 0)), now);
  const here = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone);
  const [, day, clock] = /^(?:([a-z]+|\d{4}-\d{2}-\d{2}))?(?: ?(?:at )?(\d.*))?$/.exec(typed) ?? [];
  try {
    const time = clock === undefined ? Temporal.PlainTime.from(morning) : timeOf(clock);
    if (!time || (day === undefined && clock === undefined)) return null;
    if (day === undefined) {
      const today = here.toPlainDate().toZonedDateTime({ timeZone: zone, plainTime: time });
      const next = here.toPlainDate().add({ days: 1 }).toZonedDateTime({ timeZone: zone, plainTime: time });
      return instant(today.epochMilliseconds > now.getTime() ? today : next);
    }
    const date = dayOf(day, here.toPlainDate());
    return date && later(instant(date.toZonedDateTime({ timeZone: zone, plainTime: time })), now);
  } catch {
    return null;
  }
}

const instant = (at: Temporal.ZonedDateTime): Date => new Date(at.epochMilliseconds);
const later = (at: Date, now: Date): Date | null => (at > now ? at : null);

/** A weekday is the next one, never today. Throws for a date that there is not. */
function dayOf(word: string, today: Temporal.PlainDate): Temporal.PlainDate | null {
  if (word === 'today') return today;
  if (word === 'tomorrow') return today.add({ days: 1 });
  if (/^\d/.test(word)) return Temporal.PlainDate.from(word, { overflow: 'reject' });
  const named = weekdays.findIndex((name) => word.length >= 3 && name.startsWith(word)) + 1;
  return named === 0 ? null : today.add({ days: ((named - today.dayOfWeek + 6) % 7) + 1 });
}

/** `14:30`, `9`, `9am`, `2.30 pm`. */
function timeOf(text: string): Temporal.PlainTime | null {
  const [, hours, minutes = '00', half] = /^(\d{1,2})(?:[:.](\d{2}))? ?(am|pm)?$/.exec(text) ?? [];
  if (hours === undefined) return null;
  const h = Number(hours);
  if (half && (h < 1 || h > 12)) return null;
  const hour = half ? (h % 12) + (half === 'pm' ? 12 : 0) : h;
  return Temporal.PlainTime.from({ hour, minute: Number(minutes) }, { overflow: 'reject' });
}
