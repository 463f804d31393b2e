import { readFileSync } from 'node:fs';
import type { Hono } from 'hono';
import type { Logger } from 'pino';
import type { ActiveAgreement, Agreement } from './agreement/agreement.ts';
import { onDay } from './agreement/deputies.ts';
import { missingAddresses, missingCredentials, signInVariables } from './agreement/readiness.ts';
import { openOutside } from './alerts/outside.ts';
import { type Alerts, createAlerts } from './alerts/watch.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Connection } from './connectors/connection.ts';
import { createConnections, systems } from './connectors/registry.ts';
import { entityNamed } from './entities/named.ts';
import { agreementInForce } from './jobs/agreement-in-force.ts';
import { createLogChain } from './jobs/chain-log.ts';
import { checkConnection, setUpConnection } from './jobs/check-connections.ts';
import { type RunFlowOutcome, runFlow } from './jobs/run-flow.ts';
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
import { collectWakeUps, createWork } from './working.ts';

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

/** Builds the app on an open database: brings the schema up to date, takes in the agreement, connects to Slack. */
export async function buildApp(options: AppOptions): Promise<App> {
  const { config, clock, log, database } = options;
  const { db } = database;
  const { credential } = config;
  await openLedger(options);
  const tokens = tokenLedger(db, config.secretKeys, clock);
  const http = sharedByCalls(options);
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
  const wakeUps = collectWakeUps();
  const { wake } = wakeUps;
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
  const work = createWork({
    ...{ database, clock, log, inForce, checking, wakeUps, runNow, leaving },
    ...{ slack, alerts, web, logChain },
  });
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
      const taken = wakeUps.take();
      for (const one of taken) await runNow(one);
      return taken.length;
    },
    ...work,
  };
}

/** Brings the ledger up to this code, and opens what is sealed in it. */
async function openLedger({ config, clock, log, database }: AppOptions): Promise<void> {
  const { db, kind } = database;
  await migrateLedger(db);
  // The folder of an embedded database is locked, so whoever held something is gone.
  if (kind === 'PGlite') {
    await freeLeases(db, clock.now());
    await freeSending(db, clock.now());
  }
  await openSealed(db, config.secretKeys, log);
}

/** What the calls of all connections share: their log, the budgets, what answers look like. */
const sharedByCalls = ({ database: { db }, log, agreement }: AppOptions) => ({
  log: exchangeLog(db),
  budgets: budgetLedger(db),
  shapes: shapeStore(db, ({ connection, endpoint }, paths) =>
    log.info(
      { event: 'new_in_answers', connection, endpoint },
      `New in answers of “${connection}” to “${endpoint}”: ${paths.slice(0, 10).join(', ')}.`,
    ),
  ),
  timeZone: agreement.timeZone,
});

/** A connection's product, as people call it; also of one that the agreement has no more, as far as this process knew it. */
function labelBook(current: () => ActiveAgreement): (id: string) => string {
  const known = new Map<string, string>();
  return (id) => {
    const terms = current().connections[id];
    if (terms) known.set(id, systems[terms.system].label);
    return known.get(id) ?? id;
  };
}
