import { pino } from 'pino';
import { loadAgreement } from '#src/agreement/load.ts';
import { type App, buildApp } from '#src/app.ts';
import { readConfig } from '#src/config.ts';
import { approveFirstLoad } from '#src/ledger/runs.ts';
import { editByLabel } from '#src/playground/edit-by-label.ts';
import type { PageMessage } from '#src/playground/page-api.ts';
import { openPractice, type Practice } from '#src/playground/practice.ts';
import type { Card } from '#src/playground/vendors/vendor.ts';
import { type Kind, openTestDatabase, type TestDatabase } from './database.ts';
import { type Person, personIn } from './person.ts';
import { until } from './until.ts';

/** The whole of Truce in this process: the real app, over real Socket Mode and HTTP, in a practice world of its own. */
export interface Truce {
  readonly app: App;
  readonly database: TestDatabase;
  readonly practice: Practice;
  readonly port: number;
  /** The business owner, the technical owner, a bystander, a guest, somebody from another company. */
  readonly priya: Person;
  readonly tom: Person;
  readonly sam: Person;
  readonly greta: Person;
  readonly frank: Person;
  /** What Truce logged, one plain line each. */
  readonly lines: readonly string[];
  /** A customer as one system holds it now, by part of its name. */
  card(system: Card['system'], name: string): Card;
  /** As somebody typing into that system's own screen, by the labels there. */
  edit(system: Card['system'], name: string, values: Readonly<Record<string, string>>, editor?: string): void;
  /** Runs the flow now and lets everything be said. */
  run(): Promise<void>;
  /** The newest message of #sync-customers whose text or blocks contain `words`. Waits for it. */
  message(words: string | RegExp): Promise<PageMessage>;
}

const flowId = 'customers';
export const channel = 'C0SYNCCUST';

/** Starts Truce with the practice customers loaded and agreed, calm, without a past. The caller stops it. */
export async function openTruce(kind: Kind): Promise<Truce & { stop(): Promise<void> }> {
  const database = await openTestDatabase(kind);
  const lines: string[] = [];
  const log = pino(
    { level: 'info' },
    { write: (text: string) => void lines.push((JSON.parse(text) as { msg: string }).msg) },
  );
  const port = 20_000 + Math.floor(process.hrtime()[1] % 20_000);
  const agreement = await agreed();
  const practice = await openPractice({
    dataDir: ':memory:',
    publicUrl: `http://localhost:${port}`,
    agreement,
    log,
    firstMinute: false,
    past: false,
  });
  const read = readConfig({ ...practice.env, PORT: String(port) });
  if (!read.ok || !read.config.slack) throw new Error(read.ok ? 'no Slack' : read.problems.join(' '));
  const app = await buildApp({
    config: { ...read.config, slack: read.config.slack },
    agreement: await agreed(practice.overlay),
    clock: practice.clock,
    log,
    database,
    extra: practice.routes,
    onFatal: (error) => lines.push(String(error)),
  });
  await approveFirstLoad(database.db, { flow: flowId, by: 'U0PRIYA001', now: practice.clock.now() });
  await app.runNow({ flow: flowId, trigger: 'command' });
  await app.start({ host: '127.0.0.1', port });
  await practice.begin();
  const vendor = (system: Card['system']) => {
    const found = practice.vendors.find((candidate) => candidate.system === system);
    if (!found) throw new Error(`there is no practice ${system}`);
    return found;
  };
  const card = (system: Card['system'], name: string) => {
    const found = vendor(system)
      .cards()
      .find((candidate) => candidate.title.toLowerCase().includes(name.toLowerCase()));
    if (!found) throw new Error(`${system} has no customer called ${name}`);
    return found;
  };
  const person = (id: string) => personIn(practice.slack, id);
  const priya = person('U0PRIYA001');
  return {
    app,
    database,
    practice,
    port,
    priya,
    tom: person('U0TOMW0001'),
    sam: person('U0SAML0001'),
    greta: person('U0GREG0001'),
    frank: person('U0FRANK001'),
    lines,
    card,
    edit: (system, name, values, editor = 'Mia Torres') => editByLabel(vendor(system), name, values, editor),
    run: async () => {
      await until(async () => (await app.runNow({ flow: flowId, trigger: 'command' })).kind === 'ran');
      await app.alerts.tick();
      await app.slack.flush();
    },
    message: (words) =>
      until(() =>
        priya
          .messages(channel)
          .findLast((message) =>
            typeof words === 'string' ? textOf(message).includes(words) : words.test(textOf(message)),
          ),
      ),
    stop: async () => {
      await app.stop();
      await practice.close();
      await database.close();
    },
  };
}

async function agreed(overlay: Practice['overlay'] = {}) {
  const loaded = await loadAgreement('truce.yml', overlay);
  if (!loaded.ok) throw new Error(loaded.problems.map((problem) => problem.message).join(' '));
  return loaded.agreement;
}

/** Everything that a person can read in a message. */
export const textOf = (message: PageMessage): string => `${message.text}\n${JSON.stringify(message.blocks)}`;
