import type { Agreement, ConnectionTerms, FieldTerms, Flow, Person } from './agreement.ts';

type Stored<T> = { readonly [K in keyof T]?: T[K] };

/**
 * An agreement as an older Truce stored it, with the terms that it did not know yet: as they were then, though nobody had
 * written them down. Pure.
 */
export function completed(stored: Agreement): Agreement {
  const people = mapValues(stored.people, person);
  return {
    ...stored,
    hours: (stored as Stored<Agreement>).hours ?? { days: [1, 2, 3, 4, 5], from: 8 * 60, to: 18 * 60 },
    outside: (stored as Stored<Agreement>).outside ?? { heartbeat: null, fallback: null },
    people,
    connections: mapValues(stored.connections, (terms) => {
      const { callsForPeople = Math.ceil(terms.callsPerDay * 0.05) } = terms as Stored<typeof terms>;
      return { ...told(terms), callsForPeople };
    }),
    flows: mapValues(stored.flows, flow),
  };
}

/** The terms of a system with what they did not say then. */
function told(stored: ConnectionTerms): ConnectionTerms {
  if (stored.system === 'hubspot') {
    const { wonStages, wonSince } = stored as Stored<typeof stored>;
    return { ...stored, wonStages: wonStages ?? ['closedwon'], wonSince: wonSince ?? null };
  }
  if (stored.system === 'xero') {
    const { newInvoices } = stored as Stored<typeof stored>;
    return { ...stored, newInvoices: newInvoices ?? null };
  }
  if (stored.system !== 'cin7-core') return stored;
  const { newProducts, postsInvoicesTo } = stored as Stored<typeof stored>;
  return { ...stored, newProducts: newProducts ?? null, postsInvoicesTo: postsInvoicesTo ?? null };
}

const person = (stored: Person): Person => ({ ...stored, knownAs: (stored as Stored<Person>).knownAs ?? [] });

function flow(stored: Flow): Flow {
  const {
    createIn,
    whenGone,
    safetyStop,
    sweep,
    partialAfterHours,
    moneyAtOnce,
    moneyProof,
    forgetValuesAfterDays,
    unmatched,
    urgent,
    alertAfterMinutes,
    alertAfterPercent,
    escalate,
  } = stored as Stored<Flow>;
  const { business, technical } = stored.owners;
  return {
    ...stored,
    createIn: createIn ?? {},
    owners: { business: person(business), technical: person(technical) },
    deciders: stored.deciders.map(person),
    fields: mapValues(stored.fields, (terms) => field(terms, stored.connections)),
    whenGone: whenGone ?? 'ask',
    safetyStop: safetyStop ?? { records: 50, percent: 20 },
    sweep: sweep === undefined ? '30 2 * * *' : sweep,
    partialAfterHours: partialAfterHours ?? 24,
    moneyAtOnce: moneyAtOnce ?? null,
    moneyProof: moneyProof ?? null,
    forgetValuesAfterDays: forgetValuesAfterDays ?? 30,
    unmatched: unmatched ?? 'wait',
    alertAfterMinutes: alertAfterMinutes ?? null,
    alertAfterPercent: alertAfterPercent ?? null,
    urgent: urgent ?? false,
    // Nobody had agreed to be asked.
    escalate: escalate ?? [],
  };
}

function field(stored: FieldTerms, connections: readonly string[]): FieldTerms {
  const { twoPeople, between, decideWithinHours, ifNobodyChooses } = stored as Stored<FieldTerms>;
  return {
    ...stored,
    decideWithinHours: decideWithinHours ?? null,
    ifNobodyChooses: ifNobodyChooses ?? 'hold',
    twoPeople: twoPeople ?? false,
    between: between ?? connections,
  };
}

const mapValues = <T>(record: Readonly<Record<string, T>>, map: (value: T) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
