import type { Kind } from '../../page-server/api.ts';
import type { CardField } from '../../vendors/vendor.ts';

/**
 * The same thing under three vendors' names: HubSpot's `zip` is Xero's `PostalCode` and Cin7 Core's `Postcode`.
 * For marking differences on the page only; what Truce compares is its connectors' business.
 */
export type Meaning = MeaningOfCustomer | MeaningOfProduct | MeaningOfSale | `line ${number}` | null;
type MeaningOfCustomer =
  | 'legal_name'
  | 'trading_name'
  | 'abn'
  | 'acn'
  | 'email'
  | 'phone'
  | 'mobile'
  | 'address'
  | 'delivery'
  | 'terms'
  | 'tax'
  | 'status';
type MeaningOfProduct =
  | 'name'
  | 'sku'
  | 'description'
  | 'price'
  | 'cost'
  | 'tax'
  | 'unit'
  | 'status'
  | 'on_hand'
  | 'allocated'
  | 'available';
type MeaningOfSale =
  | 'customer'
  | 'reference'
  | 'stage'
  | 'amount'
  | 'number'
  | 'invoice_status'
  | 'issued'
  | 'due'
  | 'total'
  | 'gst'
  | 'amount_due'
  | 'payment_status'
  | 'paid'
  | 'paid_on'
  | 'credited';
export type AddressPart = 'street' | 'street2' | 'city' | 'state' | 'postcode' | 'country';

/** Of goods and sales the page knows each system's own key. */
const ofRecords: Readonly<Record<Exclude<Kind, 'customer'>, Readonly<Record<string, Meaning>>>> = {
  product: {
    ...{ name: 'name', Name: 'name' },
    ...{ hs_sku: 'sku', Code: 'sku', SKU: 'sku' },
    ...{ description: 'description', Description: 'description' },
    ...{ price: 'price', SalesUnitPrice: 'price', PriceTier1: 'price' },
    ...{ hs_cost_of_goods_sold: 'cost', PurchaseUnitPrice: 'cost', AverageCost: 'cost' },
    ...{ truce_tax_treatment: 'tax', SalesTaxType: 'tax', SaleTaxRule: 'tax' },
    ...{ truce_unit: 'unit', UOM: 'unit' },
    ...{ truce_status: 'status', Status: 'status' },
    ...{ truce_stock_on_hand: 'on_hand', OnHand: 'on_hand' },
    ...{ truce_stock_allocated: 'allocated', Allocated: 'allocated' },
    ...{ truce_stock_available: 'available', Available: 'available' },
  },
  sale: {
    ...{ company: 'customer', Contact: 'customer' },
    ...{ dealname: 'reference', Reference: 'reference' },
    ...{ dealstage: 'stage', amount: 'amount' },
    ...{ truce_invoice_number: 'number', InvoiceNumber: 'number' },
    ...{ truce_invoice_status: 'invoice_status', Status: 'invoice_status' },
    ...{ truce_invoice_issued_on: 'issued', Date: 'issued' },
    ...{ truce_invoice_due_on: 'due', DueDate: 'due' },
    ...{ truce_invoice_total: 'total', Total: 'total' },
    ...{ truce_invoice_tax: 'gst', TotalTax: 'gst' },
    ...{ truce_invoice_amount_due: 'amount_due', AmountDue: 'amount_due' },
    ...{ truce_payment_status: 'payment_status', truce_paid_on: 'paid_on' },
    ...{ truce_amount_paid: 'paid', AmountPaid: 'paid' },
    ...{ truce_amount_credited: 'credited', AmountCredited: 'credited' },
  },
};

const meanings: readonly [RegExp, MeaningOfCustomer][] = [
  [/\babn\b|tax\s?number/, 'abn'],
  [/\bacn\b|company number/, 'acn'],
  [/e-?mail/, 'email'],
  [/mobile/, 'mobile'],
  [/phone/, 'phone'],
  [/term/, 'terms'],
  [/\btax\b/, 'tax'],
  [/\bstatus\b/, 'status'],
  [/legal/, 'legal_name'],
  [/trading|company name/, 'trading_name'],
];
const parts: readonly [RegExp, AddressPart][] = [
  [/post\s?al?\s?code|post\s?code|zip/, 'postcode'],
  [/line\s?2|address\s?2|street\s?2/, 'street2'],
  [/line\s?1|address\s?1|street/, 'street'],
  [/city|suburb|town/, 'city'],
  [/region|state/, 'state'],
  [/country/, 'country'],
];
export const partOrder: readonly AddressPart[] = [
  'street',
  'street2',
  'city',
  'state',
  'postcode',
  'country',
];

/** A key as words: "PostalCode", "address.zip", "postal_code" → lower case words with spaces. */
const spelled = (text: string) =>
  text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[^A-Za-z0-9-]+/g, ' ')
    .toLowerCase();

/** Which part of the address a field is, if it is one. */
export function addressPart(field: CardField): AddressPart | null {
  const words = `${spelled(lastPart(field.key))} ${spelled(field.label)}`;
  if (/e-?mail/.test(words)) return null;
  for (const [pattern, part] of parts) if (pattern.test(words)) return part;
  return /address/.test(words) ? 'street' : null;
}

export function meaningOf(field: CardField, kind: Kind = 'customer'): Meaning {
  return kind === 'customer' ? ofCustomer(field) : (ofRecords[kind][field.key] ?? null);
}

function ofCustomer(field: CardField): Meaning {
  const words = `${spelled(field.key)} ${spelled(field.label)}`;
  for (const [pattern, meaning] of meanings) if (pattern.test(words)) return meaning;
  if (addressPart(field)) return /deliver|shipping/.test(words) ? 'delivery' : 'address';
  return /\bname\b/.test(words) ? 'legal_name' : null;
}

const lastPart = (key: string) => key.split('.').at(-1) ?? key;
