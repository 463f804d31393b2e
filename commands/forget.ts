import { forgetAnswer } from '#src/slack/answers/forget.ts';
import type { Command } from './command.ts';

/** Erases what Truce knows of a record that is gone from the systems: says first what that means, and asks twice. */
export const forget: Command = {
  name: 'forget',
  usage: 'forget <record>',
  example: 'forget "Harbour Cafe"',
  who: 'The business owner.',
  summary:
    'Erase for good what Truce keeps of a record that is gone from the systems, say of a person who asked for it; shows first what that means.',
  run: async ({ desk, asked, reply }) => {
    const words = asked.words.join(' ').replace(/["“”‘’'`*]/g, '');
    return reply(await forgetAnswer(desk, asked, words.trim()));
  },
};
