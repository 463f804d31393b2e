import type { ObjectType } from './client.ts';
import type { Mapping } from './companies/map.ts';
import { markerProperty, propertiesIn } from './objects.ts';

/** A property as the properties API takes it. */
export interface Definition {
  readonly name: string;
  readonly label: string;
  readonly type: 'string' | 'number' | 'date' | 'enumeration' | 'bool';
  readonly fieldType: 'text' | 'textarea' | 'number' | 'date' | 'select' | 'booleancheckbox';
  readonly options?: readonly {
    readonly label: string;
    readonly value: string;
    readonly displayOrder: number;
  }[];
  readonly hasUniqueValue?: true;
}

/** What an entity needs in an account of HubSpot, and the step that makes it. */
export interface Wanted {
  readonly type: ObjectType;
  /** The step's id; no two entities have the same. */
  readonly step: string;
  readonly properties: readonly Definition[];
}

const line = (name: string, label: string): Definition => ({
  name,
  label,
  type: 'string',
  fieldType: 'text',
});
const area = (name: string, label: string): Definition => ({ ...line(name, label), fieldType: 'textarea' });
const count = (name: string, label: string): Definition => ({
  name,
  label,
  type: 'number',
  fieldType: 'number',
});
const day = (name: string, label: string): Definition => ({ name, label, type: 'date', fieldType: 'date' });
const choice = (name: string, label: string, options: Readonly<Record<string, string>>): Definition => ({
  name,
  label,
  type: 'enumeration',
  fieldType: 'select',
  options: Object.entries(options).map(([value, text], displayOrder) => ({
    label: text,
    value,
    displayOrder,
  })),
});

/** HubSpot makes no boolean without exactly these two options (seen in its answers; its reference leaves them out). */
const yesNo = (name: string, label: string): Definition => ({
  ...choice(name, label, { true: 'Yes', false: 'No' }),
  type: 'bool',
  fieldType: 'booleancheckbox',
});
const marker: Definition = { ...line(markerProperty, 'Truce ID'), hasUniqueValue: true };
const treatments = {
  gst: 'GST',
  gst_free: 'GST free',
  export: 'Export',
  input_taxed: 'Input taxed',
  out_of_scope: 'Out of scope',
};
const inUse = { active: 'Active', archived: 'Archived' };

/** What HubSpot has no property of its own for. What has leading zeros is never a number. */
const ofCompanies: readonly Definition[] = [
  line('legal_name', 'Legal name'),
  line('abn', 'ABN'),
  line('acn', 'ACN'),
  line('billing_email', 'Billing email'),
  line('mobile_phone', 'Mobile'),
  line('payment_terms', 'Payment terms'),
  choice('tax_treatment', 'Tax treatment', treatments),
  yesNo('gst_registered', 'GST registered'),
  choice('customer_status', 'Customer status', inUse),
  line('delivery_address', 'Delivery street address'),
  line('delivery_address2', 'Delivery street address 2'),
  line('delivery_city', 'Delivery city'),
  line('delivery_state', 'Delivery state'),
  line('delivery_zip', 'Delivery postcode'),
  line('delivery_country', 'Delivery country'),
];
const ofProducts: readonly Definition[] = [
  choice('truce_tax_treatment', 'Tax treatment', treatments),
  line('truce_unit', 'Unit'),
  choice('truce_status', 'Product status', inUse),
  marker,
];
const ofStock: readonly Definition[] = [
  count('truce_stock_on_hand', 'Stock on hand'),
  count('truce_stock_allocated', 'Stock allocated'),
  count('truce_stock_available', 'Stock available'),
  area('truce_stock_locations', 'Stock by location'),
];
const number = line('truce_invoice_number', 'Invoice number');
const ofInvoices: readonly Definition[] = [
  number,
  choice('truce_invoice_status', 'Invoice status', {
    draft: 'Draft',
    submitted: 'Waiting for approval',
    authorised: 'Approved',
    paid: 'Paid',
    voided: 'Voided',
  }),
  day('truce_invoice_issued_on', 'Invoice date'),
  day('truce_invoice_due_on', 'Invoice due'),
  count('truce_invoice_total', 'Invoice total'),
  count('truce_invoice_tax', 'Invoice GST'),
  count('truce_invoice_amount_due', 'Invoice amount due'),
  line('truce_invoice_link', 'Invoice’s page'),
];
const ofPayments: readonly Definition[] = [
  number,
  choice('truce_payment_status', 'Payment status', {
    unpaid: 'Unpaid',
    part_paid: 'Part paid',
    paid: 'Paid',
    credited: 'Credited',
    voided: 'Voided',
  }),
  count('truce_amount_paid', 'Amount paid'),
  count('truce_amount_credited', 'Amount credited'),
  day('truce_paid_on', 'Paid on'),
  area('truce_credit_notes', 'Credit notes'),
];

/** The steps, by entity. */
export const stepOf = {
  customer: 'properties',
  product: 'product_properties',
  stock_level: 'stock_properties',
  invoice: 'deal_properties',
  payment: 'payment_properties',
} as const;

/** What each entity needs; the same for every account but for where companies keep whom invoices go to. */
export function wantedBy(mapping: Mapping): Readonly<Record<string, Wanted>> {
  const used = new Set(propertiesIn(mapping.company));
  const companies = [...ofCompanies.filter(({ name }) => used.has(name)), marker];
  return {
    customer: { type: 'companies', step: stepOf.customer, properties: companies },
    product: { type: 'products', step: stepOf.product, properties: ofProducts },
    stock_level: { type: 'products', step: stepOf.stock_level, properties: ofStock },
    invoice: { type: 'deals', step: stepOf.invoice, properties: ofInvoices },
    payment: { type: 'deals', step: stepOf.payment, properties: ofPayments },
  };
}
