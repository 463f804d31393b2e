import type { FieldValue } from '../../entities/field.ts';
import { asAddress, asTerms } from '../observed.ts';
import { billingOf, mainContactOf, supports } from './map.ts';
import type { Customer } from './schema.ts';

export interface Update {
  readonly body: Record<string, unknown>;
  /** True when it adds an address or a contact: sent twice, it would add two. */
  readonly adds: boolean;
}

/**
 * The body of an update: the id, what changes, nothing else. An address or contact goes out with the id it has, since one
 * without an id is added beside it. Null when there is nothing to send. Throws where a field is none of Cin7 Core's.
 */
export function toUpdate(
  fields: Readonly<Record<string, FieldValue | null>>,
  current: Customer,
): Update | null {
  const body: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(fields)) {
    if (!supports(field)) throw new Error(`Cin7 Core has no field ${field}`);
    const text = value === null ? '' : String(value);
    if (field === 'legal_name') body.Name = text;
    else if (field === 'abn') body.TaxNumber = text;
    else if (field === 'payment_terms') body.PaymentTerm = termName(value);
    else if (field === 'billing_address') addAddress(body, value, current);
  }
  addContact(body, fields, current);
  if (Object.keys(body).length === 0) return null;
  const adds = [body.Addresses, body.Contacts]
    .flat()
    .some((item) => typeof item === 'object' && item !== null && !('ID' in item));
  return { body: { ID: current.ID, ...body }, adds };
}

/** The name under which the account's list of payment terms has them; a name that it lacks is refused by Cin7 Core. */
function termName(value: FieldValue | null): string {
  const terms = asTerms(value);
  if (!terms) return value === null ? '' : String(value);
  return `${terms.days} days${terms.from === 'end_of_month' ? ' EOM' : ''}`;
}

function addAddress(body: Record<string, unknown>, value: FieldValue | null, current: Customer): void {
  const before = billingOf(current);
  if (value === null && !before) return;
  const { line1, line2, city, state, postcode, country } = asAddress(value);
  body.Addresses = [
    {
      ...(before ?? { Type: 'Billing', DefaultForType: true }),
      Line1: line1 ?? '',
      Line2: line2 ?? '',
      City: city ?? '',
      State: state ?? '',
      Postcode: postcode ?? '',
      // An address must have one, an emptied one too.
      Country: country ?? before?.Country ?? 'Australia',
    },
  ];
}

function addContact(
  body: Record<string, unknown>,
  fields: Readonly<Record<string, FieldValue | null>>,
  current: Customer,
): void {
  const { email, phone } = fields;
  if (email === undefined && phone === undefined) return;
  const before = mainContactOf(current);
  if (!before && !email && !phone) return;
  body.Contacts = [
    {
      // A contact must have a name; the business lends it its own.
      ...(before ?? { Name: current.Name ?? 'Accounts', Default: true }),
      ...(email === undefined ? {} : { Email: email ?? '' }),
      ...(phone === undefined ? {} : { Phone: phone ?? '' }),
    },
  ];
}
