import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '#src/clock.ts';
import { cin7CoreGoods } from '#src/playground/data/as-cin7-core-products.ts';
import { hubspotSales } from '#src/playground/data/as-hubspot-sales.ts';
import { xeroBooks } from '#src/playground/data/as-xero-books.ts';
import { seed } from '#src/playground/data/seed.ts';
import type { Kind, PageEvent } from '#src/playground/page-server/api.ts';
import { cardWork } from '#src/playground/page-server/card-work.ts';
import { openStage, type Stage } from '#src/playground/page-server/stage.ts';
import { openStore } from '#src/playground/store.ts';
import { startCin7Core } from '#src/playground/vendors/cin7-core/server.ts';
import { startHubSpot } from '#src/playground/vendors/hubspot/server.ts';
import type { Card, PracticeSystem, PracticeVendor } from '#src/playground/vendors/vendor.ts';
import { type PracticeXero, startXero } from '#src/playground/vendors/xero/server.ts';

/** The practice company's three vendors, and what a visitor sees of them and does. */
let vendors: PracticeVendor[];
let xero: PracticeXero;
let stage: Stage;
let work: ReturnType<typeof cardWork>;
const events: PageEvent[] = [];

beforeAll(async () => {
  const clock = manualClock(new Date('2026-11-21T01:00:00Z'));
  const store = openStore(':memory:');
  const planted = seed(clock.now());
  const hubspot = await startHubSpot({
    ...{ store, clock, seed: planted.hubspot },
    ...hubspotSales(planted.hubspot, clock.now()),
  });
  xero = await startXero({ store, clock, seed: planted.xero, books: xeroBooks(planted.xero, clock.now()) });
  const cin7Core = await startCin7Core({
    ...{ store, clock, seed: planted.cin7Core },
    goods: cin7CoreGoods(clock.now()),
  });
  vendors = [hubspot, xero, cin7Core];
  stage = openStage(vendors);
  const priya = { id: 'U1', name: 'Priya Nair', part: 'business owner', isBot: false };
  stage.watch(priya, (event) => events.push(event));
  work = cardWork({ slack: { users: () => [priya] }, vendors, stage });
});
afterAll(async () => {
  stage?.close();
  await Promise.all((vendors ?? []).map((vendor) => vendor.close()));
});

const inSight = (system: PracticeSystem): Card => {
  const card = stage.cards().find((one) => one.system === system);
  if (!card) throw new Error(`no card of ${system}`);
  return card;
};
const held = (system: PracticeSystem, key: string) =>
  inSight(system).fields.find((field) => field.key === key)?.value;
const at = (system: PracticeSystem) => ({
  ...{ as: 'U1', kind: stage.kind(), system },
  externalId: inSight(system).externalId,
});
const edit = (system: PracticeSystem, values: Record<string, string>) => work.edit({ ...at(system), values });
const press = (system: PracticeSystem, deed: string, typed: Record<string, string> = {}) =>
  work.press({ ...at(system), deed, typed });
const find = (kind: Kind, title: string) =>
  work.focus({ kind, id: stage.records(kind).find((record) => record.title.startsWith(title))?.id ?? '' });
const told = () => events.splice(0).map((event) => event.type);

describe('the cards', () => {
  it('show customers first, and go back to the one that was shown', () => {
    expect([stage.kind(), inSight('xero').title]).toEqual(['customer', 'Bellbird Timber Pty Ltd']);
    find('customer', 'Saltbush Catering');
    stage.show('product');
    expect(stage.cards().map(({ system }) => system)).toEqual(['hubspot', 'xero', 'cin7-core']);
    stage.show('customer');
    expect(inSight('hubspot').title).toBe('Saltbush Catering');
    expect(told()).toEqual(['focus', 'focus', 'focus']);
  });

  it('list what tells records of one name apart', () => {
    const about = (kind: Kind, title: string) =>
      stage.records(kind).flatMap((record) => (record.title.startsWith(title) ? [record.about] : []));
    expect(about('customer', 'Bellbird')).toEqual([expect.stringMatching(/^ABN \d\d \d{3} \d{3} \d{3}$/)]);
    expect(about('product', 'Merbau')).toEqual(['DK-MER-140']);
    expect(about('sale', 'Fit-out timber')).toEqual(['Firetail Joinery · INV-2041 · Closed won']);
    expect(about('sale', 'INV-2040')).toEqual([
      expect.stringMatching(/^Firetail Joinery[^·]* · Pickup 14 Oct$/),
    ]);
  });

  it('hold a product with its stock: one card, each part saved where it belongs', () => {
    find('product', 'Merbau decking');
    edit('cin7-core', { 'Sydney: OnHand': '600', PriceTier1: '11.9' });
    expect([held('cin7-core', 'OnHand'), held('cin7-core', 'PriceTier1')]).toEqual(['2440.5', '11.9']);
    expect(() => edit('cin7-core', { OnHand: '3' })).toThrow('Cin7 Core has no field “OnHand” to type into.');
    expect(() => edit('cin7-core', { SaleTaxRule: 'None such' })).toThrow(/^Cin7 Core: /);
    expect(inSight('cin7-core').deeds?.map(({ label }) => label)).toEqual([
      'Change price',
      'Archive',
      'Count stock',
    ]);
    press('cin7-core', 'archive');
    // It is in no list any more, and still in sight, to be brought back.
    expect(vendors[2]?.screens.product?.cards().some(({ title }) => title.startsWith('Merbau'))).toBe(false);
    find('product', 'Decking screw');
    find('product', 'Merbau decking');
    press('cin7-core', 'restore');
    expect(held('cin7-core', 'Status')).toMatch(/active/i);
  });

  it('bring a won deal’s invoice in sight as soon as Xero has it', () => {
    stage.show('sale');
    expect(stage.cards().map(({ title }) => title)).toEqual(['Espresso corner']);
    expect(held('hubspot', 'amount')).toBe('1705.50');
    told();
    press('hubspot', 'win');
    expect(told()).toContain('card');
    const [contact] = xero.cards();
    xero.invoices.make({
      Contact: { ContactID: contact?.externalId },
      Url: `https://app.hubspot.com/contacts/4400/record/0-3/${inSight('hubspot').externalId}#made-by-truce`,
      LineItems: [{ Description: 'Espresso grinder', Quantity: 1, UnitAmount: 1895, AccountCode: '200' }],
    });
    expect(told()).toContain('focus');
    expect(stage.cards().map(({ system }) => system)).toEqual(['hubspot', 'xero']);
    press('xero', 'delete');
    expect(held('xero', 'Status')).toBe('DELETED');
  });

  it('take payments and lock a period, and say in Xero’s words what it does not do', () => {
    find('sale', 'Fit-out timber');
    expect(() => press('xero', 'pay', { amount: 'half' })).toThrow('Xero: “half” is not an amount');
    press('xero', 'pay', { amount: '100' });
    expect(held('xero', 'AmountPaid')).toBe('100.00');
    told();
    press('xero', 'lock', { until: held('xero', 'Date') ?? '' });
    expect(told()).toEqual(['card']);
    expect(() => press('xero', 'unpay')).not.toThrow();
    expect(() => edit('xero', { Reference: 'Later' })).toThrow(/^Xero: .*period lock date/);
    press('xero', 'unlock');
    edit('xero', { Reference: 'Later' });
    expect(held('xero', 'Reference')).toBe('Later');
  });

  it('refuse what is not there', () => {
    expect(() => work.focus({ kind: 'sale', id: 'hubspot:1' })).toThrow('no such record');
    expect(() => work.press({ ...at('hubspot'), deed: 'fly', typed: {} })).toThrow('cannot be done');
    expect(() => work.edit({ ...at('hubspot'), externalId: '1', values: { dealname: 'x' } })).toThrow(
      'no longer there',
    );
  });
});
