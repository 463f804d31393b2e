import type { Field, FieldClass, FieldValue } from '../field.ts';
import { fold, textOf } from '../text.ts';
import { type Amount, amountText, digitsOf } from './amount.ts';
import { decimalOf, printDecimal } from './decimal.ts';

type Named = { readonly name: string; readonly label: string; readonly class: FieldClass };

/** The amount in a value, or null where there is none to read. */
export function amountIn(value: FieldValue): Amount | null {
  if (typeof value !== 'object' || value === null) return null;
  const { minor, currency } = value;
  const isWhole = typeof minor === 'number' && Number.isSafeInteger(minor);
  return isWhole && typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) ? { minor, currency } : null;
}

/** A field that holds an {@link Amount}: one value, with its currency. The same cents of another currency are another amount. */
export const amountField = (about: Named): Field => ({
  ...about,
  normal: (value) => {
    const amount = amountIn(value);
    return amount ? `${amount.currency} ${amount.minor}` : fold(textOf(value));
  },
  show: (value) => {
    const amount = amountIn(value);
    return amount ? showAmount(amount) : textOf(value);
  },
  problem: (value) => (amountIn(value) ? null : 'An amount needs whole cents and a currency, such as AUD.'),
});

/** "$1,234.50" of our own dollars, "USD 1,234.50" of any other money. */
export function showAmount(amount: Amount): string {
  const { minor, currency } = amount;
  const text = amountText({ ...amount, minor: Math.abs(minor) });
  const [whole = '', part] = text.split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  const figure = digitsOf(currency) === 0 ? grouped : `${grouped}.${part}`;
  return `${minor < 0 ? '-' : ''}${currency === 'AUD' ? '$' : `${currency} `}${figure}`;
}

/** {@link amountField} for what cannot be less than nothing: what an invoice comes to, what was paid of it. */
export function owedField(about: Named): Field {
  const field = amountField(about);
  return {
    ...field,
    problem: (value) =>
      field.problem(value) ?? ((amountIn(value)?.minor ?? 0) < 0 ? `${about.label} is below zero.` : null),
  };
}

/**
 * A field that holds a price as an exact decimal, of as many digits as a system keeps: "0.0375". Shown with cents at the least, and
 * without a currency, for it is the company's.
 */
export function priceField(about: Named): Field {
  const field = decimalField(about);
  return {
    ...field,
    show: (value) => {
      const text = numberText(value);
      return text === null ? textOf(value) : withCents(text);
    },
    problem: (value) =>
      field.problem(value) ?? (numberText(value)?.startsWith('-') ? `${about.label} is below zero.` : null),
  };
}

function withCents(text: string): string {
  const [whole = '0', part = ''] = text.split('.');
  return `${whole}.${part.padEnd(2, '0')}`;
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
