import { dateField, dateOf, showDate } from './dates.ts';
import type { Choice, Entity, Field, Observed } from './field.ts';
import { invoiceLines, linesOf } from './invoice-lines.ts';
import { totalsOfLines } from './invoice-totals.ts';
import { type Amount, ofMinor } from './money/amount.ts';
import { amountIn, owedField } from './money/fields.ts';
import { choiceField, codeField, linkField, textField } from './plain-fields.ts';
import { textOf } from './text.ts';

const states: readonly Choice[] = [
  { value: 'draft', label: 'Draft' },
  { value: 'submitted', label: 'Waiting for approval' },
  { value: 'authorised', label: 'Approved' },
  { value: 'paid', label: 'Paid' },
  { value: 'voided', label: 'Voided' },
];

/** The number that an invoice goes by. The accounting system gives it. */
export const invoiceNumber: Field = codeField({ name: 'number', label: 'Invoice number', class: 'open' });

const dueOn: Field = {
  ...dateField({ name: 'due_on', label: 'Due on', class: 'open' }),
  warning: (value, { issued_on }) => {
    const [due, issued] = [textOf(value), issued_on === undefined ? '' : textOf(issued_on)];
    return dateOf(due) && dateOf(issued) && due < issued
      ? `This is before the invoice’s own date, ${showDate(issued)}.`
      : null;
  },
};

const shown = (observed: Observed | undefined) => (observed?.state === 'value' ? textOf(observed.value) : '');

/** What its lines come to, with GST: a deal says no other total. */
function linesWorth(observed: Observed | undefined): Amount | null {
  const lines = observed?.state === 'value' ? linesOf(observed.value) : null;
  const totals = lines && totalsOfLines(lines);
  return totals && ofMinor(totals.gross, lines.currency);
}

/** What we ask a customer to pay for one sale. */
export const invoice: Entity = {
  name: 'invoice',
  noun: { one: 'invoice', many: 'invoices' },
  fields: [
    codeField({ name: 'source', label: 'Deal', class: 'open' }),
    invoiceNumber,
    textField({ name: 'reference', label: 'Reference', class: 'open' }),
    dateField({ name: 'issued_on', label: 'Issued on', class: 'open' }),
    dueOn,
    invoiceLines,
    owedField({ name: 'total', label: 'Total', class: 'open' }),
    owedField({ name: 'tax', label: 'GST', class: 'open' }),
    owedField({ name: 'amount_due', label: 'Amount due', class: 'open' }),
    choiceField({ name: 'invoice_status', label: 'Invoice status', class: 'open' }, states),
    linkField({ name: 'invoice_link', label: 'Invoice’s page', class: 'open' }),
    linkField({ name: 'deal_link', label: 'Deal’s page', class: 'open' }),
  ],
  strongKeys: ['source', 'number'],
  names: ['source'],
  signs: [],
  worth: ({ total, lines }) => (total?.state === 'value' && amountIn(total.value)) || linesWorth(lines),
  title: ({ number, reference, source }) =>
    shown(number) ||
    shown(reference) ||
    (shown(source) ? `Deal ${shown(source)}` : 'Invoice without a number'),
};
