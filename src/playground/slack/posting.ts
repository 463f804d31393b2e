import { randomUUID } from 'node:crypto';
import type { KnownBlock } from '@slack/types';
import type { PageMessage } from '../page-server/api.ts';
import { withIds } from './ids.ts';
import { dateOf, type Message, type Metadata, pageMessage } from './messages.ts';
import { notificationText, whoIsNotified } from './notify.ts';
import type { PracticeFile } from './uploads.ts';
import type { Channel } from './workspace.ts';
import type { World } from './world.ts';

export interface Draft {
  readonly channel: Channel;
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
  readonly threadTs: string | null;
  readonly broadcast?: boolean;
  readonly metadata?: Metadata | null;
  readonly files?: readonly PracticeFile[];
}

const replies = ({ state }: World, message: Message): number =>
  state.thread(message.channel, message.ts).length - 1;
export const asPage = (world: World, message: Message): PageMessage =>
  pageMessage(message, replies(world, message));

/** A new message: stored, shown to every member, and told to those whom Slack would notify. */
export function post(world: World, draft: Draft): Message {
  const { state, listeners } = world;
  const channel = draft.channel.id;
  const parent = draft.threadTs === null ? undefined : state.message(channel, draft.threadTs);
  // A reply to a reply joins the thread of its parent.
  const threadTs = parent?.threadTs ?? draft.threadTs;
  const message: Message = {
    channel,
    ts: state.nextTs(channel),
    threadTs,
    user: draft.user,
    text: draft.text,
    blocks: withIds(draft.blocks),
    metadata: draft.metadata ?? null,
    editedTs: null,
    broadcast: draft.broadcast === true && threadTs !== null,
    ...(draft.files ? { files: draft.files } : {}),
  };
  const thread = threadTs === null ? [] : state.thread(channel, threadTs);
  state.save(message);
  listeners.tellAll(draft.channel.members, { type: 'message', message: asPage(world, message) });
  const first = threadTs === null ? undefined : state.message(channel, threadTs);
  if (first !== undefined)
    listeners.tellAll(draft.channel.members, { type: 'message_changed', message: asPage(world, first) });
  notify(world, draft.channel, message, thread);
  return message;
}

function notify(world: World, channel: Channel, message: Message, thread: readonly Message[]): void {
  const { state, listeners } = world;
  const nameOf = (id: string) => state.people.get(id)?.realName ?? id;
  const told = whoIsNotified({
    message,
    channel,
    thread,
    person: (id) => state.people.get(id),
    group: (id) => state.groups.get(id),
  });
  for (const to of told) {
    const notification = {
      id: randomUUID(),
      to,
      at: dateOf(message.ts).toISOString(),
      where: channel.isDirect ? nameOf(message.user) : `#${channel.name}`,
      text: notificationText(message.text, nameOf),
    };
    state.notifications.set(notification.id, notification);
    listeners.tell(to, { type: 'notification', notification });
  }
}

export interface Edit {
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
  /** Undefined keeps what the message has. */
  readonly metadata?: Metadata | undefined;
}

/** Changes a message in place. Notifies nobody, as in Slack. */
export function edit(world: World, channel: Channel, message: Message, change: Edit): Message {
  const edited: Message = {
    ...message,
    text: change.text,
    blocks: withIds(change.blocks),
    metadata: change.metadata ?? message.metadata,
    editedTs: world.state.nextTs(channel.id),
  };
  world.outdated.keep(message);
  world.state.save(edited);
  world.listeners.tellAll(channel.members, { type: 'message_changed', message: asPage(world, edited) });
  return edited;
}

export function remove(world: World, channel: Channel, ts: string): void {
  world.state.remove(channel.id, ts);
  world.listeners.tellAll(channel.members, { type: 'message_deleted', channel: channel.id, ts });
}
