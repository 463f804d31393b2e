/** One earlier day, as far as it tells what is usual: how many records changed on it. */
export interface EarlierDay {
  readonly sameWeekday: boolean;
  /** In the same hours as those that are looked at now. */
  readonly inHours: number;
  /** From midnight until this time of day. */
  readonly soFar: number;
  readonly whole: number;
}

export interface VolumeInput {
  /** Records that changed in the last hours. */
  readonly lately: number;
  /** Records that changed since midnight. */
  readonly soFar: number;
  /** The days before of which everything is known, in any order. */
  readonly days: readonly EarlierDay[];
  /** The last and the first days of a month: they have bursts of their own. */
  readonly turnOfMonth: boolean;
  /** What was told before and is not over. */
  readonly told: VolumeKind | null;
}

export type VolumeKind = 'many' | 'few';

/** Fewer days are no custom; and what the turn of a month brings is known after one. */
const daysAtLeast = 14;
const daysWithATurn = 35;
const weekdaysAtLeast = 3;
/** So few records are not unusual, whatever is usual. */
const manyAtLeast = 100;
/** Where so few are usual, none are nothing to speak of. */
const fewOf = 50;
/** How much more, or less, than usual is unusual; once it is told, it takes less to stay so. */
const times = { many: 5, few: 10, manyTold: 2.5, fewTold: 4 };

/**
 * Whether far more or far fewer records changed than a flow is used to at that time: more within hours than on nearly any whole day
 * before, and many times the usual; or a small part of the least that this weekday ever brought by then. Nothing is said before there
 * is enough to compare with. Pure.
 */
export function unusualVolume(input: VolumeInput): VolumeKind | null {
  if (input.days.length < daysAtLeast) return null;
  if (isMany(input)) return 'many';
  return isFew(input) ? 'few' : null;
}

function isMany({ lately, days, turnOfMonth, told }: VolumeInput): boolean {
  const usual = Math.max(middle(days, inHours), middle(weekdaysOf(days), inHours));
  if (told === 'many' && lately >= manyAtLeast / 2 && lately > times.manyTold * usual) return true;
  if (lately < manyAtLeast || lately <= times.many * usual) return false;
  if (turnOfMonth && days.length < daysWithATurn) return false;
  const [most = 0, second = 0] = days.map(({ whole }) => whole).sort((a, b) => b - a);
  // One day of thousands makes thousands no habit; at the turn of a month it does.
  return lately > (turnOfMonth ? most : second);
}

function isFew({ soFar, days, told }: VolumeInput): boolean {
  const weekdays = weekdaysOf(days);
  if (weekdays.length < weekdaysAtLeast) return false;
  const least = Math.min(...weekdays.map((day) => day.soFar));
  return least >= fewOf && soFar * (told === 'few' ? times.fewTold : times.few) < least;
}

const inHours = (day: EarlierDay): number => day.inHours;
const weekdaysOf = (days: readonly EarlierDay[]): EarlierDay[] => {
  const weekdays = days.filter(({ sameWeekday }) => sameWeekday);
  return weekdays.length >= weekdaysAtLeast ? weekdays : [];
};

/** What is usual: the middle of what the days brought, of this weekday where enough of them are known. Pure. */
export function usualOf(days: readonly EarlierDay[], of: (day: EarlierDay) => number): number {
  const weekdays = weekdaysOf(days);
  return middle(weekdays.length > 0 ? weekdays : days, of);
}

function middle(days: readonly EarlierDay[], of: (day: EarlierDay) => number): number {
  const counts = days.map(of).sort((a, b) => a - b);
  return counts[Math.floor(counts.length / 2)] ?? 0;
}
