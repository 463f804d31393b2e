import { dateField } from './dates.ts';
import type { Choice, Entity, Observed } from './field.ts';
import { invoiceNumber } from './invoice.ts';
import { owedField } from './money/fields.ts';
import { choiceField, textField } from './plain-fields.ts';
import { textOf } from './text.ts';

const states: readonly Choice[] = [
  { value: 'unpaid', label: 'Unpaid' },
  { value: 'part_paid', label: 'Part paid' },
  { value: 'paid', label: 'Paid' },
  { value: 'credited', label: 'Credited' },
  { value: 'voided', label: 'Voided' },
];

const shown = (observed: Observed | undefined) => (observed?.state === 'value' ? textOf(observed.value) : '');

/** What has been paid of one invoice, and credited. */
export const payment: Entity = {
  name: 'payment',
  noun: { one: 'payment', many: 'payments' },
  fields: [
    invoiceNumber,
    choiceField({ name: 'payment_status', label: 'Payment status', class: 'open' }, states),
    owedField({ name: 'amount_paid', label: 'Amount paid', class: 'open' }),
    owedField({ name: 'amount_credited', label: 'Amount credited', class: 'open' }),
    dateField({ name: 'paid_on', label: 'Paid on', class: 'open' }),
    textField({ name: 'credit_notes', label: 'Credit notes', class: 'open' }),
  ],
  strongKeys: ['number'],
  names: ['number'],
  signs: [],
  title: ({ number }) =>
    shown(number) ? `Payments of ${shown(number)}` : 'Payments without an invoice number',
};
