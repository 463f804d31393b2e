import { person } from '#src/playground/vendors/hubspot/card.ts';
import type { DealSeed } from '#src/playground/vendors/hubspot/sales.ts';
import type { RecordSeed } from '#src/playground/vendors/hubspot/state.ts';

export const priya = person('Priya Nair');

export const seeded = (id: number, properties: Readonly<Record<string, string>>): RecordSeed => ({
  id: String(id),
  createdAt: '2026-01-05T00:00:00.000Z',
  modifiedAt: '2026-11-19T00:00:00.000Z',
  source: priya,
  properties,
});

export const products = [
  seeded(701, {
    hs_sku: 'DK-140',
    name: 'Decking',
    description: 'Kiln dried',
    price: '11.45',
    hs_cost_of_goods_sold: '7.2',
    truce_tax_treatment: 'gst',
    truce_unit: 'm',
    truce_status: 'active',
    truce_stock_on_hand: '40.5',
    truce_stock_allocated: '12',
    truce_stock_available: '28.5',
    truce_stock_locations: 'Melbourne: 40.5 on hand, 12 allocated, 28.5 available',
  }),
  seeded(702, { hs_sku: 'DK-135', name: 'Other decking' }),
  seeded(703, { hs_sku: 'GD-POT', name: 'Pot' }),
];

export const deal = (id: number, properties: Readonly<Record<string, string>>): DealSeed => ({
  ...seeded(id, { dealname: `Deal ${id}`, dealstage: 'closedwon', ...properties }),
  companyId: '601',
  lines: [
    seeded(id * 10, {
      hs_product_id: '701',
      hs_sku: 'DK-140',
      name: 'Decking',
      quantity: '2',
      price: '11.45',
    }),
  ],
});
export const number = (id: number) => ({ truce_invoice_number: `INV-${id}` });
export const deals = [
  deal(801, {
    ...number(801),
    truce_invoice_status: 'draft',
    truce_invoice_issued_on: '2026-06-01',
    truce_invoice_due_on: '2026-07-01',
    truce_invoice_total: '25.19',
    truce_invoice_tax: '2.29',
    truce_invoice_amount_due: '25.19',
    truce_invoice_link: 'https://go.xero.com/1',
    truce_payment_status: 'unpaid',
    truce_amount_paid: '1.00',
    truce_amount_credited: '0.50',
    truce_paid_on: '2026-06-02',
    truce_credit_notes: 'CN-1 $0.50',
  }),
  deal(802, number(802)),
  deal(803, number(803)),
];
