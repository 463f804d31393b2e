const minute = 60_000;
const hour = 60 * minute;

/** How long until something that a system refused is tried again by itself: the cause may have been mended there. In ms. */
const afterRefusal = [hour, 4 * hour, 12 * hour, 24 * hour] as const;
/** How long until a run that did not work comes again by itself, before its schedule has it come. In ms. */
const afterFailedRun = [2 * minute, 5 * minute, 15 * minute, 30 * minute, hour] as const;

/** Growing waits, the last one for ever. `attempts` = how often it was tried already, 1 or more. */
const nth = (waits: readonly number[], attempts: number): number =>
  waits[Math.min(Math.max(attempts, 1), waits.length) - 1] as number;

export const waitAfterRefusal = (attempts: number): number => nth(afterRefusal, attempts);
export const waitAfterFailedRun = (inARow: number): number => nth(afterFailedRun, inARow);
