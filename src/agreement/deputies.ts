import type { ActiveAgreement, Agreement, Escalation, Flow, Person } from './agreement.ts';

/** Whoever is called and told for a person today: who stands in for them, else the person. */
export const actingFor = (person: Person): Person => person.standIn ?? person;

/** Whether a Slack user id is that of this person, or of who stands in for them today. */
export const speaksFor = (slack: string, person: Person): boolean =>
  person.slack === slack || person.standIn?.slack === slack;

/** "Priya Nair", "Dana Lee (for Priya Nair)": who can do something today in this person's place. */
export const actingName = ({ name, standIn }: Person): string =>
  standIn ? `${standIn.name} (for ${name})` : name;

/** Who stands in for a person at that time, by the dates in the person's own zone; null = nobody. Pure. */
export function standInOf(
  { people, timeZone }: Pick<Agreement, 'people' | 'timeZone'>,
  { deputies = [], timeZone: own }: Person,
  now: Date,
): Person | null {
  if (deputies.length === 0) return null;
  const today = dateIn(own ?? timeZone, now);
  const deputy = deputies.find(({ from, to }) => from <= today && today <= to);
  return (deputy && people[deputy.person]) ?? null;
}

/** The calendar date in a zone: "2026-12-21". Pure. */
export const dateIn = (zone: string, now: Date): string =>
  Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone).toPlainDate().toString();

/**
 * The agreement as it is on a day: everybody who is away has who stands in for them, wherever they are named, and the ladders ask
 * these. Nobody's part is taken from them: who is away may still press. Pure.
 */
export function onDay(agreement: ActiveAgreement, now: Date): ActiveAgreement {
  const standIns = new Map(
    Object.values(agreement.people).flatMap((person) => {
      const standIn = standInOf(agreement, person, now);
      return standIn ? [[person.slack, standIn] as const] : [];
    }),
  );
  if (standIns.size === 0) return agreement;
  const today = (person: Person): Person => {
    const standIn = standIns.get(person.slack);
    return standIn ? { ...person, standIn } : person;
  };
  const flows = Object.values(agreement.flows).map(
    (flow) => [flow.id, flowOn(flow, today, standIns)] as const,
  );
  return { ...agreement, flows: Object.fromEntries(flows) };
}

function flowOn(flow: Flow, today: (person: Person) => Person, standIns: ReadonlyMap<string, Person>): Flow {
  const asked = ({ slack, name }: Escalation['ask'][number]) => {
    const standIn = standIns.get(slack);
    return standIn ? { slack: standIn.slack, name: `${standIn.name} (for ${name})` } : { slack, name };
  };
  const { business, technical } = flow.owners;
  return {
    ...flow,
    owners: { business: today(business), technical: today(technical) },
    deciders: flow.deciders.map(today),
    escalate: flow.escalate.map((step) => ({ ...step, ask: step.ask.map(asked) })),
  };
}
