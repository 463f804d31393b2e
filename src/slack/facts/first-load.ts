import type { Agreement } from '../../agreement/agreement.ts';
import { countOpenLikenesses } from '../../ledger/questions/likenesses.ts';
import { leftOutCounts } from '../../ledger/records/left-out.ts';
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
  const [counts, approved, alike, leftOut] = await Promise.all([
    firstLoadCounts(db, flowId),
    firstLoadApproval(db, flowId),
    countOpenLikenesses(db, flowId),
    leftOutCounts(db, flowId),
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
      ...Object.entries(leftOut).map(([connection, n]) => ({ n, what: leftWords(active, connection, n) })),
    ],
    makes: counts.missing.length > 0,
    deciders: deciderNames(flow),
    approved,
    zone: active.timeZone,
  };
}

/** What is said of deals that were won before the day from which on invoices are made of them. */
function leftWords({ connections }: Agreement, connection: string, n: number): string {
  const terms = connections[connection];
  const since = terms?.system === 'hubspot' ? terms.wonSince : null;
  const when = since === null ? 'from before' : `won before ${dayText(since)}`;
  return `${n === 1 ? 'deal' : 'deals'} ${when}: left alone, no invoice is made`;
}

const dayText = (day: string): string =>
  new Date(`${day}T00:00:00Z`).toLocaleDateString('en-AU', {
    timeZone: 'UTC',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
