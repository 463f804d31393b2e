import { waitingFor } from '../../alerts/waiting-for.ts';
import { putOffBy } from '../../ledger/questions/laters.ts';
import { decisionsFor } from '../../ledger/questions/waiting-for.ts';
import type { FactSources } from '../deps.ts';
import type { HomeDecisions } from '../messages/home/decisions.ts';
import { decisionLink } from './card-link.ts';
import { fieldNamed } from './fields.ts';

/** So many are named, the oldest first. */
const named = 3;

/** The decisions that wait for one person, with the way to each, and how many they put off. */
export async function homeDecisions(
  sources: FactSources,
  person: string,
  decides: readonly string[],
): Promise<HomeDecisions> {
  const { db, agreement, clock, entity } = sources;
  const now = clock.now();
  const waiting = await waitingFor(db, agreement(), { person, morning: true, now });
  const all = waiting
    .flatMap(({ flow, decisions }) => decisions.map((one) => ({ ...one, flow })))
    .sort((a, b) => a.openedAt.getTime() - b.openedAt.getTime());
  const shown = await Promise.all(
    all.slice(0, named).map(async ({ changeId, title, fields, openedAt, flow }) => ({
      changeId,
      title,
      details: fields.map((field) => fieldNamed(entity(flow.entity), field).label),
      openedAt,
      link: await decisionLink(sources, { changeId, flow: flow.id }),
    })),
  );
  return { shown, more: all.length - shown.length, putOff: await countPutOff(sources, person, decides, now) };
}

async function countPutOff(
  { db }: FactSources,
  person: string,
  decides: readonly string[],
  now: Date,
): Promise<number> {
  const later = await putOffBy(db, { by: person, now });
  if (later.size === 0) return 0;
  const open = await Promise.all(decides.map((flow) => decisionsFor(db, { flow, person })));
  return open.flat().filter(({ changeId }) => later.has(changeId)).length;
}
