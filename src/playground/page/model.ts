import type { PageEvent, PageMessage, PageState, PageView } from '../page-server/api.ts';
import type { Card } from '../vendors/vendor.ts';

/** Everything the page shows. Changed only by {@link reduce}, so that one event gives one picture. */
export interface Model extends PageState {
  readonly ready: boolean;
  readonly connected: boolean;
  /** The open channel's id. */
  readonly channel: string;
  /** The first message of the open thread. */
  readonly thread: { readonly channel: string; readonly ts: string } | null;
  /** Open modals, the topmost last. */
  readonly views: readonly PageView[];
  /** What is being typed into cards right now, by {@link typingKey}. */
  readonly typing: Readonly<Record<string, string>>;
  /** Up to which message each person has read each channel, by `user/channel`. */
  readonly read: Readonly<Record<string, string>>;
  /** What was there when the page opened counts as read. */
  readonly opened: string;
  /** For the live region: the newest thing worth saying aloud. */
  readonly said: string;
  /** A refused request, shown until it is closed. */
  readonly problem: string | null;
}

export type Move =
  | { readonly type: 'state'; readonly state: PageState; readonly at: string }
  | { readonly type: 'event'; readonly event: PageEvent; readonly at: string }
  | { readonly type: 'connected'; readonly connected: boolean }
  | { readonly type: 'open_channel'; readonly channel: string }
  | { readonly type: 'open_thread'; readonly thread: Model['thread'] }
  | { readonly type: 'become'; readonly user: string }
  | { readonly type: 'problem'; readonly problem: string | null };

/** The name of the app's Home tab among the channels. */
export const homeTab = 'HOME';

/** Lines that the workspace itself says to one person, say that a command does not exist. */
export const workspaceUser = 'WORKSPACE';

export const emptyModel: Model = {
  me: '',
  users: [],
  channels: [],
  messages: [],
  notifications: [],
  home: null,
  commands: [],
  subcommands: [],
  shortcuts: [],
  kind: 'customer',
  cards: [],
  faults: {},
  guide: '',
  ready: false,
  connected: false,
  channel: '',
  thread: null,
  views: [],
  typing: {},
  read: {},
  opened: '',
  said: '',
  problem: null,
};

export const typingKey = (system: string, externalId: string, key: string) =>
  `${system} ${externalId} ${key}`;
const idOf = (message: { channel: string; ts: string }) => `${message.channel}/${message.ts}`;

/** Pure: the model after a move. */
export function reduce(model: Model, move: Move): Model {
  switch (move.type) {
    case 'state':
      return withState(model, move.state, move.at);
    case 'event':
      return withEvent(model, move.event, move.at);
    case 'connected':
      // Whatever could not be done while the server was away has nothing to say any more.
      return {
        ...model,
        connected: move.connected,
        problem: move.connected && !model.connected ? null : model.problem,
      };
    case 'open_channel':
      return markRead({ ...model, channel: move.channel, thread: null });
    case 'open_thread':
      return { ...model, thread: move.thread };
    case 'become':
      return {
        ...model,
        me: move.user,
        home: null,
        views: [],
        messages: model.messages.filter((message) => !message.ephemeral),
      };
    case 'problem':
      return { ...model, problem: move.problem };
  }
}

/** The server's whole picture, on opening and after every reconnect. Ephemeral messages live only here, and survive it. */
function withState(model: Model, state: PageState, at: string): Model {
  const mine = model.messages.filter((message) => message.ephemeral && model.me === state.me);
  const known = new Set(state.messages.map(idOf));
  const messages = sorted([...state.messages, ...mine.filter((message) => !known.has(idOf(message)))]);
  const stays = model.channel === homeTab || state.channels.some(({ id }) => id === model.channel);
  const channel = stays ? model.channel : firstChannel(state);
  const thread = model.thread && known.has(idOf(model.thread)) ? model.thread : null;
  const opened = model.opened || (messages.at(-1)?.ts ?? at);
  return markRead({ ...model, ...state, messages, channel, thread, opened, typing: {}, ready: true });
}

/** The page opens where decisions arrive. */
function firstChannel(state: PageState): string {
  const rooms = state.channels.filter((channel) => !channel.isDirect);
  return (
    (rooms.find((channel) => channel.name === 'sync-customers') ?? rooms[0] ?? state.channels[0])?.id ?? ''
  );
}

function withEvent(model: Model, event: PageEvent, at: string): Model {
  switch (event.type) {
    case 'message':
      return markRead({ ...withMessage(model, event.message), said: spoken(model, event.message) });
    case 'message_changed':
      return withMessage(model, event.message);
    case 'message_deleted':
      return { ...model, messages: model.messages.filter((message) => idOf(message) !== idOf(event)) };
    case 'notification':
      return model.notifications.some(({ id }) => id === event.notification.id)
        ? model
        : { ...model, notifications: [...model.notifications, event.notification] };
    case 'view_opened':
    case 'view_changed':
      return { ...model, views: withView(model.views, event.view, event.type === 'view_opened') };
    case 'view_closed':
      return { ...model, views: model.views.filter((view) => view.id !== event.id) };
    case 'home':
      return { ...model, home: event.home };
    case 'slackbot':
      return markRead(withMessage(model, workspaceLine(model, event, at)));
    default:
      return withCardEvent(model, event);
  }
}

type CardEvent = Extract<PageEvent, { type: 'card' | 'typing' | 'focus' | 'faults' | 'guide' }>;

function withCardEvent(model: Model, event: CardEvent): Model {
  switch (event.type) {
    case 'card':
      return {
        ...model,
        cards: model.cards.map((card) => (sameCard(card, event.card) ? event.card : card)),
        typing: Object.fromEntries(
          Object.entries(model.typing).filter(
            ([key]) => !key.startsWith(typingKey(event.card.system, event.card.externalId, '')),
          ),
        ),
      };
    case 'typing':
      return {
        ...model,
        typing: { ...model.typing, [typingKey(event.system, event.externalId, event.key)]: event.value },
      };
    case 'focus':
      return { ...model, kind: event.kind, cards: event.cards, typing: {} };
    case 'faults':
      return { ...model, faults: event.faults };
    case 'guide':
      return { ...model, guide: event.guide };
  }
}

const sameCard = (a: Card, b: Card) => a.system === b.system && a.externalId === b.externalId;

function withMessage(model: Model, message: PageMessage): Model {
  const others = model.messages.filter((other) => idOf(other) !== idOf(message));
  return { ...model, messages: sorted([...others, message]) };
}

const sorted = (messages: readonly PageMessage[]) => messages.toSorted((a, b) => Number(a.ts) - Number(b.ts));

function withView(views: readonly PageView[], view: PageView, opened: boolean): PageView[] {
  if (views.some((other) => other.id === view.id))
    return views.map((other) => (other.id === view.id ? view : other));
  return opened ? [...views, view] : [...views];
}

/** Said where the person is: in the open thread as well, if that is where they typed. */
function workspaceLine(model: Model, event: { channel: string; text: string }, at: string): PageMessage {
  const last = Number(model.messages.at(-1)?.ts ?? 0);
  const threadTs = model.thread?.channel === event.channel ? model.thread.ts : null;
  return {
    channel: event.channel,
    ts: Math.max(Number(at), last + 0.000001).toFixed(6),
    threadTs,
    user: workspaceUser,
    text: event.text,
    blocks: [],
    edited: false,
    ephemeral: true,
    broadcast: threadTs !== null,
    replyCount: 0,
  };
}

const readKey = (user: string, channel: string) => `${user}/${channel}`;

function markRead(model: Model): Model {
  const last = inChannel(model, model.channel).at(-1)?.ts ?? model.opened;
  return { ...model, read: { ...model.read, [readKey(model.me, model.channel)]: last } };
}

/** Messages that stand in the channel itself: no thread replies but those shown in the channel as well. */
export function inChannel(model: Model, channel: string): PageMessage[] {
  return model.messages.filter(
    (message) =>
      message.channel === channel &&
      (message.threadTs === null || message.threadTs === message.ts || message.broadcast),
  );
}

/** The first message of a thread and its replies. */
export function inThread(
  model: Model,
  thread: { readonly channel: string; readonly ts: string },
): PageMessage[] {
  return model.messages.filter(
    (message) =>
      message.channel === thread.channel && (message.ts === thread.ts || message.threadTs === thread.ts),
  );
}

export function unread(model: Model, channel: string): number {
  const until = Number(model.read[readKey(model.me, channel)] ?? model.opened);
  return inChannel(model, channel).filter(
    (message) => Number(message.ts) > until && message.user !== model.me,
  ).length;
}

function spoken(model: Model, message: PageMessage): string {
  const who = model.users.find(({ id }) => id === message.user)?.name ?? 'Somebody';
  const where = model.channels.find(({ id }) => id === message.channel);
  return `New message from ${who}${where && !where.isDirect ? ` in ${where.name}` : ''}: ${message.text.slice(0, 300)}`;
}
