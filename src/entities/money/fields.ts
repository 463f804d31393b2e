import type { Field, FieldClass, FieldValue } from '../field.ts';
import { fold, textOf } from '../text.ts';
import { type Amount, amountText, digitsOf } from './amount.ts';
import { decimalOf, printDecimal } from './decimal.ts';

type Named = { readonly name: string; readonly label: string; readonly class: FieldClass };

/** The amount in a value, or null where there is none to read. */
function read(value: FieldValue): Amount | null {
  if (typeof value !== 'object' || value === null) return null;
  const { minor, currency } = value;
  const isWhole = typeof minor === 'number' && Number.isSafeInteger(minor);
  return isWhole && typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) ? { minor, currency } : null;
}

/** A field that holds an {@link Amount}: one value, with its currency. The same cents of another currency are another amount. */
export const amountField = (about: Named): Field => ({
  ...about,
  normal: (value) => {
    const amount = read(value);
    return amount ? `${amount.currency} ${amount.minor}` : fold(textOf(value));
  },
  show: (value) => {
    const amount = read(value);
    return amount ? shown(amount) : textOf(value);
  },
  problem: (value) => (read(value) ? null : 'An amount needs whole cents and a currency, such as AUD.'),
});

/** "$1,234.50" of our own dollars, "USD 1,234.50" of any other money. */
function shown(amount: Amount): string {
  const { minor, currency } = amount;
  const text = amountText({ ...amount, minor: Math.abs(minor) });
  const [whole = '', part] = text.split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  const figure = digitsOf(currency) === 0 ? grouped : `${grouped}.${part}`;
  return `${minor < 0 ? '-' : ''}${currency === 'AUD' ? '$' : `${currency} `}${figure}`;
}

/** A field that holds an exact decimal as text: a quantity. "1.50" and "1.5" are the same. */
export const decimalField = (about: Named): Field => ({
  ...about,
  normal: (value) => numberText(value) ?? fold(textOf(value)),
  show: (value) => numberText(value) ?? textOf(value),
  problem: (value) =>
    numberText(value) === null ? `“${textOf(value)}” is not a number with a decimal point.` : null,
});

function numberText(value: FieldValue): string | null {
  const decimal = typeof value === 'string' || typeof value === 'number' ? decimalOf(value) : null;
  return decimal && printDecimal(decimal);
}
