import type { FieldValue, Observed } from '../../entities/field.ts';
import type { Drift, Observation, Projection } from '../connector.ts';
import {
  addressParts,
  asAddress,
  asTerms,
  notRead,
  observedAddress,
  observedTerms,
  observedText,
} from '../observed.ts';
import type { Company } from './schema.ts';

/** Our field → the company properties that it is made of. `legal_name`, `abn`, `billing_email` and `payment_terms` are custom. */
export const mapped = {
  legal_name: ['legal_name'],
  trading_name: ['name'],
  abn: ['abn'],
  email: ['billing_email'],
  phone: ['phone'],
  billing_address: ['address', 'address2', 'city', 'state', 'zip', 'country'],
  payment_terms: ['payment_terms'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

type MappedField = keyof typeof mapped;
const fieldNames = Object.keys(mapped) as MappedField[];

export const properties: readonly string[] = Object.values(mapped).flat();

/** What HubSpot sends along unasked. */
const defaults = ['createdate', 'domain', 'hs_lastmodifieddate', 'hs_object_id', 'name'];
export const documented: ReadonlySet<string> = new Set([...properties, ...defaults]);

export const supports = (field: string): field is MappedField => Object.hasOwn(mapped, field);

/** HubSpot's texts hold 65,536 characters: more than any field of ours. */
export const project = (_field: string, value: FieldValue | null): Projection => ({ value, lossy: false });

export function toObservation(company: Company, drift: readonly Drift[]): Observation {
  const lost = new Set(drift.map(({ field }) => field));
  const fields = fieldNames.map((field) => [
    field,
    lost.has(field) ? notRead : observed(field, company.properties),
  ]);
  return {
    externalId: company.id,
    role: 'company',
    url: company.url?.startsWith('https://') ? company.url : null,
    vendorAt: company.properties.hs_lastmodifieddate ?? company.updatedAt ?? null,
    archived: company.archived === true,
    marker: null,
    also: [],
    fields: Object.fromEntries(fields),
    editors: editors(company),
    drift,
  };
}

function observed(field: MappedField, held: Company['properties']): Observed {
  if (field === 'payment_terms') return observedTerms(held.payment_terms);
  if (field !== 'billing_address') return observedText(held[mapped[field][0]]);
  const [line1, line2, city, state, postcode, country] = mapped.billing_address.map((key) => held[key]);
  return observedAddress({ line1, line2, city, state, postcode, country });
}

/** The newest entry in the history of any of a field's properties; HubSpot lists the newest first, but says so nowhere. */
function editors({ propertiesWithHistory }: Company): Observation['editors'] {
  const told: Record<string, { by: string | null; at: string | null }> = {};
  for (const field of fieldNames) {
    const entries = mapped[field].flatMap((key) => propertiesWithHistory?.[key] ?? []);
    const newest = entries.reduce<(typeof entries)[number] | null>(
      (best, entry) => (best && Date.parse(best.timestamp) >= Date.parse(entry.timestamp) ? best : entry),
      null,
    );
    if (newest) told[field] = { by: newest.sourceLabel?.trim() || null, at: newest.timestamp };
  }
  return told;
}

/** The properties of an update. An empty text clears. Throws where a field is none of HubSpot's. */
export function toProperties(fields: Readonly<Record<string, FieldValue | null>>): Record<string, string> {
  const sent: Record<string, string> = {};
  for (const [field, value] of Object.entries(fields)) {
    if (!supports(field)) throw new Error(`HubSpot has no field ${field}`);
    if (field === 'billing_address') {
      const address = asAddress(value);
      mapped.billing_address.forEach((key, at) => {
        sent[key] = address[addressParts[at] ?? 'line1'] ?? '';
      });
    } else if (field === 'payment_terms') sent.payment_terms = termsInWords(value);
    else sent[mapped[field][0]] = value === null ? '' : String(value);
  }
  return sent;
}

function termsInWords(value: FieldValue | null): string {
  const terms = asTerms(value);
  if (!terms) return value === null ? '' : String(value);
  return `${terms.days} days${terms.from === 'end_of_month' ? ' after end of month' : ''}`;
}
