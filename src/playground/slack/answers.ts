import { type Args, flag, optionalText, readArgs } from './api/args.ts';
import { readContent } from './api/chat.ts';
import { Refused } from './api/refused.ts';
import { edit, post, remove } from './posting.ts';
import type { Addressee } from './response-urls.ts';
import { editWhisper, removeWhisper, whisper } from './whispers.ts';
import { APP } from './workspace.ts';
import type { World } from './world.ts';

/** What the app says back to a command or a click: by acknowledging it, or by posting to its `response_url`. */
export function answer(world: World, about: Addressee, args: Args): void {
  const { user, channel } = about.origin;
  const hasOriginal = about.messageTs !== null;
  if (hasOriginal && flag(args, 'delete_original')) {
    removeOriginal(world, about);
    return;
  }
  const content = readContent(args);
  if (hasOriginal && flag(args, 'replace_original')) {
    replaceOriginal(world, about, content);
    return;
  }
  const threadTs = optionalText(args, 'thread_ts');
  const room = world.state.channels.get(channel);
  if (optionalText(args, 'response_type') === 'in_channel' && room !== undefined)
    post(world, { channel: room, user: APP.botUser, threadTs, ...content });
  else whisper(world, { to: user, channel, threadTs, ...content });
}

function removeOriginal(world: World, { origin, messageTs, ephemeral }: Addressee): void {
  const { user, channel } = origin;
  const room = world.state.channels.get(channel);
  const whispered = world.ephemerals.get(user, channel, messageTs ?? '');
  if (ephemeral && whispered !== undefined) removeWhisper(world, user, whispered);
  else if (room !== undefined) remove(world, room, messageTs ?? '');
}

function replaceOriginal(
  world: World,
  { origin, messageTs, ephemeral }: Addressee,
  content: ReturnType<typeof readContent>,
): void {
  const { user, channel } = origin;
  const room = world.state.channels.get(channel);
  const whispered = world.ephemerals.get(user, channel, messageTs ?? '');
  const message = world.state.message(channel, messageTs ?? '');
  if (ephemeral && whispered !== undefined) editWhisper(world, user, whispered, content);
  else if (room !== undefined && message !== undefined) edit(world, room, message, content);
}

/** One POST to a `response_url`. */
export function answerTo(world: World, path: string, body: string): { status: number; body: string } {
  const about = world.responses.use(path);
  if (about === null) return { status: 404, body: JSON.stringify({ ok: false, error: 'not_found' }) };
  if ('error' in about) return { status: 404, body: JSON.stringify({ ok: false, error: about.error }) };
  try {
    answer(world, about, readArgs('application/json', body));
    return { status: 200, body: 'ok' };
  } catch (error) {
    if (error instanceof Refused) return { status: 400, body: JSON.stringify(error.answer) };
    throw error;
  }
}
