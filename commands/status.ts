import { statusAnswer } from '#src/slack/answers/status.ts';
import { flowMeant } from '#src/slack/typed/flow-word.ts';
import type { Command } from './command.ts';

/** How all syncs stand, or one. Everybody of the workspace may read states; records and numbers are the owners'. */
export const status: Command = {
  name: 'status',
  usage: 'status [sync]',
  example: 'status customers',
  who: 'Everybody in this workspace; amounts and records are shown to the owners and to those who decide.',
  summary: 'How all syncs stand, or one of them.',
  run: async ({ desk, asked, reply }) => {
    if (asked.words.length === 0) return reply(await statusAnswer(desk, asked, null));
    const meant = flowMeant(desk, asked, 'status');
    return reply('flow' in meant ? await statusAnswer(desk, asked, meant.flow) : meant.answer);
  },
};
