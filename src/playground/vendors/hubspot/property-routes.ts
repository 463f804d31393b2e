import { type Answer, isObject, json } from '../exchange.ts';
import { propertyBody } from './bodies.ts';
import { batchAnswer, batchError, failure, invalid, notFound } from './errors.ts';
import type { ObjectType } from './object-types.ts';
import type { Properties } from './properties.ts';
import type { Property } from './property.ts';

type Json = Readonly<Record<string, unknown>>;

export interface PropertyContext {
  readonly properties: Properties;
  /** Properties that go by another name at the moment. */
  readonly unknown: readonly string[];
  now(): Date;
}

/** Property and field types that go together. Source: HubSpot's properties guide. */
const fieldTypes: Readonly<Record<string, readonly string[]>> = {
  string: ['text', 'textarea', 'html', 'phonenumber', 'file'],
  number: ['number'],
  date: ['date'],
  datetime: ['date'],
  enumeration: ['select', 'radio', 'checkbox', 'booleancheckbox'],
  bool: ['booleancheckbox', 'select', 'radio'],
  phone_number: ['phonenumber'],
};
const uniqueMost = 10;

/** `/crm/properties/2026-09/{type}/…`; null = no such call. */
export function propertyRoute(
  route: string,
  type: ObjectType,
  body: Json | null,
  context: PropertyContext,
): Answer | null {
  const { properties } = context;
  if (route === 'GET ') return json(200, { results: properties.of(type).map(propertyBody) });
  if (route === 'GET groups') return json(200, { results: properties.groups(type) });
  const [, name] = /^GET ([^/]+)$/.exec(route) ?? [];
  if (name) {
    const property = context.unknown.includes(name) ? undefined : properties.find(type, name);
    return property ? json(200, propertyBody(property)) : notFound();
  }
  if (route === 'POST groups') return createGroup(body ?? {}, type, properties);
  if (route === 'POST ') return createOne(body ?? {}, type, context);
  if (route !== 'POST batch/create') return null;
  const inputs = Array.isArray(body?.inputs) ? body.inputs.filter(isObject) : [];
  if (inputs.length === 0 || inputs.length > 100)
    return invalid('Invalid input JSON: inputs holds 1 to 100 entries');
  const answers = inputs.map((input) => ({ input, answer: createOne(input, type, context) }));
  const results = answers.flatMap(({ answer }) => (answer.status === 201 ? [JSON.parse(answer.body)] : []));
  const errors = answers.flatMap(({ input, answer }) => {
    if (answer.status === 201) return [];
    const { category, message } = JSON.parse(answer.body) as { category: string; message: string };
    return [batchError(category, message, { name: [String(input.name)] })];
  });
  return batchAnswer(results, errors, context.now(), 201);
}

function createGroup(body: Json, type: ObjectType, properties: Properties): Answer {
  const [name, label] = [String(body.name ?? ''), String(body.label ?? '')];
  if (!isName(name) || label === '') return invalid('A group needs a name in small letters and a label');
  if (properties.groups(type).some((group) => group.name === name))
    return failure(409, 'OBJECT_ALREADY_EXISTS', `A property group named '${name}' already exists.`);
  const group = { name, label, displayOrder: Number(body.displayOrder ?? -1) };
  properties.addGroup(type, group);
  return json(201, { ...group, archived: false });
}

function createOne(body: Json, type: ObjectType, { properties }: PropertyContext): Answer {
  const property = read(body);
  if (typeof property === 'string') return invalid(property);
  if (properties.find(type, property.name))
    return failure(409, 'OBJECT_ALREADY_EXISTS', `A property named '${property.name}' already exists.`, {
      subCategory: 'Properties.PROPERTY_WITH_NAME_EXISTS',
    });
  if (!properties.groups(type).some(({ name }) => name === property.groupName))
    return invalid(`Property group "${property.groupName}" does not exist`);
  const unique = properties.of(type).filter((one) => one.unique && one.custom).length;
  if (property.unique && unique >= uniqueMost)
    return invalid(`No more than ${uniqueMost} properties can have unique values`);
  properties.add(type, property);
  return json(201, propertyBody(property));
}

const isName = (name: string) => /^[a-z][a-z0-9_]{0,99}$/.test(name);

function read(body: Json): Property | string {
  const { name, label, type, fieldType, groupName, description, options = [], hasUniqueValue } = body;
  for (const [key, value] of Object.entries({ name, label, type, fieldType, groupName }))
    if (typeof value !== 'string' || value === '') return `Invalid input JSON: ${key} is required`;
  if (!isName(String(name))) return `${String(name)} is not a valid property name`;
  if (!fieldTypes[String(type)]?.includes(String(fieldType)))
    return `fieldType ${String(fieldType)} does not fit type ${String(type)}`;
  if (!Array.isArray(options) || !options.every((one) => isObject(one) && one.label && one.value))
    return 'Invalid input JSON: each option needs a label and a value';
  if (type === 'enumeration' && options.length === 0) return 'An enumeration needs options';
  if (
    type === 'bool' &&
    options
      .map(({ value }) => String(value))
      .sort()
      .join() !== 'false,true'
  )
    return 'Boolean properties must have exactly two options, with the values true and false';
  if (hasUniqueValue === true && type !== 'string' && type !== 'number')
    return 'Only text and number properties can have unique values';
  return {
    name: String(name),
    label: String(label),
    type: type as Property['type'],
    fieldType: String(fieldType),
    groupName: String(groupName),
    description: typeof description === 'string' ? description : '',
    custom: true,
    ...(type === 'enumeration' || type === 'bool'
      ? { options: options.map((one: Json) => ({ label: String(one.label), value: String(one.value) })) }
      : {}),
    ...(hasUniqueValue === true ? { unique: true as const } : {}),
  };
}
