import { acnOfAbn, checkAbn } from './abn.ts';
import { formatAcn, isAcn, normaliseAcn } from './acn.ts';
import { billingAddress } from './address.ts';
import { editDistance } from './edit-distance.ts';
import { email } from './email.ts';
import type { FieldValue, Sign } from './field.ts';
import { nameKey } from './names.ts';
import { phone } from './phone.ts';
import { textOf } from './text.ts';

/** What speaks for two customers being one. What each counts is weighed in `sync/identity/decide-likeness.ts`. */
export const customerSigns: readonly Sign[] = [
  {
    name: 'name',
    label: 'name',
    fields: ['legal_name', 'trading_name'],
    class: 'open',
    weight: 2,
    key: (value) => nameKey(textOf(value)) || null,
    alike: areNamesAlike,
    show: textOf,
  },
  {
    name: 'acn',
    label: 'ACN',
    fields: ['acn', 'abn'],
    class: 'open',
    weight: 4,
    key: acnKey,
    show: (value, field) => formatAcn(acnKey(value, field) ?? ''),
  },
  {
    name: 'email',
    label: 'email',
    fields: ['email'],
    class: 'personal',
    weight: 2,
    key: (value) => (email.problem(value) === null ? email.normal(value) : null),
    alike: areOfOneDomain,
    show: email.show,
  },
  {
    name: 'phone',
    label: 'phone',
    fields: ['phone', 'mobile'],
    class: 'personal',
    weight: 2,
    key: (value) => (phone.problem(value) === null ? phone.normal(value) : null),
    show: phone.show,
  },
  {
    name: 'address',
    label: 'address',
    fields: ['billing_address', 'delivery_address'],
    class: 'open',
    weight: 2,
    key: addressKey,
    show: billingAddress.show,
  },
];

/** A company's number: its own, or the one inside its ABN. */
function acnKey(value: FieldValue, field: string): string | null {
  const text = textOf(value);
  if (field === 'acn') return isAcn(text) ? normaliseAcn(text) : null;
  return checkAbn(text).ok ? acnOfAbn(text) : null;
}

/** A town alone is no address. */
function addressKey(value: FieldValue): string | null {
  const [street = '', town = ''] = billingAddress.normal(value).split('|');
  return street !== '' && town !== '' ? billingAddress.normal(value) : null;
}

/** One slip in a longer name, or one name that goes on where the other ends: "Kookabura Bend", "Kookaburra Bend Electrical". */
function areNamesAlike(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length < 5) return false;
  if (long.startsWith(`${short} `) && short.includes(' ')) return true;
  const slips = short.length < 12 ? 1 : 2;
  return long.length - short.length <= slips && editDistance(short, long) <= slips;
}

/** Domains at which anybody may have an address: they say nothing about whose it is. */
const everybodys =
  /@(?:(?:gmail|googlemail|hotmail|outlook|live|msn|yahoo|ymail|icloud|me|mac|aol|proton|protonmail|bigpond|optusnet|iinet|tpg|westnet|dodo|internode)\.(?:com|net|me)(?:\.au)?)$/;

function areOfOneDomain(a: string, b: string): boolean {
  const [ofA, ofB] = [a, b].map((address) => address.slice(address.indexOf('@')));
  return ofA === ofB && !everybodys.test(a);
}
