import { whyAnswer } from '#src/slack/answers/why.ts';
import type { Command } from './command.ts';

/** Where a value came from: system, time, rule or person, and version, back to the first reading. */
export const why: Command = {
  name: 'why',
  usage: 'why <record> <detail>',
  example: 'why "Harbour Cafe" email',
  who: 'The owners, and those who decide.',
  summary:
    'Where a value came from: which system, when, by which rule or person, back to the first time it was read.',
  run: async ({ desk, asked, reply }) => reply(await whyAnswer(desk, asked, asked.words.join(' '))),
};
