import { describe, expect, it } from 'vitest';
import { together } from '#src/playground/page-server/pairing.ts';
import type { Card } from '#src/playground/vendors/vendor.ts';

const card = (
  system: Card['system'],
  externalId: string,
  fields: Record<string, string> = {},
  more: Partial<Card> = {},
): Card => ({
  system,
  label: system,
  externalId,
  title: externalId,
  abn: '',
  fields: Object.entries(fields).map(([key, value]) => ({ key, label: key, value })),
  updatedAt: '',
  ...more,
});
const ids = (groups: readonly (readonly Card[])[]) =>
  groups.map((group) => group.map((one) => one.externalId));

describe('what stands side by side', () => {
  it('customers by their ABN, else by name; a second one in a system stands alone', () => {
    const cards = [
      card('hubspot', 'h1', {}, { abn: '51 824 753 556' }),
      card('hubspot', 'h2', {}, { abn: '51824753556' }),
      card('hubspot', 'h3', {}, { title: 'Café “Latte”' }),
      card('xero', 'x1', {}, { abn: '51824753556' }),
      card('xero', 'x3', {}, { title: 'CAFÉ LATTE' }),
    ];
    expect(ids(together.customer(cards))).toEqual([['h1', 'x1'], ['h2'], ['h3', 'x3']]);
  });

  it('products by SKU under each system’s name for it, however it is written', () => {
    const cards = [
      card('hubspot', 'h1', { hs_sku: 'DK-MER-140', name: 'Merbau' }),
      card('xero', 'x1', { Code: 'dk-mer-140 ' }),
      card('xero', 'x2', { Code: 'DK-MER-1400' }),
      card('cin7-core', 'c1', { SKU: 'DK-MER-140' }),
    ];
    expect(ids(together.product(cards))).toEqual([['h1', 'x1', 'c1'], ['x2']]);
  });

  it('an invoice with the deal whose id its link holds, though another deal names its number', () => {
    const cards = [
      card('hubspot', '19400000006', { truce_invoice_number: '' }),
      card('hubspot', '19400000007', { truce_invoice_number: 'INV-9' }),
      card('xero', 'x9', {
        InvoiceNumber: 'INV-9',
        Url: 'https://app.hubspot.com/contacts/4400/record/0-3/19400000006#truce',
      }),
    ];
    expect(ids(together.sale(cards))).toEqual([['19400000006', 'x9'], ['19400000007']]);
  });

  it('an invoice with the deal that names its number, the first where two do', () => {
    const cards = [
      card('hubspot', '1', { truce_invoice_number: 'inv-2041' }),
      card('hubspot', '2', { truce_invoice_number: 'INV-2041' }),
      card('xero', 'x1', { InvoiceNumber: 'INV-2041', Url: '' }),
      card('xero', 'x2', { InvoiceNumber: 'INV-2042' }),
    ];
    expect(ids(together.sale(cards))).toEqual([['1', 'x1'], ['2'], ['x2']]);
  });

  it('no invoice with a deal whose id only begins like a number in its link', () => {
    const cards = [
      card('hubspot', '44'),
      card('xero', 'x1', { InvoiceNumber: 'INV-1', Url: 'https://a.example/440' }),
    ];
    expect(ids(together.sale(cards))).toEqual([['44'], ['x1']]);
  });

  it('every card exactly once, whatever the kind', () => {
    const cards = [card('hubspot', '1'), card('xero', '1'), card('cin7-core', '1'), card('xero', '2')];
    for (const kind of ['customer', 'product', 'sale'] as const)
      expect(together[kind](cards).flat()).toHaveLength(cards.length);
  });
});
