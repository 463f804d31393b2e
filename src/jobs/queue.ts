import { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { Wake, WakeUp } from './wake.ts';

const runFlowQueue = 'run-flow';
/** So many flows run beside each other in one process: fewer than these whose systems do not answer keep no other waiting. */
const atOnce = 8;
/** pg-boss has its own retries and expiry; ours are the ledger's, so both are out of the way. `short` = the same wake-up waits once. */
const queueOptions = { policy: 'short', retryLimit: 0, expireInSeconds: 23 * 3600 } as const;

export interface Queue {
  readonly wake: WakeUp;
  /** Wakes again later: another run is under way, or a vendor asked us to wait. */
  wakeAfter(wake: Wake, ms: number): Promise<void>;
  /** `handle` gets several at once; of one flow another one while the first is under way, too: its lease lets one of them run. */
  work(handle: (wake: Wake) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** The queue of wake-ups on pg-boss, with a pool of its own. Losing one loses no work: the next slot finds what is due. */
export async function startQueue({ url, log }: { url: string; log: Logger }): Promise<Queue> {
  const boss = new PgBoss({ connectionString: url, max: 2 });
  boss.on('error', (error) => log.warn({ err: error }, 'The queue had a hiccup; it goes on.'));
  await boss.start();
  await boss.createQueue(runFlowQueue, queueOptions);
  return {
    wake: async (wake) => {
      await boss.send(runFlowQueue, wake, { singletonKey: sameAs(wake) });
    },
    wakeAfter: async (wake, ms) => {
      // A stretch, not an instant: the database counts it by its own clock, which need not be ours.
      await boss.send(runFlowQueue, wake, { singletonKey: sameAs(wake), startAfter: ms / 1000 });
    },
    work: async (handle) => {
      // One wake-up at a time for each of them: a batch would wait for the slowest of its flows.
      // Each of them asks for work by itself.
      const how = { pollingIntervalSeconds: 1, batchSize: 1, localConcurrency: atOnce } as const;
      await boss.work<Wake>(runFlowQueue, how, async (jobs) => {
        for (const job of jobs) await handle(job.data);
      });
    },
    stop: () => boss.stop({ graceful: true, timeout: 10_000, close: true }),
  };
}

/** Forty webhooks in a second, or three replicas' ticks, are one wake-up. */
const sameAs = ({ flow, trigger, targets = [] }: Wake) => [trigger, flow, ...targets].join(':');
