import { absenceById, absencesShown, askedAbsences } from '../../ledger/records/absences.ts';
import { linksOf, recordTitle } from '../../ledger/records/lookup.ts';
import { type FactSources, flowOf } from '../deps.ts';
import type { GoneFacts } from '../messages/gone.ts';
import { deciderNames } from '../people.ts';

/** Everything that the message about a record shows that is gone from a system; null where that or its flow are not known. */
export async function goneFacts(
  { db, agreement, labels, entity }: FactSources,
  number: number,
  drawing: number,
): Promise<GoneFacts | null> {
  const absence = await absenceById(db, number);
  const flow = absence && flowOf(agreement(), absence.flow);
  if (!absence || !flow || absence.state === 'suspected') return null;
  const [links, title, asked] = await Promise.all([
    linksOf(db, absence.recordId),
    recordTitle(db, absence.recordId),
    askedAbsences(db, absence.flow),
  ]);
  const others = flow.connections.flatMap((id) =>
    links.filter(({ connection, archived, how }) => {
      const isElsewhere =
        connection === id && id !== absence.connection && how !== 'gone' && how !== 'merged';
      return isElsewhere && (absence.ended === 'archive' || !archived);
    }),
  );
  const inLine = asked.findIndex(({ id }) => id === number);
  return {
    number,
    revision: absence.revision,
    drawing,
    title: title ?? '',
    noun: entity(flow.entity).noun,
    flowName: flow.name,
    system: labels(absence.connection),
    mergedInto: absence.mergedInto,
    elsewhere: others.map(({ connection, url }) => ({ label: labels(connection), url })),
    state: absence.state === 'asked' ? 'asked' : (absence.ended ?? 'waits'),
    choices: absence.choices,
    confirmedAt: absence.confirmedAt ?? absence.since,
    deciders: deciderNames(flow),
    by: absence.endedBy,
    at: absence.endedAt,
    done: absence.doneAt !== null,
    reference: absence.changeId,
    more: inLine === absencesShown - 1 ? asked.length - absencesShown : 0,
    inLine: inLine >= absencesShown,
    zone: agreement().timeZone,
  };
}
