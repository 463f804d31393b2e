import { about, type ObjectType, objectTypes } from './object-types.ts';
import { pipeline, stages } from './pipelines.ts';
import type { Property } from './property.ts';

type Told = Omit<Property, 'groupName'>;

const kind = (type: Property['type'], fieldType: string) => (name: string, label: string) => ({
  name,
  label,
  type,
  fieldType,
});
const line = kind('string', 'text');
const area = kind('string', 'textarea');
const phone = kind('string', 'phonenumber');
const count = kind('number', 'number');
const day = kind('date', 'date');
const readOnly = { readOnly: true as const };
const stamp = (name: string, label: string) => ({ ...kind('datetime', 'date')(name, label), ...readOnly });
const choice = (name: string, label: string, options: Readonly<Record<string, string>>) => ({
  ...kind('enumeration', 'select')(name, label),
  options: Object.entries(options).map(([value, text]) => ({ label: text, value })),
});
const yesNo = (name: string, label: string) => ({
  ...choice(name, label, { true: 'Yes', false: 'No' }),
  ...kind('bool', 'booleancheckbox')(name, label),
});
/** HubSpot takes no price below zero. Source: HubSpot's guide to line items. */
const price = (name: string, label: string) => ({ ...count(name, label), notNegative: true as const });

const ofEvery = [
  stamp('createdate', 'Create date'),
  { ...count('hs_object_id', 'Record ID'), ...readOnly },
  { ...line('hs_merged_object_ids', 'Merged record IDs'), ...readOnly },
];
const address = [
  line('address', 'Street address'),
  line('city', 'City'),
  line('state', 'State'),
  line('zip', 'Postcode'),
  line('country', 'Country'),
];
const frequencies = { monthly: 'Monthly', quarterly: 'Quarterly', annually: 'Annually' };
const goods = [
  line('name', 'Name'),
  area('description', 'Description'),
  line('hs_sku', 'SKU'),
  price('price', 'Unit price'),
  count('hs_cost_of_goods_sold', 'Unit cost'),
  choice('recurringbillingfrequency', 'Billing frequency', frequencies),
];

const own: Readonly<Record<ObjectType, readonly Told[]>> = {
  companies: [
    line('name', 'Company name'),
    phone('phone', 'Phone'),
    ...address,
    line('address2', 'Street address 2'),
    line('domain', 'Company domain name'),
    line('website', 'Website'),
    area('description', 'Description'),
    choice('industry', 'Industry', {
      CONSTRUCTION: 'Construction',
      FOOD_BEVERAGES: 'Food & beverages',
      RETAIL: 'Retail',
      WHOLESALE: 'Wholesale',
    }),
    count('numberofemployees', 'Number of employees'),
    count('annualrevenue', 'Annual revenue'),
    { ...count('num_associated_contacts', 'Number of associated contacts'), ...readOnly },
  ],
  contacts: [
    { ...line('email', 'Email'), unique: true },
    { ...line('hs_additional_emails', 'Additional email addresses'), ...readOnly },
    line('firstname', 'First name'),
    line('lastname', 'Last name'),
    phone('phone', 'Phone number'),
    phone('mobilephone', 'Mobile phone number'),
    line('company', 'Company name'),
    line('jobtitle', 'Job title'),
    ...address,
  ],
  products: [
    ...goods,
    choice('hs_product_type', 'Product type', {
      inventory: 'Inventory',
      non_inventory: 'Non-inventory',
      service: 'Service',
    }),
    line('hs_url', 'URL'),
  ],
  deals: [
    line('dealname', 'Deal name'),
    choice('dealstage', 'Deal stage', Object.fromEntries(stages.map(({ id, label }) => [id, label]))),
    choice('pipeline', 'Pipeline', { [pipeline.id]: pipeline.label }),
    count('amount', 'Amount'),
    kind('datetime', 'date')('closedate', 'Close date'),
    choice('deal_currency_code', 'Currency', { AUD: 'AUD', NZD: 'NZD' }),
    area('description', 'Deal description'),
    { ...yesNo('hs_is_closed_won', 'Is closed won'), ...readOnly },
  ],
  line_items: [
    ...goods,
    count('quantity', 'Quantity'),
    price('discount', 'Unit discount'),
    count('hs_discount_percentage', 'Discount percentage'),
    line('hs_product_id', 'Product ID'),
    count('hs_position_on_quote', 'Position'),
    choice('hs_line_item_currency_code', 'Currency', { AUD: 'AUD', NZD: 'NZD' }),
    { ...count('amount', 'Net price'), ...readOnly },
  ],
};

/** What every account has, whatever it made for itself. */
export const standard = Object.fromEntries(
  objectTypes.map((type) => {
    const { modified, group } = about[type];
    const all: readonly Told[] = [...own[type], ...ofEvery, stamp(modified, 'Last modified date')];
    return [type, all.map((property) => ({ ...property, groupName: group.name }))];
  }),
) as unknown as Readonly<Record<ObjectType, readonly Property[]>>;

const treatments = {
  gst: 'GST',
  gst_free: 'GST free',
  export: 'Export',
  input_taxed: 'Input taxed',
  out_of_scope: 'Out of scope',
};
const marker = { ...line('truce_id', 'Truce ID'), unique: true as const };
const status = { active: 'Active', archived: 'Archived' };
export const invoiceStatuses = {
  draft: 'Draft',
  submitted: 'Waiting for approval',
  authorised: 'Approved',
  paid: 'Paid',
  voided: 'Voided',
};
export const paymentStatuses = {
  unpaid: 'Unpaid',
  part_paid: 'Part paid',
  paid: 'Paid',
  credited: 'Credited',
  voided: 'Voided',
};

const made: Readonly<Record<ObjectType, readonly Told[]>> = {
  companies: [
    line('legal_name', 'Legal name'),
    line('abn', 'ABN'),
    line('acn', 'ACN'),
    line('billing_email', 'Billing email'),
    line('mobile_phone', 'Mobile'),
    line('payment_terms', 'Payment terms'),
    choice('tax_treatment', 'Tax treatment', treatments),
    yesNo('gst_registered', 'GST registered'),
    choice('customer_status', 'Customer status', status),
    line('delivery_address', 'Delivery street address'),
    line('delivery_address2', 'Delivery street address 2'),
    line('delivery_city', 'Delivery city'),
    line('delivery_state', 'Delivery state'),
    line('delivery_zip', 'Delivery postcode'),
    line('delivery_country', 'Delivery country'),
    marker,
  ],
  contacts: [],
  products: [
    choice('truce_tax_treatment', 'Tax treatment', treatments),
    line('truce_unit', 'Unit'),
    choice('truce_status', 'Product status', status),
    marker,
    count('truce_stock_on_hand', 'Stock on hand'),
    count('truce_stock_allocated', 'Stock allocated'),
    count('truce_stock_available', 'Stock available'),
    area('truce_stock_locations', 'Stock by location'),
  ],
  deals: [
    line('truce_invoice_number', 'Invoice number'),
    choice('truce_invoice_status', 'Invoice status', invoiceStatuses),
    day('truce_invoice_issued_on', 'Invoice date'),
    day('truce_invoice_due_on', 'Invoice due'),
    count('truce_invoice_total', 'Invoice total'),
    count('truce_invoice_tax', 'Invoice GST'),
    count('truce_invoice_amount_due', 'Invoice amount due'),
    line('truce_invoice_link', 'Invoice’s page'),
    choice('truce_payment_status', 'Payment status', paymentStatuses),
    count('truce_amount_paid', 'Amount paid'),
    count('truce_amount_credited', 'Amount credited'),
    day('truce_paid_on', 'Paid on'),
    area('truce_credit_notes', 'Credit notes'),
  ],
  line_items: [],
};

/** What the practice company has made for itself, as Truce's own steps would have. */
export const installed: Readonly<Record<ObjectType, readonly Property[]>> = Object.fromEntries(
  objectTypes.map((type) => [
    type,
    made[type].map((property) => ({ ...property, groupName: about[type].group.name, custom: true as const })),
  ]),
) as unknown as Readonly<Record<ObjectType, readonly Property[]>>;
