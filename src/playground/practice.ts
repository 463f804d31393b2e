import { readFileSync } from 'node:fs';
import type { Hono } from 'hono';
import type { Logger } from 'pino';
import { parse } from 'yaml';
import { commands } from '../../commands/index.ts';
import type { Agreement } from '../agreement/agreement.ts';
import type { App } from '../app.ts';
import { type Clock, type ManualClock, manualClock, systemClock } from '../clock.ts';
import { cin7CoreGoods } from './data/as-cin7-core-products.ts';
import { hubspotSales } from './data/as-hubspot-sales.ts';
import { xeroBooks } from './data/as-xero-books.ts';
import { enteredLately, wonLately } from './data/past-deeds.ts';
import { seed } from './data/seed.ts';
import { type FirstMinute, startFirstMinute } from './first-minute.ts';
import type { PageCommand } from './page-server/api.ts';
import { createPageRoutes } from './page-server/server.ts';
import { openStage } from './page-server/stage.ts';
import { livePast, pastDays, stayPresent } from './past.ts';
import { practiceSecretKey } from './secret-key.ts';
import { type PracticeSlack, type PracticeSlackOptions, startPracticeSlack } from './slack/practice-slack.ts';
import { APP, defaultWorkspace } from './slack/workspace.ts';
import { type Collection, openStore } from './store.ts';
import { startCin7Core } from './vendors/cin7-core/server.ts';
import { startHubSpot } from './vendors/hubspot/server.ts';
import type { PracticeVendor } from './vendors/vendor.ts';
import { startXero } from './vendors/xero/server.ts';

/** The practice world around an unchanged Truce: a Slack, three vendors and their data, and a page to look at them. */
export interface Practice {
  /** What a real installation would set in the environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Where the systems are, for connections whose `base_url` the agreement leaves open. */
  readonly overlay: Readonly<Record<string, { baseUrl: string; authUrl: string | null }>>;
  /** Stands weeks ago while the past is lived through; afterwards it is the system's. */
  readonly clock: Clock;
  readonly routes: Hono;
  readonly slack: PracticeSlack;
  readonly vendors: readonly PracticeVendor[];
  /** Gives the practice company its past, the first time; goes on where a killed process left off. */
  prepare(app: App): Promise<void>;
  /** Ends {@link prepare} after the step under way, to be gone on with at the next start. */
  rest(): Promise<void>;
  /** Lets the vendors' webhooks and the first minute begin. */
  begin(): Promise<void>;
  close(): Promise<void>;
}

export interface PracticeOptions {
  readonly dataDir: string;
  readonly publicUrl: string;
  readonly agreement: Agreement;
  readonly log: Logger;
  /** False leaves the page alone: tests do the edits themselves. */
  readonly firstMinute?: boolean;
  /** False starts without a past: tests make their own. */
  readonly past?: boolean;
  /** A signing secret: then Slack calls `<publicUrl>/slack/events` instead of speaking over a socket. */
  readonly slackOverHttp?: string;
  /** Instead of the system's: tests move it on. */
  readonly clock?: Clock;
}

/** How far the past was lived through; `start` and `end` are its bounds. ISO 8601. */
interface Progress {
  readonly start: string;
  readonly at: string;
  readonly stepsDone: number;
  readonly end: string;
  readonly finished: boolean;
}

/** Opens the practice world in `dataDir` (or `:memory:`); everything in it survives a killed process. */
export async function openPractice(options: PracticeOptions): Promise<Practice> {
  const store = openStore(options.dataDir);
  const progress = store.collection<Progress>('practice.progress');
  const done = progress.get('past')?.finished ?? options.past === false;
  const before = progress.get('past') ?? beginningOfPast(options.agreement.timeZone);
  const past = manualClock(new Date(before.at));
  const present = options.clock ?? systemClock;
  const clock = switchable(done ? present : past);
  const over = options.slackOverHttp;
  const slack = await startPracticeSlack({
    store,
    clock,
    ...defaultWorkspace,
    ...installed(),
    siteUrl: options.publicUrl,
    ...(over ? { requests: { url: `${options.publicUrl}/slack/events`, signingSecret: over } } : {}),
  });
  const planted = seed(clock.now());
  const vendors = [
    await startHubSpot({
      store,
      clock,
      seed: planted.hubspot,
      ...hubspotSales(planted.hubspot, clock.now(), done ? [] : wonLately),
    }),
    await startXero({
      store,
      clock,
      seed: planted.xero,
      books: xeroBooks(planted.xero, clock.now()),
    }),
    await startCin7Core({
      store,
      clock,
      seed: planted.cin7Core,
      goods: cin7CoreGoods(clock.now(), done ? [] : enteredLately),
    }),
  ];
  const stage = openStage(vendors);
  const practice = {
    env: {
      SLACK_BOT_TOKEN: APP.botToken,
      ...(over ? { SLACK_SIGNING_SECRET: over } : { SLACK_APP_TOKEN: APP.appToken }),
      SLACK_API_URL: slack.apiUrl,
      TRUCE_SECRET_KEY: practiceSecretKey(options.dataDir),
      ...Object.assign({}, ...vendors.map((vendor) => vendor.env)),
    },
    overlay: overlayOf(options.agreement, vendors),
    clock,
    slack,
    vendors,
    routes: createPageRoutes({ slack, vendors, stage, subcommands }),
  };
  let firstMinute: FirstMinute | null = null;
  let preparing: Promise<void> = Promise.resolve();
  const tired = new AbortController();
  const { log } = options;
  return {
    ...practice,
    prepare: (app) => {
      if (!done)
        preparing = prepare(app, {
          practice,
          past,
          present,
          clock,
          progress,
          before,
          log,
          signal: tired.signal,
        });
      return preparing;
    },
    rest: async () => {
      tired.abort();
      await preparing.catch(() => undefined);
    },
    begin: async () => {
      connectWebhooks(vendors, options);
      if (options.firstMinute === false) return;
      const flow = Object.values(options.agreement.flows)[0];
      const channel = (flow?.channel ?? '').replace(/^#/, '');
      firstMinute = startFirstMinute({ ...practice, stage, store, flow: flow?.id ?? '', channel });
    },
    close: async () => {
      await firstMinute?.stop();
      stage.close();
      await Promise.all([slack.close(), ...vendors.map((vendor) => vendor.close())]);
      store.close();
    },
  };
}

type World = Pick<Practice, 'slack' | 'vendors' | 'clock'>;

async function prepare(
  app: App,
  {
    practice,
    past,
    present,
    clock,
    progress,
    before,
    log,
    signal,
  }: {
    practice: World;
    past: ManualClock;
    present: Clock;
    clock: Switchable;
    progress: Collection<Progress>;
    before: Progress;
    log: Logger;
    signal: AbortSignal;
  },
): Promise<void> {
  log.info(
    { event: 'practice' },
    `Living through the practice company's last ${pastDays} days; this happens once and takes a moment.`,
  );
  const { level } = log;
  // Fourteen days in ten seconds are nothing to read along.
  log.level = 'error';
  const keep = (more: Partial<Progress>) =>
    progress.set('past', { ...before, at: past.now().toISOString(), ...more });
  // At once: whoever is killed during the first step begins at the same moment again.
  if (before.stepsDone === 0) keep({});
  const isLived = await livePast(app, {
    ...practice,
    past,
    start: Date.parse(before.start),
    end: Date.parse(before.end),
    from: before.stepsDone,
    done: (stepsDone) => keep({ stepsDone }),
    signal,
  });
  log.level = level;
  if (!isLived) return;
  keep({ finished: true });
  clock.use(present);
  await stayPresent(app);
}

function connectWebhooks(
  vendors: readonly PracticeVendor[],
  { agreement, publicUrl }: PracticeOptions,
): void {
  for (const vendor of vendors) {
    const connection = Object.values(agreement.connections).find((terms) => terms.system === vendor.system);
    if (connection) vendor.setWebhookTarget(`${publicUrl}/webhooks/${connection.id}`);
  }
}

/** For suggestions while somebody types. */
const subcommands: readonly PageCommand[] = commands.map(({ name, summary, usage }) => ({
  command: name,
  description: summary,
  usageHint: usage.slice(name.length).trim(),
}));

function overlayOf(agreement: Agreement, vendors: readonly PracticeVendor[]): Practice['overlay'] {
  return Object.fromEntries(
    Object.values(agreement.connections).flatMap((terms) => {
      const vendor = vendors.find((candidate) => candidate.system === terms.system);
      return vendor && terms.baseUrl === null
        ? [[terms.id, { baseUrl: vendor.baseUrl, authUrl: vendor.authUrl }]]
        : [];
    }),
  );
}

interface Manifest {
  readonly features: {
    readonly slash_commands: readonly {
      command: string;
      description: string;
      usage_hint?: string;
      should_escape?: boolean;
    }[];
    readonly shortcuts?: readonly { name: string; callback_id: string }[];
  };
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
  readonly settings: { readonly event_subscriptions?: { readonly bot_events?: readonly string[] } };
}

/** The practice workspace grants and knows what the app's manifest declares, as a real one does after installing it. */
function installed(): Pick<PracticeSlackOptions, 'commands' | 'scopes' | 'events' | 'shortcuts'> {
  const manifest = parse(readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8')) as Manifest;
  return {
    commands: manifest.features.slash_commands.map(
      ({ command, description, usage_hint = '', should_escape = false }) => ({
        command,
        description,
        usageHint: usage_hint,
        shouldEscape: should_escape,
      }),
    ),
    scopes: manifest.oauth_config.scopes.bot,
    shortcuts: (manifest.features.shortcuts ?? []).map(({ name, callback_id: id }) => ({ id, name })),
    events: manifest.settings.event_subscriptions?.bot_events ?? [],
  };
}

/** At midnight where the company is, so that people edit and decide at hours at which people work. */
function beginningOfPast(timeZone: string): Progress {
  const now = systemClock.now();
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime())
    .toZonedDateTimeISO(timeZone)
    .startOfDay();
  const start = new Date(today.subtract({ days: pastDays }).epochMilliseconds).toISOString();
  return { start, at: start, stepsDone: 0, end: now.toISOString(), finished: false };
}

interface Switchable extends Clock {
  use(clock: Clock): void;
}

function switchable(first: Clock): Switchable {
  let current = first;
  return {
    now: () => current.now(),
    sleep: (ms, signal) => current.sleep(ms, signal),
    use: (clock) => {
      current = clock;
    },
  };
}
