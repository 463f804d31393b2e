import type { Agreement, ConnectionTerms, FieldTerms, Flow } from './agreement.ts';
import { takesPart } from './takes-part.ts';

/** How the terms that decide over values differ for one field of a flow. */
export interface FieldDifference {
  /** Null = it was not kept in step before. */
  readonly before: FieldTerms | null;
  /** Null = it is not kept in step any more. */
  readonly after: FieldTerms | null;
  /** Connections that take part with it from now on. */
  readonly joins: readonly string[];
}

/** What a new version says otherwise of a flow, as far as it decides over values and records. */
export interface FlowDifference {
  readonly fields: Readonly<Record<string, FieldDifference>>;
  /** Connections that take part from now on, and those that do no longer. */
  readonly joins: readonly string[];
  readonly leaves: readonly string[];
  /** Connections that mean something else from now on: another table, other tax codes. */
  readonly readsAnew: readonly string[];
  /** Where records are made that were not before: connection → from which. */
  readonly makes: Readonly<Record<string, readonly string[]>>;
  /** True where what is gone from one system is archived in the others from now on. */
  readonly archives: boolean;
}

/**
 * What decides otherwise under a new version, by flow: of each flow that is in both. People, channels, schedules, alerts, limits of
 * time and addresses decide over no value. Pure.
 */
export function differencesOf(before: Agreement, after: Agreement): ReadonlyMap<string, FlowDifference> {
  const both = Object.values(after.flows).flatMap((next) => {
    const last = before.flows[next.id];
    return last ? [[next.id, differenceOf(last, next, before, after)] as const] : [];
  });
  return new Map(both.filter(([, difference]) => decidesOtherwise(difference)));
}

/** Flows that a new version no longer has. */
export const endedFlows = (before: Agreement, after: Agreement): Flow[] =>
  Object.values(before.flows).filter((flow) => !after.flows[flow.id]);

const decidesOtherwise = ({ fields, joins, leaves, readsAnew, makes, archives }: FlowDifference): boolean =>
  archives || [fields, joins, leaves, readsAnew, makes].some((part) => Object.keys(part).length > 0);

function differenceOf(last: Flow, next: Flow, before: Agreement, after: Agreement): FlowDifference {
  const names = [...new Set([...Object.keys(last.fields), ...Object.keys(next.fields)])];
  const stays = next.connections.filter((id) => last.connections.includes(id));
  return {
    fields: Object.fromEntries(
      names.flatMap((name) => {
        const difference = fieldDifference(last, next, name);
        return difference ? [[name, difference]] : [];
      }),
    ),
    joins: next.connections.filter((id) => !last.connections.includes(id)),
    leaves: last.connections.filter((id) => !next.connections.includes(id)),
    readsAnew: stays.filter((id) => meaningOf(before.connections[id]) !== meaningOf(after.connections[id])),
    makes: Object.fromEntries(
      Object.entries(next.createIn).flatMap(([target, from]) => {
        const more = from.filter((id) => !last.createIn[target]?.includes(id));
        return more.length > 0 ? [[target, more]] : [];
      }),
    ),
    archives: next.whenGone === 'archive' && last.whenGone !== 'archive',
  };
}

function fieldDifference(last: Flow, next: Flow, name: string): FieldDifference | null {
  const [before, after] = [last.fields[name] ?? null, next.fields[name] ?? null];
  const inOf = (flow: Flow) => flow.connections.filter((id) => takesPart(flow, name, id));
  const were = before ? inOf(last) : [];
  const are = after ? inOf(next) : [];
  const joins = are.filter((id) => !were.includes(id));
  const same =
    before !== null &&
    after !== null &&
    before.rule === after.rule &&
    before.systemOfRecord === after.systemOfRecord &&
    before.twoPeople === after.twoPeople &&
    joins.length === 0 &&
    are.length === were.length;
  return same ? null : { before, after, joins: before ? joins : [] };
}

/** What a connection's terms say of its records; not where it is reached, as whom, and how often. */
function meaningOf(terms: ConnectionTerms | undefined): string {
  if (!terms) return '';
  const { id: _, ...rest } = terms;
  return JSON.stringify(sorted({ ...rest, ...nowhere }));
}

const nowhere = {
  baseUrl: null,
  authUrl: null,
  credentials: null,
  callsPerMinute: null,
  callsPerDay: null,
  callsForPeople: null,
  timeoutSeconds: null,
  signIn: null,
  file: null,
  newProducts: null,
  newInvoices: null,
  postsInvoicesTo: null,
};

/** With its keys in order: a body that comes out of the database has them in another one. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, held]) => [key, sorted(held)]),
  );
}

/**
 * The connections of an agreement, reached as another says: addresses, credentials' names and limits of calls are no decision of the
 * business, and count at once where they are read. Pure.
 */
export function reachedAs(
  agreed: Agreement['connections'],
  here: Agreement['connections'],
): Agreement['connections'] {
  return Object.fromEntries(
    Object.entries(agreed).map(([id, terms]) => [id, here[id] ? reached(terms, here[id]) : terms]),
  );
}

function reached(terms: ConnectionTerms, here: ConnectionTerms): ConnectionTerms {
  if (terms.system !== here.system) return terms;
  const { baseUrl, authUrl, credentials, callsPerMinute, callsPerDay, callsForPeople, timeoutSeconds } = here;
  const how = {
    baseUrl,
    authUrl,
    credentials,
    callsPerMinute,
    callsPerDay,
    callsForPeople,
    timeoutSeconds,
    ...('signIn' in here ? { signIn: here.signIn } : {}),
    ...('file' in here ? { file: here.file } : {}),
  };
  return { ...terms, ...how } as ConnectionTerms;
}
