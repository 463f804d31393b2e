import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { like } from 'drizzle-orm';
import { pino } from 'pino';
import { expect } from 'vitest';
import type { Agreement } from '#src/agreement/agreement.ts';
import { loadAgreement } from '#src/agreement/load.ts';
import { type App, buildApp } from '#src/app.ts';
import { readConfig } from '#src/config.ts';
import { openDatabase } from '#src/ledger/database.ts';
import { approveFirstLoad } from '#src/ledger/runs/runs.ts';
import { outbox } from '#src/ledger/tables/index.ts';
import type { PageMessage } from '#src/playground/page-server/api.ts';
import { openPractice, type Practice } from '#src/playground/practice.ts';
import type { Card, Fault, PracticeVendor } from '#src/playground/vendors/vendor.ts';
import { customersOnly } from './customers-only.ts';
import { type Kind, openTestDatabase, type TestDatabase } from './database.ts';
import { type MovableClock, movableClock } from './movable-clock.ts';
import { type Person, personIn } from './person.ts';
import { referencesIn, textOf } from './reading.ts';
import { until } from './until.ts';

type System = Card['system'];

/** The whole of Truce in this process: the real app, over real Socket Mode and HTTP, in a practice world of its own. */
export interface Truce {
  readonly app: App;
  readonly database: TestDatabase;
  readonly practice: Practice;
  readonly port: number;
  readonly clock: MovableClock;
  /** The business owner, the technical owner, a bystander, a guest, somebody from another company. */
  readonly priya: Person;
  readonly tom: Person;
  readonly sam: Person;
  readonly greta: Person;
  readonly frank: Person;
  /** What Truce logged, one plain line each. */
  readonly lines: readonly string[];
  /**
   * Another process as good as this one: the same database, Slack and systems. `at` is told the points of its runs; `edits` are
   * more edits of the `truce.yml` that it starts with. The caller stops it.
   */
  another(
    at?: ((point: string) => Promise<void>) | null,
    edits?: Readonly<Record<string, string>>,
  ): Promise<App>;
  vendor(system: System): PracticeVendor;
  /** A customer as one system holds it now, by part of its name. */
  card(system: System, name: string): Card;
  /** What one field of that card holds, by its label. */
  held(system: System, name: string, label: string): string;
  /** As somebody typing into that system's own screen, by the labels there. */
  edit(system: System, name: string, values: Readonly<Record<string, string>>, editor?: string): void;
  setFault(system: System, fault: Fault | null): void;
  /** Runs a flow now (customers if left out) and lets everything be said. */
  run(flow?: string): Promise<void>;
  /** What #sync-customers holds at its top level, oldest first. */
  channelMessages(): readonly PageMessage[];
  /** The replies to a message of #sync-customers, oldest first. */
  thread(message: PageMessage): readonly PageMessage[];
  /** The newest message of #sync-customers in which `words` can be read. Waits for it. */
  message(words: string | RegExp): Promise<PageMessage>;
}

export interface TruceOptions {
  /** Edits of `truce.yml`: what stands there → what is to stand there. */
  readonly agreement?: Readonly<Record<string, string>>;
  /** False leaves the first load to be approved. */
  readonly approved?: boolean;
  /** True = the question whether two of the practice customers are one is posted; else it waits unseen, and the channel is empty. */
  readonly alike?: boolean;
  /** False = no vendor sends a webhook. */
  readonly webhooks?: boolean;
  /** A signing secret: Slack calls Truce over HTTP instead of Socket Mode. */
  readonly slackOverHttp?: string;
  /** When everything is read at night; never, if left out: no test should begin to sweep at half past two. */
  readonly sweep?: string;
  /** True = every flow of `truce.yml`, all of them loaded and run twice at the start; else customers alone. */
  readonly allFlows?: boolean;
}

export const flowId = 'customers';
export const channel = 'C0SYNCCUST';

/** Starts Truce with the practice customers loaded and agreed, calm, without a past; the schedule is half an hour away. */
export async function openTruce(
  kind: Kind,
  options: TruceOptions = {},
): Promise<Truce & { stop(): Promise<void> }> {
  const { database, practice, app, another, port, clock, lines } = await startAll(kind, options);
  const people = peopleIn(practice);
  return {
    app,
    database,
    practice,
    port,
    clock,
    lines,
    another,
    ...people,
    ...handsIn(practice),
    ...eyesOf(people.priya),
    run: async (flow = flowId) => {
      await until(async () => (await app.runNow({ flow, trigger: 'command' })).kind === 'ran');
      await app.alerts.tick();
      await app.slack.flush();
    },
    stop: async () => {
      await app.stop();
      await practice.close();
      await database.close();
    },
  };
}

/** As `main.ts` does it, with a database, a clock and a log of the test's own. */
async function startAll(kind: Kind, options: TruceOptions) {
  const database = await openTestDatabase(kind);
  const lines: string[] = [];
  const write = (text: string) => void lines.push((JSON.parse(text) as { msg: string }).msg);
  const log = pino({ level: 'info' }, { write });
  const port = 20_000 + Math.floor(process.hrtime()[1] % 20_000);
  const clock = movableClock();
  const how = {
    edits: { ...options.agreement },
    minute: (clock.now().getMinutes() + 30) % 60,
    allFlows: options.allFlows === true,
    sweep: options.sweep ?? null,
  };
  const practice = await openPractice({
    dataDir: ':memory:',
    publicUrl: `http://localhost:${port}`,
    agreement: await agreed(how),
    log,
    clock,
    firstMinute: false,
    past: false,
    ...(options.slackOverHttp ? { slackOverHttp: options.slackOverHttp } : {}),
  });
  const read = readConfig({ ...practice.env, PORT: String(port) });
  if (!read.ok || !read.config.slack) throw new Error(read.ok ? 'no Slack' : read.problems.join(' '));
  const shared = {
    config: { ...read.config, slack: read.config.slack },
    agreement: await agreed(how, practice.overlay),
    clock: practice.clock,
    log,
    onFatal: (error: unknown) => void lines.push(String(error)),
  };
  const app = await buildApp({ ...shared, database, extra: practice.routes });
  const flows = Object.keys(app.agreement().flows);
  for (const flow of options.approved === false ? [] : flows)
    await approveFirstLoad(database.db, { flow, by: 'U0PRIYA001', now: clock.now() });
  for (const flow of flows) {
    await app.runNow({ flow, trigger: 'command' });
    // What is missing somewhere is made once the lists of changes reach to when it was first seen.
    clock.advance(20_000);
    await app.runNow({ flow, trigger: 'command' });
  }
  if (options.approved !== false && !options.alike) await keepUnseen(database);
  await app.start({ host: '127.0.0.1', port });
  // The start itself wakes every flow once.
  await until(() => lines.filter((line) => line.startsWith('Customers: run ')).length > 2);
  if (options.webhooks !== false) await practice.begin();
  const another: Truce['another'] = async (at, more = {}) => {
    const own = await openDatabase({ ...database.options, log });
    const agreement = await agreed({ ...how, edits: { ...how.edits, ...more } }, practice.overlay);
    const replica = await buildApp({ ...shared, agreement, database: own, ...(at ? { at } : {}) });
    await replica.start({ host: '127.0.0.1', port: 0 });
    return replica;
  };
  return { database, practice, app, another, port, clock, lines };
}

/** As if the questions that look for one customer in two had been posted long ago. */
async function keepUnseen({ db }: TestDatabase): Promise<void> {
  await db.update(outbox).set({ state: 'sent' }).where(like(outbox.subject, 'likeness:%'));
}

/** What somebody does in a system's own product. */
function handsIn({ vendors }: Practice) {
  const vendor = (system: System) => {
    const found = vendors.find((candidate) => candidate.system === system);
    if (!found) throw new Error(`there is no practice ${system}`);
    return found;
  };
  const card = (system: System, name: string) => {
    const found = vendor(system)
      .cards()
      .find((candidate) => candidate.title.toLowerCase().includes(name.toLowerCase()));
    if (!found) throw new Error(`${system} has no customer called ${name}`);
    return found;
  };
  const field = (system: System, name: string, label: string) => {
    const found = card(system, name).fields.find((candidate) => candidate.label === label);
    if (!found) throw new Error(`the ${system} card has no “${label}”`);
    return found;
  };
  return {
    vendor,
    card,
    held: (system: System, name: string, label: string) => field(system, name, label).value,
    setFault: (system: System, fault: Fault | null) => vendor(system).setFault(fault),
    edit: (system: System, name: string, values: Readonly<Record<string, string>>, editor = 'Mia Torres') => {
      const keyed = Object.entries(values).map(([label, value]) => [field(system, name, label).key, value]);
      vendor(system).edit(card(system, name).externalId, Object.fromEntries(keyed), editor);
    },
  };
}

function peopleIn({ slack }: Practice) {
  return {
    priya: personIn(slack, 'U0PRIYA001'),
    tom: personIn(slack, 'U0TOMW0001'),
    sam: personIn(slack, 'U0SAML0001'),
    greta: personIn(slack, 'U0GREG0001'),
    frank: personIn(slack, 'U0FRANK001'),
  };
}

/** The channel as its members see it. */
function eyesOf(person: Person) {
  const all = () => person.messages(channel);
  return {
    channelMessages: () => all().filter((message) => message.threadTs === null || message.broadcast),
    thread: ({ ts }: PageMessage) => all().filter((message) => message.threadTs === ts && message.ts !== ts),
    message: (words: string | RegExp) =>
      until(() =>
        all().findLast((message) =>
          typeof words === 'string' ? textOf(message).includes(words) : words.test(textOf(message)),
        ),
      ),
  };
}

/** At whatever hour a test is run, problems call who is called at noon, and nobody is asked after a time that it skips. */
const calm = { urgent: true, escalate: [] };

interface Written {
  /** What stands in `truce.yml` → what is to stand there. */
  readonly edits: Readonly<Record<string, string>>;
  /** Of each hour, in which flows run by themselves. */
  readonly minute: number;
  readonly allFlows: boolean;
  readonly sweep: string | null;
}

/** `truce.yml` as somebody would have edited it. */
async function agreed(
  { edits, minute, allFlows, sweep }: Written,
  overlay: Practice['overlay'] = {},
): Promise<Agreement> {
  const folder = await mkdtemp(join(tmpdir(), 'truce-agreement-'));
  try {
    const whole = await readFile('truce.yml', 'utf8');
    const everyMinute = /cron: '\*(?:\/\d+)? \* \* \* \*'/g;
    let text = (allFlows ? whole : customersOnly(whole)).replace(everyMinute, `cron: '${minute} * * * *'`);
    for (const [from, to] of Object.entries(edits)) {
      if (!text.includes(from)) throw new Error(`truce.yml does not say: ${from}`);
      text = text.replace(from, to);
    }
    await writeFile(join(folder, 'truce.yml'), text);
    const loaded = await loadAgreement(join(folder, 'truce.yml'), overlay);
    if (!loaded.ok) throw new Error(loaded.problems.map((problem) => problem.message).join(' '));
    const flows = Object.entries(loaded.agreement.flows).map(([id, flow]) => [
      id,
      { ...flow, sweep, ...calm },
    ]);
    return { ...loaded.agreement, flows: Object.fromEntries(flows) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Every message about a change or a run can be looked up by what stands on it. */
export function expectReferences(messages: readonly PageMessage[]): void {
  for (const message of messages) expect(referencesIn(message), textOf(message)).toHaveLength(1);
}
