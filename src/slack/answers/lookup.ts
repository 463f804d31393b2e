import type { Desk } from '../desk.ts';
import { type Found, findReference } from '../facts/lookup.ts';
import type { Drawn } from '../messages/blocks.ts';
import { drawCalls, drawChangeLookup, drawNotFound, drawRunLookup } from '../messages/lookup.ts';
import { answer, notSeen } from '../messages/refusals.ts';
import { drawUndoLookup } from '../messages/rollback.ts';
import { visibleFlows } from '../people.ts';
import type { Asker } from './asker.ts';

/** The story behind a reference; the same words for "does not exist" and "not yours". */
export async function lookupAnswer(desk: Desk, asker: Asker, reference: string): Promise<Drawn> {
  const found = await find(desk, asker, reference);
  if (found.kind === 'change') return drawChangeLookup(found);
  if (found.kind === 'rollback') return drawUndoLookup(found.facts);
  return found.kind === 'run' ? drawRunLookup(found) : drawNotFound(found);
}

/** One page of its calls. */
export async function callsAnswer(desk: Desk, asker: Asker, reference: string, page: number): Promise<Drawn> {
  const found = await find(desk, asker, reference);
  return found.kind === 'change' || found.kind === 'run' ? drawCalls(found, page) : answer(notSeen());
}

function find(desk: Desk, asker: Asker, reference: string): Promise<Found> {
  const flows = visibleFlows(asker.person, desk.agreement(), desk.home());
  return findReference(desk, reference, { flows, command: asker.command });
}
