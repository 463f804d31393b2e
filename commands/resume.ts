import { resumeAnswer } from '#src/slack/answers/pause.ts';
import { flowMeant } from '#src/slack/typed/flow-word.ts';
import type { Command } from './command.ts';

/** Lets a paused sync go on: shows first since when it was paused and what waits, and asks. */
export const resume: Command = {
  name: 'resume',
  usage: 'resume <sync>',
  example: 'resume customers',
  who: 'The owners.',
  summary: 'Let a paused sync go on; asks first. Its first run reads everything.',
  run: async ({ desk, asked, reply }) => {
    const meant = flowMeant(desk, asked, 'resume');
    return reply('flow' in meant ? await resumeAnswer(desk, asked, meant.flow) : meant.answer);
  },
};
