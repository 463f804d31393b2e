import { proofAnswer } from '#src/slack/answers/proof.ts';
import { flowMeant } from '#src/slack/typed/flow-word.ts';
import type { Command } from './command.ts';

/** Deals won against invoices against payments, with the reason of every difference. */
export const proof: Command = {
  name: 'proof',
  usage: 'proof [sync]',
  example: 'proof invoices',
  who: 'The owners, and those who decide.',
  summary: 'Deals won against invoices against payments: every difference, with its reason.',
  run: async ({ desk, asked, reply }) => {
    if (asked.words.length === 0) return reply(await proofAnswer(desk, asked, null));
    const meant = flowMeant(desk, asked, 'proof');
    return reply('flow' in meant ? await proofAnswer(desk, asked, meant.flow) : meant.answer);
  },
};
