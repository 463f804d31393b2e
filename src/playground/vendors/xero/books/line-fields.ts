import { onlyKeys } from '../../practice.ts';
import type { CardField } from '../../vendor.ts';
import type { Json } from '../write.ts';
import type { Line } from './state.ts';

type Values = Readonly<Record<string, string>>;

/** What an invoice's screen shows of each line. */
const labels = {
  Description: 'description',
  Quantity: 'quantity',
  UnitAmount: 'price',
  DiscountRate: 'discount %',
} as const;
const keys = Object.keys(labels) as (keyof typeof labels)[];

/** The lines as fields of the invoice's card: `<LineItemID>.Quantity`. */
export const lineFields = (lines: readonly Line[]): CardField[] =>
  lines.flatMap((line, place) =>
    keys.map((key) => ({
      key: `${line.LineItemID}.${key}`,
      label: `Line ${place + 1} ${labels[key]}`,
      value: line[key],
      group: `Line ${place + 1}`,
    })),
  );

/** What was typed, of the invoice itself and of its lines. */
export function splitLines(values: Values): { readonly ofItself: Values; readonly ofLines: Values } {
  const parts = (isLine: boolean) =>
    Object.fromEntries(Object.entries(values).filter(([key]) => key.includes('.') === isLine));
  return { ofItself: parts(false), ofLines: parts(true) };
}

/** All lines as Xero takes them, with what was typed. */
export function typedLines(lines: readonly Line[], typed: Values): Json[] {
  onlyKeys(
    'Xero invoice',
    lines.flatMap(({ LineItemID }) => keys.map((key) => `${LineItemID}.${key}`)),
    typed,
  );
  return lines.map(({ LineItemID }) => {
    const own = keys.flatMap((key) => {
      const value = typed[`${LineItemID}.${key}`];
      return value === undefined ? [] : [[key, value] as const];
    });
    return { LineItemID, ...Object.fromEntries(own) };
  });
}
