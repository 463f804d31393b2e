import { parseReference } from '#src/ledger/correlation-id.ts';
import { reprocessAnswer } from '#src/slack/answers/reprocess.ts';
import { reprocessManyAnswer } from '#src/slack/answers/reprocess-many.ts';
import { drawNotAReference } from '#src/slack/messages/lookup/lookup.ts';
import { answer } from '#src/slack/messages/refusals.ts';
import { escaped } from '#src/slack/messages/text.ts';
import { flowMeant } from '#src/slack/typed/flow-word.ts';
import { timeMeant } from '#src/slack/typed/times.ts';
import type { Asked, Command, CommandInput } from './command.ts';

/** Runs a change again that failed or waits, or all of a kind, or whatever moved in a stretch of time: shows first what it will do, and asks. */
export const reprocess: Command = {
  name: 'reprocess',
  usage: 'reprocess <reference | failed | waiting | all> [sync] [since …] [until …]',
  example: 'reprocess failed customers since yesterday',
  more: [
    'reprocess tr-7F3K92QDXB',
    'reprocess all customers since friday 2pm',
    'reprocess waiting customers since 2h until 14:30',
  ],
  who: 'The owners; of a single change also those who decide.',
  summary:
    'Run a change again, or all that failed or wait, or whatever moved since a time; shows first what it will do. What could not be saved can be typed anew.',
  run: async (input) => {
    const { desk, asked, reply } = input;
    const typed = asked.words.join(' ');
    const reference = parseReference(typed);
    if (reference) return reply(await reprocessAnswer(desk, asked, reference));
    const [word = '', ...rest] = asked.words;
    const what = (['failed', 'waiting', 'all'] as const).find((kind) => kind === word.toLowerCase());
    if (what) return reprocessAll(input, what, rest);
    return reply(drawNotAReference({ typed, verb: 'reprocess', command: asked.command }));
  },
};

async function reprocessAll(
  { desk, asked, reply }: CommandInput,
  what: 'failed' | 'waiting' | 'all',
  rest: readonly string[],
): Promise<void> {
  const { flow: named, since, until } = readRest(rest);
  const now = desk.clock.now();
  const at = { now, zone: desk.agreement().timeZone, way: 'back' } as const;
  const [from, to] = [
    since === null ? null : timeMeant(since, at),
    until === null ? now : timeMeant(until, at),
  ];
  const unread = since !== null && from === null ? since : to === null ? until : null;
  if (unread !== null) return reply(answer(timeHelp(unread, asked)));
  if (what === 'all' && from === null) return reply(answer(sinceHelp(asked)));
  const flows = Object.values(desk.agreement().flows);
  const [only] = flows;
  if (named === '' && flows.length === 1 && only)
    return reply(
      await reprocessManyAnswer(desk, asked, { flow: only.id, what, since: from, until: to ?? now }),
    );
  const meant = flowMeant(desk, { ...asked, words: [named] }, `reprocess ${what}`);
  if ('answer' in meant) return reply(meant.answer);
  return reply(
    await reprocessManyAnswer(desk, asked, { flow: meant.flow.id, what, since: from, until: to ?? now }),
  );
}

/** "customers since yesterday until 14:00", the parts in any order. */
function readRest(words: readonly string[]): { flow: string; since: string | null; until: string | null } {
  const parts: Record<'flow' | 'since' | 'until', string[]> = { flow: [], since: [], until: [] };
  const seen = new Set<string>();
  let part: keyof typeof parts = 'flow';
  for (const word of words) {
    const key = word.toLowerCase();
    if (key === 'since' || key === 'until') {
      part = key;
      seen.add(key);
    } else parts[part].push(word);
  }
  const said = (name: 'since' | 'until') => (seen.has(name) ? parts[name].join(' ') : null);
  return { flow: parts.flow.join(' '), since: said('since'), until: said('until') };
}

const timeHelp = (typed: string, { command }: Asked): string =>
  `I cannot read “${escaped(typed)}” as a time that was. Write 2h, 3d, today, yesterday, friday, 2pm, 20 nov or 2026-11-20 14:30. For example \`${escaped(command)} reprocess all since yesterday\`.`;

const sinceHelp = ({ command }: Asked): string =>
  `Since when? For example \`${escaped(command)} reprocess all since 2h\`.`;
