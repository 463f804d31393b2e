import type { z } from 'zod';
import type { SetUpStep } from '../connection.ts';
import type { CallContext } from '../connector.ts';
import { CallFailed } from '../http/failure.ts';
import { type HubSpotClient, type ObjectType, version } from './client.ts';
import { anything, propertyList } from './schema.ts';
import type { Definition, Wanted } from './wanted.ts';

const group = { name: 'truce', label: 'Truce' } as const;

type There = ReadonlyMap<string, z.infer<typeof propertyList>['results'][number]>;

/** The properties that objects of a type have, by name. Throws VendorError. */
export async function listProperties(
  client: HubSpotClient,
  type: ObjectType,
  call: CallContext,
): Promise<There> {
  const { data } = await client.send(
    {
      purpose: `list ${nounOf(type)} properties`,
      method: 'GET',
      path: `/crm/properties/${version}/${type}`,
      effect: 'read',
      shape: propertyList,
    },
    call,
  );
  return new Map(data.results.map((property) => [property.name, property]));
}

/** What there is, and what is not as it must be. */
export interface PropertyCheck {
  readonly missing: readonly Definition[];
  readonly problems: readonly string[];
}

export function checkProperties({ type, properties }: Wanted, there: There): PropertyCheck {
  return {
    missing: properties.filter(({ name }) => !there.has(name)),
    problems: properties.flatMap((wanted) => problemOf(wanted, nounOf(type), there.get(wanted.name)) ?? []),
  };
}

type Found = z.infer<typeof propertyList>['results'][number];

/** Why a property that is there cannot serve, and what to do; null where it can. */
function problemOf(
  { name, type, hasUniqueValue }: Definition,
  noun: string,
  found: Found | undefined,
): string | null {
  if (!found) return null;
  const property = `The ${noun} property ${name}`;
  if (hasUniqueValue && found.hasUniqueValue !== true)
    return `${property} must have unique values. HubSpot cannot change that: delete it, then Truce can make it.`;
  if (type === 'date' && found.type !== 'date') return `${property} is no date: make it a date picker.`;
  if (found.type !== 'number' || type === 'number') return null;
  return type === 'bool'
    ? `${property} is a number: make it a single checkbox.`
    : `${property} is a number and loses leading zeros: make it a single-line text.`;
}

/** The step that makes what is missing, for a person to approve; null where nothing is. */
export function stepFor({ type, step }: Wanted, missing: readonly Definition[]): SetUpStep | null {
  if (missing.length === 0) return null;
  const count = missing.length === 1 ? '1 property' : `${missing.length} properties`;
  return {
    id: step,
    label: `Create ${count} on ${type}, in the group “${group.label}”`,
    details: missing.map((one) => `${one.name}: “${one.label}”, ${kindOf(one)}`),
  };
}

function kindOf({ type, fieldType, options, hasUniqueValue }: Definition): string {
  if (type === 'bool') return 'single checkbox (yes or no)';
  if (options) return `drop-down (${options.map(({ value }) => value).join(', ')})`;
  if (type === 'number') return 'number';
  if (type === 'date') return 'date';
  if (fieldType === 'textarea') return 'multi-line text';
  return hasUniqueValue ? 'single-line text with unique values' : 'single-line text';
}

/** Makes the group and whatever properties are missing; what is there stays as it is. Throws VendorError. */
export async function makeProperties(
  client: HubSpotClient,
  wanted: Wanted,
  call: CallContext,
): Promise<void> {
  const { type } = wanted;
  const { missing } = checkProperties(wanted, await listProperties(client, type, call));
  if (missing.length === 0) return;
  await make(client, type, { ...group, displayOrder: -1 }, '/groups', call);
  for (const property of missing) await make(client, type, { ...property, groupName: group.name }, '', call);
}

async function make(
  client: HubSpotClient,
  type: ObjectType,
  json: object,
  path: '' | '/groups',
  call: CallContext,
): Promise<void> {
  try {
    await client.send(
      {
        purpose: 'make a property',
        method: 'POST',
        path: `/crm/properties/${version}/${type}${path}`,
        body: { json },
        effect: 'repeatable',
        shape: anything,
      },
      call,
    );
  } catch (error) {
    // Somebody was quicker, or our own first try had arrived.
    if (!(error instanceof CallFailed) || error.status !== 409) throw error;
  }
}

const nouns: Readonly<Record<ObjectType, string>> = {
  companies: 'company',
  contacts: 'contact',
  products: 'product',
  deals: 'deal',
  line_items: 'line item',
};
const nounOf = (type: ObjectType): string => nouns[type];
