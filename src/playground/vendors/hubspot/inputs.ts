import { isObject } from '../exchange.ts';
import type { Properties } from './properties.ts';
import { type CrmRecord, type Objects, propertyOf } from './state.ts';

type Json = Readonly<Record<string, unknown>>;

export const most = { inputs: 100, withHistory: 50 };

/** One entry of a batch. */
export interface Input {
  /** Empty for what is to be made. */
  readonly id: string;
  readonly idProperty: string | null;
  readonly trace: string | null;
  readonly properties: Json;
  readonly associations: unknown;
}

/** The entries of a batch, or why HubSpot does not take it. */
export function readInputs(
  { inputs }: Json,
  how: { readonly limit?: number; readonly withId: boolean },
): readonly Input[] | string {
  const limit = how.limit ?? most.inputs;
  if (!Array.isArray(inputs) || inputs.length === 0)
    return 'Invalid input JSON: inputs must be a list with an entry';
  if (inputs.length > limit) {
    const kind = limit === most.withHistory ? 'a batch request for property histories' : 'a batch request';
    return `The maximum number of inputs supported in ${kind} is ${limit}`;
  }
  const read = inputs.map((input): Input | null => {
    if (!isObject(input) || (how.withId && input.id === undefined)) return null;
    const { id, idProperty, objectWriteTraceId, properties, associations } = input;
    return {
      id: how.withId ? String(id) : '',
      idProperty: textOrNull(idProperty),
      trace: textOrNull(objectWriteTraceId),
      properties: isObject(properties) ? properties : {},
      associations,
    };
  });
  const whole = read.filter((input) => input !== null);
  if (whole.length < read.length) return 'Invalid input JSON: an input has no id';
  if (how.withId && new Set(whole.map(({ id }) => id.toLowerCase())).size < whole.length)
    return 'Duplicate ids in the batch';
  return new Set(whole.map(({ idProperty }) => idProperty)).size > 1
    ? 'All inputs of a batch must have the same idProperty'
    : whole;
}

const textOrNull = (value: unknown): string | null =>
  value === undefined || value === null || value === '' ? null : String(value);

export const listOf = (names: unknown): readonly string[] | undefined =>
  Array.isArray(names) ? names.map(String) : undefined;

/** How records are found by what a caller has of them; or why HubSpot does not look by that property. */
export function finder(
  idProperty: string | null,
  objects: Objects,
  properties: Properties,
): ((id: string) => CrmRecord | undefined) | string {
  if (idProperty === null || idProperty === 'hs_object_id') return objects.get;
  const property = properties.find(objects.type, idProperty);
  if (!property) return `Property "${idProperty}" does not exist`;
  if (!property.unique) return `Property "${idProperty}" is not a unique identifier property`;
  return (value) => objects.holder(idProperty, value) ?? secondaryHolder(idProperty, value, objects);
}

/** A contact is found by its further e-mail addresses too. */
export function secondaryHolder(name: string, value: string, objects: Objects): CrmRecord | undefined {
  if (objects.type !== 'contacts' || name !== 'email') return undefined;
  const wanted = value.trim().toLowerCase();
  return objects.all().find((record) => {
    const more = propertyOf('contacts', record, 'hs_additional_emails')?.split(';') ?? [];
    return !record.archived && more.includes(wanted);
  });
}
