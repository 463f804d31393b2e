import { type Answer, isObject, json } from '../exchange.ts';
import { recordBody } from './bodies.ts';
import { invalid } from './errors.ts';
import type { ObjectType } from './object-types.ts';
import type { Properties } from './properties.ts';
import { type CrmRecord, type Objects, propertyOf } from './state.ts';

type Json = Readonly<Record<string, unknown>>;
type Test = (record: CrmRecord, at: Date) => boolean;

/** The object type that is searched, and what it is made of. */
interface Subject {
  readonly type: ObjectType;
  readonly properties: Properties;
}

const most = { groups: 5, filtersInGroup: 6, filters: 18, limit: 200, results: 10_000 };

/**
 * `POST …/search`. Reads the records as they were at `indexedAt`: HubSpot's index runs about a second behind its records.
 * Source: HubSpot's search guide, API description 2026-09.
 */
export function search(body: Json, objects: Objects, properties: Properties, indexedAt: Date): Answer {
  const { type } = objects;
  const subject = { type, properties };
  const query = readQuery(body, subject);
  if (typeof query === 'string') return invalid(query);
  const { groups, sort, limit, after } = query;
  const indexed = objects
    .all()
    .filter((record) => !record.archived && Date.parse(record.createdAt) <= indexedAt.getTime());
  const found = indexed.filter(
    (record) => groups.length === 0 || groups.some((tests) => tests.every((test) => test(record, indexedAt))),
  );
  const key = (record: CrmRecord) =>
    comparable(sort.name, propertyOf(type, record, sort.name, indexedAt) ?? '', subject);
  found.sort((a, b) => sort.direction * compare(key(a), key(b)) || Number(a.id) - Number(b.id));
  const results = found.slice(after, after + limit);
  const next = after + results.length;
  return json(200, {
    total: found.length,
    results: results.map((record) =>
      recordBody(record, { ...subject, names: query.properties, at: indexedAt }),
    ),
    ...(next < found.length ? { paging: { next: { after: String(next) } } } : {}),
  });
}

interface Query {
  readonly groups: readonly (readonly Test[])[];
  readonly sort: { readonly name: string; readonly direction: 1 | -1 };
  readonly limit: number;
  readonly after: number;
  readonly properties: readonly string[] | undefined;
}

/** The query, or why HubSpot does not take it. */
function readQuery(body: Json, subject: Subject): Query | string {
  const { filterGroups = [], sorts = [], limit = 10, after = '0', properties = [] } = body;
  if (!Array.isArray(filterGroups) || !Array.isArray(sorts) || !Array.isArray(properties)) {
    return 'Invalid input JSON: filterGroups, sorts and properties are lists';
  }
  if (!Number.isInteger(limit) || Number(limit) < 1 || Number(limit) > most.limit) {
    return `limit must be between 1 and ${most.limit}`;
  }
  if (!/^\d+$/.test(String(after))) return `after is not a paging offset: ${String(after)}`;
  if (Number(after) + Number(limit) > most.results) {
    return `Paging past ${most.results} results is not supported; narrow the filters`;
  }
  const groups = readGroups(filterGroups, subject);
  if (typeof groups === 'string') return groups;
  const sort = readSort(sorts, subject);
  if (typeof sort === 'string') return sort;
  const names = properties.length > 0 ? properties.map(String) : undefined;
  return { groups, sort, limit: Number(limit), after: Number(after), properties: names };
}

function readSort(sorts: readonly unknown[], subject: Subject): Query['sort'] | string {
  if (sorts.length > 1) return 'Only one sort is supported';
  const [sort] = sorts;
  if (sort === undefined) return { name: 'hs_object_id', direction: 1 };
  if (!isObject(sort)) return 'Invalid input JSON: a sort is an object';
  const name = String(sort.propertyName);
  if (!subject.properties.find(subject.type, name)) return noSuchProperty(name, subject);
  return { name, direction: sort.direction === 'DESCENDING' ? -1 : 1 };
}

function readGroups(groups: readonly unknown[], subject: Subject): Test[][] | string {
  const lists = groups.map((group) =>
    isObject(group) && Array.isArray(group.filters) ? group.filters : null,
  );
  if (lists.some((list) => list === null)) return 'Invalid input JSON: a filter group has filters';
  if (lists.length > most.groups) return `No more than ${most.groups} filter groups`;
  if (lists.some((list) => (list?.length ?? 0) > most.filtersInGroup)) {
    return `No more than ${most.filtersInGroup} filters in a group`;
  }
  if (lists.flat().length > most.filters) return `No more than ${most.filters} filters in all`;
  const tests: Test[][] = [];
  for (const list of lists) {
    const group = (list ?? []).map((filter) => readFilter(filter, subject));
    const wrong = group.find((test) => typeof test === 'string');
    if (typeof wrong === 'string') return wrong;
    tests.push(group as Test[]);
  }
  return tests;
}

function readFilter(filter: unknown, subject: Subject): Test | string {
  if (!isObject(filter)) return 'Invalid input JSON: a filter is an object';
  const name = String(filter.propertyName);
  if (!subject.properties.find(subject.type, name)) return noSuchProperty(name, subject);
  const texts = Array.isArray(filter.values) ? filter.values.map(String) : [];
  const [value = '', high = ''] = [filter.value, filter.highValue].map((text) => String(text ?? ''));
  const [low, top] = [comparable(name, value, subject), comparable(name, high, subject)];
  const needs = ['EQ', 'NEQ', 'LT', 'LTE', 'GT', 'GTE', 'BETWEEN'].includes(String(filter.operator));
  if (needs && value === '') return `A filter on ${name} has no value`;
  if ([low, top].some((each) => Number.isNaN(each))) return `${value} is not a valid value for ${name}`;
  const held =
    (test: (key: string | number, text: string) => boolean): Test =>
    (record, at) => {
      const text = propertyOf(subject.type, record, name, at);
      return text !== null && test(comparable(name, text, subject), text.toLowerCase());
    };
  const not =
    (test: Test): Test =>
    (record, at) =>
      !test(record, at);
  const equal = held((key) => compare(key, low) === 0);
  const among = held((_, text) => texts.includes(text));
  const token = held((_, text) => text.split(/[\s.@-]+/).includes(value.toLowerCase().replaceAll('*', '')));
  const operators: Readonly<Record<string, Test>> = {
    EQ: equal,
    NEQ: not(equal),
    LT: held((key) => compare(key, low) < 0),
    LTE: held((key) => compare(key, low) <= 0),
    GT: held((key) => compare(key, low) > 0),
    GTE: held((key) => compare(key, low) >= 0),
    BETWEEN: held((key) => compare(key, low) >= 0 && compare(key, top) <= 0),
    IN: among,
    NOT_IN: not(among),
    HAS_PROPERTY: held(() => true),
    NOT_HAS_PROPERTY: not(held(() => true)),
    CONTAINS_TOKEN: token,
    NOT_CONTAINS_TOKEN: not(token),
  };
  return operators[String(filter.operator)] ?? `${String(filter.operator)} is not a valid operator`;
}

const noSuchProperty = (name: string, { type }: Subject) => `There is no property named ${name} on ${type}`;

/** Times as ms, from ms or ISO 8601; numbers as numbers; texts without case. NaN where it is no such thing. */
function comparable(name: string, value: string, subject: Subject): string | number {
  const type = subject.properties.find(subject.type, name)?.type;
  if (type !== 'datetime' && type !== 'number') return value.toLowerCase();
  if (value === '') return 0;
  return type === 'datetime' && !/^\d+$/.test(value) ? Date.parse(value) : Number(value);
}

function compare(a: string | number, b: string | number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
