import type { KnownBlock } from '@slack/types';
import { isThing } from '../blocks/rule.ts';
import { refuseMessageBlocks } from '../blocks.ts';
import type { Metadata } from '../messages.ts';
import { edit, post } from '../posting.ts';
import { whisper } from '../whispers.ts';
import { APP } from '../workspace.ts';
import type { World } from '../world.ts';
import { type Args, flag, optionalText, structure, text } from './args.ts';
import { check, Refused } from './refused.ts';
import { messageObject, need, postableChannel, visibleChannel } from './rooms.ts';

/** Above this Slack truncates what is posted; an edit above 4,000 is refused. */
const TRUNCATED_AT = 40_000;
const MOST_IN_EDIT = 4000;

/** What a message says, from the arguments of a call or the body of an answer. Refuses what Slack refuses. */
export function readContent(args: Args): { text: string; blocks: KnownBlock[] } {
  const blocks = structure(args, 'blocks', new Refused('invalid_blocks_format')) ?? [];
  const words = optionalText(args, 'text') ?? '';
  check(refuseMessageBlocks(blocks));
  if (words === '' && (blocks as KnownBlock[]).length === 0) throw new Refused('no_text');
  return { text: words.slice(0, TRUNCATED_AT), blocks: blocks as KnownBlock[] };
}

function readMetadata(args: Args): Metadata | undefined {
  const bad = new Refused('invalid_metadata_format');
  const read = structure(args, 'metadata', bad);
  if (read === undefined) return undefined;
  if (!isThing(read) || typeof read.event_type !== 'string' || !isThing(read.event_payload)) throw bad;
  return { event_type: read.event_type, event_payload: read.event_payload };
}

export function postMessage(world: World, args: Args) {
  need(world, 'chat:write');
  const channel = postableChannel(world, args);
  const threadTs = optionalText(args, 'thread_ts');
  // Unproven for Slack; a reply to nothing would be seen by nobody.
  if (threadTs !== null && world.state.message(channel.id, threadTs) === undefined)
    throw new Refused('thread_not_found');
  const message = post(world, {
    channel,
    user: APP.botUser,
    ...readContent(args),
    threadTs,
    broadcast: flag(args, 'reply_broadcast'),
    metadata: readMetadata(args) ?? null,
  });
  return { channel: channel.id, ts: message.ts, message: messageObject(world, message) };
}

/** Metadata stays unless it is sent; text and blocks become what is sent, so send both. */
export function update(world: World, args: Args) {
  need(world, 'chat:write');
  const channel = visibleChannel(world, args);
  if (channel.isArchived) throw new Refused('is_inactive');
  if ((optionalText(args, 'text') ?? '').length > MOST_IN_EDIT) throw new Refused('msg_too_long');
  const content = readContent(args);
  const message = world.state.message(channel.id, text(args, 'ts'));
  if (message === undefined) throw new Refused('message_not_found');
  if (message.user !== APP.botUser) throw new Refused('cant_update_message');
  const edited = edit(world, channel, message, { ...content, metadata: readMetadata(args) });
  return { channel: channel.id, ts: edited.ts, text: edited.text, message: messageObject(world, edited) };
}

export function postEphemeral(world: World, args: Args) {
  need(world, 'chat:write');
  const channel = postableChannel(world, args);
  const to = text(args, 'user');
  const content = readContent(args);
  if (!channel.members.includes(to)) throw new Refused('user_not_in_channel');
  const threadTs = optionalText(args, 'thread_ts');
  return { message_ts: whisper(world, { to, channel: channel.id, threadTs, ...content }).ts };
}

export function getPermalink(world: World, args: Args) {
  const channel = visibleChannel(world, args);
  const message = world.state.message(channel.id, text(args, 'message_ts'));
  if (message === undefined) throw new Refused('message_not_found');
  const thread = message.threadTs === null ? '' : `?thread_ts=${message.threadTs}&cid=${channel.id}`;
  const permalink = `${world.siteUrl()}/archives/${channel.id}/p${message.ts.replace('.', '')}${thread}`;
  return { channel: channel.id, permalink };
}
