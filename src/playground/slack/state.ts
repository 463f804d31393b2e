import type { KnownBlock } from '@slack/types';
import type { Clock } from '../../clock.ts';
import type { PageMessage, PageNotification } from '../page-api.ts';
import type { Collection, Store } from '../store.ts';
import { APP, type Channel, type Person, type UserGroup } from './workspace.ts';

export interface Metadata {
  readonly event_type: string;
  readonly event_payload: Readonly<Record<string, unknown>>;
}
export interface Message {
  readonly channel: string;
  /** Slack's name of a message in its channel: Unix seconds with six decimals. */
  readonly ts: string;
  readonly threadTs: string | null;
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
  readonly metadata: Metadata | null;
  /** Ts of the last edit. */
  readonly editedTs: string | null;
  readonly broadcast: boolean;
}

export interface Seed {
  readonly people: readonly Person[];
  readonly channels: readonly Channel[];
  readonly groups?: readonly UserGroup[];
}

/** What a workspace remembers over a restart: people, channels with their members, messages, notifications. */
export interface State {
  readonly people: Collection<Person>;
  readonly channels: Collection<Channel>;
  readonly groups: Collection<UserGroup>;
  readonly notifications: Collection<PageNotification>;
  message(channel: string, ts: string): Message | undefined;
  /** Oldest first. */
  messages(channel: string): readonly Message[];
  /** The parent and its replies, oldest first. */
  thread(channel: string, ts: string): readonly Message[];
  save(message: Message): void;
  remove(channel: string, ts: string): void;
  /** A ts that no message of the channel has, ephemeral ones included. */
  nextTs(channel: string): string;
  /** The direct messages between the app and a person, opened when there are none. */
  directWith(user: string): Channel;
}

const byTs = (a: Message, b: Message) => (a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : 0);
const keyOf = (channel: string, ts: string) => `${channel}/${ts}`;

/** Opens what `store` holds; people and channels of the seed are added where they are not known yet. */
export function openState(store: Store, clock: Clock, seed: Seed): State {
  const people = store.collection<Person>('slack.people');
  const channels = store.collection<Channel>('slack.channels');
  const groups = store.collection<UserGroup>('slack.groups');
  const stored = store.collection<Message>('slack.messages');
  addMissing(people, seed.people);
  addMissing(channels, seed.channels);
  addMissing(groups, seed.groups ?? []);

  const inChannel = new Map<string, Map<string, Message>>();
  const shelf = (channel: string) => {
    const found = inChannel.get(channel) ?? new Map<string, Message>();
    inChannel.set(channel, found);
    return found;
  };
  const replies = new Map<string, Set<string>>();
  const keep = (message: Message) => {
    shelf(message.channel).set(message.ts, message);
    if (message.threadTs === null) return;
    const key = keyOf(message.channel, message.threadTs);
    replies.set(key, (replies.get(key) ?? new Set()).add(message.ts));
  };
  for (const message of stored.all()) keep(message);
  const given = new Set<string>();

  const messages = (channel: string) => [...shelf(channel).values()].sort(byTs);
  return {
    people,
    channels,
    groups,
    notifications: store.collection<PageNotification>('slack.notifications'),
    message: (channel, ts) => shelf(channel).get(ts),
    messages,
    thread: (channel, ts) =>
      [ts, ...(replies.get(keyOf(channel, ts)) ?? [])]
        .flatMap((one) => shelf(channel).get(one) ?? [])
        .sort(byTs),
    save: (message) => {
      stored.set(keyOf(message.channel, message.ts), message);
      keep(message);
    },
    remove: (channel, ts) => {
      stored.delete(keyOf(channel, ts));
      shelf(channel).delete(ts);
    },
    nextTs: (channel) => {
      for (let micros = clock.now().getTime() * 1000; ; micros += 1) {
        const ts = tsOf(micros);
        if (shelf(channel).has(ts) || given.has(keyOf(channel, ts))) continue;
        given.add(keyOf(channel, ts));
        return ts;
      }
    },
    directWith: (user) => openDirect(channels, user, clock),
  };
}

function addMissing<T extends { readonly id: string }>(to: Collection<T>, seed: readonly T[]): void {
  for (const one of seed) if (to.get(one.id) === undefined) to.set(one.id, one);
}

const tsOf = (micros: number) =>
  `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, '0')}`;
/** A ts as a point in time. */
export const dateOf = (ts: string): Date => new Date(Number(ts) * 1000);

function openDirect(channels: Collection<Channel>, user: string, clock: Clock): Channel {
  const id = `D${user.slice(1)}`;
  const known = channels.get(id);
  if (known !== undefined) return known;
  const opened: Channel = {
    id,
    name: '',
    topic: '',
    isPrivate: true,
    isArchived: false,
    isShared: false,
    isDirect: true,
    members: [user, APP.botUser],
    created: Math.floor(clock.now().getTime() / 1000),
  };
  channels.set(id, opened);
  return opened;
}

/** How a page shows a message. Edits made with blocks carry no "(edited)" mark in Slack, so `edited` is about plain text only. */
export const pageMessage = (message: Message, replyCount: number): PageMessage => ({
  channel: message.channel,
  ts: message.ts,
  threadTs: message.threadTs,
  user: message.user,
  text: message.text,
  blocks: message.blocks,
  edited: message.editedTs !== null && message.blocks.length === 0,
  ephemeral: false,
  broadcast: message.broadcast,
  replyCount,
});
