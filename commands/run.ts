import { runNow } from '#src/slack/answers/run.ts';
import { flowMeant } from '#src/slack/typed/flow-word.ts';
import type { Command } from './command.ts';

/** Starts a run now instead of waiting for the schedule. */
export const run: Command = {
  name: 'run',
  usage: 'run <sync>',
  example: 'run customers',
  who: 'The owners.',
  summary: 'Start a run now, and hear when it has ended.',
  run: async ({ desk, asked, reply }) => {
    const meant = flowMeant(desk, asked, 'run');
    return 'flow' in meant ? runNow(desk, asked, meant.flow, reply) : reply(meant.answer);
  },
};
