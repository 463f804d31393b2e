import { openQuestions } from '../../ledger/questions/many-answers.ts';
import { decisionsFor } from '../../ledger/questions/waiting-for.ts';
import { questionsOf } from '../../ledger/records/lookup.ts';
import { type FactSources, flowOf } from '../deps.ts';
import type { DecisionFormFacts, FormRef } from '../messages/decision/form.ts';
import { alikeTo } from './alike.ts';
import { decisionFacts } from './decision.ts';

/** The changes that a form leafs through, for one person: all in which they can do something, oldest first, or one. */
export async function leaves(
  { db }: FactSources,
  { kind, id }: FormRef,
  person: string,
): Promise<readonly string[]> {
  if (kind === 'one') return [id];
  return (await decisionsFor(db, { flow: id, person })).map(({ changeId }) => changeId);
}

/** One page of it, with nothing hidden and nothing cut: whoever sees it may decide. Null where the change is gone. */
export async function decisionFormFacts(
  sources: FactSources,
  {
    ref,
    channel,
    total,
    changeId,
    note,
  }: Omit<DecisionFormFacts, 'page' | 'alike'> & { readonly changeId: string },
): Promise<DecisionFormFacts | null> {
  const found = await decisionFacts(sources, changeId, 0);
  if (!found) return null;
  const fields = found.fields.map((field) => ({ ...field, hidden: false, whole: true }));
  const alike = ref.kind === 'queue' ? await alikeCounts(sources, ref.id, changeId) : {};
  return { ref, channel, total, note, alike, page: { ...found, fields } };
}

async function alikeCounts(
  { db, agreement }: FactSources,
  flowId: string,
  changeId: string,
): Promise<Record<string, number>> {
  const flow = flowOf(agreement(), flowId);
  if (!flow) return {};
  const all = await openQuestions(db, flowId);
  const own = (await questionsOf(db, changeId)).filter(({ state }) => state === 'open');
  return Object.fromEntries(own.map((question) => [question.field, alikeTo(question, all, flow).length]));
}
