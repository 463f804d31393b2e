import type { NewCin7Customers, TaxCodes } from '../../../agreement/agreement.ts';
import type { FieldValue } from '../../../entities/field.ts';
import { codeOf } from '../../../entities/tax.ts';
import type { Create } from '../../connector.ts';
import { asAddress, asTerms } from '../../observed.ts';
import { markerLine } from '../marker.ts';
import { type Body, statuses } from '../values.ts';
import { addressOf, addressTypes, mainContactOf, supports } from './map.ts';
import type { Customer } from './schema.ts';
import { usualName } from './terms.ts';

type Json = Record<string, unknown>;
type Fields = Readonly<Record<string, FieldValue | null>>;

/**
 * The body of an update: the id, what changes, nothing else. An address or contact goes out with the id it has, since one
 * without an id is added beside it.
 */
export function toUpdate(fields: Fields, current: Customer, codes: TaxCodes): Body {
  const plain = plainKeys(fields, codes);
  if ('reason' in plain) return { kind: 'impossible', reason: plain.reason };
  const Addresses = changedAddresses(fields, current);
  const Contacts = changedContact(fields, current);
  const json = { ...plain.json, ...lists({ Addresses, Contacts }) };
  if (Object.keys(json).length === 0) return { kind: 'nothing' };
  const adds = [...Addresses, ...Contacts].some((item) => !('ID' in item));
  return { kind: 'body', json: { ID: current.ID, ...json }, adds };
}

/** The body of a new customer: what the agreement says of all of them, what we know of this one, and our mark. */
export function toNewCustomer({ fields, marker }: Create, made: NewCin7Customers, codes: TaxCodes): Body {
  if (!fields.legal_name) return { kind: 'impossible', reason: 'Cin7 Core needs a name for a new customer' };
  const plain = plainKeys(fields, codes);
  if ('reason' in plain) return { kind: 'impossible', reason: plain.reason };
  const bare: Customer = { ID: '', Name: String(fields.legal_name) };
  const json = {
    Status: 'Active',
    Currency: made.currency,
    PaymentTerm: made.paymentTerm,
    AccountReceivable: made.accountReceivable,
    RevenueAccount: made.revenueAccount,
    TaxRule: made.taxRule,
    ...plain.json,
    Comments: markerLine(marker),
    ...lists({ Addresses: changedAddresses(fields, bare), Contacts: changedContact(fields, bare) }),
  };
  return { kind: 'body', json, adds: true };
}

const lists = (all: Readonly<Record<string, readonly Json[]>>): Json =>
  Object.fromEntries(Object.entries(all).filter(([, items]) => items.length > 0));

/** What a customer cannot be without: emptied, Cin7 Core would refuse it or put in something of its own. */
const needed: Readonly<Record<string, string>> = {
  legal_name: 'a name',
  payment_terms: 'payment terms',
  tax_treatment: 'a tax rule',
  status: 'a status',
};

/** The keys of the customer itself. Throws where a field is none of Cin7 Core's. */
function plainKeys(fields: Fields, codes: TaxCodes): { readonly json: Json } | { readonly reason: string } {
  const json: Json = {};
  for (const [field, value] of Object.entries(fields)) {
    if (!supports(field)) throw new Error(`Cin7 Core has no field ${field}`);
    if (value === null && needed[field])
      return { reason: `Cin7 Core has no customer without ${needed[field]}` };
    const text = value === null ? '' : String(value);
    if (field === 'legal_name') json.Name = text;
    if (field === 'abn') json.TaxNumber = text;
    if (field === 'payment_terms' && value !== null) json.PaymentTerm = termName(value);
    if (field === 'tax_treatment') {
      json.TaxRule = codeOf(codes, text);
      if (json.TaxRule === null)
        return { reason: `tax_codes of this connection says no tax rule for “${text}”` };
    }
    if (field === 'status') {
      json.Status = statuses[text.toLowerCase()];
      if (!json.Status) return { reason: `Cin7 Core has no status “${text}”` };
    }
  }
  return { json };
}

/** A name that the account's list of payment terms lacks is refused by Cin7 Core. */
function termName(value: FieldValue): string {
  const terms = asTerms(value);
  return terms ? usualName(terms) : String(value);
}

function changedAddresses(fields: Fields, current: Customer): Json[] {
  return Object.entries(addressTypes).flatMap(([field, Type]) => {
    const value = fields[field];
    const before = addressOf(current, Type);
    if (value === undefined || (value === null && !before)) return [];
    const { line1, line2, city, state, postcode, country } = asAddress(value);
    return [
      {
        ...(before ?? { Type, DefaultForType: true }),
        Line1: line1 ?? '',
        Line2: line2 ?? '',
        City: city ?? '',
        State: state ?? '',
        Postcode: postcode ?? '',
        // An address must have one, an emptied one too.
        Country: country ?? before?.Country ?? 'Australia',
      },
    ];
  });
}

const contactKeys = { email: 'Email', phone: 'Phone', mobile: 'MobilePhone' } as const;

function changedContact(fields: Fields, current: Customer): Json[] {
  const sent = Object.entries(contactKeys).filter(([field]) => fields[field] !== undefined);
  const before = mainContactOf(current);
  if (sent.length === 0 || (!before && sent.every(([field]) => !fields[field]))) return [];
  // A contact must have a name; the business lends it its own.
  const base = before ?? { Name: current.Name ?? 'Accounts', Default: true };
  return [{ ...base, ...Object.fromEntries(sent.map(([field, key]) => [key, fields[field] ?? ''])) }];
}
