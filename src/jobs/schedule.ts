import cron from 'node-cron';
import type { ActiveAgreement } from '../agreement/agreement.ts';
import type { WakeUp } from './wake.ts';

/**
 * Wakes each flow at its cron times, in its own time zone. Wake-ups only: which slots are due, and whether one was run, is
 * for the ledger to say, so a tick too many or too few (daylight saving) does no harm.
 */
export function startSchedule(agreement: ActiveAgreement, wake: WakeUp): () => Promise<void> {
  const tasks = Object.values(agreement.flows).map((flow) =>
    cron.schedule(flow.schedule.cron, () => wake({ flow: flow.id, trigger: 'schedule' }), {
      timezone: flow.schedule.timeZone,
    }),
  );
  return async () => {
    await Promise.all(tasks.map((task) => task.destroy()));
  };
}
