import cron from 'node-cron';
import type { Logger } from 'pino';
import type { ActiveAgreement } from '../agreement/agreement.ts';
import type { Clock } from '../clock.ts';
import type { Db } from '../ledger/db.ts';
import { wakesDue } from './due.ts';
import type { Wake, WakeUp } from './wake.ts';

export interface ScheduleParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Logger;
  readonly agreement: () => ActiveAgreement;
  readonly wake: WakeUp;
}

/** Half a minute after the flows' own ticks, so that it finds only what those did not bring about. */
const onceAMinute = '30 * * * * *';
/** What node-cron would say about a late tick of its own is no news: the next look finds what is due. */
const quietly = { suppressMissedWarning: true };

/**
 * Wakes each flow at its cron times, in its own time zone, and once a minute whatever else needs a run (see {@link wakesDue}):
 * node-cron skips both hours in which daylight saving changes. Wake-ups only: the ledger says what is due, so one too many or
 * too few does no harm.
 */
export function startSchedule(parts: ScheduleParts): () => Promise<void> {
  const { agreement, wake, log } = parts;
  const wakeQuietly = (one: Wake) =>
    wake(one).catch((error: unknown) =>
      log.warn(
        { flow: one.flow, err: error },
        'A flow could not be woken; it is tried again within a minute.',
      ),
    );
  const tasks = Object.values(agreement().flows).map(({ id, schedule }) =>
    cron.schedule(schedule.cron, () => wakeQuietly({ flow: id, trigger: 'schedule' }), {
      ...quietly,
      timezone: schedule.timeZone,
    }),
  );
  const look = async () => {
    for (const one of await wakesDue(parts)) await wakeQuietly(one);
  };
  const looking = cron.schedule(
    onceAMinute,
    () =>
      look().catch((error: unknown) =>
        log.warn({ err: error }, 'What is due could not be looked up; it is tried again within a minute.'),
      ),
    { ...quietly, timezone: 'UTC' },
  );
  return async () => {
    await Promise.all([...tasks, looking].map((task) => task.destroy()));
  };
}
