import { nearest } from '#src/agreement/nearest.ts';
import { connectAnswer } from '#src/slack/answers/connect.ts';
import { connectsNothing, notAConnection } from '#src/slack/messages/connections/connect.ts';
import { named } from '#src/slack/messages/text.ts';
import { connectorsOf } from '#src/slack/people.ts';
import type { Command } from './command.ts';

/** Gives the technical owner a link to a vendor's page, to sign a connection in. */
export const connect: Command = {
  name: 'connect',
  usage: 'connect <connection>',
  example: 'connect xero',
  who: 'The technical owner of a sync that uses it.',
  summary: 'Sign a connection in on its own page; for the technical owner.',
  run: async ({ desk, asked, reply }) => {
    const agreement = desk.agreement();
    const all = Object.keys(agreement.connections);
    const mine = all.filter((id) => connectorsOf(agreement, id).includes(asked.id));
    // What there is and what there is not read the same to one who may connect nothing.
    if (mine.length === 0)
      return reply(connectsNothing([...new Set(all.flatMap((id) => connectorsOf(agreement, id)))]));
    const word = asked.words
      .join(' ')
      .replace(/["“”‘’'`.*]/g, '')
      .trim();
    const same = (text: string) => text.toLowerCase() === word.toLowerCase();
    const found = all.find((id) => same(id)) ?? onlyOf(all.filter((id) => same(desk.labels(id))));
    if (found) return reply(await connectAnswer(desk, asked, found));
    const guess = nearest(word, mine);
    return reply(notAConnection({ word: word && named(word, 40), guess, all: mine, command: asked.command }));
  },
};

/** Two accounts of one product have the same label: then the label means neither. */
const onlyOf = (ids: readonly string[]): string | undefined => (ids.length === 1 ? ids[0] : undefined);
