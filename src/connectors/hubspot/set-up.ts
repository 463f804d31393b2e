import type { CallContext, SetUpStep } from '../connector.ts';
import { CallFailed } from '../http/failure.ts';
import { type HubSpotClient, version } from './client.ts';
import { type Mapping, markerProperty, propertiesIn } from './map.ts';
import { anything, propertyList } from './schema.ts';

/** The step's id. */
export const setUpProperties = 'properties';

/** A property as the properties API takes it. */
interface Definition {
  readonly name: string;
  readonly label: string;
  readonly type: 'string' | 'enumeration' | 'bool';
  readonly fieldType: 'text' | 'select' | 'booleancheckbox';
  readonly options?: readonly {
    readonly label: string;
    readonly value: string;
    readonly displayOrder: number;
  }[];
  readonly hasUniqueValue?: true;
}

const line = (name: string, label: string): Definition => ({
  name,
  label,
  type: 'string',
  fieldType: 'text',
});
const choice = (name: string, label: string, options: Readonly<Record<string, string>>): Definition => ({
  name,
  label,
  type: 'enumeration',
  fieldType: 'select',
  options: Object.entries(options).map(([value, text], displayOrder) => ({
    label: text,
    value,
    displayOrder,
  })),
});

/** HubSpot makes no boolean without exactly these two options (seen in its answers; its reference leaves them out). */
const yesNo = (name: string, label: string): Definition => ({
  ...choice(name, label, { true: 'Yes', false: 'No' }),
  type: 'bool',
  fieldType: 'booleancheckbox',
});

/** What HubSpot has no property of its own for. Never a number: it would lose its leading zeros. */
const definitions: readonly Definition[] = [
  line('legal_name', 'Legal name'),
  line('abn', 'ABN'),
  line('acn', 'ACN'),
  line('billing_email', 'Billing email'),
  line('mobile_phone', 'Mobile'),
  line('payment_terms', 'Payment terms'),
  choice('tax_treatment', 'Tax treatment', {
    gst: 'GST',
    gst_free: 'GST free',
    export: 'Export',
    input_taxed: 'Input taxed',
    out_of_scope: 'Out of scope',
  }),
  yesNo('gst_registered', 'GST registered'),
  choice('customer_status', 'Customer status', { active: 'Active', archived: 'Archived' }),
  line('delivery_address', 'Delivery street address'),
  line('delivery_address2', 'Delivery street address 2'),
  line('delivery_city', 'Delivery city'),
  line('delivery_state', 'Delivery state'),
  line('delivery_zip', 'Delivery postcode'),
  line('delivery_country', 'Delivery country'),
];
const marker: Definition = { ...line(markerProperty, 'Truce ID'), hasUniqueValue: true };

const group = { name: 'truce', label: 'Truce' } as const;

const wantedProperties = (mapping: Mapping): readonly Definition[] => {
  const used = new Set(propertiesIn(mapping.company));
  return [...definitions.filter(({ name }) => used.has(name)), marker];
};

/** What there is, and what is not as it must be. */
export interface PropertyCheck {
  readonly missing: readonly Definition[];
  readonly problems: readonly string[];
}

export async function checkProperties(
  client: HubSpotClient,
  mapping: Mapping,
  call: CallContext,
): Promise<PropertyCheck> {
  const { data } = await client.send(
    {
      purpose: 'list company properties',
      method: 'GET',
      path: `/crm/properties/${version}/companies`,
      effect: 'read',
      shape: propertyList,
    },
    call,
  );
  const there = new Map(data.results.map((property) => [property.name, property]));
  const wanted = wantedProperties(mapping);
  const problems = wanted.flatMap(({ name, type, hasUniqueValue }) => {
    const found = there.get(name);
    if (!found) return [];
    if (hasUniqueValue && found.hasUniqueValue !== true)
      return [
        `The company property ${name} must have unique values. HubSpot cannot change that: delete it, then Truce can make it.`,
      ];
    if (found.type !== 'number') return [];
    return type === 'bool'
      ? [`The company property ${name} is a number: make it a single checkbox.`]
      : [`The company property ${name} is a number and loses leading zeros: make it a single-line text.`];
  });
  return { missing: wanted.filter(({ name }) => !there.has(name)), problems };
}

/** The step that makes them, for a person to approve; null where nothing is missing. */
export function stepFor(missing: readonly Definition[]): SetUpStep | null {
  if (missing.length === 0) return null;
  const count = missing.length === 1 ? '1 property' : `${missing.length} properties`;
  return {
    id: setUpProperties,
    label: `Create ${count} on companies, in the group “${group.label}”`,
    details: missing.map((one) => `${one.name}: “${one.label}”, ${kindOf(one)}`),
  };
}

function kindOf({ type, options, hasUniqueValue }: Definition): string {
  if (type === 'bool') return 'single checkbox (yes or no)';
  if (options) return `drop-down (${options.map(({ value }) => value).join(', ')})`;
  return hasUniqueValue ? 'single-line text with unique values' : 'single-line text';
}

/** Makes the group and whatever properties are missing; what is there stays as it is. Throws VendorError. */
export async function makeProperties(
  client: HubSpotClient,
  mapping: Mapping,
  call: CallContext,
): Promise<void> {
  const { missing } = await checkProperties(client, mapping, call);
  if (missing.length === 0) return;
  await make(client, '/groups', { ...group, displayOrder: -1 }, call);
  for (const property of missing) await make(client, '', { ...property, groupName: group.name }, call);
}

async function make(client: HubSpotClient, path: string, json: object, call: CallContext): Promise<void> {
  try {
    await client.send(
      {
        purpose: 'make a property',
        method: 'POST',
        path: `/crm/properties/${version}/companies${path}`,
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
