import { parseReference } from '#src/ledger/correlation-id.ts';
import { reprocessAnswer } from '#src/slack/answers/reprocess.ts';
import { drawNotAReference } from '#src/slack/messages/lookup.ts';
import type { Command } from './command.ts';

/** Runs a change again that failed or waits: shows first what it will do, and asks. */
export const reprocess: Command = {
  name: 'reprocess',
  usage: 'reprocess <reference>',
  example: 'reprocess tr-7F3K92QDXB',
  summary: 'Run a change again that failed or waits; shows first what it will do.',
  run: async ({ desk, asked, reply }) => {
    const typed = asked.words.join(' ');
    const reference = parseReference(typed);
    if (!reference) return reply(drawNotAReference({ typed, verb: 'reprocess', command: asked.command }));
    return reply(await reprocessAnswer(desk, asked, reference));
  },
};
