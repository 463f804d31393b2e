import { describe, expect, test } from 'vitest';
import { CreditNote, type Invoice, type Invoices, LineAmountTypes, type Payment } from 'xero-node';
import { uuid } from './xero.ts';
import { refusal, sdkStage } from './xero-node-stage.ts';

const scopes = [
  ...['accounting.contacts', 'accounting.settings', 'accounting.invoices', 'accounting.payments'],
  'offline_access',
];
const sale = (more: Partial<Invoice> = {}): Invoices => ({
  invoices: [
    {
      type: 'ACCREC' as never,
      contact: { contactID: uuid(1) },
      lineAmountTypes: LineAmountTypes.Exclusive,
      dueDate: '2026-12-20',
      lineItems: [
        { description: 'Deck', quantity: 2.5, unitAmount: 11.4567, accountCode: '200', discountRate: 10 },
      ],
      ...more,
    },
  ],
});

async function signedIn() {
  const on = await sdkStage(scopes);
  const { tenantId } = await on.signIn();
  return { ...on, api: on.sdk.accountingApi, tenantId };
}

describe('xero-node 20, the books', () => {
  test('makes an item, finds it by code, changes and deletes it', async () => {
    const { api, tenantId, vendor } = await signedIn();
    const items = { items: [{ code: 'DK-140', name: 'Deck', salesDetails: { unitPrice: 11.4567 } }] };
    const [made] = (await api.createItems(tenantId, items, false, 4)).body.items ?? [];
    expect((await api.getItem(tenantId, 'DK-140', 4)).body.items?.[0]).toMatchObject({
      itemID: made?.itemID,
      salesDetails: { unitPrice: 11.4567 },
    });
    const change = { items: [{ code: 'DK-140', name: 'Decking' }] };
    await api.updateItem(tenantId, made?.itemID ?? '', change);
    expect(vendor.items.card(made?.itemID ?? '')?.title).toBe('Decking');
    await api.deleteItem(tenantId, made?.itemID ?? '');
    expect((await api.getItems(tenantId)).body.items).toEqual([]);
  });

  test('makes an invoice, approves it, pays it in part, credits the rest', async () => {
    const { api, tenantId } = await signedIn();
    const [made] = (await api.createInvoices(tenantId, sale(), true, 4)).body.invoices ?? [];
    expect(made).toMatchObject({ invoiceNumber: 'INV-0001', subTotal: 25.78, totalTax: 2.58, total: 28.36 });
    expect(made?.lineItems?.[0]).toMatchObject({ unitAmount: 11.4567, taxType: 'OUTPUT', lineAmount: 25.78 });
    const id = made?.invoiceID ?? '';
    await api.updateInvoice(tenantId, id, { invoices: [{ status: 'AUTHORISED' as never }] });
    const payment: Payment = {
      invoice: { invoiceID: id },
      account: { code: '090' },
      amount: 20,
      date: '2026-11-20',
    };
    const [paid] = (await api.createPayments(tenantId, { payments: [payment] })).body.payments ?? [];
    expect(paid).toMatchObject({ amount: 20, invoice: { invoiceNumber: 'INV-0001' } });
    const note: CreditNote = {
      type: CreditNote.TypeEnum.ACCRECCREDIT,
      contact: { contactID: uuid(1) },
      status: CreditNote.StatusEnum.AUTHORISED,
      lineAmountTypes: LineAmountTypes.Inclusive,
      lineItems: [{ description: 'Returned', quantity: 1, unitAmount: 8.36, accountCode: '200' }],
    };
    const [credit] = (await api.createCreditNotes(tenantId, { creditNotes: [note] })).body.creditNotes ?? [];
    await api.createCreditNoteAllocation(tenantId, credit?.creditNoteID ?? '', {
      allocations: [{ invoice: { invoiceID: id }, amount: 8.36, date: '2026-11-20' }],
    });
    const [whole] = (await api.getInvoice(tenantId, id)).body.invoices ?? [];
    expect(whole).toMatchObject({ status: 'PAID', amountDue: 0, amountPaid: 20, amountCredited: 8.36 });
    expect(whole?.creditNotes?.[0]).toMatchObject({ creditNoteNumber: 'CN-0001', appliedAmount: 8.36 });
    await api.deletePayment(tenantId, paid?.paymentID ?? '', { status: 'DELETED' });
    expect((await api.getInvoice(tenantId, id)).body.invoices?.[0]).toMatchObject({
      status: 'AUTHORISED',
      amountDue: 20,
    });
  });

  test('overwrites by number as Xero does, and is told what is wrong', async () => {
    const { api, tenantId, vendor } = await signedIn();
    await api.createInvoices(tenantId, sale({ invoiceNumber: 'SALE-1' }));
    const message = expect.stringContaining('Invoice # must be unique.');
    expect(
      await refusal(api.createInvoices(tenantId, sale({ invoiceNumber: 'SALE-1' }), true)),
    ).toMatchObject({
      statusCode: 400,
      body: { ErrorNumber: 10, Elements: [{ ValidationErrors: [{ Message: message }] }] },
    });
    await api.updateOrCreateInvoices(tenantId, sale({ invoiceNumber: 'SALE-1', reference: 'Gone' }));
    expect(vendor.invoices.cards()).toHaveLength(1);
    const { invoices } = (
      await api.getInvoices(tenantId, undefined, undefined, undefined, undefined, ['SALE-1'])
    ).body;
    expect(invoices?.map(({ reference, lineItems }) => [reference, lineItems])).toEqual([['Gone', []]]);
  });
});
