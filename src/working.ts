import type { Logger } from 'pino';
import type { Alerts } from './alerts/watch.ts';
import { type Clock, every } from './clock.ts';
import type { agreementInForce } from './jobs/agreement-in-force.ts';
import type { LogChain } from './jobs/chain-log.ts';
import { checkConnections } from './jobs/check-connections.ts';
import { doHousework } from './jobs/housework.ts';
import { nextTry } from './jobs/next-try.ts';
import { proveMoney } from './jobs/prove-money.ts';
import { type Queue, startQueue } from './jobs/queue.ts';
import type { RunFlowOutcome } from './jobs/run-flow.ts';
import { startSchedule } from './jobs/schedule.ts';
import type { Wake, WakeUp } from './jobs/wake.ts';
import type { Database } from './ledger/database.ts';
import type { SlackSide } from './slack/app.ts';
import type { Web } from './web/server.ts';

/** How soon a wake-up that met another run of its flow comes again, in ms. */
const againAfterMs = 1_500;
const [minute, hour] = [60_000, 3_600_000] as const;
/** How long at most a process goes on by an agreement that another has replaced, in ms. It sends nothing under it. */
const lookEveryMs = 1_000;
/** How long a run may take to end by itself when Truce stops, in ms. One that waits for a silent vendor is broken off. */
const finishMs = 3_000;

/** Wake-ups, which are kept until there is a queue for them. */
export interface WakeUps {
  readonly wake: WakeUp;
  /** Those that are kept; they are kept no longer. */
  take(): Wake[];
  goTo(queue: Queue): void;
}

export function collectWakeUps(): WakeUps {
  const kept: Wake[] = [];
  let queue: Queue | null = null;
  return {
    wake: async (one) => {
      if (queue) await queue.wake(one);
      else kept.push(one);
    },
    take: () => kept.splice(0),
    goTo: (opened) => {
      queue = opened;
    },
  };
}

interface WorkParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly inForce: Awaited<ReturnType<typeof agreementInForce>>;
  readonly checking: Parameters<typeof checkConnections>[0];
  readonly wakeUps: WakeUps;
  readonly runNow: (wake: Wake) => Promise<RunFlowOutcome>;
  /** Breaks runs off. */
  readonly leaving: AbortController;
  readonly slack: SlackSide;
  readonly alerts: Alerts;
  readonly web: Web;
  readonly logChain: LogChain;
}

export interface Work {
  readonly start: (options: { host: string; port: number }) => Promise<{ port: number }>;
  readonly stop: () => Promise<void>;
}

/** All that moves by itself, from the start to the stop: parts stop in the reverse order of their beginning. */
export function createWork(parts: WorkParts): Work {
  const { database, log, inForce, wakeUps, leaving, slack, alerts, web } = parts;
  const stops: (() => Promise<void>)[] = [];
  const startQueueing = async () => {
    const queue = await startQueue({ url: database.url, log });
    stops.push(() => queue.stop());
    await queue.work((one) => handle(parts, queue, one));
    wakeUps.goTo(queue);
  };
  return {
    start: async ({ host, port }) => {
      const listening = await web.listen(port, host);
      stops.push(() => web.close());
      await startQueueing();
      stops.push(() => slack.stop());
      alerts.start();
      stops.push(() => alerts.stop());
      stops.push(keepSchedule(parts));
      stops.push(...startLooking(parts));
      for (const flow of Object.keys(inForce.current().flows))
        await wakeUps.wake({ flow, trigger: 'schedule' });
      for (const one of wakeUps.take()) await wakeUps.wake(one);
      // Last: no sync and no watch waits for Slack.
      await slack.start(() => slack.lookItselfOver({ atStart: true }));
      return { port: listening };
    },
    stop: async () => {
      const patience = setTimeout(() => leaving.abort(), finishMs);
      for (const stop of stops.splice(0).reverse()) {
        // One part that cannot say goodbye, say without its database, must not keep the others from it.
        await stop().catch((error: unknown) => log.warn({ err: error }, 'A part did not stop cleanly.'));
      }
      clearTimeout(patience);
      await database.close();
    },
  };
}

async function handle({ runNow, leaving, clock }: WorkParts, on: Queue, one: Wake): Promise<void> {
  const outcome = await runNow(one);
  if (outcome.kind === 'busy' && !leaving.signal.aborted) await on.wakeAfter(one, againAfterMs);
  const again = outcome.kind === 'ran' ? nextTry(outcome.result) : null;
  if (!again) return;
  const ms = Math.max(0, again.getTime() - clock.now().getTime());
  await on.wakeAfter({ flow: one.flow, trigger: 'recovery' }, ms);
}

/** Wakes by the schedule of the agreement that counts, until the returned function is called. */
function keepSchedule({ database: { db }, clock, log, inForce, wakeUps }: WorkParts): () => Promise<void> {
  const scheduled = { db, clock, log, agreement: inForce.current, wake: wakeUps.wake };
  let stopSchedule: (() => Promise<void>) | null = startSchedule(scheduled);
  inForce.onChange(async () => {
    if (!stopSchedule) return;
    await stopSchedule();
    stopSchedule = startSchedule(scheduled);
  });
  return async () => {
    await stopSchedule?.();
    stopSchedule = null;
  };
}

/** What is looked at again and again. Returns what stops each. */
function startLooking(parts: WorkParts): (() => Promise<void>)[] {
  const { database, clock, log, inForce, checking, slack, logChain } = parts;
  const { db } = database;
  const { current } = inForce;
  const looking = [
    every(lookEveryMs, lookQuietly(parts)),
    every(hour, () => doHousework({ database, clock, log, agreement: current })),
    logChain.start(),
    every(minute, () => proveMoney({ db, clock, log, agreement: current })),
    every(hour, () => checkConnections(checking, { atStart: false })),
  ];
  // Beside the first run, which needs the same connections: what is missing is named, not waited for.
  const first = checkConnections(checking, { atStart: true });
  return [...looking, () => first, every(hour, () => slack.lookItselfOver({ atStart: false }))];
}

/** Once a second, so that a database that is away is told of once. */
function lookQuietly({ inForce, log }: WorkParts): () => Promise<void> {
  let isBlind = false;
  return async () => {
    try {
      await inForce.look();
      isBlind = false;
    } catch (error) {
      if (!isBlind)
        log.warn({ err: error }, 'Which agreement counts could not be looked up; it is tried again.');
      isBlind = true;
    }
  };
}
