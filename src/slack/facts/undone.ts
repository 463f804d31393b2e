import type { Flow } from '../../agreement/agreement.ts';
import type { Change } from '../../ledger/changes/changes.ts';
import { undoableFields, undoneChange } from '../../ledger/rollback/undone-changes.ts';
import type { FactSources } from '../deps.ts';
import type { DecisionFacts, FieldFacts } from '../messages/decision/facts.ts';
import { isUserId } from '../messages/text.ts';
import { nameOf, undoItem } from './rollback.ts';

/** What was undone of a change that people decided about, and whether it still can be. */
export async function undoneFacts(
  sources: FactSources,
  flow: Flow,
  change: Change,
  fields: readonly FieldFacts[],
): Promise<Pick<DecisionFacts, 'undoable' | 'undone'>> {
  const found = await undoneChange(sources.db, change.id);
  if (!found) return { undoable: await undoableAs(sources, flow, change, fields), undone: null };
  const { rollback, back, left, aside } = found;
  const itemOf = (item: (typeof back)[number]) => undoItem(sources, flow, item, change.subject);
  const owners = new Set(aside.map((field) => sources.labels(flow.fields[field]?.systemOfRecord ?? '')));
  return {
    undoable: 'no',
    undone: {
      reference: rollback.id,
      by: nameOf(sources.agreement(), rollback.by),
      at: rollback.finishedAt ?? rollback.approvedAt ?? rollback.askedAt,
      isUnderWay: rollback.state === 'under_way',
      back: back.map(itemOf),
      left: left.map(itemOf),
      fields: [...new Set(back.map(({ field }) => field))],
      aside: aside.length,
      owners: [...owners].sort(),
    },
  };
}

/** A person chose, and the value has gone out. */
const chosenStates: ReadonlySet<FieldFacts['state']> = new Set(['confirmed', 'decided_pending', 'failed']);

/** Something that a person decided was written, be it not everywhere, and nothing has been written over it since. */
async function undoableAs(
  { db }: FactSources,
  flow: Flow,
  change: Change,
  fields: readonly FieldFacts[],
): Promise<DecisionFacts['undoable']> {
  if (change.state !== 'settled' && change.state !== 'failed') return 'no';
  const decided = fields.filter(
    ({ state, chosen }) => state === 'expired' || (chosenStates.has(state) && isUserId(chosen?.by ?? '')),
  );
  if (decided.length === 0) return 'no';
  const written = await undoableFields(db, change);
  const can = decided.filter(({ name }) => written.has(name));
  if (can.length === 0) return 'no';
  return can.every(({ name }) => flow.fields[name]?.twoPeople) ? 'two_people' : 'yes';
}
