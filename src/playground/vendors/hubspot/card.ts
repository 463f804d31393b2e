import { oneLine, onlyKeys } from '../practice.ts';
import type { Card, Screen } from '../vendor.ts';
import { type CrmRecord, modifiedAt, type Objects, propertyOf, type Source } from './state.ts';

/** What the card shows, under HubSpot's own labels. */
const shown = [
  ['name', 'Company name'],
  ['legal_name', 'Legal name'],
  ['abn', 'ABN'],
  ['acn', 'ACN'],
  ['billing_email', 'Billing email'],
  ['phone', 'Phone'],
  ['mobile_phone', 'Mobile'],
  ['address', 'Street address'],
  ['city', 'City'],
  ['state', 'State'],
  ['zip', 'Postcode'],
  ['delivery_address', 'Delivery street address'],
  ['delivery_city', 'Delivery city'],
  ['delivery_state', 'Delivery state'],
  ['delivery_zip', 'Delivery postcode'],
  ['payment_terms', 'Payment terms'],
  ['tax_treatment', 'Tax treatment'],
  ['gst_registered', 'GST registered'],
  ['customer_status', 'Customer status'],
] as const;

/** The custom drop-downs and checkboxes: what HubSpot keeps → what its screen shows. */
const dropDowns: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  tax_treatment: {
    gst: 'GST',
    gst_free: 'GST free',
    export: 'Export',
    input_taxed: 'Input taxed',
    out_of_scope: 'Out of scope',
  },
  gst_registered: { true: 'Yes', false: 'No' },
  customer_status: { active: 'Active', archived: 'Archived' },
};

export const hubspotScreen = (companies: Objects): Screen => ({
  cards: () =>
    companies
      .all()
      .filter(({ archived }) => !archived)
      .map(hubspotCard),
  card: (id) => {
    const company = companies.find(id);
    return company ? hubspotCard(company) : null;
  },
  edit: (id, values, editor) => companies.update(id, propertiesOfCard(values), person(editor)),
  add: (values, editor) => companies.create(propertiesOfCard(values), person(editor)).id,
});

function hubspotCard(company: CrmRecord): Card {
  const held = (name: string) => propertyOf('companies', company, name) ?? '';
  const value = (key: string) =>
    /address$/.test(key) ? oneLine(held(key), held(`${key}2`)) : (dropDowns[key]?.[held(key)] ?? held(key));
  return {
    system: 'hubspot',
    label: 'HubSpot',
    externalId: company.id,
    title: held('name') || 'Company without a name',
    abn: held('abn').replace(/\D/g, ''),
    fields: shown.map(([key, label]) => ({ key, label, value: value(key) })),
    updatedAt: modifiedAt(company),
  };
}

/** What a save of the card sets. The card shows both lines of a street as one; what is typed there becomes the first. */
function propertiesOfCard(values: Readonly<Record<string, string>>): Record<string, string> {
  onlyKeys(
    'HubSpot',
    shown.map(([key]) => key),
    values,
  );
  const set = Object.entries(values).flatMap(([key, value]) => [
    [key, chosenOption(dropDowns[key] ?? {}, value)] as const,
    ...(/address$/.test(key) ? [[`${key}2`, ''] as const] : []),
  ]);
  return Object.fromEntries(set);
}

/** A drop-down takes nothing but its options, or to be empty. Without options anything is taken. */
export function chosenOption(options: Readonly<Record<string, string>>, value: string): string {
  const all = Object.entries(options);
  if (all.length === 0 || value.trim() === '') return value;
  const typed = value.trim().toLowerCase();
  const chosen = all.find((option) => option.some((word) => word.toLowerCase() === typed));
  if (chosen) return chosen[0];
  throw new Error(`“${value}” is not in HubSpot’s list. Choose ${all.map(([, word]) => word).join(', ')}.`);
}

/** A person in HubSpot, as a property history names them. The same name is always the same user. */
export function person(name: string): Source {
  const userId =
    [...name].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9_000_000, 7) + 1;
  return { sourceType: 'CRM_UI', sourceId: `userId:${userId}`, sourceLabel: name, updatedByUserId: userId };
}

/** The app whose key Truce uses. */
export const app: Source = { sourceType: 'INTEGRATION', sourceId: '1160452', sourceLabel: 'Truce' };
