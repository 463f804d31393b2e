import { describe, expect, test } from 'vitest';
import type { Create, CreateOutcome } from '#src/connectors/connector.ts';
import type { Exchange } from '#src/connectors/http/log.ts';
import type { FieldValue } from '#src/entities/field.ts';
import { linesOf, linesValue } from '#src/entities/invoice-lines.ts';
import type { BooksSeed } from '#src/playground/vendors/xero/books/state.ts';
import type { PracticeXero } from '#src/playground/vendors/xero/server.ts';
import { practiceStage } from '../../contract/practice-stage.ts';
import { create as createWith, hook, listed, observed, write } from '../../contract/stage.ts';
import { uuid } from '../../contract/xero.ts';
import { invoice, line, practice } from '../../contract/xero-books.ts';
import { call } from '../kit.ts';

const customer = uuid(50);
const needs = [{ entity: 'customer', externalId: customer }];

async function stage(books: BooksSeed = {}, terms: object = {}) {
  const plan = practice('invoice', () => books, {
    more: 0,
    moreIds: () => [],
    probeEdit: (Reference) => ({ Reference }),
    renamed: { expected: '', found: '' },
  });
  const on = await practiceStage({ ...plan, terms: { ...plan.terms, ...terms } });
  const vendor = on.vendor as PracticeXero;
  const sent = () => vendor.log.filter(({ method }) => method !== 'GET' && method !== 'DELETE');
  return { ...on, vendor, sent };
}

const lines = (more: object = {}) =>
  linesValue({
    currency: 'AUD',
    prices: 'exclusive',
    lines: [{ sku: null, description: 'Deck', quantity: '1', unit_price: '100', tax: 'gst', ...more }],
  });
const deal = (more: Readonly<Record<string, FieldValue>> = {}): Create =>
  createWith(
    { source: '9001', lines: lines(), deal_link: 'https://crm.example/9001', ...more },
    undefined,
    needs,
  );
/** The first element of the first such call, as it was logged. */
function sentIn({ kept }: { readonly kept: readonly Exchange[] }, purpose: string): unknown {
  const body = kept.find((one) => one.purpose === purpose)?.requestBody as
    | { readonly Invoices?: readonly unknown[] }
    | undefined;
  return body?.Invoices?.[0];
}

const said = (outcome: CreateOutcome | undefined) =>
  outcome?.kind === 'refused' ? outcome.reason : (outcome?.kind ?? 'nothing');

describe('a new invoice in Xero', () => {
  test('has Xero’s own next number, its customer by id alone, and today’s date where the organisation is', async () => {
    const { connector, clock, vendor, log } = await stage({
      invoices: [invoice(1, { InvoiceNumber: 'INV-0041' })],
    });
    // Past midnight in Sydney, and still the day before in UTC.
    clock.set(new Date('2026-11-20T13:30:00.000Z'));
    const [made] = await connector.create([deal({ reference: 'Verandah' })], call);
    if (made?.kind !== 'created') throw new Error(said(made));
    const { fields, needs: refersTo } = await observed(connector, made.externalId);
    expect(fields).toMatchObject({
      number: { state: 'value', value: 'INV-0042' },
      source: { state: 'value', value: '9001' },
      issued_on: { state: 'value', value: '2026-11-21' },
      due_on: { state: 'value', value: '2026-12-21' },
      invoice_status: { state: 'value', value: 'draft' },
      total: { state: 'value', value: { minor: 11_000, currency: 'AUD' } },
    });
    expect(refersTo).toEqual(needs);
    const element = sentIn(log, 'create invoices');
    expect(element).not.toHaveProperty('InvoiceNumber');
    expect(element).toHaveProperty('Contact', { ContactID: customer });
    expect(vendor.log.filter(({ method, path }) => method === 'POST' && path.endsWith('/Invoices'))).toEqual(
      [],
    );
  });

  test('is approved at once where the agreement says so, and due when it says', async () => {
    const newInvoices = { status: 'authorised', account: '260', dueDays: 7 };
    const { connector } = await stage({}, { newInvoices });
    const [made] = await connector.create([deal()], call);
    if (made?.kind !== 'created') throw new Error(said(made));
    const { fields, locked } = await observed(connector, made.externalId);
    expect(fields.invoice_status).toEqual({ state: 'value', value: 'authorised' });
    expect(fields.due_on).toEqual({ state: 'value', value: '2026-11-27' });
    expect(locked).toBe('it is approved');
  });

  test.each([
    [
      'a number already',
      deal({ number: 'INV-7' }),
      'the deal names invoice INV-7 already, which Truce did not make',
    ],
    ['no customer in Xero', { ...deal(), needs: [] }, 'its customer is not known in Xero'],
    ['no deal', deal({ source: '' }), 'it is not known which deal it is made from'],
    ['a line without a GST code', deal({ lines: lines({ tax: null }) }), 'line 1 (Deck) has no GST code'],
    [
      'a GST code that the table lacks',
      deal({ lines: lines({ tax: 'out_of_scope' }) }),
      'line 1 (Deck) has the GST code “out_of_scope”, for which the agreement names no tax code of Xero: add it to this connection’s tax_codes',
    ],
    [
      'a price finer than Xero holds',
      deal({ lines: lines({ unit_price: '0.12345' }) }),
      'line 1 (Deck) has more than 4 decimals in a number, which is more than Xero holds',
    ],
    [
      'a line without a price',
      deal({ lines: lines({ unit_price: null }) }),
      'line 1 (Deck) lacks a quantity or a price',
    ],
    ['no lines', deal({ lines: 'as quoted' }), 'an invoice needs its lines, and these cannot be read'],
    ['a date in a closed period', deal({ issued_on: '2026-06-30' }), 'the period to 30 Jun 2026 is locked'],
  ])('with %s is not made: it says so, and nothing is sent', async (_, one, reason) => {
    const { connector, count, sent } = await stage({ locks: { period: '2026-06-30', year: null } });
    const [outcome] = await connector.create([one], call);
    expect(said(outcome)).toBe(reason);
    // What one record lacks is no problem of Xero's, however many lack it; a closed period is the same for all.
    expect(outcome).toMatchObject(reason.startsWith('the period') ? {} : { ofRecord: true });
    expect(await count()).toBe(0);
    expect(sent().filter(({ path }) => path.endsWith('/Invoices'))).toEqual([]);
  });

  test('is not made where the agreement does not say how one begins', async () => {
    const { connector, count } = await stage({}, { newInvoices: null });
    expect(said((await connector.create([deal()], call))[0])).toContain(
      'add new_invoices to this connection',
    );
    expect(await count()).toBe(0);
  });

  test('that Xero refuses stops none of the others', async () => {
    const { connector, count, vendor } = await stage();
    vendor.archive(customer);
    const other = vendor.add({ Name: 'BETA PTY LTD' }, 'Mia Chen');
    const good = { ...deal({ source: '9002' }), needs: [{ entity: 'customer', externalId: other }] };
    const unmapped = deal({ source: '9003', lines: lines({ tax: 'TAX001' }) });
    const outcomes = await connector.create([deal(), good, unmapped], call);
    const of = ({ key }: Create) => said(outcomes.find((outcome) => outcome.key === key));
    expect(of(deal())).toBe('nothing');
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['created', 'refused', 'refused']);
    expect(of(good)).toBe('created');
    expect(of(unmapped)).toContain('TAX001');
    expect(await count()).toBe(1);
  });

  test('names an item where Xero has one of that SKU, with the item’s own account', async () => {
    const item = {
      ...{ ItemID: uuid(80), Code: 'DK-140', Name: '', Description: '', PurchaseDescription: '' },
      ...{ IsSold: true, IsPurchased: false, PurchaseDetails: {}, updatedAt: '2026-11-19T00:00:00.000Z' },
      SalesDetails: { AccountCode: '260' },
    };
    const { connector, vendor } = await stage({ items: [item] });
    const both = linesValue({
      currency: 'AUD',
      prices: 'exclusive',
      lines: [
        { sku: 'dk-140', description: 'Deck', quantity: '86.4', unit_price: '11.45', tax: 'gst' },
        { sku: 'NEW-1', description: 'Gate', quantity: '1', unit_price: '640', tax: 'gst' },
      ],
    });
    const [made] = await connector.create([deal({ lines: both })], call);
    if (made?.kind !== 'created') throw new Error(said(made));
    const { fields } = await observed(connector, made.externalId);
    const read = fields.lines?.state === 'value' ? linesOf(fields.lines.value) : null;
    expect(read?.lines.map(({ sku, quantity }) => [sku, quantity])).toEqual([
      ['DK-140', '86.4'],
      [null, '1'],
    ]);
    expect(vendor.invoices.card(made.externalId)?.fields.find(({ key }) => key === 'Total')?.value).toBe(
      '1792.21',
    );
  });
});

describe('one invoice for one deal', () => {
  test.each(['before', 'after'] as const)(
    'whatever becomes of the answer (lost %s it was made)',
    async (when) => {
      const { connector, clock, count, lose } = await stage();
      const one = deal();
      await hook(lose, 'lose')(when);
      expect((await connector.create([one], call))[0]?.kind).toBe('unknown');
      await hook(lose, 'lose')(null);
      // Long after Xero has forgotten the key of the request.
      clock.advance(3_600_000);
      const found = await connector.findMade([one], call);
      expect(found.size).toBe(when === 'after' ? 1 : 0);
      const [again] = await connector.create([{ ...one, key: crypto.randomUUID() }], call);
      expect(again?.kind).toBe('created');
      expect(await count()).toBe(1);
    },
  );

  test('found among what other deals have, and never in what somebody typed', async () => {
    const one = deal();
    const byHand = invoice(7, { Url: '', Reference: `truce=${one.marker}.9001` });
    const { connector, vendor } = await stage({ invoices: [byHand] });
    await connector.create([deal({ source: '1' }), one, deal({ source: '2' })], call);
    const [id] = [...(await connector.findMade([one], call)).values()];
    expect((await observed(connector, id ?? '')).marker).toBe(one.marker);
    vendor.invoices.delete(id ?? '');
    expect(await connector.findMade([one], call)).toEqual(new Map());
    expect((await connector.read([id ?? ''], call))[0]?.kind).toBe('gone');
  });

  test('made again where the one before was thrown away, within the same hour', async () => {
    const { connector, vendor } = await stage();
    const one = deal();
    const [first] = await connector.create([one], call);
    if (first?.kind !== 'created') throw new Error(said(first));
    vendor.invoices.delete(first.externalId);
    const [again] = await connector.create([{ ...one, key: crypto.randomUUID() }], call);
    if (again?.kind !== 'created') throw new Error(said(again));
    expect(again.externalId).not.toBe(first.externalId);
    expect(await connector.findMade([one], call)).toEqual(new Map([[one.marker, again.externalId]]));
  });
});

describe('an invoice that is there', () => {
  const ours = { Url: `https://crm.example/1#truce=${uuid(90)}.1` };
  const open = async (books: BooksSeed = {}) => stage({ invoices: [invoice(1, ours)], ...books });
  const change = { reference: 'PO 7' };

  test.each([
    ['approved', 'it is approved', ({ invoices }: PracticeXero) => invoices.approve(uuid(1))],
    [
      'paid',
      'it is paid',
      ({ invoices }: PracticeXero) => {
        invoices.approve(uuid(1));
        invoices.pay(uuid(1));
      },
    ],
    [
      'voided',
      'it is voided',
      ({ invoices }: PracticeXero) => {
        invoices.approve(uuid(1));
        invoices.void(uuid(1));
      },
    ],
    [
      'in a closed period',
      'the period to 30 Nov 2026 is locked',
      ({ invoices }: PracticeXero) => invoices.lock({ year: '2026-06-30', period: '2026-11-30' }),
    ],
  ])('and %s is never written to', async (_, words, done) => {
    const { connector, vendor, sent } = await open();
    done(vendor);
    const before = vendor.invoices.card(uuid(1));
    expect((await observed(connector, uuid(1))).locked).toBe(words);
    const [outcome] = await connector.write([write(uuid(1), change)], call);
    expect(outcome).toMatchObject({ kind: 'refused', reason: words });
    expect(vendor.invoices.card(uuid(1))).toEqual(before);
    expect(sent().filter(({ path }) => path.endsWith('/Invoices'))).toEqual([]);
  });

  test('goes out with the status that it was read with, so that Xero refuses it where somebody was quicker', async () => {
    const { connector, log } = await open();
    await connector.write([write(uuid(1), change)], call);
    expect(sentIn(log, 'update invoices')).toEqual({
      InvoiceID: uuid(1),
      Status: 'DRAFT',
      Reference: 'PO 7',
    });
  });

  test.each([
    ['lines', lines(), 'Truce did not make this invoice, and leaves its lines alone'],
    ['reference', 'PO 7', 'Truce did not make this invoice, and leaves its reference alone'],
    ['deal_link', 'https://crm.example/1', 'Truce did not make this invoice, and leaves its link alone'],
  ] as const)('that somebody else made keeps its %s', async (field, value, words) => {
    const { connector, vendor, sent } = await stage({ invoices: [invoice(1)] });
    const before = vendor.invoices.card(uuid(1));
    const [outcome] = await connector.write([write(uuid(1), { [field]: value })], call);
    expect(outcome).toMatchObject({ kind: 'refused', reason: words });
    expect(vendor.invoices.card(uuid(1))).toEqual(before);
    expect(sent().filter(({ path }) => path.endsWith('/Invoices'))).toEqual([]);
  });

  test.each([
    ['number', 'INV-1', 'the invoice number belongs to Xero'],
    ['source', '77', 'which deal an invoice is made from does not change'],
    ['invoice_status', 'voided', 'people approve and void invoices in Xero'],
    ['total', { minor: 1, currency: 'AUD' }, 'Xero works the total out from the lines'],
    ['due_on', 'soon', '“soon” is no date'],
  ] as const)('keeps its %s', async (field, value, words) => {
    const { connector, sent } = await open();
    const [outcome] = await connector.write([write(uuid(1), { [field]: value })], call);
    expect(outcome).toMatchObject({ kind: 'refused', reason: words });
    expect(sent().filter(({ path }) => path.endsWith('/Invoices'))).toEqual([]);
  });

  test('keeps the accounts and ids of lines that stay, and loses those that go', async () => {
    const held = [line(1, { AccountCode: '260' }), line(2, { Description: 'Screws' })];
    const { connector, vendor } = await stage({ invoices: [invoice(1, { ...ours, lines: held })] });
    const value = linesValue({
      currency: 'AUD',
      prices: 'exclusive',
      lines: [
        { sku: null, description: 'Gate', quantity: '1', unit_price: '5', tax: 'gst' },
        { sku: null, description: 'Work', quantity: '3', unit_price: '100', tax: 'gst' },
      ],
    });
    expect((await connector.write([write(uuid(1), { lines: value })], call))[0]?.kind).toBe('saved');
    const request = vendor.log.at(-1);
    expect(request?.method).toBe('POST');
    const { fields } = await observed(connector, uuid(1));
    expect(fields.lines).toEqual({ state: 'value', value });
    expect(fields.total).toEqual({ state: 'value', value: { minor: 33_550, currency: 'AUD' } });
  });

  test('shows a discount in dollars as percent where it is a round part, and is not read where it is none', async () => {
    const { connector } = await stage({
      invoices: [
        invoice(1, { lines: [line(1, { Quantity: '2', DiscountAmount: '25' })] }),
        invoice(2, { lines: [line(2, { Quantity: '3', DiscountAmount: '10' })] }),
      ],
    });
    const round = (await observed(connector, uuid(1))).fields.lines;
    expect(round?.state === 'value' && linesOf(round.value)?.lines[0]?.discount).toBe('12.5');
    expect((await observed(connector, uuid(2))).fields.lines).toEqual({ state: 'not_read' });
  });

  test('is a sale: bills and drafts that were thrown away are none', async () => {
    const { connector, clock } = await stage({
      invoices: [invoice(1), invoice(2, { Type: 'ACCPAY' }), invoice(3, { Status: 'DELETED' })],
    });
    const items = (await listed(connector, null, clock.now())).flat();
    expect(
      items.map((item) => [item.kind, 'observation' in item ? item.observation.externalId : item.externalId]),
    ).toEqual([
      ['read', uuid(1)],
      ['gone', uuid(3)],
    ]);
    expect((await connector.read([uuid(2)], call))[0]?.kind).toBe('gone');
  });
});

test('what was made is found beyond a page of others, and one that moves meanwhile is not passed over', async () => {
  const one = deal();
  const ours = Array.from({ length: 1_005 }, (_, n) =>
    invoice(1000 + n, {
      madeBy: 'PRACTICEXEROCLIENTID000000000000',
      Url: `https://crm.example/${n}#truce=${n === 1_002 ? one.marker : uuid(n)}.${n}`,
    }),
  );
  const { connector, vendor } = await stage({ invoices: ours });
  expect(await connector.findMade([one], call)).toEqual(new Map([[one.marker, uuid(2002)]]));
  const pages = vendor.log.filter(({ query }) => query.includes('createdByMyApp=true'));
  expect(pages).toHaveLength(2);
  for (const { query } of pages) expect(new URLSearchParams(query).get('order')).toBe('InvoiceID ASC');
});
