import { openProblems } from '../../ledger/questions/waiting-for.ts';
import type { FactSources } from '../deps.ts';
import { problemWords } from '../messages/alert/problem-words.ts';
import type { StillOpen } from '../messages/alert/still-open.ts';
import { cardLink } from './card-link.ts';

/** The problems of all flows of one channel that are open since before a time, oldest first. */
export async function stillOpen(
  sources: FactSources,
  { channel, before }: { readonly channel: string; readonly before: Date },
): Promise<StillOpen[]> {
  const { db, agreement, labels } = sources;
  const flows = Object.values(agreement().flows).filter((flow) => flow.channel === channel);
  const found: StillOpen[] = [];
  for (const flow of flows)
    for (const { id, openedAt, cause, connection, data } of await openProblems(db, flow.id)) {
      if (openedAt >= before) continue;
      const system = connection ? labels(connection) : null;
      const field = data.field ?? null;
      const fewer = data.fewer ?? false;
      const about = { cause, system, flowName: flow.name, channel, field, fewer, credentialsNote: null };
      const link = await cardLink(sources, [`card:incident:${id}`]);
      found.push({ number: id, flowName: flow.name, words: problemWords(about), openedAt, link });
    }
  return found.sort((a, b) => a.openedAt.getTime() - b.openedAt.getTime());
}
