import { post } from '../posting.ts';
import type { PracticeFile } from '../uploads.ts';
import { APP } from '../workspace.ts';
import type { World } from '../world.ts';
import { type Args, optionalText, structure, text } from './args.ts';
import { badArgument, Refused } from './refused.ts';
import { need, postableChannel } from './rooms.ts';

/** Slack’s own limit for what it shows as a snippet. */
const MOST = 1024 * 1024;

/** The address to which the bytes of a new file go. */
export function getUploadURLExternal(world: World, args: Args, host: string) {
  need(world, 'files:write');
  const length = Number(text(args, 'length'));
  if (!Number.isInteger(length) || length < 1) throw new Refused('missing_argument');
  if (length > MOST) throw new Refused('file_upload_size_restricted');
  const { id, path } = world.uploads.begin(text(args, 'filename'), length);
  return { file_id: id, upload_url: `http://${host}${path}` };
}

/** Puts files that have arrived into a channel, as one message. Without a channel nobody sees them. */
export function completeUploadExternal(world: World, args: Args) {
  need(world, 'files:write');
  const named = structure(args, 'files', badArgument('files is not valid JSON'));
  if (!Array.isArray(named) || named.length === 0) throw badArgument('missing required field: files');
  const files = named.map(({ id }: { id?: string }): PracticeFile => {
    const file = world.uploads.finish(String(id));
    if (!file) throw new Refused('file_not_found');
    return file;
  });
  const channel = optionalText(args, 'channel_id');
  if (channel !== null)
    post(world, {
      channel: postableChannel(world, { channel }),
      user: APP.botUser,
      text: optionalText(args, 'initial_comment') ?? '',
      blocks: [],
      threadTs: optionalText(args, 'thread_ts'),
      files,
    });
  return { files: files.map(({ id, name }) => ({ id, title: name })) };
}
