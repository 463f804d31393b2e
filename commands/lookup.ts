import { parseReference } from '#src/ledger/correlation-id.ts';
import { lookupAnswer, searchAnswer } from '#src/slack/answers/lookup.ts';
import type { Command } from './command.ts';

/** The story of a change, from the first read to the last write, with its calls; or of a record, by whatever one knows of it. */
export const lookup: Command = {
  name: 'lookup',
  usage: 'lookup <reference, name, ABN, e-mail or id>',
  example: 'lookup tr-7F3K92QDXB',
  more: ['lookup Harbour Cafe', 'lookup alert 118'],
  who: 'The owners, and those who decide.',
  summary: 'What happened to a change or a record, from first read to last write, with every call.',
  run: async ({ desk, asked, reply }) => {
    const typed = asked.words.join(' ').replace(/["“”‘’'`*]/g, '');
    const reference = parseReference(typed);
    return reply(
      reference ? await lookupAnswer(desk, asked, reference) : await searchAnswer(desk, asked, typed),
    );
  },
};
