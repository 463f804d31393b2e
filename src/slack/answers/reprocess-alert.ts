import { previewMany } from '../../ledger/changes/reprocess-many.ts';
import type { Db } from '../../ledger/db.ts';
import { incidentByReference, runByReference } from '../../ledger/records/lookup.ts';
import type { Desk } from '../desk.ts';
import type { Drawn } from '../messages/blocks.ts';
import type { Asker } from './asker.ts';
import { reprocessManyAnswer } from './reprocess-many.ts';

/**
 * Reprocess where a message is about a whole sync: shows which of its records could not be saved everywhere, or where there are none
 * which of them wait, and asks.
 */
export async function reprocessFlow(desk: Desk, asker: Asker, flow: string): Promise<Drawn> {
  const many = { flow, since: null, until: desk.clock.now() };
  const refused = await previewMany(desk.db, { ...many, what: 'failed' });
  const waiting = await previewMany(desk.db, { ...many, what: 'waiting' });
  const what = refused.total === 0 && waiting.total > 0 ? 'waiting' : 'failed';
  return reprocessManyAnswer(desk, asker, { ...many, what });
}

/** The sync of an alert or a run, by the reference that its messages show; null where it is neither's. */
export const flowBehind = async (db: Db, reference: string): Promise<string | null> =>
  (await incidentByReference(db, reference))?.flow ?? (await runByReference(db, reference))?.flow ?? null;
