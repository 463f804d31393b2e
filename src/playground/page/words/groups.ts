import type { CardField } from '../../vendors/vendor.ts';
import { quantity as grouped, money } from './figures.ts';

/** Fields of a card that are one thing to the eye: a line of a deal or an invoice, the stock of one place. */

export interface Line {
  readonly name: string;
  readonly quantity: string;
  readonly price: string;
  /** Dollars off each; '' = none. */
  readonly dollarsOff: string;
  /** Percent off; '' = none. */
  readonly percentOff: string;
}

/** What each system calls the parts of a line, behind the line's own id. */
const parts: Readonly<Record<string, keyof Line>> = {
  ...{ name: 'name', Description: 'name' },
  ...{ quantity: 'quantity', Quantity: 'quantity' },
  ...{ price: 'price', UnitAmount: 'price' },
  discount: 'dollarsOff',
  ...{ hs_discount_percentage: 'percentOff', DiscountRate: 'percentOff' },
};

/** Null where the fields are no line. */
export function lineOf(fields: readonly CardField[]): Line | null {
  const line = { name: '', quantity: '', price: '', dollarsOff: '', percentOff: '' };
  let isLine = false;
  for (const { key, value } of fields) {
    const [, part = ''] = key.split('.');
    const known = parts[part];
    if (!known) continue;
    line[known] = value.trim();
    isLine = true;
  }
  return isLine ? line : null;
}

/** "86.4 × Merbau decking at $11.45, less 5%" */
function lineWords({ name, quantity, price, dollarsOff, percentOff }: Line): string {
  const off = [
    Number(dollarsOff) ? `, less ${money(dollarsOff)} each` : '',
    Number(percentOff) ? `, less ${percentOff}%` : '',
  ];
  return `${grouped(quantity) || '?'} × ${name || 'no name'}${price && ` at ${money(price)}`}${off.join('')}`;
}

/** What two lines have to have in common: how many, and what they come to in cents. Names are each system's own. */
export function lineFigures({ quantity, price, dollarsOff, percentOff }: Line): string {
  const each = Number(price) - Number(dollarsOff);
  const cents = Math.round(Number(quantity) * each * (100 - Number(percentOff)));
  return `${Number(quantity)} for ${cents}`;
}

/** "1840.5 on hand, 312.4 allocated" */
export function groupWords(fields: readonly CardField[]): string {
  const line = lineOf(fields);
  if (line) return lineWords(line);
  return fields.map((field) => `${grouped(field.value) || 'no'} ${ownLabel(field)}`).join(', ');
}

/** A field's label without its group's: "Line 1 quantity" → "quantity". */
export const ownLabel = ({ label, group }: CardField): string =>
  group && label.startsWith(group) ? label.slice(group.length).replace(/^[\s,:]+/, '') : label;

export const lineNumber = (group: string): number | null => {
  const [, number] = /^Line (\d+)$/.exec(group) ?? [];
  return number ? Number(number) : null;
};
