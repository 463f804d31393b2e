import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { eventually, hookTarget } from './kit.ts';
import { books, messagesOf } from './xero-books-kit.ts';

test('items: whole in one list, unique by code, prices to four decimals only where asked', async () => {
  const { send, get } = await books();
  const all = (await get('/Items?unitdp=4')).json;
  expect(all).not.toHaveProperty('pagination');
  const screw = all.Items.find(({ Code }: { Code: string }) => Code === 'SC-DK-1050');
  expect(screw.SalesDetails).toEqual({ UnitPrice: 0.1285, AccountCode: '200', TaxType: 'OUTPUT' });
  const [rounded] = (await get('/Items/SC-DK-1050')).json.Items;
  expect(rounded.SalesDetails.UnitPrice).toBe(0.13);
  const made = await send('PUT', '/Items?unitdp=4', {
    Items: [{ Code: 'NEW-1', SalesDetails: { UnitPrice: 1.23456 } }],
  });
  expect(made.json.Items[0].SalesDetails.UnitPrice).toBe(1.2346);
  const again = await send('PUT', '/Items', { Items: [{ Code: 'new-1' }] });
  expect([again.status, messagesOf(again)]).toEqual([
    400,
    ["Price List Item with Code 'new-1' already exists"],
  ]);
  const changed = await send('POST', '/Items', { Code: 'new-1', Name: 'New' });
  expect(changed.json.Items[0]).toMatchObject({ ItemID: made.json.Items[0].ItemID, Name: 'New' });
  const long = await send('POST', '/Items', { Code: 'x'.repeat(31), Name: 'x'.repeat(51) });
  expect(messagesOf(long)).toEqual([
    'The Code field must be 30 characters or fewer.',
    'The Name field must be 50 characters or fewer.',
  ]);
  expect((await send('DELETE', `/Items/${screw.ItemID}`)).status).toBe(204);
  expect((await get(`/Items/${screw.ItemID}`)).status).toBe(404);
});

test('items: If-Modified-Since, and each its own verdict with summarizeErrors=false', async () => {
  const { vendor, clock, send, get } = await books();
  clock.advance(60_000);
  const [first] = vendor.items.cards();
  vendor.items.edit(first?.externalId ?? '', { SalesUnitPrice: '99.5' }, 'Mia Chen');
  const since = (await get('/Items', { 'if-modified-since': '2026-11-21T01:01:00' })).json.Items;
  expect(since.map(({ ItemID }: { ItemID: string }) => ItemID)).toEqual([first?.externalId]);
  const mixed = await send('PUT', '/Items?summarizeErrors=false', {
    Items: [
      { Code: 'A-1' },
      { Code: 'B-1', SalesDetails: { TaxType: 'GST' } },
      { Code: 'C-1', SalesDetails: { AccountCode: '999' } },
    ],
  });
  expect(
    mixed.json.Items.map(({ StatusAttributeString: said }: { StatusAttributeString: string }) => said),
  ).toEqual(['OK', 'ERROR', 'ERROR']);
});

test('accounts: not paged, for those who may read settings', async () => {
  const { get } = await books();
  const { Accounts } = (await get('/Accounts')).json;
  expect(Accounts.find(({ Code }: { Code: string }) => Code === '200')).toMatchObject({
    Name: 'Sales',
    Type: 'REVENUE',
    Class: 'REVENUE',
  });
});

test('an invoice gets Xero’s own next number, today’s date in Sydney, and tax by line, half a cent up', async () => {
  const { make, line } = await books(new Date('2026-11-21T15:00:00.000Z'));
  const made = await make({
    LineItems: [line({ UnitAmount: 1141.39 }), line({ UnitAmount: 34.25 })],
  });
  expect(made).toMatchObject({
    InvoiceNumber: 'INV-2043',
    Status: 'DRAFT',
    DateString: '2026-11-22T00:00:00',
    SubTotal: 1175.64,
    TotalTax: 117.57,
    Total: 1293.21,
    AmountDue: 1293.21,
  });
  expect(made.Date).toBe(`/Date(${Date.UTC(2026, 10, 22)}+0000)/`);
});

test('POST with a number that is there overwrites that invoice without a word; PUT is refused', async () => {
  const { make, send, read, line, contact } = await books();
  const made = await make({ InvoiceNumber: 'SALE-7' });
  const element = {
    Type: 'ACCREC',
    InvoiceNumber: 'sale-7',
    Contact: contact,
    LineItems: [line({ UnitAmount: 1 })],
  };
  expect(messagesOf(await send('PUT', '/Invoices', { Invoices: [element] }))).toEqual([
    'Invoice # must be unique.',
  ]);
  const over = await send('POST', '/Invoices', { Invoices: [element] });
  expect(over.json.Invoices[0].InvoiceID).toBe(made.InvoiceID);
  expect((await read(made.InvoiceID)).SubTotal).toBe(1);
});

test('lines come only with a page or for one; those that are sent replace those before', async () => {
  const { make, send, get, read, line } = await books();
  const made = await make({ LineItems: [line(), line({ Description: 'Parts' })] });
  const listed = async (query: string) =>
    (await get(`/Invoices?IDs=${made.InvoiceID}${query}`)).json.Invoices[0];
  expect((await listed('')).LineItems).toEqual([]);
  expect((await listed('&page=1')).LineItems).toHaveLength(2);
  expect((await listed('&page=1&summaryOnly=true')).LineItems).toEqual([]);
  const [kept] = made.LineItems;
  await send('POST', `/Invoices/${made.InvoiceID}`, {
    LineItems: [{ LineItemID: kept.LineItemID, Quantity: 3 }, line({ Description: 'New' })],
  });
  const { LineItems } = await read(made.InvoiceID);
  expect(
    LineItems.map(({ Description, Quantity }: { Description: string; Quantity: number }) => [
      Description,
      Quantity,
    ]),
  ).toEqual([
    ['Work', 3],
    ['New', 1],
  ]);
  expect(LineItems[0].LineItemID).toBe(kept.LineItemID);
});

test('what a line leaves out comes from its item, and then from the account', async () => {
  const { make, line } = await books();
  const { LineItems } = await make({ LineItems: [{ ItemCode: 'CF-BEAN-HB1', Quantity: 2 }, line()] });
  expect(LineItems[0]).toMatchObject({
    Description: 'Roasted in Bega. GST-free as food.',
    UnitAmount: 34,
    TaxType: 'EXEMPTOUTPUT',
    TaxAmount: 0,
    LineAmount: 68,
    Item: { Code: 'CF-BEAN-HB1' },
  });
  expect(LineItems[1].TaxType).toBe('OUTPUT');
});

test.each([
  [
    'an account that is none',
    { LineItems: [{ AccountCode: '999', UnitAmount: 1 }] },
    "Account code '999' is not a valid code",
  ],
  [
    'a bank account',
    { LineItems: [{ AccountCode: '090', UnitAmount: 1 }] },
    "Account code '090' is not a valid code",
  ],
  [
    'a purchase’s tax',
    { LineItems: [{ AccountCode: '200', TaxType: 'INPUT' }] },
    "TaxType code 'INPUT' cannot be used with account code '200'",
  ],
  ['an item that is none', { LineItems: [{ ItemCode: 'NOPE' }] }, "Item code 'NOPE' is not valid"],
  [
    'a total that is not the line’s',
    { LineItems: [{ Quantity: 3, UnitAmount: 2, LineAmount: 7 }] },
    'does not match the expected line total 6.00',
  ],
  [
    'a contact that is none',
    { Contact: { ContactID: '00000000-0000-4000-8000-000000000000' } },
    'could not be found',
  ],
  ['no contact', { Contact: undefined }, 'The Contact must be specified'],
  ['no due date when approved', { Status: 'AUTHORISED', DueDate: undefined }, 'DueDate must be specified'],
  [
    'no lines when approved',
    { Status: 'AUTHORISED', LineItems: [] },
    'One or more line items must be specified',
  ],
  ['another currency', { CurrencyCode: 'EUR' }, 'not subscribed to currency EUR'],
  ['paid from the start', { Status: 'PAID' }, 'not of valid status'],
  [
    'a date in a locked period',
    { Date: '2026-06-30' },
    'cannot be before the period lock date, currently set at 30 June 2026',
  ],
])('an invoice is refused with %s', async (_, wrong, message) => {
  const { vendor, send, line, contact } = await books();
  const before = vendor.invoices.cards().length;
  const element = { Type: 'ACCREC', Contact: contact, LineItems: [line()], DueDate: '2026-12-21', ...wrong };
  const summed = await send('PUT', '/Invoices', { Invoices: [element] });
  expect([summed.status, summed.json.ErrorNumber]).toEqual([400, 10]);
  expect(messagesOf(summed).join()).toContain(message);
  const each = await send('PUT', '/Invoices?summarizeErrors=false', {
    Invoices: [
      element,
      { ...element, ...undo(wrong), Status: 'DRAFT', Contact: contact, LineItems: [line()] },
    ],
  });
  expect(
    each.json.Invoices.map((one: { StatusAttributeString: string }) => one.StatusAttributeString),
  ).toEqual(['ERROR', 'OK']);
  expect(vendor.invoices.cards()).toHaveLength(before + 1);
});

const undo = (wrong: object) => Object.fromEntries(Object.keys(wrong).map((key) => [key, undefined]));

test('only a contact’s id leaves the contact alone: what else is sent changes it', async () => {
  const { vendor, make, contact } = await books();
  await make({ Contact: { ...contact, Name: 'Bellbird Sawmills Pty Ltd' } });
  expect(vendor.card(contact.ContactID)?.title).toBe('Bellbird Sawmills Pty Ltd');
});

test('from draft to paid: what may become of an invoice, and what not', async () => {
  const { make, send, read } = await books();
  const { InvoiceID } = await make();
  const become = async (more: object) => {
    const reply = await send('POST', `/Invoices/${InvoiceID}`, more);
    return reply.status === 200 ? reply.json.Invoices[0].Status : messagesOf(reply)[0];
  };
  const invalid = 'Invoice not of valid status for modification';
  expect(await become({ Status: 'SUBMITTED' })).toBe('SUBMITTED');
  expect(await become({ Status: 'DRAFT' })).toBe('DRAFT');
  expect(await become({ Status: 'VOIDED' })).toBe(invalid);
  expect(await become({ Status: 'AUTHORISED' })).toBe('AUTHORISED');
  expect(await become({ Status: 'DRAFT' })).toBe(invalid);
  expect(await become({ Status: 'DELETED' })).toBe(invalid);
  const pay = (Amount: number) =>
    send('PUT', '/Payments', { Payments: [{ Invoice: { InvoiceID }, Account: { Code: '090' }, Amount }] });
  // The Custom Connection may only read payments.
  expect((await pay(10)).json.Detail).toBe('AuthorizationUnsuccessful');
  expect((await read(InvoiceID)).AmountDue).toBe(110);
});

test('payments by hand: in part, in full, taken back; what was paid keeps an invoice from changing', async () => {
  const { vendor, make, send, read, get, clock } = await books();
  const { InvoiceID } = await make({ Status: 'AUTHORISED' });
  vendor.invoices.pay(InvoiceID, { amount: 10.1, on: '2026-11-20' });
  expect(await read(InvoiceID)).toMatchObject({ Status: 'AUTHORISED', AmountPaid: 10.1, AmountDue: 99.9 });
  const edit = await send('POST', `/Invoices/${InvoiceID}`, { Date: '2026-11-19' });
  expect(messagesOf(edit)).toEqual([
    'This document cannot be edited as it has a payment or credit note allocated to it.',
  ]);
  expect((await send('POST', `/Invoices/${InvoiceID}`, { Reference: 'PO 7' })).status).toBe(200);
  expect(() => vendor.invoices.void(InvoiceID)).toThrow('not of valid status');
  clock.advance(60_000);
  vendor.invoices.pay(InvoiceID);
  const paid = await read(InvoiceID);
  expect(paid).toMatchObject({ Status: 'PAID', AmountPaid: 110, AmountDue: 0 });
  expect(paid.FullyPaidOnDate).toBe(`/Date(${Date.UTC(2026, 10, 21)}+0000)/`);
  expect(paid.Payments).toHaveLength(2);
  clock.advance(60_000);
  vendor.invoices.unpay(InvoiceID);
  expect(await read(InvoiceID)).toMatchObject({
    Status: 'AUTHORISED',
    AmountPaid: 0,
    AmountDue: 110,
    Payments: [],
  });
  const { Payments } = (await get('/Payments?page=1', { 'if-modified-since': '2026-11-21T01:02:00' })).json;
  expect(
    Payments.map(({ Status, Invoice }: { Status: string; Invoice: { InvoiceID: string } }) => [
      Status,
      Invoice.InvoiceID,
    ]),
  ).toEqual([
    ['DELETED', InvoiceID],
    ['DELETED', InvoiceID],
  ]);
});

test('a due date that moves on a part-paid invoice is not told by UpdatedDateUTC, nor by a webhook', async () => {
  const { vendor, clock, make, send, read, get } = await books();
  const { InvoiceID } = await make({ Status: 'AUTHORISED' });
  vendor.invoices.pay(InvoiceID, { amount: 1 });
  const before = await read(InvoiceID);
  clock.advance(60_000);
  await send('POST', `/Invoices/${InvoiceID}`, { DueDate: '2027-01-31' });
  const after = await read(InvoiceID);
  expect(after.DueDateString).toBe('2027-01-31T00:00:00');
  expect(after.UpdatedDateUTC).toBe(before.UpdatedDateUTC);
  expect((await get('/Invoices', { 'if-modified-since': '2026-11-21T01:01:00' })).json.Invoices).toEqual([]);
});

test('credits: in part, whole, an overpayment; nothing beyond what is due', async () => {
  const { vendor, make, read, get } = await books();
  const { InvoiceID } = await make({ Status: 'AUTHORISED' });
  vendor.invoices.credit(InvoiceID, 30.5);
  const credited = await read(InvoiceID);
  expect(credited).toMatchObject({ AmountCredited: 30.5, AmountDue: 79.5 });
  expect(credited.CreditNotes[0]).toMatchObject({ CreditNoteNumber: 'CN-0015', AppliedAmount: 30.5 });
  const [note] = (await get('/CreditNotes/CN-0015')).json.CreditNotes;
  expect(note).toMatchObject({
    Status: 'PAID',
    RemainingCredit: 0,
    Allocations: [{ Amount: 30.5, Invoice: { InvoiceID } }],
  });
  vendor.invoices.pay(InvoiceID, { amount: 100 });
  expect(await read(InvoiceID)).toMatchObject({ Status: 'PAID', AmountPaid: 79.5, AmountDue: 0 });
  const next = await make({ Status: 'AUTHORISED' });
  vendor.invoices.useOverpayment(next.InvoiceID);
  expect(await read(next.InvoiceID)).toMatchObject({
    AmountCredited: 20.5,
    AmountDue: 89.5,
    CreditNotes: [],
    Overpayments: [{ AppliedAmount: 20.5 }],
  });
  expect(
    (await get('/CreditNotes?page=1')).json.CreditNotes.map(
      (one: { CreditNoteNumber: string }) => one.CreditNoteNumber,
    ),
  ).toEqual(expect.arrayContaining(['CN-0012', 'CN-0014', 'CN-0015']));
  const last = await make({ Status: 'AUTHORISED' });
  vendor.invoices.credit(last.InvoiceID);
  expect(await read(last.InvoiceID)).toMatchObject({ Status: 'PAID', AmountPaid: 0, AmountCredited: 110 });
});

test('a credit note is made and set off through the API, and taken back', async () => {
  const { make, send, read, contact, line } = await books();
  const { InvoiceID } = await make({ Status: 'AUTHORISED' });
  const element = {
    Type: 'ACCRECCREDIT',
    Contact: contact,
    Status: 'AUTHORISED',
    LineItems: [line({ UnitAmount: 50 })],
  };
  const [note] = (await send('PUT', '/CreditNotes', { CreditNotes: [element] })).json.CreditNotes;
  expect(note).toMatchObject({ CreditNoteNumber: 'CN-0015', Total: 55, RemainingCredit: 55 });
  const allocate = (Amount: number) =>
    send('PUT', `/CreditNotes/${note.CreditNoteID}/Allocations`, {
      Allocations: [{ Invoice: { InvoiceID }, Amount }],
    });
  expect(messagesOf(await allocate(56)).join()).toContain('exceeds the remaining credit');
  const [{ AllocationID }] = (await allocate(55)).json.Allocations;
  expect(await read(InvoiceID)).toMatchObject({ AmountCredited: 55, AmountDue: 55 });
  await send('DELETE', `/CreditNotes/${note.CreditNoteID}/Allocations/${AllocationID}`);
  expect(await read(InvoiceID)).toMatchObject({ AmountCredited: 0, AmountDue: 110 });
});

test('lists: by ids, numbers, statuses, contacts and what the caller made', async () => {
  const { make, get, other } = await books();
  const made = await make();
  const theirs = await make({ Contact: other });
  const numbers = async (query: string) =>
    (await get(`/Invoices?page=1&pageSize=1000&${query}`)).json.Invoices.map(
      (one: { InvoiceNumber: string }) => one.InvoiceNumber,
    );
  expect(await numbers('createdByMyApp=true')).toEqual([made.InvoiceNumber, theirs.InvoiceNumber]);
  expect(await numbers(`IDs=${theirs.InvoiceID}`)).toEqual([theirs.InvoiceNumber]);
  expect(await numbers('InvoiceNumbers=INV-2031,INV-2041')).toEqual(['INV-2031', 'INV-2041']);
  expect(await numbers('Statuses=VOIDED,SUBMITTED')).toEqual(['INV-2033', 'INV-2042']);
  expect(await numbers(`ContactIDs=${other.ContactID}&createdByMyApp=true`)).toEqual([theirs.InvoiceNumber]);
  const paged = (await get('/Invoices?page=2&pageSize=5')).json;
  expect([paged.pagination.page, paged.Invoices.length]).toEqual([2, 5]);
});

test('an idempotency key makes one invoice, whatever happens to the answer', async () => {
  const { vendor, send, line, contact } = await books();
  const body = { Invoices: [{ Type: 'ACCREC', Contact: contact, LineItems: [line()] }] };
  const count = vendor.invoices.cards().length;
  const first = await send('PUT', '/Invoices', body, { 'idempotency-key': 'once' });
  const second = await send('PUT', '/Invoices', body, { 'idempotency-key': 'once' });
  expect(second.text).toBe(first.text);
  expect(vendor.invoices.cards()).toHaveLength(count + 1);
});

test('the books can be closed and opened, and the organisation says up to when', async () => {
  const { vendor, make, get, send } = await books();
  const organisation = async () => (await get('/Organisation')).json.Organisations[0];
  expect((await organisation()).PeriodLockDate).toBe(`/Date(${Date.UTC(2026, 5, 30)}+0000)/`);
  const { InvoiceID } = await make({ Date: '2026-09-15' });
  vendor.invoices.lock({ period: '2026-09-30', year: '2026-06-30' });
  expect((await organisation()).EndOfYearLockDate).toBe(`/Date(${Date.UTC(2026, 5, 30)}+0000)/`);
  const out = await send('POST', `/Invoices/${InvoiceID}`, { Date: '2026-10-15' });
  expect(messagesOf(out).join()).toContain('period lock date, currently set at 30 September 2026');
  expect(() => vendor.invoices.approve(InvoiceID)).toThrow('period lock date');
  vendor.invoices.lock({ period: null });
  vendor.invoices.approve(InvoiceID);
  expect(vendor.invoices.card(InvoiceID)?.fields.find(({ key }) => key === 'Status')?.value).toBe(
    'AUTHORISED',
  );
});

test('webhooks: invoices and credit notes tell of themselves, once for what happened at once; items and payments do not', async () => {
  const { vendor, make } = await books();
  const sign = (body: string) =>
    createHmac('sha256', vendor.env.XERO_WEBHOOK_KEY ?? '')
      .update(body)
      .digest('base64');
  const { url, hooks } = await hookTarget('/webhooks/xero', ({ headers, body }) =>
    headers['x-xero-signature'] === sign(body) ? 200 : 401,
  );
  const { InvoiceID } = await make({ Status: 'AUTHORISED' });
  vendor.setWebhookTarget(url);
  const [item] = vendor.items.cards();
  vendor.items.edit(item?.externalId ?? '', { Name: 'Decking' }, 'Mia Chen');
  vendor.invoices.pay(InvoiceID, { amount: 10 });
  const note = vendor.invoices.credit(InvoiceID, 20);
  type Event = { eventCategory: string; eventType: string; resourceId: string; data?: object };
  const events = (): Event[] => hooks.flatMap(({ body }) => JSON.parse(body).events);
  await eventually(() => events().some(({ eventCategory }) => eventCategory === 'CREDITNOTE'));
  const told = events().map(({ eventCategory, eventType, resourceId, data }) => ({
    what: `${eventCategory} ${eventType}`,
    resourceId,
    data,
  }));
  expect(told).toEqual([
    { what: 'INVOICE UPDATE', resourceId: InvoiceID, data: undefined },
    { what: 'CREDITNOTE CREATE', resourceId: note, data: { Type: 'ACCRECCREDIT', Status: 'PAID' } },
    { what: 'INVOICE UPDATE', resourceId: InvoiceID, data: undefined },
  ]);
});
