import { drawHelp, drawHelpOf, drawUnknownCommand, unknown } from '#src/slack/messages/help.ts';
import type { Command } from './command.ts';

/** What can be typed. */
export const help: Command = {
  name: 'help',
  usage: 'help [command]',
  example: 'help',
  more: ['help reprocess'],
  who: 'Everybody in this workspace.',
  summary: 'What you can type.',
  run: ({ asked, reply, commands }) => {
    const [typed] = asked.words;
    if (typed === undefined) return reply(drawHelp(asked.command, commands));
    const word = typed.toLowerCase().replace(/[.,!?]+$/, '');
    const meant = commands.find(({ name }) => name === word);
    return reply(
      meant ? drawHelpOf(asked.command, meant) : drawUnknownCommand(unknown(typed, asked.command, commands)),
    );
  },
};
