import type { SlackCommandMiddlewareArgs } from '@slack/bolt';
import type { Command } from '#commands/command.ts';
import { commands } from '#commands/index.ts';
import { type Desk, type Reply, refusalFor, replyBy } from '../desk.ts';
import { drawUnknownCommand, unknown } from '../messages/help.ts';
import { ourFault } from '../messages/refusals.ts';
import { membership } from '../people.ts';

/** Any slash command that reaches this app: acknowledged at once, then carried out for whoever typed it. */
export async function onCommand(
  desk: Desk,
  { ack, command, respond }: SlackCommandMiddlewareArgs,
): Promise<void> {
  await ack();
  const reply = replyBy(desk, respond);
  try {
    await carryOut(desk, command, reply);
  } catch (error) {
    desk.log.error({ event: 'command_failed', err: error }, 'A command failed on a fault of Truce’s own.');
    await reply(ourFault());
  }
}

async function carryOut(
  desk: Desk,
  typed: { command: string; text: string; user_id: string },
  reply: Reply,
): Promise<void> {
  const [first = '', ...words] = typed.text.trim().split(/\s+/).filter(Boolean);
  const person = await desk.people.who(typed.user_id);
  const refusal = refusalFor(membership(person, desk.home()), 'operate');
  if (refusal) return reply(refusal);
  const asked = { id: typed.user_id, person, command: typed.command, words };
  const meant = commandNamed(first || 'help');
  if (meant) return meant.run({ desk, asked, reply, commands });
  return reply(drawUnknownCommand(unknown(first, typed.command, commands)));
}

const commandNamed = (word: string): Command | undefined =>
  commands.find(({ name }) => name === word.toLowerCase().replace(/[.,!?]+$/, ''));
