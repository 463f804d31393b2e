import type { Entity, Field, FieldValue } from '#src/entities/field.ts';
import { amountField } from '#src/entities/money/fields.ts';
import { status } from '#src/entities/status.ts';

const textField = (name: string, label: string): Field => ({
  name,
  label,
  class: 'open',
  normal: (value: FieldValue) => String(value).toUpperCase(),
  show: (value: FieldValue) => String(value),
  problem: () => null,
});

/** So many whole cents. */
export const aud = (minor: number) => ({ minor, currency: 'AUD' });

/** An entity of the tests alone, so that the engine is tried with what refers to a customer. */
export const invoice: Entity = {
  name: 'invoice',
  noun: { one: 'invoice', many: 'invoices' },
  fields: [
    textField('number', 'Number'),
    amountField({ name: 'amount', label: 'Amount', class: 'open' }),
    textField('note', 'Note'),
    status,
  ],
  strongKeys: ['number'],
  names: ['number'],
  signs: [],
  title: ({ number }) => (number?.state === 'value' ? String(number.value) : 'Invoice without a number'),
};
