import type { Flow } from '../../agreement/agreement.ts';
import type { Desk } from '../desk.ts';
import type { Drawn } from '../messages/blocks.ts';
import { notAFlow } from '../messages/refusals.ts';
import { named, nearest } from '../messages/text.ts';

/** What somebody typed, and the command under which they did. */
interface Typed {
  readonly words: readonly string[];
  readonly command: string;
}

/** The sync that a person means, by id or name in any case; or the helpful answer that there is none. */
export function flowMeant(desk: Desk, asked: Typed, verb: string): { flow: Flow } | { answer: Drawn } {
  const flows = Object.values(desk.agreement().flows);
  const word = asked.words
    .join(' ')
    .replace(/["“”‘’'`.*]/g, '')
    .trim();
  const same = (text: string) => text.toLowerCase() === word.toLowerCase();
  const flow = flows.find(({ id, name }) => same(id) || same(name));
  if (flow) return { flow };
  const all = flows.map(({ id }) => id);
  const guess = nearest(word, all);
  return { answer: notAFlow({ word: word && named(word, 40), guess, all, command: asked.command, verb }) };
}
