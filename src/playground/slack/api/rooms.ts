import type { Message } from '../messages.ts';
import { APP, type Channel, TEAM } from '../workspace.ts';
import type { World } from '../world.ts';
import { type Args, optionalText } from './args.ts';
import { Refused } from './refused.ts';

/** Refuses unless the app was granted this scope. */
export function need({ scopes }: World, scope: string): void {
  if (scopes !== null && !scopes.includes(scope))
    throw new Refused('missing_scope', { needed: scope, provided: scopes.join(',') });
}

/** `channels:read`, `groups:history` … by the kind of channel. */
export const needFor = (world: World, channel: Channel, what: 'read' | 'history'): void =>
  need(world, `${channel.isDirect ? 'im' : channel.isPrivate ? 'groups' : 'channels'}:${what}`);

/** A channel that the app can see: public ones, and private ones with the app in them. */
export function visibleChannel(world: World, args: Args): Channel {
  const channel = world.state.channels.get(optionalText(args, 'channel') ?? '');
  if (channel === undefined || (channel.isPrivate && !channel.members.includes(APP.botUser)))
    throw new Refused('channel_not_found');
  return channel;
}

/** As Slack resolves the `channel` of a post: an id, `#name`, or a user, whose direct messages are opened. */
export function postableChannel(world: World, args: Args): Channel {
  const channel = resolve(world, args);
  if (channel.isArchived) throw new Refused('is_archived');
  if (channel.members.includes(APP.botUser)) return channel;
  if (!world.scopes?.includes('chat:write.public')) throw new Refused('not_in_channel');
  return channel;
}

function resolve(world: World, args: Args): Channel {
  const { state } = world;
  const wanted = optionalText(args, 'channel') ?? '';
  const name = wanted.replace(/^#/, '');
  const person = state.people.get(wanted);
  if (person !== undefined) {
    if (person.standing !== 'member' && person.standing !== 'guest') throw new Refused('channel_not_found');
    return state.directWith(person.id);
  }
  const byName = state.channels.all().find((one) => one.name !== '' && one.name === name);
  return visibleChannel(world, { channel: byName?.id ?? wanted });
}

export function channelObject(channel: Channel) {
  const { id, name, isPrivate, isArchived, isShared, isDirect, members, created, topic } = channel;
  const common = { id, created, is_archived: isArchived, is_im: isDirect, context_team_id: TEAM.id };
  if (isDirect) return { ...common, user: members.find((member) => member !== APP.botUser) ?? '' };
  return {
    ...common,
    name,
    name_normalized: name,
    is_channel: !isPrivate,
    is_group: isPrivate,
    is_mpim: false,
    is_private: isPrivate,
    is_general: name === 'general',
    is_shared: isShared,
    is_org_shared: false,
    is_ext_shared: isShared,
    is_member: members.includes(APP.botUser),
    num_members: members.length,
    topic: { value: topic, creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
  };
}

/** A message as Slack hands it to apps. Metadata only where it was asked for. */
export function messageObject({ state }: World, message: Message, withMetadata = false) {
  const replies = state.thread(message.channel, message.ts).filter((one) => one.ts !== message.ts);
  const isBot = message.user === APP.botUser;
  return {
    type: 'message',
    ...(message.broadcast ? { subtype: 'thread_broadcast' } : {}),
    user: message.user,
    ...(isBot ? { bot_id: APP.botId, app_id: APP.id } : {}),
    ts: message.ts,
    team: TEAM.id,
    text: message.text,
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
    ...(replies.length > 0
      ? {
          thread_ts: message.ts,
          reply_count: replies.length,
          reply_users: [...new Set(replies.map((one) => one.user))],
          latest_reply: replies.at(-1)?.ts,
        }
      : {}),
    ...(message.editedTs === null ? {} : { edited: { user: message.user, ts: message.editedTs } }),
    ...(withMetadata && message.metadata !== null ? { metadata: message.metadata } : {}),
  };
}
