import type { ActiveAgreement } from '../../agreement/agreement.ts';
import { speaksFor } from '../../agreement/deputies.ts';
import { workdayOf } from '../../alerts/hours.ts';
import { preferencesOf } from '../../ledger/posts/preferences.ts';
import type { FactSources } from '../deps.ts';
import { listed } from '../messages/text.ts';
import type { ToldFacts } from '../messages/told.ts';

/** How a person is told now, and what of it depends on what they own. */
export async function toldFacts(
  { db, agreement }: Pick<FactSources, 'db' | 'agreement'>,
  person: string,
): Promise<ToldFacts> {
  const active = agreement();
  const owned = Object.values(active.flows).filter(({ owners }) =>
    [owners.business, owners.technical].some((owner) => speaksFor(person, owner)),
  );
  return {
    ...(await preferencesOf(db, person)),
    urgent: owned.filter(({ urgent }) => urgent).map(({ name }) => name),
    hours: hoursWords(active, person),
    owns: owned.map(({ name }) => name),
  };
}

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** "Monday to Friday, 8:00 am to 6:00 pm, Sydney time" */
function hoursWords(agreement: ActiveAgreement, person: string): string {
  const { days, from, to, timeZone } = workdayOf(agreement, person);
  const names = days.map((day) => weekdays[day - 1] ?? '');
  const isRow = days.length > 2 && days.every((day, i) => i === 0 || day === (days[i - 1] ?? 0) + 1);
  const on = isRow ? `${names[0]} to ${names.at(-1)}` : listed(names);
  const place = timeZone.split('/').at(-1)?.replaceAll('_', ' ') ?? timeZone;
  return `${on}, ${clockWords(from)} to ${clockWords(to)}, ${place} time`;
}

/** Minutes since midnight as people say it. */
function clockWords(minutes: number): string {
  const hour = Math.floor(minutes / 60) % 24;
  return `${hour % 12 === 0 ? 12 : hour % 12}:${String(minutes % 60).padStart(2, '0')} ${hour < 12 ? 'am' : 'pm'}`;
}
