import { countOpenLikenesses } from '../../ledger/questions/likenesses.ts';
import { firstLoadApproval, firstLoadCounts } from '../../ledger/records/lookup.ts';
import { type FactSources, flowOf } from '../deps.ts';
import type { FirstLoadFacts } from '../messages/agreement/first-load.ts';
import { inSentence } from '../messages/text.ts';
import { deciderNames } from '../people.ts';
import { fieldNamed } from './fields.ts';

/** The counts that the owner is asked to approve; null where the flow is gone. */
export async function firstLoadFacts(
  { db, agreement, labels, entity: entityNamed }: FactSources,
  flowId: string,
  drawing: number,
): Promise<FirstLoadFacts | null> {
  const active = agreement();
  const flow = flowOf(active, flowId);
  if (!flow) return null;
  const entity = entityNamed(flow.entity);
  const [counts, approved, alike] = await Promise.all([
    firstLoadCounts(db, flowId),
    firstLoadApproval(db, flowId),
    countOpenLikenesses(db, flowId),
  ]);
  const { one, many } = entity.noun;
  return {
    flowId,
    flowName: flow.name,
    drawing,
    agreement: active.version,
    noun: entity.noun,
    records: counts.records,
    counts: [
      ...counts.missing.map(({ connection, n }) => ({
        n,
        what: `${n === 1 ? `${one} is` : `${many} are`} missing in ${labels(connection)} and will be made`,
      })),
      ...counts.fields.map(({ field, n }) => ({
        n,
        what: `${n === 1 ? one : many}: the ${inSentence(fieldNamed(entity, field).label)} is missing somewhere or differs`,
      })),
      ...(alike > 0
        ? [
            {
              n: alike,
              what: `${alike === 1 ? `pair of ${many} looks` : `pairs of ${many} look`} alike: Truce asks about each after this`,
            },
          ]
        : []),
    ],
    makes: counts.missing.length > 0,
    deciders: deciderNames(flow),
    approved,
    zone: active.timeZone,
  };
}
