import { drawHelp } from '#src/slack/messages/help.ts';
import type { Command } from './command.ts';

/** What can be typed. */
export const help: Command = {
  name: 'help',
  usage: 'help',
  example: 'help',
  summary: 'What you can type.',
  run: ({ asked, reply, commands }) => reply(drawHelp(asked.command, commands)),
};
