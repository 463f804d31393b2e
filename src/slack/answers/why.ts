import type { Desk } from '../desk.ts';
import { whyFacts } from '../facts/why.ts';
import type { Drawn } from '../messages/blocks.ts';
import { drawWhy, drawWhyUnclear } from '../messages/lookup/why.ts';
import { visibleFlows } from '../people.ts';
import type { Asker } from './asker.ts';

/** Where a value came from; the same words for "does not exist" and "not yours". */
export async function whyAnswer(desk: Desk, asker: Asker, words: string): Promise<Drawn> {
  const flows = visibleFlows(asker.person, desk.agreement(), desk.home());
  const found = await whyFacts(desk, { words, flows, command: asker.command });
  return found.kind === 'why' ? drawWhy(found) : drawWhyUnclear(found, asker.command);
}
