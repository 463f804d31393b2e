import { describe, expect, it } from 'vitest';
import { differences } from '#src/playground/page/words/differences.ts';
import { folded, rowsOf } from '#src/playground/page/words/fields.ts';
import { dayWords, money, quantity } from '#src/playground/page/words/figures.ts';
import { found } from '#src/playground/page/words/find.ts';
import { absentFrom } from '#src/playground/page/words/kinds.ts';
import type { Card, CardField } from '#src/playground/vendors/vendor.ts';

const card = (system: Card['system'], label: string, fields: readonly CardField[]): Card => ({
  ...{ system, label, externalId: '1', title: '', abn: '', updatedAt: '' },
  fields,
});
const field = (key: string, label: string, value: string, group?: string): CardField => ({
  ...{ key, label, value },
  ...(group ? { group } : {}),
});
const line = (id: string, names: readonly [string, string, string, string], values: readonly string[]) =>
  names.map((name, i) => field(`${id}.${name}`, `Line 1 ${name}`, values[i] ?? '', 'Line 1'));
const inHubSpot = ['name', 'quantity', 'price', 'hs_discount_percentage'] as const;
const inXero = ['Description', 'Quantity', 'UnitAmount', 'DiscountRate'] as const;

describe('figures on a card', () => {
  it.each([
    ['1840.5', '$1,840.50'],
    ['0.1285', '$0.1285'],
    ['-12', '-$12.00'],
    ['', ''],
    ['on request', 'on request'],
  ])('money: %s', (held, shown) => {
    expect(money(held)).toBe(shown);
  });

  it('quantities and days', () => {
    expect([quantity('46500'), quantity('86.4'), quantity('')]).toEqual(['46,500', '86.4', '']);
    expect([dayWords('2026-12-01'), dayWords('soon'), dayWords('2026-13-01')]).toEqual([
      '1 Dec 2026',
      'soon',
      '2026-13-01',
    ]);
  });
});

describe('a line of a deal or an invoice', () => {
  const deal = card('hubspot', 'HubSpot', line('77', inHubSpot, ['Merbau decking', '2400', '11.45', '5']));
  const row = (of: Card) => rowsOf(of, {}, 'sale')[0];

  it('is one row, in the words of a till', () => {
    expect(row(deal)).toMatchObject({ label: 'Line 1', value: '2,400 × Merbau decking at $11.45, less 5%' });
    expect(row(deal)?.fields).toHaveLength(4);
    const bare = card('xero', 'Xero', line('a', inXero, ['', '', '', '']));
    expect(row(bare)?.value).toBe('? × no name');
  });

  it('is the same in both systems when number and amount are, whatever its name', () => {
    const invoice = (quantityThere: string) =>
      card('xero', 'Xero', line('a', inXero, ['Decking, merbau', quantityThere, '11.4500', '5.00']));
    const mark = (other: Card) => {
      const mine = row(deal);
      return mine && differences([deal, other], 'sale')(deal, mine).mark;
    };
    expect([mark(invoice('2400.0')), mark(invoice('24'))]).toEqual(['same', 'differs']);
  });
});

describe('a product or a sale on its cards', () => {
  it('compares numbers as numbers and each system’s words for one state as one', () => {
    const cards = [
      card('hubspot', 'HubSpot', [
        field('price', 'Unit price', '11.450'),
        field('truce_status', 'Status', 'Archived'),
      ]),
      card('cin7-core', 'Cin7 Core', [
        field('PriceTier1', 'Price tier 1', '11.45'),
        field('Status', 'Status', 'DEPRECATED'),
      ]),
    ];
    const compare = differences(cards, 'product');
    for (const one of cards)
      for (const row of rowsOf(one, {}, 'product'))
        expect([row.label, compare(one, row).mark]).toEqual([row.label, 'same']);
  });

  it('does not call a name different that Xero could not hold whole', () => {
    const name = 'Galvanised bugle head batten screw, hex drive, box of fifty pieces';
    const cards = [
      card('xero', 'Xero', [field('Name', 'Name', name.slice(0, 50))]),
      card('cin7-core', 'Cin7 Core', [field('Name', 'Product name', name)]),
    ];
    const rows = cards.map((one) => rowsOf(one, {}, 'product')[0]);
    expect(rows.map((row, i) => row && differences(cards, 'product')(cards[i] as Card, row).mark)).toEqual([
      'same',
      'same',
    ]);
  });

  it('shows the stock of one place in one row, to be counted there', () => {
    const stock = card('cin7-core', 'Cin7 Core', [
      field('Sydney: OnHand', 'Sydney, on hand', '620', 'Sydney'),
      field('Sydney: Allocated', 'Sydney, allocated', '0', 'Sydney'),
    ]);
    expect(rowsOf(stock, {}, 'product')).toMatchObject([
      { label: 'Sydney', value: '620 on hand, 0 allocated' },
    ]);
  });

  it('folds away what a deal does not yet know of its invoice, and brings it in sight once it does', () => {
    const deal = (number: string) =>
      card('hubspot', 'HubSpot', [
        field('dealname', 'Deal name', 'Shelves'),
        field('truce_invoice_number', 'Invoice number', number),
      ]);
    const inSight = (number: string) =>
      folded(rowsOf(deal(number), {}, 'sale'), 'sale').inSight.map(({ label }) => label);
    expect([inSight(''), inSight('INV-1')]).toEqual([['Deal name'], ['Deal name', 'Invoice number']]);
  });

  it('says which system lacks it', () => {
    const deal = card('hubspot', 'HubSpot', []);
    expect(absentFrom('sale', [deal])).toEqual([expect.stringMatching(/^No invoice in Xero yet/)]);
    expect(absentFrom('product', [deal])).toEqual(['Not in Xero.', 'Not in Cin7 Core.']);
  });
});

describe('finding by typing', () => {
  const records = [
    { title: 'Concrete, rapid-set', about: 'CM-RAP-20' },
    { title: 'Decking screw', about: 'SC-DK-1050' },
    { title: 'Merbau decking', about: 'DK-MER-140' },
    { title: 'Bellbird Timber', about: 'ABN 77 912 345 674' },
  ];
  it.each([
    ['deck', ['Decking screw', 'Merbau decking']],
    ['DECKING mer', ['Merbau decking']],
    ['dk-', ['Merbau decking', 'Decking screw']],
    ['77912345674', ['Bellbird Timber']],
    ['77 912', ['Bellbird Timber']],
    ['nothing', []],
    ['', records.map(({ title }) => title)],
  ])('“%s”', (typed, titles) => {
    expect(found(records, typed).map(({ title }) => title)).toEqual(titles);
  });
});

it('what a deal does not say yet of its invoice is no disagreement; what it says is', () => {
  const deal = (due: string) =>
    card('hubspot', 'HubSpot', [field('truce_invoice_amount_due', 'Amount due', due)]);
  const invoice = card('xero', 'Xero', [field('AmountDue', 'Amount due', '12.00')]);
  const marks = (due: string) =>
    [deal(due), invoice].map((one, _, cards) => {
      const [row] = rowsOf(one, {}, 'sale');
      return row && differences(cards, 'sale')(one, row).mark;
    });
  expect([marks(''), marks('12'), marks('11.99')]).toEqual([
    ['alone', 'alone'],
    ['same', 'same'],
    ['differs', 'differs'],
  ]);
});
