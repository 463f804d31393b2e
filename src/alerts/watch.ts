import { randomUUID } from 'node:crypto';
import type { ActiveAgreement } from '../agreement/agreement.ts';
import { type Clock, every } from '../clock.ts';
import { runsToJudge } from '../ledger/alerts/incidents.ts';
import type { Db, Tx } from '../ledger/db.ts';
import { assertLease, LeaseLost, releaseLease, takeLease } from '../ledger/leases.ts';
import type { Told } from './apply.ts';
import { askAgain, climb, sayStillOpen } from './climb.ts';
import { judgeRun } from './judge-runs.ts';
import { tellOfLimits } from './limits.ts';
import { tellOfMoney } from './money.ts';
import type { Outside } from './outside.ts';
import { tellOverLimit } from './over-limit.ts';
import { notePresence } from './presence.ts';
import { remind } from './reminders.ts';
import { tellCaughtUp, tellTimeAway } from './time-away.ts';
import { watchData } from './watch-data.ts';
import { watchFlow } from './watch-flow.ts';
import { watchWork } from './watch-work.ts';

/** Gets one plain line per alert; pino's logger fits. */
interface AlertLog {
  info(event: object, line: string): void;
  warn(event: object, line: string): void;
  error(event: object, line: string): void;
}

export interface AlertParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: AlertLog;
  readonly agreement: () => ActiveAgreement;
  /** A connection's product, as people call it; its id if left out. */
  readonly labels?: (connection: string) => string;
  /** Told how each round ended. */
  readonly outside?: Outside;
  /** How often it looks by itself, in ms of real time. */
  readonly everyMs?: number;
}

export interface Alerts {
  /** Begins to look by itself, on a timer of its own. */
  start(): void;
  /** Looks once, now: at runs that ended, at runs that should have started, at promises that lapsed. Rejects when the database does. */
  tick(): Promise<void>;
  stop(): Promise<void>;
}

const leaseName = 'alerts';
const leaseMs = 30_000;
const runsPerTick = 100;

/**
 * The watch over all flows. It shares neither timer nor job with the runner, so that it notices when the runner stands still.
 * Of several replicas one watches at a time.
 */
export function createAlerts(parts: AlertParts): Alerts {
  const watch = { ...parts, owner: randomUUID(), bornAt: parts.clock.now() };
  let last: Promise<number | null> = Promise.resolve(null);
  let stopTimer: (() => Promise<void>) | undefined;
  const tick = () => {
    last = last.catch(() => null).then(() => look(watch));
    return last.then(() => undefined);
  };
  return {
    tick,
    start: () => {
      stopTimer ??= every(parts.everyMs ?? 5_000, () =>
        tick().catch((error: unknown) => sayBlind(parts, error)),
      );
    },
    stop: async () => {
      await stopTimer?.();
      const epoch = await last.catch(() => null);
      // So that another replica, or the next start, need not wait for it to lapse.
      if (epoch === null) return;
      await releaseLease(parts.db, { name: leaseName, owner: watch.owner, epoch, now: parts.clock.now() });
    },
  };
}

const sayBlind = ({ log }: AlertParts, error: unknown): void =>
  log.error({ event: 'alerts', err: error }, 'The watch over the runs could not look; it tries again');

interface Watch extends AlertParts {
  readonly owner: string;
  readonly bornAt: Date;
}

/** Returns the epoch under which it looked; null where another replica watches. */
async function look(watch: Watch): Promise<number | null> {
  const { db, clock, owner } = watch;
  const epoch = await takeLease(db, { name: leaseName, owner, now: clock.now(), ms: leaseMs });
  if (epoch === null) return null;
  try {
    await lookAsHolder(watch, epoch);
    await watch.outside?.told(watch.agreement());
    return epoch;
  } catch (error) {
    // Another replica watches now, and everything that was stored is whole.
    if (!(error instanceof LeaseLost)) throw error;
    return null;
  }
}

async function lookAsHolder(watch: Watch, epoch: number): Promise<void> {
  const { db, clock, owner, bornAt } = watch;
  const agreement = watch.agreement();
  const held = <T>(work: (tx: Tx) => Promise<T>) =>
    db.transaction(async (tx) => {
      await assertLease(tx, { name: leaseName, owner, epoch });
      return work(tx);
    });
  const now = clock.now();
  const { since, awayFrom } = await held((tx) => notePresence(tx, now));
  for (const run of await runsToJudge(db, runsPerTick)) {
    tell(watch, agreement, await held((tx) => judgeRun(tx, run, agreement, now)));
  }
  for (const flow of Object.values(agreement.flows)) {
    tell(watch, agreement, await held((tx) => watchFlow(tx, flow, agreement, { now, since, bornAt })));
    const labels = watch.labels ?? ((id: string) => id);
    tell(watch, agreement, await held((tx) => watchData(tx, flow, { agreement, labels, now })));
    tell(watch, agreement, await held((tx) => watchWork(tx, flow, { agreement, labels, now })));
  }
  if (awayFrom) await held((tx) => tellTimeAway(tx, agreement, { from: awayFrom, to: now }));
  await held((tx) => tellCaughtUp(tx, agreement, now));
  await held((tx) => askAgain(tx, agreement, now));
  for (const flow of Object.values(agreement.flows)) await held((tx) => climb(tx, flow, agreement, now));
  for (const flow of Object.values(agreement.flows))
    await held((tx) => tellOfLimits(tx, flow, agreement, now));
  for (const flow of Object.values(agreement.flows))
    await held((tx) => tellOverLimit(tx, flow, agreement, now));
  for (const flow of Object.values(agreement.flows))
    await held((tx) => tellOfMoney(tx, flow, agreement, now));
  await held((tx) => sayStillOpen(tx, agreement, now));
  await held((tx) => remind(tx, agreement, now));
}

function tell({ log }: Watch, agreement: ActiveAgreement, told: readonly Told[]): void {
  for (const { kind, incident } of told) {
    const line = {
      event: 'alert',
      reference: incident.correlationId,
      alert: incident.id,
      flow: incident.flow,
    };
    const head = `${agreement.flows[incident.flow]?.name ?? incident.flow}: alert ${incident.id}`;
    if (kind === 'recover') log.info(line, `${head} is over, it works again`);
    else log.warn(line, `${head}${kind === 'return' ? ' is back' : ''}. ${incident.message}`);
  }
}
