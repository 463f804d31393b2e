import { afterEach, expect, test } from 'vitest';
import { manualClock } from '#src/clock.ts';
import { cin7CoreGoods } from '#src/playground/data/as-cin7-core-products.ts';
import { hubspotSales } from '#src/playground/data/as-hubspot-sales.ts';
import { xeroBooks } from '#src/playground/data/as-xero-books.ts';
import { seed } from '#src/playground/data/seed.ts';
import { openStore } from '#src/playground/store.ts';
import { startCin7Core } from '#src/playground/vendors/cin7-core/server.ts';
import { startHubSpot } from '#src/playground/vendors/hubspot/server.ts';
import type { PracticeVendor, Screen } from '#src/playground/vendors/vendor.ts';
import { startXero } from '#src/playground/vendors/xero/server.ts';

const clock = manualClock(new Date('2026-11-21T01:00:00Z'));
const planted = seed(clock.now());
const open: PracticeVendor[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((vendor) => vendor.close()));
});

/** The vendor's screen of one kind of record, and a person in front of one of them, found by what its title begins with. */
async function at(starting: Promise<PracticeVendor>, entity: string, title: string) {
  const vendor = await starting;
  open.push(vendor);
  const screen = vendor.screens[entity] as Screen;
  const id = screen.cards().find((card) => card.title.startsWith(title))?.externalId ?? '';
  return {
    buttons: () => screen.card(id)?.deeds?.map(({ label }) => label) ?? [],
    asked: (deed: string) => screen.card(id)?.deeds?.find((one) => one.id === deed)?.asks ?? [],
    press: (deed: string, typed: Record<string, string> = {}) => screen.press?.(id, deed, typed, 'Priya'),
    held: (label: string) => screen.card(id)?.fields.find((field) => field.label === label)?.value,
    edit: (values: Record<string, string>) => screen.edit(id, values, 'Priya'),
    key: (label: string) => screen.card(id)?.fields.find((field) => field.label === label)?.key ?? '',
    isListed: () => screen.cards().some(({ externalId }) => externalId === id),
  };
}

const shared = () => ({ store: openStore(':memory:'), clock });
const hubspot = () =>
  startHubSpot({ ...shared(), seed: planted.hubspot, ...hubspotSales(planted.hubspot, clock.now()) });
const xero = () =>
  startXero({ ...shared(), seed: planted.xero, books: xeroBooks(planted.xero, clock.now()) });
const cin7Core = () =>
  startCin7Core({ ...shared(), seed: planted.cin7Core, goods: cin7CoreGoods(clock.now()) });

test('a deal in HubSpot is won, reopened and lost; the quantity of a line moves its amount', async () => {
  const deal = await at(hubspot(), 'invoice', 'Espresso corner');
  expect(deal.held('Company')).toBe('Saltbush Catering');
  expect(deal.buttons()).toEqual(['Win', 'Change quantity', 'Lose']);
  deal.press('win');
  expect([deal.held('Deal stage'), deal.buttons()]).toEqual(['Closed won', ['Change quantity', 'Reopen']]);
  const [quantity] = deal.asked('quantity');
  expect(quantity).toMatchObject({ label: 'Line 1 quantity', value: '1' });
  deal.press('quantity', { [quantity?.key ?? '']: '2' });
  expect(deal.held('Amount')).toBe('3411.00');
  expect(() => deal.press('win')).toThrow('cannot be done');
  deal.press('reopen');
  deal.press('lose');
  expect(deal.held('Deal stage')).toBe('Closed lost');
});

test('a product in HubSpot and in Cin7 Core gets another price, is archived and comes back', async () => {
  const library = await at(hubspot(), 'product', 'Merbau decking');
  library.press('price', { price: '12.5' });
  library.press('archive');
  expect([library.held('Unit price'), library.held('Product status')]).toEqual(['12.5', 'Archived']);
  expect(library.buttons()).toEqual(['Change price', 'Restore']);

  const stocked = await at(cin7Core(), 'product', 'Merbau decking');
  stocked.press('price', { PriceTier1: '12.5' });
  expect(() => stocked.press('price', { PriceTier1: 'cheap' })).toThrow('not a number');
  stocked.press('archive');
  expect([stocked.held('Price tier 1'), stocked.isListed()]).toEqual(['12.5', false]);
  stocked.press('restore');
  expect([stocked.buttons(), stocked.isListed()]).toEqual([['Change price', 'Archive'], true]);
});

test('stock in Cin7 Core is counted place by place; what it comes to cannot be typed', async () => {
  const stock = await at(cin7Core(), 'stock_level', 'Stock of DK-MER-140');
  expect(stock.asked('count').map(({ label, value }) => [label, value])).toEqual([
    ['Melbourne, on hand', '1840.5'],
    ['Sydney, on hand', '620'],
    ['Bega showroom, on hand', '0'],
  ]);
  stock.press('count', { 'Sydney: OnHand': '600' });
  expect([stock.held('On hand'), stock.held('Allocated'), stock.held('Available')]).toEqual([
    '2440.5',
    '312.4',
    '2128.1',
  ]);
  expect(() => stock.edit({ OnHand: '1' })).toThrow('no field OnHand');
  expect(() => stock.press('count', { 'Sydney: OnHand': 'some' })).toThrow('not a number');
});

test('an invoice in Xero is paid in part, credited, and freed again', async () => {
  const invoice = await at(xero(), 'invoice', 'INV-2041');
  const due = Number(invoice.held('Amount due'));
  expect(invoice.buttons()).toEqual(['Take payment', 'Credit', 'Void', 'Lock period']);
  expect(invoice.asked('pay')).toEqual([
    { key: 'amount', label: 'Amount', value: due.toFixed(2), kind: 'number' },
  ]);
  invoice.press('pay', { amount: '$100.50' });
  expect(invoice.held('Paid')).toBe('100.50');
  expect(invoice.buttons()).toEqual(['Take payment', 'Credit', 'Remove payments', 'Lock period']);
  invoice.press('unpay');
  invoice.press('credit', { amount: '10' });
  expect([invoice.held('Credited'), invoice.held('Amount due')]).toEqual(['10.00', (due - 10).toFixed(2)]);
  invoice.press('pay', { amount: (due - 10).toFixed(2) });
  expect(invoice.held('Status')).toBe('PAID');
  expect(() => invoice.press('pay', { amount: '1' })).toThrow('cannot be done');
});

test('an invoice in Xero is voided; a draft gets other lines, is approved, or deleted out of the list', async () => {
  const owed = await at(xero(), 'invoice', 'INV-2041');
  owed.press('void');
  expect([owed.held('Status'), owed.buttons()]).toEqual(['VOIDED', ['Lock period']]);

  const draft = await at(xero(), 'invoice', 'INV-2042');
  const total = draft.held('Total');
  draft.edit({ [draft.key('Line 1 quantity')]: '8' });
  expect(draft.held('Line 1 quantity')).toBe('8');
  expect(Number(draft.held('Total'))).toBe(2 * Number(total));
  expect(() => draft.edit({ Total: '1' })).toThrow('no field Total');
  draft.press('approve');
  expect(draft.held('Status')).toBe('AUTHORISED');

  const other = await at(xero(), 'invoice', 'INV-2042');
  other.press('delete');
  expect(other.isListed()).toBe(false);
});

test('a period in Xero is locked, which keeps an invoice in it as it is, and unlocked', async () => {
  const invoice = await at(xero(), 'invoice', 'INV-2041');
  const issued = invoice.held('Issue date') ?? '';
  expect(invoice.asked('lock')).toMatchObject([{ value: issued, kind: 'day' }]);
  expect(() => invoice.press('lock', { until: 'soon' })).toThrow('not a day');
  invoice.press('lock', { until: issued });
  expect(() => invoice.edit({ Reference: 'Later' })).toThrow('period lock date');
  invoice.press('unlock');
  invoice.edit({ Reference: 'Later' });
  expect(invoice.held('Reference')).toBe('Later');
});

test('a bill is no sale', async () => {
  const bill = await at(xero(), 'invoice', 'SUP-88113');
  expect(bill.isListed()).toBe(false);
});
