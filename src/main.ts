import { createServer } from 'node:net';
import type { Agreement } from './agreement/agreement.ts';
import { loadAgreement } from './agreement/load.ts';
import { printProblems } from './agreement/problems-as-text.ts';
import { missingCredentials, missingSecretKey, signInAddressProblem } from './agreement/readiness.ts';
import { type App, buildApp } from './app.ts';
import { systemClock } from './clock.ts';
import { type Config, environment, readConfig } from './config.ts';
import { type Ending, endWithSignals, messageOf, stopsBecause } from './ending.ts';
import { openDatabase } from './ledger/database.ts';
import { createLog } from './log.ts';
import { nextSlot } from './slots.ts';

/** Something a person has to put right before Truce can start: one clear line each, and a non-zero exit. */
class CannotStart extends Error {
  override readonly name = 'CannotStart';
}

/** The only file that starts anything: configuration, agreement, database, then the app; the practice workspace where no Slack is set. */
async function main(ending: Ending): Promise<void> {
  const config = configOf(environment());
  const agreed = await agreementOf(config, {});
  const log = createLog({
    level: config.logLevel,
    form: process.stdout.isTTY || !config.slack ? 'lines' : 'json',
    timeZone: agreed.timeZone,
  });
  if (config.slack) assertCredentials(config, agreed);
  await assertFree(config.port);
  const database = await openDatabase({ databaseUrl: config.databaseUrl, dataDir: config.dataDir, log });
  ending.before(database.close);
  if (ending.isUnderWay()) return;
  // Loaded only where no Slack token is set: a product never runs practice code.
  const practice = config.slack
    ? null
    : await (await import('./playground/practice.ts')).openPractice({
        dataDir: config.dataDir,
        publicUrl: config.publicUrl,
        agreement: agreed,
        log,
      });
  if (practice) ending.before(practice.close);
  const full = practice ? configOf({ ...environment(), ...practice.env }) : config;
  if (!full.slack) throw new CannotStart('Slack is not set up: set SLACK_BOT_TOKEN and SLACK_APP_TOKEN.');
  const agreement = practice ? await agreementOf(full, practice.overlay) : agreed;
  assertCredentials(full, agreement);
  const address = practice ? null : signInAddressProblem(agreement, full.publicUrl);
  if (address) log.warn(address);
  const app = await buildApp({
    config: { ...full, slack: full.slack },
    agreement,
    clock: practice?.clock ?? systemClock,
    log,
    database,
    ...(practice ? { extra: practice.routes } : {}),
    onFatal: (error) => void ending.fail(stopsBecause(error)),
  });
  ending.before(app.stop);
  if (practice) ending.before(practice.rest);
  await practice?.prepare(app);
  if (ending.isUnderWay()) return;
  const { port } = await app.start({ host: practice ? '127.0.0.1' : '::', port: full.port });
  await practice?.begin();
  sayWhatRuns(app, { port, isPractice: practice !== null });
}

function configOf(env: NodeJS.ProcessEnv): Config {
  const read = readConfig(env);
  if (!read.ok) throw new CannotStart(read.problems.join('\n'));
  return read.config;
}

async function agreementOf(config: Config, overlay: Parameters<typeof loadAgreement>[1]) {
  const loaded = await loadAgreement(config.agreementPath, overlay);
  if (!loaded.ok) throw new CannotStart(printProblems(config.agreementPath, loaded.problems));
  return loaded.agreement;
}

function assertCredentials(config: Config, agreement: Agreement): void {
  const missing = missingCredentials(agreement, (name) => config.credential(name) !== undefined);
  const needsKey = config.secretKeys.length === 0 ? missingSecretKey(agreement) : null;
  const lines = [...missing, ...(needsKey ? [needsKey] : [])];
  if (lines.length > 0) throw new CannotStart(lines.join('\n'));
}

/** Found out before anything is opened or made: the page could not be shown. */
function assertFree(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new CannotStart(
          error.code === 'EADDRINUSE'
            ? `Port ${port} is already in use. Stop what uses it, or set PORT to another.`
            : `Port ${port} cannot be opened (${error.code ?? error.message}). Set PORT to another.`,
        ),
      ),
    );
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()));
  });
}

function sayWhatRuns(app: App, { port, isPractice }: { port: number; isPractice: boolean }): void {
  const agreement = app.agreement();
  const trouble = app.slack.trouble();
  const lines = [
    '',
    ...(trouble
      ? [
          trouble.refused
            ? `Slack refuses ${trouble.refused}. The syncs run, and nobody can be asked until that is put right.`
            : 'Slack is not reached yet. It is tried again; the syncs run meanwhile.',
        ]
      : []),
    isPractice
      ? `Truce runs in its practice workspace: open http://localhost:${port}`
      : `Truce runs in your Slack workspace; health at http://localhost:${port}/health`,
    `Database: ${app.database.describe}`,
    `Agreement: version ${agreement.version}, ${agreement.company}`,
    ...Object.values(agreement.flows).map((flow) => {
      const next = nextSlot(flow.schedule.cron, flow.schedule.timeZone, app.clock.now());
      const at =
        next?.toLocaleTimeString('en-AU', {
          timeZone: agreement.timeZone,
          hour: 'numeric',
          minute: '2-digit',
        }) ?? 'never';
      const between = flow.connections.map((id) => app.connections.get(id)?.label ?? id).join(', ');
      return `Sync: ${flow.name} (${between}), next run ${at}, talks in #${flow.channel.replace(/^#/, '')}`;
    }),
    'Stop with Ctrl-C. Nothing is lost, and nothing is done twice.',
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

const ending = endWithSignals();
main(ending).catch((error: unknown) => ending.fail(messageOf(error)));
