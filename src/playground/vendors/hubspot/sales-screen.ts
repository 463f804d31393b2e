import { onlyKeys } from '../practice.ts';
import type { Card, CardField, Screen } from '../vendor.ts';
import type { Associations } from './associations.ts';
import { chosenOption, person } from './card.ts';
import { stages } from './pipelines.ts';
import type { Sales } from './sales.ts';
import { invoiceStatuses, paymentStatuses } from './standard-properties.ts';
import { type CrmRecord, modifiedAt, type Objects, propertyOf } from './state.ts';

const treatments = {
  gst: 'GST',
  gst_free: 'GST free',
  export: 'Export',
  input_taxed: 'Input taxed',
  out_of_scope: 'Out of scope',
};
const ofProduct = [
  ['name', 'Name'],
  ['hs_sku', 'SKU'],
  ['description', 'Description'],
  ['price', 'Unit price'],
  ['hs_cost_of_goods_sold', 'Unit cost'],
  ['truce_tax_treatment', 'Tax treatment'],
  ['truce_unit', 'Unit'],
  ['truce_status', 'Product status'],
  ['truce_stock_on_hand', 'Stock on hand'],
  ['truce_stock_allocated', 'Stock allocated'],
  ['truce_stock_available', 'Stock available'],
  ['truce_stock_locations', 'Stock by location'],
] as const;
const ofDeal = [
  ['dealname', 'Deal name'],
  ['dealstage', 'Deal stage'],
  ['amount', 'Amount'],
  ['truce_invoice_number', 'Invoice number'],
  ['truce_invoice_status', 'Invoice status'],
  ['truce_invoice_issued_on', 'Invoice date'],
  ['truce_invoice_due_on', 'Invoice due'],
  ['truce_invoice_total', 'Invoice total'],
  ['truce_invoice_tax', 'Invoice GST'],
  ['truce_invoice_amount_due', 'Invoice amount due'],
  ['truce_payment_status', 'Payment status'],
  ['truce_amount_paid', 'Amount paid'],
  ['truce_credit_notes', 'Credit notes'],
  ['truce_amount_credited', 'Amount credited'],
  ['truce_paid_on', 'Paid on'],
  ['truce_credit_notes', 'Credit notes'],
] as const;
const ofLine = [
  ['name', 'name'],
  ['quantity', 'quantity'],
  ['price', 'unit price'],
  ['discount', 'unit discount'],
  ['hs_discount_percentage', 'discount %'],
] as const;
const dropDowns: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  truce_tax_treatment: treatments,
  truce_status: { active: 'Active', archived: 'Archived' },
  dealstage: Object.fromEntries(stages.map(({ id, label }) => [id, label])),
  truce_invoice_status: invoiceStatuses,
  truce_payment_status: paymentStatuses,
};

type Shown = readonly (readonly [key: string, label: string])[];

/** The product library, as people see it. */
export const productScreen = (products: Objects): Screen => ({
  ...cardsOf(products, (product) => cardOf(products, product, ofProduct, 'name')),
  edit: (id, values, editor) => products.update(id, kept(values, ofProduct), person(editor)),
  add: (values, editor) => products.create(kept(values, ofProduct), person(editor)).id,
});

/**
 * Deals, each with its company and its lines: `77.quantity` is the quantity of line 77. A save of a line moves the deal's amount,
 * as HubSpot's screen does.
 */
export function dealScreen(
  { deals, line_items: lines, companies }: Sales & { readonly companies: Objects },
  associations: Associations,
): Screen {
  const companyOf = (deal: CrmRecord): CardField => {
    const [company] = associations
      .of('deals', deal.id, 'companies')
      .flatMap(({ id }) => companies.get(id) ?? []);
    const value = company ? (propertyOf('companies', company, 'name') ?? '') : '';
    return { key: 'company', label: 'Company', value, isFixed: true };
  };
  const linesOf = (deal: CrmRecord): CrmRecord[] =>
    associations.of('deals', deal.id, 'line_items').flatMap(({ id }) => lines.get(id) ?? []);
  const card = (deal: CrmRecord): Card => {
    const own = cardOf(deals, deal, ofDeal, 'dealname');
    const [name, ...rest] = own.fields;
    const fields = [
      ...(name ? [name] : []),
      companyOf(deal),
      ...rest,
      ...linesOf(deal).flatMap(fieldsOfLine),
    ];
    return { ...own, fields };
  };
  return {
    ...cardsOf(deals, card),
    edit: (id, values, editor) => {
      const ofLines = Object.entries(values).filter(([key]) => key.includes('.'));
      const ofItself = Object.entries(values).filter(([key]) => !key.includes('.'));
      for (const [key, value] of ofLines) {
        const [lineId = '', name = ''] = key.split('.');
        lines.update(lineId, kept({ [name]: value }, ofLine), person(editor));
      }
      const deal = deals.get(id);
      const amount = deal && ofLines.length > 0 ? { amount: sumOf(linesOf(deal)) } : {};
      deals.update(id, { ...kept(Object.fromEntries(ofItself), ofDeal), ...amount }, person(editor));
    },
    add: (values, editor) => deals.create(kept(values, ofDeal), person(editor)).id,
  };
}

const cardsOf = (objects: Objects, card: (record: CrmRecord) => Card): Pick<Screen, 'cards' | 'card'> => ({
  cards: () =>
    objects
      .all()
      .filter(({ archived }) => !archived)
      .map(card),
  card: (id) => {
    const record = objects.find(id);
    return record ? card(record) : null;
  },
});

function cardOf({ type }: Objects, record: CrmRecord, shown: Shown, title: string): Card {
  const held = (name: string) => propertyOf(type, record, name) ?? '';
  return {
    system: 'hubspot',
    label: 'HubSpot',
    externalId: record.id,
    title: held(title) || `${title} ${record.id}`,
    abn: '',
    fields: shown.map(([key, label]) => ({ key, label, value: dropDowns[key]?.[held(key)] ?? held(key) })),
    updatedAt: modifiedAt(record),
  };
}

const fieldsOfLine = (line: CrmRecord, place: number): CardField[] =>
  ofLine.map(([key, label]) => ({
    key: `${line.id}.${key}`,
    label: `Line ${place + 1} ${label}`,
    value: propertyOf('line_items', line, key) ?? '',
    group: `Line ${place + 1}`,
  }));

/** In whole cents, so that nothing is lost on the way. */
function sumOf(lines: readonly CrmRecord[]): string {
  const cents = lines.reduce(
    (sum, line) => sum + Math.round(Number(propertyOf('line_items', line, 'amount') ?? 0) * 100),
    0,
  );
  return (cents / 100).toFixed(2);
}

function kept(values: Readonly<Record<string, string>>, shown: Shown): Record<string, string> {
  onlyKeys(
    'HubSpot',
    shown.map(([key]) => key),
    values,
  );
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, chosenOption(dropDowns[key] ?? {}, value)]),
  );
}
