import { expect, test } from 'vitest';
import { xeroBooks } from '#src/playground/data/as-xero-books.ts';
import { practiceDeals } from '#src/playground/data/deals.ts';
import { practiceInvoices } from '#src/playground/data/invoices.ts';
import { seed } from '#src/playground/data/seed.ts';
import { paperSums } from '#src/playground/vendors/xero/books/sums.ts';

const now = new Date('2026-11-07T00:00:00.000Z');
const contacts = seed(now).xero;
const books = xeroBooks(contacts, now);

test('every invoice has its customer, and those of deals that carry a number carry their lines', () => {
  const numbers = books.invoices?.map(({ InvoiceNumber }) => InvoiceNumber) ?? [];
  expect(numbers).toEqual(practiceInvoices.map(({ number }) => number));
  expect(new Set(numbers).size).toBe(numbers.length);
  for (const deal of practiceDeals.filter(({ invoice }) => invoice)) {
    const made = books.invoices?.find(({ InvoiceNumber }) => InvoiceNumber === deal.invoice);
    expect(made?.lines.map(({ ItemCode, Quantity }) => [ItemCode, Quantity])).toEqual(
      deal.lines.map(({ sku, quantity }) => [sku, quantity]),
    );
    expect(contacts.find(({ ContactID }) => ContactID === made?.contactId)?.texts.Name).toContain(
      deal.customer,
    );
  }
});

test('nothing is paid or credited beyond what is due, and what is paid in full says so', () => {
  for (const invoice of books.invoices ?? []) {
    const { InvoiceID, Status } = invoice;
    const paid = (books.payments ?? [])
      .filter(({ invoiceId }) => invoiceId === InvoiceID)
      .reduce((sum, { cents }) => sum + cents, 0);
    const credited = (books.credits ?? [])
      .flatMap(({ allocations }) => allocations)
      .filter(({ invoiceId }) => invoiceId === InvoiceID)
      .reduce((sum, { cents }) => sum + cents, 0);
    const due = paperSums(invoice).total - paid - credited;
    expect(due).toBeGreaterThanOrEqual(0);
    if (Status !== 'VOIDED') expect(Status === 'PAID').toBe(due === 0);
  }
  for (const credit of books.credits ?? []) {
    expect(paperSums(credit).total).toBe(credit.allocations.reduce((sum, { cents }) => sum + cents, 0));
  }
});

test.each(['2026-01-15', '2026-03-31', '2026-05-02', '2026-11-21', '2028-02-29'])(
  'whenever it is (%s), a quarter is locked with a forgotten draft in it, and nothing of the last two months',
  (day) => {
    const { locks, invoices } = xeroBooks(contacts, new Date(`${day}T00:00:00.000Z`));
    const draft = invoices?.find(({ InvoiceNumber }) => InvoiceNumber === 'INV-2022');
    expect(locks?.period).toMatch(/-(03-31|06-30|09-30|12-31)$/);
    expect(draft?.Status).toBe('DRAFT');
    expect((draft?.Date ?? '') <= (locks?.period ?? '')).toBe(true);
    const newest = invoices?.filter(
      ({ InvoiceNumber }) => InvoiceNumber >= 'INV-2033' && InvoiceNumber < 'S',
    );
    expect(newest?.every((invoice) => invoice.Date > (locks?.period ?? ''))).toBe(true);
  },
);
