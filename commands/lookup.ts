import { parseReference } from '#src/ledger/correlation-id.ts';
import { lookupAnswer } from '#src/slack/answers/lookup.ts';
import { drawNotAReference } from '#src/slack/messages/lookup.ts';
import type { Command } from './command.ts';

/** The story of a change, from the first read to the last write, with its calls. */
export const lookup: Command = {
  name: 'lookup',
  usage: 'lookup <reference>',
  example: 'lookup tr-7F3K92QDXB',
  summary: 'What happened to a change, from first read to last write, with every call.',
  run: async ({ desk, asked, reply }) => {
    const typed = asked.words.join(' ');
    const reference = parseReference(typed);
    if (!reference) return reply(drawNotAReference({ typed, verb: 'lookup', command: asked.command }));
    return reply(await lookupAnswer(desk, asked, reference));
  },
};
