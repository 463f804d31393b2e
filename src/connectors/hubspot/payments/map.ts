import { type Fields, inAmount, inChoice, inDate, inText, readOnly } from '../fields.ts';

/** What the deal says of the payments of its invoice. */
export const paymentFields: Fields = {
  number: readOnly(inText('truce_invoice_number')),
  payment_status: inChoice('truce_payment_status', ['unpaid', 'part_paid', 'paid', 'credited', 'voided']),
  amount_paid: inAmount('truce_amount_paid'),
  amount_credited: inAmount('truce_amount_credited'),
  paid_on: inDate('truce_paid_on'),
  credit_notes: inText('truce_credit_notes'),
};
