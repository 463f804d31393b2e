import type { AddressInfo } from 'node:net';
import type { Clock } from '../../clock.ts';
import type {
  ActionInput,
  CommandInput,
  PageAnswer,
  PageChannel,
  PageHome,
  PageMessage,
  PageNotification,
  PageShortcut,
  PageUser,
  ViewInput,
} from '../page-server/api.ts';
import type { Store } from '../store.ts';
import { type Faults, openFaults } from './faults.ts';
import { action, messageShortcut } from './hands/action.ts';
import { command } from './hands/command.ts';
import { dismiss, submit } from './hands/modal.ts';
import { openHome, say } from './hands/say.ts';
import { openLimits } from './limits.ts';
import { type Listener, openListeners } from './listeners.ts';
import { openOutdated } from './outdated.ts';
import { asPage } from './posting.ts';
import { openRequestsTo, type RequestUrl } from './requests.ts';
import { openResponseUrls } from './response-urls.ts';
import { type Call, createHttp } from './server.ts';
import { type DisconnectReason, openSockets } from './sockets.ts';
import { openState, type Seed } from './state.ts';
import { openTriggers } from './triggers.ts';
import { openUploads } from './uploads.ts';
import { openViews } from './views.ts';
import { openEphemerals } from './whispers.ts';
import { APP, type Channel, type Command, type Person } from './workspace.ts';
import type { World } from './world.ts';

export interface PracticeSlackOptions extends Seed {
  readonly store: Store;
  readonly clock: Clock;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** From the manifest. */
  readonly commands?: readonly Command[];
  /** The bot's scopes from the manifest; without them every scope is granted. */
  readonly scopes?: readonly string[];
  /** The entries of a message's menu, from the manifest; default none. */
  readonly shortcuts?: readonly PageShortcut[];
  /** The manifest's request URL: the app is called there, over HTTP; default Socket Mode. */
  readonly requests?: RequestUrl;
  /** The manifest's `bot_events`; default none. */
  readonly events?: readonly string[];
  /** Where people see this workspace, for permalinks; default its own address. */
  readonly siteUrl?: string;
  /** Real milliseconds that the app has to acknowledge; Slack's 3,000 by default. */
  readonly ackMs?: number;
  /** Real milliseconds before each further attempt at an event; default at once, 1 minute, 5 minutes. */
  readonly eventRetriesMs?: readonly number[];
}

type TestFaults = Pick<Faults, 'loseNextAnswer' | 'failNext' | 'rateLimitNext' | 'down'>;

/** A workspace of one's own: Slack's Web API and Socket Mode on one port, and, in process, what people do in it. */
export interface PracticeSlack extends TestFaults {
  readonly port: number;
  /** For `slackApiUrl`; ends in `/api/`. */
  readonly apiUrl: string;
  readonly botToken: string;
  readonly appToken: string;
  /** People's side. Each resolves when the app acknowledged or its time was up; `ok: false` names an impossible request. */
  command(input: CommandInput): Promise<PageAnswer>;
  action(input: ActionInput): Promise<PageAnswer>;
  submit(input: ViewInput): Promise<PageAnswer>;
  dismiss(input: ViewInput): Promise<PageAnswer>;
  say(as: string, channel: string, text: string, threadTs?: string | null): Promise<PageAnswer>;
  openHome(as: string): Promise<PageAnswer>;
  messageShortcut(as: string, channel: string, ts: string, callbackId: string): Promise<PageAnswer>;
  /** A window of this person. Ephemeral messages reach only the windows that are open when they come. */
  subscribe(user: string, listener: Listener): () => void;
  /** Everything in the person's channels, oldest first, without ephemeral messages: what a reload shows. */
  messagesFor(user: string): readonly PageMessage[];
  notificationsFor(user: string): readonly PageNotification[];
  /** Channels, then direct messages, that the person is in; archived ones are hidden. */
  channelsFor(user: string): readonly PageChannel[];
  users(): readonly PageUser[];
  readonly commands: readonly Command[];
  readonly shortcuts: readonly PageShortcut[];
  homeFor(user: string): PageHome | null;
  /** Asks every socket to leave and come back. */
  refreshSockets(reason?: DisconnectReason): void;
  readonly socketCount: number;
  /** The app's next acknowledgement over a socket does not arrive. */
  loseNextAck(): void;
  /** Archives a channel, takes the app out of it, deactivates a person … as their administrator would. */
  changeChannel(id: string, change: Partial<Omit<Channel, 'id'>>): void;
  changePerson(id: string, change: Partial<Omit<Person, 'id'>>): void;
  /** The last calls that the app made, at most 1,000. */
  readonly calls: readonly Call[];
  close(): Promise<void>;
}

const MOST_CALLS = 1000;
const HOST = '127.0.0.1';

/** Starts the practice workspace on 127.0.0.1. Rejects as Node does when the port is taken. */
export async function startPracticeSlack(options: PracticeSlackOptions): Promise<PracticeSlack> {
  const calls: Call[] = [];
  let port = options.port ?? 0;
  const origin = () => `http://${HOST}:${port}`;
  const world = createWorld(options, origin);
  const server = createHttp(world, (call) => {
    calls.push(call);
    if (calls.length > MOST_CALLS) calls.shift();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  });
  port = (server.address() as AddressInfo).port;
  return {
    port,
    apiUrl: `${origin()}/api/`,
    botToken: APP.botToken,
    appToken: APP.appToken,
    calls,
    ...people(world),
    ...windows(world),
    ...administration(world),
    get socketCount() {
      return world.sockets.count;
    },
    close: async () => {
      await world.sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function createWorld(options: PracticeSlackOptions, origin: () => string): World {
  const { clock, store } = options;
  const listeners = openListeners();
  const faults = openFaults(() => sockets.cut());
  const delivery = {
    ackMs: options.ackMs ?? 3000,
    eventRetriesMs: options.eventRetriesMs ?? [0, 60_000, 300_000],
    isDown: () => faults.isDown,
  };
  const sockets = options.requests
    ? openRequestsTo({ ...delivery, ...options.requests, clock })
    : openSockets(delivery);
  return {
    clock,
    state: openState(store, clock, options),
    listeners,
    ephemerals: openEphemerals(),
    outdated: openOutdated(),
    triggers: openTriggers(clock),
    responses: openResponseUrls(clock, origin),
    views: openViews(listeners),
    uploads: openUploads(),
    sockets,
    limits: openLimits(clock),
    faults,
    commands: options.commands ?? [],
    shortcuts: options.shortcuts ?? [],
    scopes: options.scopes ?? null,
    events: options.events ?? [],
    siteUrl: () => options.siteUrl ?? origin(),
  };
}

const people = (world: World) => ({
  command: (input: CommandInput) => command(world, input),
  action: (input: ActionInput) => action(world, input),
  submit: (input: ViewInput) => submit(world, input),
  dismiss: (input: ViewInput) => dismiss(world, input),
  say: (as: string, channel: string, text: string, threadTs: string | null = null) =>
    say(world, { as, channel, text, threadTs }),
  openHome: (as: string) => openHome(world, as),
  messageShortcut: (as: string, channel: string, ts: string, callbackId: string) =>
    messageShortcut(world, { as, channel, ts, callbackId }),
});

function windows(world: World) {
  const { state, listeners, views } = world;
  const joined = (user: string) => state.channels.all().filter((one) => one.members.includes(user));
  const nameOf = (id: string) => state.people.get(id)?.realName ?? id;
  return {
    subscribe: listeners.subscribe,
    messagesFor: (user: string) =>
      joined(user)
        .flatMap((one) => state.messages(one.id))
        .map((message) => asPage(world, message))
        .sort((a, b) => Number(a.ts) - Number(b.ts)),
    notificationsFor: (user: string) => state.notifications.all().filter((one) => one.to === user),
    channelsFor: (user: string): readonly PageChannel[] =>
      joined(user)
        .filter((one) => !one.isArchived)
        .sort((a, b) => Number(a.isDirect) - Number(b.isDirect))
        .map(({ id, name, topic, isDirect, members }) => ({
          id,
          name: isDirect ? nameOf(members.find((one) => one !== user) ?? user) : name,
          topic,
          isDirect,
        })),
    users: (): readonly PageUser[] =>
      state.people.all().map(({ id, realName, part, standing }) => ({
        id,
        name: realName,
        part: standing === 'deactivated' || standing === 'bot' ? null : part,
        isBot: standing === 'bot',
      })),
    commands: world.commands,
    shortcuts: world.shortcuts,
    homeFor: (user: string): PageHome | null => {
      const home = views.home(user);
      return home ? { id: home.id, view: home.view } : null;
    },
  };
}

function administration({ state, sockets, faults }: World) {
  return {
    loseNextAnswer: faults.loseNextAnswer,
    failNext: faults.failNext,
    rateLimitNext: faults.rateLimitNext,
    down: faults.down,
    loseNextAck: () => sockets.loseNextAck(),
    refreshSockets: (reason: DisconnectReason = 'refresh_requested') => sockets.refresh(reason),
    changeChannel: (id: string, change: Partial<Omit<Channel, 'id'>>) => {
      const channel = state.channels.get(id);
      if (channel === undefined) throw new Error(`There is no channel ${id}.`);
      state.channels.set(id, { ...channel, ...change });
    },
    changePerson: (id: string, change: Partial<Omit<Person, 'id'>>) => {
      const person = state.people.get(id);
      if (person === undefined) throw new Error(`There is no person ${id}.`);
      state.people.set(id, { ...person, ...change });
    },
  };
}
