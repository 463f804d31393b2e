import type { BillingContact } from '../../../agreement/agreement.ts';
import type { FieldValue, Observed } from '../../../entities/field.ts';
import type { AlsoRead, Drift, Observation, Projection } from '../../connector.ts';
import {
  addressParts,
  asAddress,
  asTerms,
  noPlace,
  notRead,
  observedAddress,
  observedRegistration,
  observedTerms,
  observedText,
} from '../../observed.ts';
import { editorsOf } from '../editors.ts';
import { linkOf, type Mapped, markerProperty } from '../objects.ts';
import type { CrmRecord } from '../schema.ts';

/** Where the fields live: the company, and its billing contact where e-mail and mobile are that contact's. */
export interface Mapping {
  readonly company: Mapped;
  readonly contact: Mapped;
}

const ofEveryCompany: Mapped = {
  legal_name: ['legal_name'],
  trading_name: ['name'],
  abn: ['abn'],
  acn: ['acn'],
  phone: ['phone'],
  billing_address: ['address', 'address2', 'city', 'state', 'zip', 'country'],
  delivery_address: [
    'delivery_address',
    'delivery_address2',
    'delivery_city',
    'delivery_state',
    'delivery_zip',
    'delivery_country',
  ],
  payment_terms: ['payment_terms'],
  tax_treatment: ['tax_treatment'],
  gst_registered: ['gst_registered'],
  status: ['customer_status'],
};
const inProperties: Mapped = { email: ['billing_email'], mobile: ['mobile_phone'] };
const inContact: Mapped = { email: ['email'], mobile: ['mobilephone'] };

export const mappingFor = (billing: BillingContact): Mapping =>
  billing.kind === 'property'
    ? { company: { ...ofEveryCompany, ...inProperties }, contact: {} }
    : { company: ofEveryCompany, contact: inContact };

export const supports = (field: string): boolean =>
  Object.hasOwn(ofEveryCompany, field) || Object.hasOwn(inProperties, field);

/** HubSpot's texts hold 65,536 characters: more than any field of ours. A contact's e-mail address is kept in small letters. */
export const projectFor =
  (billing: BillingContact) =>
  (field: string, value: FieldValue | null): Projection => ({
    value:
      field === 'email' && billing.kind !== 'property' && typeof value === 'string'
        ? value.trim().toLowerCase()
        : value,
    lossy: false,
  });

/** Whom a company's invoices go to. `unclear`: there are several and nothing says which. */
export type Billing =
  | { readonly kind: 'company' }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'unclear' }
  | { readonly kind: 'contact'; readonly contact: CrmRecord; readonly drift: readonly Drift[] };

export function toObservation(
  company: CrmRecord,
  mapping: Mapping,
  more: { readonly drift: readonly Drift[]; readonly billing: Billing },
): Observation {
  const { billing } = more;
  const contact = billing.kind === 'contact' ? billing.contact : null;
  const drift = billing.kind === 'contact' ? [...more.drift, ...billing.drift] : more.drift;
  const inBin = company.archived === true;
  const fields = {
    ...fieldsIn(company, mapping.company),
    ...(contact ? fieldsIn(contact, mapping.contact) : without(billing, mapping.contact)),
    ...Object.fromEntries(drift.map(({ field }) => [field, notRead])),
    // What lies in the recycle bin cannot be brought back through the API.
    ...(inBin ? { status: notRead } : {}),
  };
  return {
    externalId: company.id,
    role: 'company',
    url: linkOf(company),
    vendorAt: newest([
      company.properties.hs_lastmodifieddate ?? company.updatedAt,
      contact?.properties.lastmodifieddate ?? contact?.updatedAt,
    ]),
    archived: inBin || isArchived(fields.status),
    marker: company.properties[markerProperty]?.trim() || null,
    also: contact ? [asAlso(contact)] : [],
    fields,
    editors: {
      ...editorsOf(company, mapping.company),
      ...(contact ? editorsOf(contact, mapping.contact) : {}),
    },
    drift,
  };
}

const isArchived = (status: Observed | undefined) => status?.state === 'value' && status.value === 'archived';

const asAlso = (contact: CrmRecord): AlsoRead => ({
  role: 'billing_contact',
  externalId: contact.id,
  url: linkOf(contact),
});

const without = (billing: Billing, mapped: Mapped): Record<string, Observed> =>
  Object.fromEntries(
    Object.keys(mapped).map((field) => [field, billing.kind === 'nobody' ? noPlace : notRead]),
  );

function newest(times: readonly (string | null | undefined)[]): string | null {
  const known = times.filter((time) => typeof time === 'string');
  return known.reduce<string | null>(
    (best, time) => (best !== null && Date.parse(best) >= Date.parse(time) ? best : time),
    null,
  );
}

const fieldsIn = ({ properties }: CrmRecord, mapped: Mapped): Record<string, Observed> =>
  Object.fromEntries(
    Object.entries(mapped).map(([field, keys]) => [
      field,
      observed(
        field,
        keys.map((key) => properties[key]),
      ),
    ]),
  );

function observed(field: string, held: readonly (string | null | undefined)[]): Observed {
  const [first, line2, city, state, postcode, country] = held;
  if (held.length > 1) return observedAddress({ line1: first, line2, city, state, postcode, country });
  if (field === 'payment_terms') return observedTerms(first);
  if (field === 'gst_registered') return observedRegistration(first);
  // Options have names of their own in each account; ours are told apart from others by their letters alone.
  const known = field === 'status' || field === 'tax_treatment' ? first?.trim().toLowerCase() : undefined;
  return observedText(known && ours.has(known) ? known : first);
}

const ours = new Set(['active', 'archived', 'gst', 'gst_free', 'export', 'input_taxed', 'out_of_scope']);

/** The properties of an update. An empty text clears. Throws where a field is none of these. */
export function toProperties(
  fields: Readonly<Record<string, FieldValue | null>>,
  mapped: Mapped,
): Record<string, string> {
  const sent: Record<string, string> = {};
  for (const [field, value] of Object.entries(fields)) {
    const keys = mapped[field];
    if (!keys) throw new Error(`HubSpot has no field ${field}`);
    const texts = keys.length > 1 ? addressTexts(value) : [textOf(field, value)];
    keys.forEach((key, at) => {
      sent[key] = texts[at] ?? '';
    });
  }
  return sent;
}

function addressTexts(value: FieldValue | null): readonly string[] {
  const address = asAddress(value);
  return addressParts.map((part) => address[part] ?? '');
}

function textOf(field: string, value: FieldValue | null): string {
  if (value === null) return '';
  const terms = field === 'payment_terms' ? asTerms(value) : null;
  if (!terms) return String(value);
  return `${terms.days} days${terms.from === 'end_of_month' ? ' after end of month' : ''}`;
}
