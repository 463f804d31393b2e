import type { KnownBlock } from '@slack/types';
import type { PageMessage } from '../page-server/api.ts';
import { withIds } from './ids.ts';
import { type Message, pageMessage } from './messages.ts';
import type { Edit } from './posting.ts';
import { APP } from './workspace.ts';
import type { World } from './world.ts';

/** Messages that one person sees until the next reload: kept in memory only, for clicks on their buttons. */
export interface Ephemerals {
  get(user: string, channel: string, ts: string): Message | undefined;
  set(user: string, message: Message): void;
  delete(user: string, channel: string, ts: string): void;
}

export function openEphemerals(): Ephemerals {
  const kept = new Map<string, Message>();
  const keyOf = (user: string, channel: string, ts: string) => `${user}/${channel}/${ts}`;
  return {
    get: (user, channel, ts) => kept.get(keyOf(user, channel, ts)),
    set: (user, message) => kept.set(keyOf(user, message.channel, message.ts), message),
    delete: (user, channel, ts) => kept.delete(keyOf(user, channel, ts)),
  };
}

interface Whisper {
  readonly to: string;
  readonly channel: string;
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
  readonly threadTs: string | null;
}

const whispered = (message: Message): PageMessage => ({ ...pageMessage(message, 0), ephemeral: true });

/** "Only visible to you": told to the windows that are open now, and to nobody else. */
export function whisper(world: World, { to, channel, text, blocks, threadTs }: Whisper): Message {
  const message: Message = {
    channel,
    ts: world.state.nextTs(channel),
    threadTs,
    user: APP.botUser,
    text,
    blocks: withIds(blocks),
    metadata: null,
    editedTs: null,
    broadcast: false,
  };
  world.ephemerals.set(to, message);
  world.listeners.tell(to, { type: 'message', message: whispered(message) });
  return message;
}

export function editWhisper(world: World, to: string, message: Message, change: Edit): void {
  const edited = { ...message, text: change.text, blocks: withIds(change.blocks) };
  world.ephemerals.set(to, edited);
  world.listeners.tell(to, { type: 'message_changed', message: whispered(edited) });
}

export function removeWhisper(world: World, to: string, { channel, ts }: Message): void {
  world.ephemerals.delete(to, channel, ts);
  world.listeners.tell(to, { type: 'message_deleted', channel, ts });
}
