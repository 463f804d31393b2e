import { parseReference } from '#src/ledger/correlation-id.ts';
import { releaseAnswer, rollbackAnswer } from '#src/slack/answers/rollback.ts';
import { drawNotAReference } from '#src/slack/messages/lookup/lookup.ts';
import type { Command } from './command.ts';

/** Undoes what a change, a run, or another undoing wrote: shows first what goes back and what cannot, and asks. */
export const rollback: Command = {
  name: 'rollback',
  usage: 'rollback <reference> [system | release]',
  example: 'rollback tr-7F3K92QDXB',
  more: ['rollback tr-7F3K92QDXB xero', 'rollback tr-7F3K92QDXB release'],
  who: 'The owners, and whoever decided something of the change.',
  summary:
    'Undo what a change or a run wrote, in all systems or in one; shows first what goes back and what cannot. With release, lets the sync go on with it.',
  run: async ({ desk, asked, reply }) => {
    const { reference, rest } = readWords(asked.words);
    const typed = asked.words.join(' ');
    if (!reference) return reply(drawNotAReference({ typed, verb: 'rollback', command: asked.command }));
    if (rest.toLowerCase() === 'release') return reply(await releaseAnswer(desk, asked, reference));
    return rollbackAnswer(desk, asked, { reference, system: rest === '' ? null : rest }, reply);
  },
};

/** A reference may be pasted in pieces; what follows the longest one is the system. */
function readWords(words: readonly string[]): { reference: string | null; rest: string } {
  for (let n = words.length; n > 0; n--) {
    const reference = parseReference(words.slice(0, n).join(' '));
    const rest = words
      .slice(n)
      .join(' ')
      .replace(/["“”‘’'`*]/g, '')
      .trim();
    if (reference) return { reference, rest };
  }
  return { reference: null, rest: '' };
}
