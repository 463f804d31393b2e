import { conflictsAnswer } from '#src/slack/answers/conflicts.ts';
import { flowMeant } from '#src/slack/typed/flow-word.ts';
import type { Command } from './command.ts';

/** The decisions that wait, for those who may see them. */
export const conflicts: Command = {
  name: 'conflicts',
  usage: 'conflicts [sync]',
  example: 'conflicts customers',
  who: 'The owners, and those who decide.',
  summary: 'The decisions that wait, the oldest first, each with a button to decide it.',
  run: async ({ desk, asked, reply }) => {
    if (asked.words.length === 0) return reply(await conflictsAnswer(desk, asked, { flow: null, page: 1 }));
    const meant = flowMeant(desk, asked, 'conflicts');
    return reply(
      'flow' in meant ? await conflictsAnswer(desk, asked, { flow: meant.flow, page: 1 }) : meant.answer,
    );
  },
};
