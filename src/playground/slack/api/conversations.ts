import type { Message } from '../messages.ts';
import { APP, type Channel } from '../workspace.ts';
import type { World } from '../world.ts';
import { type Args, flag, optionalText, paged, text } from './args.ts';
import { badArgument, Refused } from './refused.ts';
import { channelObject, messageObject, need, needFor, visibleChannel } from './rooms.ts';

const next = (cursor: string) => ({ response_metadata: { next_cursor: cursor } });

export function info(world: World, args: Args) {
  const channel = visibleChannel(world, args);
  needFor(world, channel, 'read');
  return { channel: channelObject(channel) };
}

export function list(world: World, args: Args) {
  const types = (optionalText(args, 'types') ?? 'public_channel').split(',').map((one) => one.trim());
  const scopeOf: Readonly<Record<string, string>> = {
    public_channel: 'channels:read',
    private_channel: 'groups:read',
    mpim: 'mpim:read',
    im: 'im:read',
  };
  for (const type of types) {
    const scope = scopeOf[type];
    if (scope === undefined) throw new Refused('invalid_types');
    need(world, scope);
  }
  const typeOf = (one: Channel) =>
    one.isDirect ? 'im' : one.isPrivate ? 'private_channel' : 'public_channel';
  const shown = world.state.channels
    .all()
    .filter((one) => types.includes(typeOf(one)))
    .filter((one) => !one.isPrivate || one.members.includes(APP.botUser))
    .filter((one) => !(one.isArchived && flag(args, 'exclude_archived')));
  const { page, next: cursor } = paged(shown, args);
  return { channels: page.map(channelObject), ...next(cursor) };
}

export function members(world: World, args: Args) {
  const channel = visibleChannel(world, args);
  needFor(world, channel, 'read');
  const { page, next: cursor } = paged(channel.members, args);
  return { members: page, ...next(cursor) };
}

/** A channel whose messages the app may read: it must be in it. */
function readable(world: World, args: Args): Channel {
  const channel = visibleChannel(world, args);
  needFor(world, channel, 'history');
  if (!channel.members.includes(APP.botUser)) throw new Refused('not_in_channel');
  return channel;
}

/** Between `oldest` and `latest`, both left out unless `inclusive`. */
function within(args: Args): (message: Message) => boolean {
  const oldest = readTs(args, 'oldest') ?? 0;
  const latest = readTs(args, 'latest') ?? Number.POSITIVE_INFINITY;
  const inclusive = flag(args, 'inclusive');
  return ({ ts }) => {
    const at = Number(ts);
    return inclusive ? at >= oldest && at <= latest : at > oldest && at < latest;
  };
}

function readTs(args: Args, name: 'oldest' | 'latest'): number | null {
  const value = optionalText(args, name);
  if (value === null) return null;
  if (Number.isNaN(Number(value))) throw new Refused(`invalid_ts_${name}`);
  return Number(value);
}

/** Newest first; replies only where they were broadcast. */
export function history(world: World, args: Args) {
  const channel = readable(world, args);
  const found = world.state
    .messages(channel.id)
    .filter((one) => one.threadTs === null || one.broadcast)
    .filter(within(args))
    .reverse();
  const { page, next: cursor } = paged(found, args);
  const messages = page.map((one) => messageObject(world, one, flag(args, 'include_all_metadata')));
  return { messages, has_more: cursor !== '', pin_count: 0, ...next(cursor) };
}

/** The parent, always, then its replies, oldest first. */
export function replies(world: World, args: Args) {
  const channel = readable(world, args);
  const named = world.state.message(channel.id, text(args, 'ts'));
  if (named === undefined) throw new Refused('thread_not_found');
  const isWithin = within(args);
  const found = world.state
    .thread(channel.id, named.threadTs ?? named.ts)
    .filter((one) => one.threadTs === null || isWithin(one));
  const { page, next: cursor } = paged(found, args, 1000);
  const messages = page.map((one) => messageObject(world, one, flag(args, 'include_all_metadata')));
  return { messages, has_more: cursor !== '', ...next(cursor) };
}

/** Opens direct messages with one person. Group messages are not practised. */
export function open(world: World, args: Args) {
  need(world, 'im:write');
  const users = (optionalText(args, 'users') ?? '').split(',').filter((one) => one !== '');
  if (optionalText(args, 'channel') !== null) return { channel: channelObject(visibleChannel(world, args)) };
  const [id] = users;
  if (id === undefined) throw new Refused('users_list_not_supplied');
  if (users.length > 1)
    throw badArgument('this practice workspace opens direct messages with one person only');
  const person = world.state.people.get(id);
  if (person === undefined) throw new Refused('user_not_found');
  if (person.standing === 'deactivated') throw new Refused('user_disabled');
  if (person.standing === 'bot' || person.standing === 'foreign') throw new Refused('user_not_visible');
  const known = world.state.channels.all().some((one) => one.isDirect && one.members.includes(id));
  const channel = world.state.directWith(id);
  return {
    no_op: known,
    already_open: known,
    channel: flag(args, 'return_im') ? channelObject(channel) : { id: channel.id },
  };
}
