import { type InvoiceLines, linesOf, linesValue } from '#src/entities/invoice-lines.ts';
import { totalsOfLines } from '#src/entities/invoice-totals.ts';
import type { Sale, SaleInvoice, Span } from '#src/entities/proof/sale.ts';

export const all: Span = { from: null, to: '2026-12-31' };

/** Lines of so many, at so much, under such a code. */
export function linesFor(
  ...items: readonly (readonly [quantity: string, price: string, tax?: string | null])[]
) {
  const value = linesValue({
    currency: 'AUD',
    prices: 'exclusive',
    lines: items.map(([quantity, unit_price, tax = 'gst'], index) => ({
      ...{ sku: `SKU-${index}`, description: `Thing ${index}`, quantity, unit_price, tax },
    })),
  });
  const read = linesOf(value);
  if (!read) throw new Error('these lines cannot be read');
  return read;
}

/** What Xero makes of lines. */
export const totalIn = (lines: InvoiceLines): number => Number(totalsOfLines(lines)?.gross ?? 0n);

const shed = linesFor(['2', '100']);

/** A sale of $220 that was invoiced and paid. */
export function sale(more: Partial<Sale> = {}): Sale {
  const lines = more.deal?.lines ?? shed;
  const total = totalIn(lines);
  return {
    recordId: 'r1',
    title: 'INV-1',
    currency: 'AUD',
    deal: { isWon: true, on: '2026-11-02', lines, amount: null, number: 'INV-1' },
    invoice: invoice({ lines, total }),
    payments: { paid: total, credited: 0, fee: 0, on: '2026-11-20', isNewer: false },
    agreedLines: lines,
    waitsFor: null,
    isFresh: false,
    ...more,
  };
}

export const deal = (more: Partial<NonNullable<Sale['deal']>> = {}): NonNullable<Sale['deal']> => ({
  ...{ isWon: true, on: '2026-11-02', lines: shed, amount: null, number: null },
  ...more,
});

export const invoice = (more: Partial<SaleInvoice> = {}): SaleInvoice => ({
  ...{ number: 'INV-1', status: 'paid', on: '2026-11-03', lines: shed, total: 22000, due: 0 },
  ...more,
});

export const payments = (more: Partial<NonNullable<Sale['payments']>> = {}) => ({
  ...{ paid: 22000, credited: 0, fee: 0, on: '2026-11-20', isNewer: false },
  ...more,
});
