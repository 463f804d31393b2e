import { oneLine, onlyKeys, type Screen } from '../practice.ts';
import type { Card } from '../vendor.ts';
import { type CrmRecord, modifiedAt, type Objects, propertyOf, type Source } from './state.ts';

/** What the card shows, under HubSpot's own labels. */
const shown = [
  ['name', 'Company name'],
  ['legal_name', 'Legal name'],
  ['abn', 'ABN'],
  ['billing_email', 'Billing email'],
  ['phone', 'Phone'],
  ['address', 'Street address'],
  ['city', 'City'],
  ['state', 'State'],
  ['zip', 'Postcode'],
  ['payment_terms', 'Payment terms'],
] as const;

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
});

function hubspotCard(company: CrmRecord): Card {
  const held = (name: string) => propertyOf('companies', company, name) ?? '';
  const street = oneLine(held('address'), held('address2'));
  return {
    system: 'hubspot',
    label: 'HubSpot',
    externalId: company.id,
    title: held('name') || 'Company without a name',
    abn: held('abn').replace(/\D/g, ''),
    fields: shown.map(([key, label]) => ({ key, label, value: key === 'address' ? street : held(key) })),
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
  return 'address' in values ? { ...values, address2: '' } : values;
}

/** A person in HubSpot, as a property history names them. The same name is always the same user. */
export function person(name: string): Source {
  const userId =
    [...name].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9_000_000, 7) + 1;
  return { sourceType: 'CRM_UI', sourceId: `userId:${userId}`, sourceLabel: name, updatedByUserId: userId };
}

/** The app whose key Truce uses. */
export const app: Source = { sourceType: 'INTEGRATION', sourceId: '1160452', sourceLabel: 'Truce' };
