import {
  countryCode,
  lineWords,
  placeWords,
  postcodeOf,
  stateCode,
  stateOfPostcode,
} from './address-words.ts';
import type { Field, FieldValue } from './field.ts';
import { textOf, tidy } from './text.ts';

const parts = ['line1', 'line2', 'city', 'state', 'postcode', 'country'] as const;
/** An address is one value: it never becomes half of one and half of another. */
type Address = { readonly [part in (typeof parts)[number]]: string | null };

/** The parts of whatever was mapped; text alone becomes the first line. Empty parts are null. */
function read(value: FieldValue): Address {
  const source = typeof value === 'object' && value !== null ? value : { line1: value };
  const part = (name: string) => {
    const found = (source as Record<string, unknown>)[name];
    return (found === null || found === undefined ? '' : tidy(String(found))) || null;
  };
  return {
    line1: part('line1'),
    line2: part('line2'),
    city: part('city'),
    state: part('state'),
    postcode: part('postcode'),
    country: part('country'),
  };
}

/** `AU` also where no country is named but the state or the postcode is Australian: most systems leave it out at home. */
function countryOf(address: Address): string {
  if (address.country) return countryCode(address.country);
  const home = stateCode(address.state ?? '') !== null || /^\d{3,4}$/.test(address.postcode ?? '');
  return home ? 'AU' : '';
}

/** Case, spaces, punctuation, "Street" or "St", state names, lost zeros and which of the two lines a word is on do not count. */
function normal(value: FieldValue): string {
  const address = read(value);
  const country = countryOf(address);
  return [
    lineWords([address.line1, address.line2].filter(Boolean).join(' ')),
    placeWords(address.city ?? ''),
    stateCode(address.state ?? '') ?? placeWords(address.state ?? ''),
    country === 'AU' ? postcodeOf(address.postcode ?? '') : lineWords(address.postcode ?? ''),
    country,
  ].join('|');
}

function show(value: FieldValue): string {
  const address = read(value);
  const country = countryOf(address);
  const place = [
    address.city,
    stateCode(address.state ?? '') ?? address.state,
    country === 'AU' ? postcodeOf(address.postcode ?? '') : address.postcode,
  ];
  const abroad = country === 'AU' ? null : address.country;
  return [address.line1, address.line2, place.filter(Boolean).join(' '), abroad].filter(Boolean).join(', ');
}

function problem(value: FieldValue): string | null {
  const address = read(value);
  if (!parts.some((part) => address[part])) return 'The address is empty.';
  if (countryOf(address) !== 'AU' || !address.postcode) return null;
  if (/^\d{4}$/.test(postcodeOf(address.postcode))) return null;
  return `The postcode ${textOf(address.postcode)} is not four digits.`;
}

/** Towns on a border use the neighbour's postcode, so that this may be right. */
function warning(value: FieldValue): string | null {
  const address = read(value);
  const state = stateCode(address.state ?? '');
  const postcode = postcodeOf(address.postcode ?? '');
  if (!state || !/^\d{4}$/.test(postcode) || countryOf(address) !== 'AU') return null;
  const states = stateOfPostcode(postcode);
  if (states.includes(state)) return null;
  const usual = states.length > 0 ? `usually in ${states.join(' or ')}` : 'not in use';
  return `The postcode ${postcode} is ${usual}, the address says ${state}.`;
}

const addressField = (name: string, label: string): Field => ({
  name,
  label,
  class: 'open',
  normal,
  show,
  problem,
  warning,
});

/** Where invoices are addressed to. */
export const billingAddress = addressField('billing_address', 'Billing address');
/** Where goods go; the same parts as the billing address. */
export const deliveryAddress = addressField('delivery_address', 'Delivery address');
