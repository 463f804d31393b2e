import type { Store } from '../../store.ts';
import type { ObjectType } from './state.ts';

/** A property as the properties API tells it. Source: HubSpot API 2026-09, properties. */
export interface Property {
  readonly name: string;
  readonly label: string;
  readonly type: 'string' | 'number' | 'date' | 'datetime' | 'bool' | 'enumeration' | 'phone_number';
  readonly fieldType: string;
  readonly groupName: string;
  readonly description?: string;
  /** Made by the company, not by HubSpot. */
  readonly custom?: true;
  readonly readOnly?: true;
  readonly options?: readonly { readonly label: string; readonly value: string }[];
  /** No two records have the same value; may serve as `idProperty`. */
  readonly unique?: true;
}

export interface Group {
  readonly name: string;
  readonly label: string;
  readonly displayOrder: number;
}

/** Which properties each object type has; those made by the company are on file. */
export interface Properties {
  of(type: ObjectType): readonly Property[];
  find(type: ObjectType, name: string): Property | undefined;
  add(type: ObjectType, property: Property): void;
  remove(type: ObjectType, name: string): void;
  groups(type: ObjectType): readonly Group[];
  addGroup(type: ObjectType, group: Group): void;
}

const groupOf = { companies: 'companyinformation', contacts: 'contactinformation' } as const;
const groupLabel = { companies: 'Company information', contacts: 'Contact information' } as const;

/** What HubSpot sends when no properties are asked for. */
export const defaultProperties: Readonly<Record<ObjectType, readonly string[]>> = {
  companies: ['createdate', 'domain', 'hs_lastmodifieddate', 'hs_object_id', 'name'],
  contacts: ['createdate', 'email', 'firstname', 'hs_object_id', 'lastmodifieddate', 'lastname'],
};

/** When a record was changed last: contacts have it under a name of their own. */
export const modifiedProperty: Readonly<Record<ObjectType, string>> = {
  companies: 'hs_lastmodifieddate',
  contacts: 'lastmodifieddate',
};

const kind = (type: Property['type'], fieldType: string) => (name: string, label: string) => ({
  name,
  label,
  type,
  fieldType,
});
const line = kind('string', 'text');
const phone = kind('string', 'phonenumber');
const count = kind('number', 'number');
const stamp = (name: string, label: string) => ({
  ...kind('datetime', 'date')(name, label),
  readOnly: true as const,
});
const choice = (name: string, label: string, options: Readonly<Record<string, string>>) => ({
  ...kind('enumeration', 'select')(name, label),
  options: Object.entries(options).map(([value, text]) => ({ label: text, value })),
});
const yesNo = (name: string, label: string) => ({
  ...choice(name, label, { true: 'Yes', false: 'No' }),
  ...kind('bool', 'booleancheckbox')(name, label),
});
const ownId = { ...count('hs_object_id', 'Record ID'), readOnly: true as const };
const merged = { ...line('hs_merged_object_ids', 'Merged record IDs'), readOnly: true as const };
const address = [
  line('address', 'Street address'),
  line('city', 'City'),
  line('state', 'State'),
  line('zip', 'Postcode'),
  line('country', 'Country'),
];

const standard: Readonly<Record<ObjectType, readonly Omit<Property, 'groupName'>[]>> = {
  companies: [
    line('name', 'Company name'),
    phone('phone', 'Phone'),
    ...address,
    line('address2', 'Street address 2'),
    line('domain', 'Company domain name'),
    line('website', 'Website'),
    kind('string', 'textarea')('description', 'Description'),
    choice('industry', 'Industry', {
      CONSTRUCTION: 'Construction',
      FOOD_BEVERAGES: 'Food & beverages',
      RETAIL: 'Retail',
      WHOLESALE: 'Wholesale',
    }),
    count('numberofemployees', 'Number of employees'),
    count('annualrevenue', 'Annual revenue'),
    { ...count('num_associated_contacts', 'Number of associated contacts'), readOnly: true },
    stamp('createdate', 'Create date'),
    stamp('hs_lastmodifieddate', 'Last modified date'),
    ownId,
    merged,
  ],
  contacts: [
    { ...line('email', 'Email'), unique: true },
    { ...line('hs_additional_emails', 'Additional email addresses'), readOnly: true },
    line('firstname', 'First name'),
    line('lastname', 'Last name'),
    phone('phone', 'Phone number'),
    phone('mobilephone', 'Mobile phone number'),
    line('company', 'Company name'),
    line('jobtitle', 'Job title'),
    ...address,
    stamp('createdate', 'Create date'),
    stamp('lastmodifieddate', 'Last modified date'),
    ownId,
    merged,
  ],
};

/** What the practice company has made for itself, as Truce's own step would have. */
const installed: readonly Property[] = [
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
  { ...line('truce_id', 'Truce ID'), unique: true as const },
].map((property) => ({ ...property, groupName: groupOf.companies, custom: true }));

interface Kept {
  readonly type: ObjectType;
  readonly property: Property;
}

/** @param withCustom false = an account in which nobody has made a property yet. */
export function openProperties(store: Store, withCustom: boolean): Properties {
  const made = store.collection<Kept>('hubspot.properties');
  const madeGroups = store.collection<Group & { readonly type: ObjectType }>('hubspot.property-groups');
  const key = (type: ObjectType, name: string) => `${type}.${name}`;
  if (withCustom && made.all().length === 0) {
    for (const property of installed)
      made.set(key('companies', property.name), { type: 'companies', property });
  }
  const of = (type: ObjectType): readonly Property[] => [
    ...standard[type].map((property) => ({ ...property, groupName: groupOf[type] })),
    ...made.all().flatMap((kept) => (kept.type === type ? [kept.property] : [])),
  ];
  const known = {
    companies: new Map(standard.companies.map((one) => [one.name, { ...one, groupName: groupOf.companies }])),
    contacts: new Map(standard.contacts.map((one) => [one.name, { ...one, groupName: groupOf.contacts }])),
  };
  return {
    of,
    find: (type, name) => known[type].get(name) ?? made.get(key(type, name))?.property,
    add: (type, property) => made.set(key(type, property.name), { type, property }),
    remove: (type, name) => made.delete(key(type, name)),
    groups: (type) => [
      { name: groupOf[type], label: groupLabel[type], displayOrder: 0 },
      ...madeGroups.all().flatMap(({ type: of, ...group }) => (of === type ? [group] : [])),
    ],
    addGroup: (type, group) => madeGroups.set(key(type, group.name), { type, ...group }),
  };
}
