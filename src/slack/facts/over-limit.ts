import type { Flow } from '../../agreement/agreement.ts';
import type { OutboxRow } from '../../ledger/posts/outbox-sending.ts';
import { overLimit } from '../../ledger/questions/over-limit.ts';
import type { FactSources } from '../deps.ts';
import { deciderNames } from '../people.ts';
import { decisionLink } from './card-link.ts';

/** Of these decisions, which are past their time still, for the line that tells somebody of them; null where none is. */
export async function overLimitNow(
  sources: FactSources,
  flow: Flow,
  { params }: Pick<OutboxRow, 'params'>,
): Promise<OutboxRow['params'] | null> {
  const named = new Set(Array.isArray(params.changes) ? params.changes.map(String) : []);
  const found = await overLimit(sources.db, { flow: flow.id, now: sources.clock.now() });
  const late = found.filter(({ changeId }) => named.has(changeId));
  const [first] = late;
  if (!first) return null;
  const link = await decisionLink(sources, { changeId: first.changeId, flow: flow.id });
  const since = first.since.toISOString();
  return { ...params, n: late.length, title: first.title, since, link, deciders: deciderNames(flow) };
}
