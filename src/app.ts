import { readFileSync } from 'node:fs';
import type { Hono } from 'hono';
import type { Logger } from 'pino';
import type { ActiveAgreement, Agreement } from './agreement/agreement.ts';
import { onDay } from './agreement/deputies.ts';
import { missingAddresses, missingCredentials, signInVariables } from './agreement/readiness.ts';
import { openOutside } from './alerts/outside.ts';
import { type Alerts, createAlerts } from './alerts/watch.ts';
import { type Clock, every } from './clock.ts';
import type { Config } from './config.ts';
import type { Connection } from './connectors/connection.ts';
import { createConnections, systems } from './connectors/registry.ts';
import { entityNamed } from './entities/named.ts';
import { agreementInForce } from './jobs/agreement-in-force.ts';
import { createLogChain } from './jobs/chain-log.ts';
import { checkConnection, checkConnections, setUpConnection } from './jobs/check-connections.ts';
import { doHousework } from './jobs/housework.ts';
import { nextTry } from './jobs/next-try.ts';
import { proveMoney } from './jobs/prove-money.ts';
import { type Queue, startQueue } from './jobs/queue.ts';
import { type RunFlowOutcome, runFlow } from './jobs/run-flow.ts';
import { startSchedule } from './jobs/schedule.ts';
import type { Wake, WakeUp } from './jobs/wake.ts';
import { budgetLedger } from './ledger/connections/budgets.ts';
import { exchangeLog } from './ledger/connections/exchanges.ts';
import { shapeStore } from './ledger/connections/shapes.ts';
import { beginSignIn } from './ledger/connections/sign-ins.ts';
import { tokenLedger } from './ledger/connections/tokens.ts';
import type { Database } from './ledger/database.ts';
import { migrateLedger } from './ledger/migrate.ts';
import { freeSending } from './ledger/posts/outbox-sending.ts';
import { freeLeases } from './ledger/runs/runs.ts';
import { openSealed } from './ledger/sealing/open-sealed.ts';
import { createSlackSide, type SlackSide } from './slack/app.ts';
import { createWeb, type Web } from './web/server.ts';
import { startUrlOf } from './web/sign-in.ts';

export interface AppOptions {
  readonly config: Config & { readonly slack: NonNullable<Config['slack']> };
  readonly agreement: Agreement;
  readonly clock: Clock;
  readonly log: Logger;
  readonly database: Database;
  /** The practice workspace's page, where there is one. */
  readonly extra?: Hono;
  /** Named points at which a crash test stops a run. */
  readonly at?: (point: string) => Promise<void>;
  readonly onFatal: (error: unknown) => void;
}

/** Every part of Truce, built once. Nothing moves by itself before `start`; until then a caller steps it. */
export interface App {
  readonly database: Database;
  readonly clock: Clock;
  readonly agreement: () => ActiveAgreement;
  readonly connections: ReadonlyMap<string, Connection>;
  readonly slack: SlackSide;
  readonly alerts: Alerts;
  readonly wake: WakeUp;
  /** Runs a flow here and now, past the queue. */
  readonly runNow: (wake: Wake) => Promise<RunFlowOutcome>;
  /** Runs every wake-up that came before `start`. Returns how many. */
  readonly drain: () => Promise<number>;
  readonly start: (options: { host: string; port: number }) => Promise<{ port: number }>;
  readonly stop: () => Promise<void>;
}

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** How soon a wake-up that met another run of its flow comes again, in ms. */
const againAfterMs = 1_500;
const [minute, hour] = [60_000, 3_600_000] as const;
/** How long at most a process goes on by an agreement that another has replaced, in ms. It sends nothing under it. */
const lookEveryMs = 1_000;
/** How long a run may take to end by itself when Truce stops, in ms. One that waits for a silent vendor is broken off. */
const finishMs = 3_000;

/** Builds the app on an open database: brings the schema up to date, takes in the agreement, connects to Slack. */
export async function buildApp(options: AppOptions): Promise<App> {
  const { config, clock, log, database } = options;
  const { db } = database;
  await migrateLedger(db);
  // The folder of an embedded database is locked, so whoever held something is gone.
  if (database.kind === 'PGlite') {
    await freeLeases(db, clock.now());
    await freeSending(db, clock.now());
  }
  await openSealed(db, config.secretKeys, log);
  const tokens = tokenLedger(db, config.secretKeys, clock);
  const http = {
    log: exchangeLog(db),
    budgets: budgetLedger(db),
    shapes: shapeStore(db, ({ connection, endpoint }, paths) =>
      log.info(
        { event: 'new_in_answers', connection, endpoint },
        `New in answers of “${connection}” to “${endpoint}”: ${paths.slice(0, 10).join(', ')}.`,
      ),
    ),
    timeZone: options.agreement.timeZone,
  };
  const { credential } = config;
  const inForce = await agreementInForce({
    db,
    clock,
    log,
    file: options.agreement,
    source: config.agreementPath,
    connect: (connections) =>
      createConnections({ agreement: { connections }, credential, http, tokens, clock }),
  });
  const { current, connections, look } = inForce;
  // The file's own are looked at before anything is opened; until it is approved, another version may count.
  for (const line of missingCredentials(current(), (name) => credential(name) !== undefined)) log.warn(line);
  for (const line of missingAddresses(current(), (name) => credential(name) !== undefined)) log.warn(line);
  const leaving = new AbortController();
  const waiting: Wake[] = [];
  let queue: Queue | null = null;
  let isBlind = false;
  const wake: WakeUp = async (one) => {
    if (queue) await queue.wake(one);
    else waiting.push(one);
  };
  const runNow = async (one: Wake) => {
    await look();
    const parts = { db, clock, log, agreement: current, leaving: leaving.signal };
    // Its own set: what another version connects otherwise must not move under a run.
    return runFlow(
      { ...parts, connections: new Map(connections), ...(options.at ? { at: options.at } : {}) },
      one,
    );
  };
  const checking = { db, clock, log, connections, agreement: current, leaving: leaving.signal };
  const labels = labelBook(current);
  // People see who stands in for whom today; the engine and the schedule need not know.
  const today = () => onDay(current(), clock.now());
  const slack = createSlackSide({
    slack: config.slack,
    db,
    clock,
    log,
    agreement: today,
    labels,
    product: (system) => systems[system].label,
    entity: entityNamed,
    version,
    credentialsNote: (id) => {
      const terms = current().connections[id];
      return (terms && signInVariables(terms).join(', ')) || null;
    },
    wake,
    connections: {
      link: async (connection, by) => {
        const begun = await beginSignIn(db, config.secretKeys, { connection, by, now: clock.now() });
        return { url: startUrlOf(config.publicUrl, begun.ticket), expiresAt: begun.expiresAt };
      },
      check: (connection) => checkConnection(checking, connection),
      setUp: (step) => setUpConnection(checking, step),
    },
    look,
    count: inForce.count,
    onFatal: options.onFatal,
  });
  const onFault = () => slack.lookItselfOver({ atStart: false, atOnce: true });
  const logChain = createLogChain({ db, clock, log, agreement: current, keys: config.secretKeys, onFault });
  const outside = openOutside({ db, clock, log, address: credential });
  const alerts = createAlerts({ db, clock, log, agreement: today, labels, outside });
  const web: Web = createWeb({
    db,
    clock,
    log,
    connections,
    agreement: today,
    wake,
    publicUrl: config.publicUrl,
    secretKeys: config.secretKeys,
    tokens,
    check: (connection) => checkConnection(checking, connection),
    slackRequests: slack.requests,
    ...(options.extra ? { extra: options.extra } : {}),
  });
  const stops: (() => Promise<void>)[] = [];
  return {
    database,
    clock,
    agreement: current,
    connections,
    slack,
    alerts,
    wake,
    runNow,
    drain: async () => {
      const taken = waiting.splice(0);
      for (const one of taken) await runNow(one);
      return taken.length;
    },
    start: async ({ host, port }) => {
      const listening = await web.listen(port, host);
      stops.push(() => web.close());
      const started = await startQueue({ url: database.url, log });
      stops.push(() => started.stop());
      await started.work((one) => handle(started, one));
      queue = started;
      stops.push(() => slack.stop());
      alerts.start();
      stops.push(() => alerts.stop());
      const scheduled = { db, clock, log, agreement: current, wake };
      let stopSchedule: (() => Promise<void>) | null = startSchedule(scheduled);
      stops.push(async () => {
        await stopSchedule?.();
        stopSchedule = null;
      });
      inForce.onChange(async () => {
        if (!stopSchedule) return;
        await stopSchedule();
        stopSchedule = startSchedule(scheduled);
      });
      stops.push(every(lookEveryMs, lookQuietly));
      stops.push(every(hour, () => doHousework({ database, clock, log, agreement: current })));
      stops.push(logChain.start());
      stops.push(every(minute, () => proveMoney({ db, clock, log, agreement: current })));
      stops.push(every(hour, () => checkConnections(checking, { atStart: false })));
      // Beside the first run, which needs the same connections: what is missing is named, not waited for.
      const looking = checkConnections(checking, { atStart: true });
      stops.push(() => looking);
      stops.push(every(hour, () => slack.lookItselfOver({ atStart: false })));
      for (const flow of Object.keys(current().flows)) await wake({ flow, trigger: 'schedule' });
      for (const one of waiting.splice(0)) await wake(one);
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

  async function handle(on: Queue, one: Wake): Promise<void> {
    const outcome = await runNow(one);
    if (outcome.kind === 'busy' && !leaving.signal.aborted) await on.wakeAfter(one, againAfterMs);
    const again = outcome.kind === 'ran' ? nextTry(outcome.result) : null;
    if (!again) return;
    const ms = Math.max(0, again.getTime() - clock.now().getTime());
    await on.wakeAfter({ flow: one.flow, trigger: 'recovery' }, ms);
  }

  /** Once a second, so that a database that is away is told of once. */
  async function lookQuietly(): Promise<void> {
    try {
      await look();
      isBlind = false;
    } catch (error) {
      if (!isBlind)
        log.warn({ err: error }, 'Which agreement counts could not be looked up; it is tried again.');
      isBlind = true;
    }
  }
}

/** A connection's product, as people call it; also of one that the agreement has no more, as far as this process knew it. */
function labelBook(current: () => ActiveAgreement): (id: string) => string {
  const known = new Map<string, string>();
  return (id) => {
    const terms = current().connections[id];
    if (terms) known.set(id, systems[terms.system].label);
    return known.get(id) ?? id;
  };
}
