import type { Property } from './property.ts';

/** One entry of the list inside "Property values were not valid". */
export interface PropertyProblem {
  readonly isValid: false;
  readonly message: string;
  readonly error: string;
  readonly name: string;
}

const textLimit = 65_536;

/** Why HubSpot does not take a value, or null. `property` is undefined where there is none of that name. */
export function propertyProblem(
  name: string,
  value: string,
  property: Property | undefined,
): PropertyProblem | null {
  const no = (error: string, message: string): PropertyProblem => ({ isValid: false, message, error, name });
  if (!property) return no('PROPERTY_DOESNT_EXIST', `Property "${name}" does not exist`);
  if (property.readOnly) {
    return no('READ_ONLY_VALUE', `"${name}" is a read only property; its value cannot be set.`);
  }
  if (value === '') return null;
  if (property.type === 'number' && !/^-?\d+(\.\d+)?$/.test(value)) {
    return no('INVALID_LONG', `${value} was not a valid number.`);
  }
  if (property.notNegative && value.startsWith('-')) {
    return no('INVALID_LONG', `${name} cannot be negative.`);
  }
  if (property.type === 'bool' && !/^(true|false)$/.test(value)) {
    return no('INVALID_BOOLEAN', `${value} was not a valid boolean.`);
  }
  if (property.type === 'date' && !isDate(value)) return no('INVALID_DATE', `${value} was not a valid date.`);
  if (property.name === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value.trim())) {
    return no('INVALID_EMAIL', `Email address ${value} is invalid`);
  }
  const options = property.options?.map((option) => option.value);
  if (options && !options.includes(value)) {
    return no('INVALID_OPTION', `${value} was not one of the allowed options: [${options.join(', ')}]`);
  }
  if (value.length > textLimit)
    return no('INVALID_STRING', `${name} is longer than ${textLimit} characters.`);
  return null;
}

const dayMs = 86_400_000;

/** A day, or ms since 1970 that are midnight UTC. */
const isDate = (value: string) =>
  /^\d{4}-\d\d-\d\d$/.test(value) || (/^\d+$/.test(value) && Number(value) % dayMs === 0);

/** What HubSpot makes of a value that it takes: e-mail addresses in small letters, domains without what stands around them. */
export function asKept(name: string, value: string): string {
  if (name === 'email') return value.trim().toLowerCase();
  if (name === 'domain') {
    return value
      .trim()
      .toLowerCase()
      .replace(/^https?:\/\/(www\.)?/, '')
      .replace(/\/.*$/, '');
  }
  return value;
}

/** Values as texts, as HubSpot keeps them all; null clears like an empty text. */
export const textsOf = (properties: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, value === null ? '' : String(value)]),
  );
