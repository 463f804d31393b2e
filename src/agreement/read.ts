import { dirname } from 'node:path';
import type {
  Agreement,
  ConnectionTerms,
  Escalation,
  Flow,
  Outside,
  Person,
  WorkingHours,
} from './agreement.ts';
import { checkBetween } from './check-between.ts';
import { checkBudgets, keptForPeople } from './check-budgets.ts';
import { checkConnections } from './check-connections.ts';
import { checkCreateIn } from './check-create-in.ts';
import { checkDeputies } from './check-deputies.ts';
import { checkEscalation } from './check-escalation.ts';
import { checkFlows } from './check-flows.ts';
import { checkHours } from './check-hours.ts';
import { checkInvoiceSource } from './check-invoice-source.ts';
import { checkPeople } from './check-people.ts';
import { checkSharedFields } from './check-shared-fields.ts';
import { checkSystems } from './check-systems.ts';
import { checkTwoPeople } from './check-two-people.ts';
import { checkWonSince } from './check-won-since.ts';
import { checkWorkedOut } from './check-worked-out.ts';
import { explain } from './explain.ts';
import type { Problem } from './problem.ts';
import { schema, type Written, type WrittenConnection, type WrittenFlow, weekdays } from './schema.ts';
import { systemTerms } from './system-terms.ts';
import { parseYaml } from './yaml.ts';

/** Where stand-ins are reached, by connection. */
export type Overlay = Readonly<
  Record<string, { readonly baseUrl?: string; readonly authUrl?: string | null }>
>;
export type ReadResult =
  | { readonly ok: true; readonly agreement: Agreement }
  | { readonly ok: false; readonly problems: Problem[] };

/**
 * Reads and checks an agreement. The overlay says where practice vendors are; a connection that has an address of its own in
 * the file keeps it. `fileName` is the agreement's path: what the agreement says of other files is seen from its folder. Pure:
 * whether credentials and files are there is asked elsewhere.
 */
export function readAgreement(text: string, fileName: string, overlay: Overlay = {}): ReadResult {
  const yaml = parseYaml(text);
  if (!yaml.ok) return yaml;
  if (yaml.data === null) {
    const message = `There is nothing in ${fileName}.`;
    return {
      ok: false,
      problems: [{ line: null, message, remedy: 'Start from the example that comes with Truce.' }],
    };
  }
  const read = schema.safeParse(yaml.data);
  if (!read.success)
    return { ok: false, problems: inOrder(explain(read.error.issues, yaml.data, yaml.lineOf)) };
  const problems = checks.flatMap((check) => check(read.data, yaml.lineOf));
  if (problems.length > 0) return { ok: false, problems: inOrder(problems) };
  return { ok: true, agreement: build(read.data, dirname(fileName), overlay) };
}

const checks = [
  checkHours,
  checkEscalation,
  checkPeople,
  checkDeputies,
  checkConnections,
  checkBudgets,
  checkSystems,
  checkFlows,
  checkSharedFields,
  checkCreateIn,
  checkInvoiceSource,
  checkWonSince,
  checkTwoPeople,
  checkBetween,
  checkWorkedOut,
];

const inOrder = (problems: Problem[]) => problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));

const mapValues = <A, B>(
  record: Readonly<Record<string, A>>,
  map: (value: A, key: string) => B,
): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));

function build(written: Written, folder: string, overlay: Overlay): Agreement {
  const people = mapValues(
    written.people,
    ({ name, slack, known_as, time_zone, deputies }, id): Person => ({
      id,
      name,
      slack,
      knownAs: known_as,
      ...(time_zone ? { timeZone: time_zone } : {}),
      ...(deputies.length > 0 ? { deputies } : {}),
    }),
  );
  return {
    company: written.company,
    timeZone: written.time_zone,
    command: written.command,
    hours: hoursOf(written.hours),
    outside: outsideOf(written.outside),
    people,
    connections: mapValues(written.connections, (connection, id) =>
      buildConnection(id, connection, folder, overlay[id]),
    ),
    flows: mapValues(written.flows, (flow, id) => buildFlow(id, flow, people)),
  };
}

const hoursOf = ({ days, from, to }: Written['hours']): WorkingHours => ({
  days: weekdays.flatMap((day, i) => (days.includes(day) ? [i + 1] : [])),
  from,
  to,
});

const outsideOf = ({ heartbeat, fallback, fallback_after_minutes }: Written['outside']): Outside => ({
  heartbeat: heartbeat ?? null,
  fallback: fallback ? { variable: fallback, afterMinutes: fallback_after_minutes } : null,
});

function buildConnection(
  id: string,
  connection: WrittenConnection,
  folder: string,
  overlay: Overlay[string] | undefined,
): ConnectionTerms {
  const { base_url, auth_url } = { base_url: undefined, auth_url: undefined, ...connection };
  const standIn = base_url !== undefined || auth_url !== undefined ? undefined : overlay;
  return {
    id,
    ...systemTerms(connection, folder),
    baseUrl: withoutSlash(base_url) ?? standIn?.baseUrl ?? null,
    authUrl: withoutSlash(auth_url) ?? standIn?.authUrl ?? null,
    credentials: connection.credentials,
    callsPerMinute: connection.calls.per_minute,
    callsPerDay: connection.calls.per_day,
    callsForPeople: keptForPeople(connection),
    timeoutSeconds: connection.timeout_seconds,
  };
}

const withoutSlash = (url: string | undefined) => url?.replace(/\/+$/, '');

/** Who a step of the ladder asks: an owner, somebody else of the people, or a user group by its id. */
function askedOf(
  who: string,
  { owners }: WrittenFlow,
  people: Readonly<Record<string, Person>>,
): Escalation['ask'][number] {
  if (who === 'business' || who === 'technical')
    return { slack: people[owners[who]]?.slack ?? who, name: `the ${who} owner` };
  const person = people[who];
  return person ? { slack: person.slack, name: person.name } : { slack: who, name: 'the user group' };
}

/** Invoices are proved each morning unless they say otherwise, and nothing else is. */
const proofOf = ({ entity, money_proof }: WrittenFlow): string | null =>
  entity !== 'invoice' || money_proof === 'never' ? null : (money_proof ?? '0 6 * * *');

function buildFlow(id: string, flow: WrittenFlow, people: Readonly<Record<string, Person>>): Flow {
  const person = (name: string) => people[name] as Person;
  const business = person(flow.owners.business);
  const deciders = [...new Set([business, ...flow.deciders.map(person)])];
  return {
    id,
    name: flow.name,
    entity: flow.entity,
    connections: flow.connections,
    matchBy: flow.match_by,
    unmatched: flow.unmatched,
    createIn: flow.create_in,
    schedule: { cron: flow.schedule.cron, timeZone: flow.schedule.time_zone },
    channel: flow.channel.replace(/^#/, ''),
    owners: { business, technical: person(flow.owners.technical) },
    deciders,
    fields: mapValues(flow.fields, (terms, field) => ({
      field,
      rule: terms.rule,
      systemOfRecord: terms.system_of_record ?? flow.system_of_record,
      decideWithinHours: terms.decide_within_hours ?? null,
      ifNobodyChooses: terms.if_nobody_chooses ?? 'hold',
      twoPeople: terms.two_people,
      between: terms.between ?? flow.connections,
    })),
    lateAfterMinutes: flow.late_after_minutes,
    // Where only a time is agreed, one failure alone is no alert.
    alertAfterFailures: flow.alert.after_failures ?? (flow.alert.after_minutes ? null : 1),
    alertAfterMinutes: flow.alert.after_minutes ?? null,
    alertAfterPercent: flow.alert.after_percent ?? null,
    urgent: flow.alert.urgent,
    escalate: flow.alert.escalate.map(({ after_minutes, ask }) => ({
      afterMinutes: after_minutes,
      ask: ask.map((who) => askedOf(who, flow, people)),
    })),
    whenGone: flow.when_gone,
    safetyStop: flow.safety_stop,
    sweep: flow.sweep === 'never' ? null : flow.sweep,
    partialAfterHours: flow.partial_after_hours,
    moneyAtOnce: flow.money_at_once ?? null,
    moneyProof: proofOf(flow),
    forgetValuesAfterDays: flow.forget_values_after_days,
  };
}
