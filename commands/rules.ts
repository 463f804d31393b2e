import { rulesAnswer } from '#src/slack/answers/rules.ts';
import { flowMeant } from '#src/slack/typed/flow-word.ts';
import type { Command } from './command.ts';

/** What the agreement says of a sync: everybody of the workspace may read it. */
export const rules: Command = {
  name: 'rules',
  usage: 'rules <sync>',
  example: 'rules customers',
  who: 'Everybody in this workspace.',
  summary: 'What was agreed: who decides over each detail, who owns the sync, and when it runs.',
  run: async ({ desk, asked, reply }) => {
    const [only, another] = Object.values(desk.agreement().flows);
    if (asked.words.length === 0 && only && !another) return reply(await rulesAnswer(desk, only));
    const meant = flowMeant(desk, asked, 'rules');
    return reply('flow' in meant ? await rulesAnswer(desk, meant.flow) : meant.answer);
  },
};
