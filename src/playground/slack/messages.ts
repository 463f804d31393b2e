import type { KnownBlock } from '@slack/types';
import type { Clock } from '../../clock.ts';
import type { PageMessage } from '../page-server/api.ts';
import type { Store } from '../store.ts';
import type { PracticeFile } from './uploads.ts';

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
  readonly files?: readonly PracticeFile[];
}

/** Every message, and the threads between them. */
export interface Messages {
  message(channel: string, ts: string): Message | undefined;
  /** Oldest first. */
  messages(channel: string): readonly Message[];
  /** The parent and its replies, oldest first. */
  thread(channel: string, ts: string): readonly Message[];
  save(message: Message): void;
  remove(channel: string, ts: string): void;
  /** A ts that no message of the channel has, ephemeral ones included. */
  nextTs(channel: string): string;
}

const byTs = (a: Message, b: Message) => (a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : 0);
const keyOf = (channel: string, ts: string) => `${channel}/${ts}`;

export function openMessages(store: Store, clock: Clock): Messages {
  const stored = store.collection<Message>('slack.messages');
  const shelf = shelves<Message>();
  const replies = shelves<Message>();
  const keep = (message: Message) => {
    shelf(message.channel).set(message.ts, message);
    if (message.threadTs !== null) replies(keyOf(message.channel, message.threadTs)).set(message.ts, message);
  };
  for (const message of stored.all()) keep(message);
  const given = new Set<string>();
  return {
    message: (channel, ts) => shelf(channel).get(ts),
    messages: (channel) => [...shelf(channel).values()].sort(byTs),
    thread: (channel, ts) => {
      const parent = shelf(channel).get(ts);
      const answers = [...replies(keyOf(channel, ts)).values()].sort(byTs);
      return parent === undefined ? answers : [parent, ...answers];
    },
    save: (message) => {
      stored.set(keyOf(message.channel, message.ts), message);
      keep(message);
    },
    remove: (channel, ts) => {
      const threadTs = shelf(channel).get(ts)?.threadTs ?? null;
      stored.delete(keyOf(channel, ts));
      shelf(channel).delete(ts);
      if (threadTs !== null) replies(keyOf(channel, threadTs)).delete(ts);
    },
    nextTs: (channel) => {
      let micros = clock.now().getTime() * 1000;
      while (shelf(channel).has(tsOf(micros)) || given.has(keyOf(channel, tsOf(micros)))) micros += 1;
      given.add(keyOf(channel, tsOf(micros)));
      return tsOf(micros);
    },
  };
}

/** Things by name and ts; a shelf that is not there yet is put up. */
function shelves<T>(): (name: string) => Map<string, T> {
  const all = new Map<string, Map<string, T>>();
  return (name) => {
    const found = all.get(name) ?? new Map<string, T>();
    all.set(name, found);
    return found;
  };
}

const tsOf = (micros: number) =>
  `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, '0')}`;
/** A ts as a point in time. */
export const dateOf = (ts: string): Date => new Date(Number(ts) * 1000);

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
  ...(message.files ? { files: message.files } : {}),
});
