import type { MessageShortcut, SlackShortcutMiddlewareArgs } from '@slack/bolt';
import type { Asker } from '../answers/asker.ts';
import { referenceOf } from '../answers/of-message.ts';
import { type Desk, replyBy } from '../desk.ts';
import type { Drawn } from '../messages/blocks.ts';
import { aboutNothing, ourFault } from '../messages/refusals.ts';
import { shortcuts } from './shortcuts/index.ts';

/** One choice in the menu of a message, of which it is known what it is about. */
export interface Chosen {
  readonly desk: Desk;
  readonly asker: Asker;
  readonly reference: string;
}
export type ShortcutListener = (chosen: Chosen) => Promise<Drawn>;

/** Any entry of a message's menu: acknowledged at once, answered to whoever chose it. */
export async function onShortcut(
  desk: Desk,
  { ack, shortcut, respond }: SlackShortcutMiddlewareArgs<MessageShortcut>,
): Promise<void> {
  await ack();
  const reply = replyBy(desk, respond);
  try {
    const { user, channel, message_ts: ts, message, callback_id: name } = shortcut;
    const { command } = desk.agreement();
    const listener = Object.hasOwn(shortcuts, name) ? shortcuts[name] : undefined;
    const reference = await referenceOf(desk, { channel: channel.id, ts, said: JSON.stringify(message) });
    if (!listener || !reference) return await reply(aboutNothing(command));
    const asker = { id: user.id, person: await desk.people.who(user.id), command };
    await reply(await listener({ desk, asker, reference }));
  } catch (error) {
    desk.log.error(
      { event: 'shortcut_failed', err: error },
      'An entry of a message’s menu failed on a fault of Truce’s own.',
    );
    await reply(ourFault());
  }
}
