import { type Fields, inAmount, inChoice, inDate, inText, readOnly } from '../fields.ts';

/** What a deal says of its invoice in properties. Its lines, its own id and its page are read otherwise, and never changed. */
export const dealFields: Fields = {
  number: inText('truce_invoice_number'),
  reference: readOnly(inText('dealname')),
  issued_on: inDate('truce_invoice_issued_on'),
  due_on: inDate('truce_invoice_due_on'),
  total: inAmount('truce_invoice_total'),
  tax: inAmount('truce_invoice_tax'),
  amount_due: inAmount('truce_invoice_amount_due'),
  invoice_status: inChoice('truce_invoice_status', ['draft', 'submitted', 'authorised', 'paid', 'voided']),
  invoice_link: inText('truce_invoice_link'),
};

export const besideProperties = ['source', 'lines', 'deal_link'] as const;
