import type { Clock } from '../../../clock.ts';
import type { Store } from '../../store.ts';
import { plantedCollection } from '../practice.ts';
import { companyProperties } from './properties.ts';

/** Who or what set a value, as a property history tells it. */
export interface Source {
  readonly sourceType: 'CRM_UI' | 'INTEGRATION' | 'IMPORT';
  readonly sourceId: string;
  /** The name that HubSpot shows: of a person, an app, or an import. */
  readonly sourceLabel: string;
  readonly updatedByUserId?: number;
}
interface HistoryEntry extends Source {
  readonly value: string;
  readonly timestamp: string;
}

/** A company is its property histories, newest entry first: the present and the (late) search index both read from them. */
export interface Company {
  readonly id: string;
  readonly createdAt: string;
  readonly archived: boolean;
  readonly history: Readonly<Record<string, readonly HistoryEntry[]>>;
}

export interface CompanySeed {
  readonly id: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly modifiedAt: string;
  readonly source: Source;
  readonly properties: Readonly<Record<string, string>>;
}

export interface Change {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly at: Date;
  readonly source: Source;
}

export interface Companies {
  get(id: string): Company | undefined;
  all(): readonly Company[];
  /** Sets what differs from what is there, and tells about it. */
  update(id: string, properties: Readonly<Record<string, string>>, source: Source): void;
}

const historyKept = 20;

export function openCompanies(
  store: Store,
  clock: Clock,
  seed: readonly CompanySeed[],
  changed: (changes: readonly Change[]) => void,
): Companies {
  const companies = plantedCollection(store, 'hubspot.companies', seed.map(asSeeded), ({ id }) => id);
  return {
    get: companies.get,
    all: companies.all,
    update: (id, properties, source) => {
      const company = companies.get(id);
      if (!company) throw new Error(`HubSpot has no company ${id}`);
      const at = clock.now();
      const changes = Object.entries(properties)
        .filter(([name, value]) => (propertyOf(company, name) ?? '') !== value)
        .map(([name, value]): Change => ({ id, name, value, at, source }));
      if (changes.length === 0) return;
      companies.set(id, changes.reduce(withChange, company));
      changed(changes);
    },
  };
}

function asSeeded({ id, createdAt, modifiedAt, source, properties }: CompanySeed): Company {
  const entries = Object.entries(properties).filter(([, value]) => value !== '');
  const history = entries.map(([name, value]) => [name, [{ value, timestamp: modifiedAt, ...source }]]);
  return { id, createdAt, archived: false, history: Object.fromEntries(history) };
}

function withChange(company: Company, { name, value, at, source }: Change): Company {
  const entry: HistoryEntry = { value, timestamp: at.toISOString(), ...source };
  const past = company.history[name] ?? [];
  return { ...company, history: { ...company.history, [name]: [entry, ...past].slice(0, historyKept) } };
}

const end = new Date(8.64e15);

/** A property as it was at `at` (left out: as it is now); null = empty. */
export function propertyOf(company: Company, name: string, at: Date = end): string | null {
  if (name === 'hs_object_id') return company.id;
  if (name === 'createdate') return company.createdAt;
  if (name === 'hs_lastmodifieddate') return modifiedAt(company, at);
  const entry = company.history[name]?.find(({ timestamp }) => Date.parse(timestamp) <= at.getTime());
  return entry?.value || null;
}

export function modifiedAt(company: Company, at: Date = end): string {
  const times = Object.values(company.history).flatMap((entries) =>
    entries.map(({ timestamp }) => timestamp),
  );
  const past = times.filter((time) => Date.parse(time) <= at.getTime());
  return past.reduce((latest, time) => (time > latest ? time : latest), company.createdAt);
}

/** A company as the API sends it. Names that are no properties are left out without a word, as HubSpot does. */
export function companyBody(
  company: Company,
  names: readonly string[],
  more: { readonly at?: Date; readonly historyOf?: readonly string[] } = {},
): Record<string, unknown> {
  const known = (name: string) => companyProperties.some((property) => property.name === name);
  const asked = [...new Set(names)].filter(known);
  const body = {
    id: company.id,
    properties: Object.fromEntries(asked.map((name) => [name, propertyOf(company, name, more.at)])),
    createdAt: company.createdAt,
    updatedAt: modifiedAt(company, more.at),
    archived: company.archived,
  };
  if (!more.historyOf) return body;
  const histories = more.historyOf.filter(known).map((name) => [name, company.history[name] ?? []]);
  return { ...body, propertiesWithHistory: Object.fromEntries(histories) };
}
