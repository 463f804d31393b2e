import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toStockLevel } from '#src/connectors/cin7-core/availability/map.ts';
import type { Row } from '#src/connectors/cin7-core/availability/schema.ts';
import { markerLine } from '#src/connectors/cin7-core/marker.ts';
import { toNewProduct, toUpdate } from '#src/connectors/cin7-core/products/body.ts';
import { project, supports, toObservation } from '#src/connectors/cin7-core/products/map.ts';
import { type Product, product } from '#src/connectors/cin7-core/products/schema.ts';
import { type FieldValue, same } from '#src/entities/field.ts';
import { product as entity } from '#src/entities/product.ts';

const codes = { gst: 'GST on Income', gst_free: 'GST Free Income', export: 'GST Free Exports' };
const decking = (more: object = {}): Product =>
  product.parse({
    ID: 'p1',
    SKU: 'DK-140',
    Name: 'Merbau decking',
    Description: null,
    UOM: 'm',
    PriceTier1: 11.45,
    AverageCost: 7.2,
    SaleTaxRule: 'GST on Income',
    Status: 'ACTIVE',
    LastModifiedOn: '2026-11-19T05:06:07.123',
    ...more,
  });
const fieldsOf = (one: Product) => toObservation(one, [], codes).fields;
const value = (held: FieldValue) => ({ state: 'value', value: held });
const blank = { state: 'blank' };

describe('a product of Cin7 Core', () => {
  test('is read with the first price tier, the average cost and its treatment; times in UTC', () => {
    expect(toObservation(decking(), [], codes)).toMatchObject({
      externalId: 'p1',
      role: 'product',
      vendorAt: '2026-11-19T05:06:07.123Z',
      archived: false,
      fields: {
        sku: value('DK-140'),
        description: blank,
        sell_price: value('11.45'),
        cost: value('7.2'),
        tax_treatment: value('gst'),
        unit: value('m'),
        status: value('active'),
      },
    });
  });

  test.each([
    ['nought as no price', { PriceTier1: 0, AverageCost: 0 }, { sell_price: blank, cost: blank }],
    ['a price in words as it is', { PriceTier1: 'ask us' }, { sell_price: value('ask us') }],
    ['no tax rule as none', { SaleTaxRule: null }, { tax_treatment: blank }],
    ['a rule that is not in the table as it is', { SaleTaxRule: 'WET' }, { tax_treatment: value('WET') }],
    ['one that is not set up as in use', { Status: 'Setup required' }, { status: value('active') }],
    ['one that is deprecated as archived', { Status: 'DEPRECATED' }, { status: value('archived') }],
  ])('reads %s', (_, more, fields) => {
    expect(fieldsOf(decking(more))).toMatchObject(fields);
  });

  test('carries our mark in its note, whatever else is written there', () => {
    const marker = '0b9f8f5e-5c1e-4a53-9a51-6a2f9f1f0c11';
    const InternalNote = `Call Sam first\r\n${markerLine(marker)}\r\nold stock`;
    expect(toObservation(decking({ InternalNote }), [], codes).marker).toBe(marker);
    expect(toObservation(decking({ InternalNote: `see ${marker}` }), [], codes).marker).toBeNull();
  });

  test('holds four decimals of a price and 256 characters of a name; a SKU is never cut', () => {
    expect(project('sell_price', '0.12345')).toEqual({ value: '0.1235', lossy: true });
    expect(project('sell_price', '12.50')).toEqual({ value: '12.50', lossy: false });
    expect(project('sell_price', '0')).toEqual({ value: null, lossy: true });
    expect(project('name', 'x'.repeat(300))).toEqual({ value: 'x'.repeat(256), lossy: true });
    expect(project('sku', 'x'.repeat(60))).toEqual({ value: 'x'.repeat(60), lossy: false });
    expect(project('colour', 'red')).toEqual({ value: null, lossy: true });
  });

  test.each([
    ['its cost', { cost: '7' }, 'works a product’s average cost out by itself'],
    ['no SKU', { sku: null }, 'no product without a SKU'],
    ['no unit', { unit: null }, 'no product without a unit'],
    ['a treatment that the table lacks', { tax_treatment: 'input_taxed' }, 'no tax rule for “input_taxed”'],
    ['a price in words', { sell_price: 'ask us' }, '“ask us” is not a price'],
    ['a price that no number keeps', { sell_price: '1234567890123.4567' }, 'is not a price'],
    ['a status that is none', { status: 'lost' }, 'no status “lost”'],
  ])('is not written with %s', (_, fields, reason) => {
    expect(toUpdate('p1', fields, codes)).toEqual({
      kind: 'impossible',
      reason: expect.stringContaining(reason),
    });
  });

  test('is made with what the agreement says of all, its own unit, our mark, and no cost', () => {
    const terms = { category: 'Other', unit: 'Item', costingMethod: 'FIFO', type: 'Stock' };
    const create = { key: 'k', changeId: 'c', marker: 'm' };
    const fields = { sku: 'A-1', name: 'One', cost: '3', unit: 'kg', sell_price: '5' };
    expect(toNewProduct({ ...create, fields }, terms, codes)).toEqual({
      kind: 'body',
      adds: true,
      json: {
        ...{ SKU: 'A-1', Name: 'One', UOM: 'kg', PriceTier1: 5, Status: 'Active' },
        ...{ Category: 'Other', CostingMethod: 'FIFO', Type: 'Stock', InternalNote: 'truce:m' },
      },
    });
    for (const lacking of [{ name: 'One' }, { sku: 'A-1' }])
      expect(toNewProduct({ ...create, fields: lacking }, terms, codes)).toMatchObject({
        kind: 'impossible',
      });
  });
});

const text = fc.string({ minLength: 1, maxLength: 300, unit: 'grapheme' }).filter((one) => one.trim() !== '');
const price = fc.integer({ min: 0, max: 999_999_999 }).map((units) => String(units / 100_000));

test('whatever is written of a product is read back as the same, and nothing else has changed', () => {
  const values = fc.record(
    {
      sku: text,
      name: text,
      description: fc.option(text, { nil: null }),
      sell_price: fc.option(price, { nil: null }),
      tax_treatment: fc.option(fc.constantFrom('gst', 'gst_free', 'export'), { nil: null }),
      unit: text,
      status: fc.constantFrom('active', 'archived'),
    },
    { requiredKeys: [], noNullPrototype: true },
  );
  fc.assert(
    fc.property(values, (fields) => {
      const sent = Object.fromEntries(
        Object.entries(fields).map(([name, one]) => [name, project(name, one ?? null).value]),
      );
      const body = toUpdate('p1', sent, codes);
      const before = decking();
      const after = product.parse({ ...before, ...(body.kind === 'body' ? body.json : {}) });
      const read = fieldsOf(after);
      for (const field of entity.fields.filter(({ name }) => supports(name))) {
        const found = read[field.name];
        const expected = field.name in sent ? (sent[field.name] ?? null) : undefined;
        if (expected === undefined) expect(found).toEqual(fieldsOf(before)[field.name]);
        else expect(same(field, found?.state === 'value' ? found.value : null, expected)).toBe(true);
      }
    }),
  );
});

test('a stock level is the exact sum of its rows, in whatever order and however they are split', () => {
  const quantity = fc.integer({ min: -9_999_999, max: 9_999_999 });
  const rows = fc.array(
    fc.record({ place: fc.constantFrom('Melbourne', 'Sydney', ''), onHand: quantity, allocated: quantity }),
    { maxLength: 12 },
  );
  // Ten-thousandths, as Cin7 Core sends them: numbers in JSON.
  const inJson = (units: number) => Number((units / 10_000).toFixed(4));
  fc.assert(
    fc.property(rows, fc.boolean(), (drawn, backwards) => {
      const sent = drawn.map(
        ({ place, onHand, allocated }): Row => ({
          ...{ ID: 'p1', Location: place, OnHand: inJson(onHand), Allocated: String(inJson(allocated)) },
          Available: inJson(onHand - allocated),
        }),
      );
      const level = toStockLevel(decking(), backwards ? sent.toReversed() : sent, []);
      if (level.kind !== 'read') throw new Error(level.reason);
      const { on_hand, allocated, available } = level.observation.fields;
      const sum = (of: (one: (typeof drawn)[number]) => number) =>
        value(String(inJson(drawn.reduce((all, one) => all + of(one), 0))));
      expect([on_hand, allocated, available]).toEqual([
        sum((one) => one.onHand),
        sum((one) => one.allocated),
        sum((one) => one.onHand - one.allocated),
      ]);
      expect(toStockLevel(decking(), sent.toReversed(), [])).toEqual(toStockLevel(decking(), sent, []));
    }),
  );
});

test('without one quantity the others are told, and the places are not', () => {
  const row: Row = { ID: 'p1', Location: 'Melbourne', OnHand: 5, Available: 4 };
  const drift = [{ field: 'allocated', expected: 'Allocated', found: ['Reserved'] }];
  expect(toStockLevel(decking(), [row], drift)).toMatchObject({
    observation: {
      drift,
      fields: {
        on_hand: value('5'),
        allocated: { state: 'not_read' },
        available: value('4'),
        locations: { state: 'not_read' },
      },
    },
  });
});
