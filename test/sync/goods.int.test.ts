import { expect, test } from 'vitest';
import { productsIn } from '#src/playground/data/products.ts';
import type { FaultStep, PracticeSystem } from '#src/playground/vendors/vendor.ts';
import { describeOn } from '#test/support/database.ts';
import { type GoodsEngine, openGoodsEngine } from '#test/support/goods-engine.ts';

const inCin7 = productsIn('cin7-core');

const cardOf = ({ screen }: GoodsEngine, system: PracticeSystem, sku: string) =>
  screen(system, 'product')
    .cards()
    .find(({ fields }) => fields.some(({ value }) => value === sku));

/** A value on the card of the product with this SKU, under the system's own key. */
const held = (engine: GoodsEngine, system: PracticeSystem, sku: string, key: string) =>
  cardOf(engine, system, sku)?.fields.find((field) => field.key === key)?.value;

const stockOf = (engine: GoodsEngine, sku: string) =>
  ['on_hand', 'allocated', 'available', 'locations'].map((part) =>
    held(engine, 'hubspot', sku, `truce_stock_${part}`),
  );

async function ran(engine: GoodsEngine, flow: 'products' | 'stock', times = 1) {
  const states: string[] = [];
  for (let time = 0; time < times; time += 1) {
    const outcome = await engine.run(flow);
    states.push(outcome.kind === 'ran' ? outcome.result.state : outcome.kind);
  }
  return states;
}

/** Systems over HTTP on a machine that does other things too. */
const patience = 120_000;

describeOn('PGlite', 'the goods of the practice company', (open) => {
  test(
    'Cin7 Core’s products come to Xero and HubSpot; nothing is written twice, and nothing goes back',
    async () => {
      const engine = await openGoodsEngine(await open());
      expect(await ran(engine, 'products', 2)).toEqual(['done', 'done']);
      // The code of one is longer than Xero holds: it waits.
      expect(engine.screen('xero', 'product').cards()).toHaveLength(inCin7.length - 1);
      expect(held(engine, 'xero', 'RF-COR-762', 'Name')).toBe(
        'Corrugated roofing sheet 0.42 BMT 762 mm cover, Su',
      );
      expect(held(engine, 'hubspot', 'GD-IRR-13', 'price')).toBe('22');
      // Apart on the first day: Cin7 Core decides.
      expect(held(engine, 'hubspot', 'PN-TRT-7035', 'price')).toBe('9.6');
      expect(held(engine, 'xero', 'GD-LIME-25', 'PurchaseUnitPrice')).toBe('7.3');
      const before = ['hubspot', 'xero', 'cin7-core'].map((one) => engine.writes(one as PracticeSystem));
      expect(await ran(engine, 'products', 2)).toEqual(['done', 'done']);
      expect(['hubspot', 'xero', 'cin7-core'].map((one) => engine.writes(one as PracticeSystem))).toEqual(
        before,
      );
      expect(before.at(-1)).toBe(0);

      const id = cardOf(engine, 'cin7-core', 'SC-DK-1050')?.externalId ?? '';
      engine.screen('cin7-core', 'product').edit(id, { PriceTier1: '0.1301' }, 'Kim Doyle');
      await ran(engine, 'products', 2);
      expect(held(engine, 'hubspot', 'SC-DK-1050', 'price')).toBe('0.1301');
      expect(held(engine, 'xero', 'SC-DK-1050', 'SalesUnitPrice')).toBe('0.1301');
    },
    patience,
  );

  test(
    'Cin7 Core’s stock stands in HubSpot; sold out is nought, and half a list changes nothing',
    async () => {
      const engine = await openGoodsEngine(await open());
      expect(await ran(engine, 'stock', 2)).toEqual(['done', 'done']);
      expect(stockOf(engine, 'DK-MER-140')).toEqual([
        '2460.5',
        '312.4',
        '2148.1',
        'Melbourne: 1840.5 on hand, 312.4 allocated, 1528.1 available; Sydney: 620 on hand, 0 allocated, 620 available',
      ]);
      expect(stockOf(engine, 'CF-MILK-OAT').slice(0, 3)).toEqual(['28', '32', '-4']);
      expect(stockOf(engine, 'GD-BENCH-JAR')).toEqual(['0', '0', '0', '']);
      const quiet = engine.writes('hubspot');
      await ran(engine, 'stock');
      expect(engine.writes('hubspot')).toBe(quiet);

      const shelves = engine.screen('cin7-core', 'stock_level');
      const decking = cardOf(engine, 'cin7-core', 'DK-MER-140')?.externalId ?? '';
      const sold = { 'Melbourne: OnHand': '0', 'Melbourne: Allocated': '0', 'Sydney: OnHand': '0' };
      shelves.edit(decking, sold, 'Kim Doyle');
      // The list of products comes, that of stock does not.
      const broken: FaultStep[] = Array.from({ length: 12 }, () => ({ kind: 'server_error' }));
      engine.vendors['cin7-core'].setFault({ kind: 'script', steps: [{ kind: 'fine' }, ...broken] });
      expect(await ran(engine, 'stock')).not.toEqual(['done']);
      expect(stockOf(engine, 'DK-MER-140')[0]).toBe('2460.5');
      engine.vendors['cin7-core'].setFault(null);
      expect(await ran(engine, 'stock')).toEqual(['done']);
      expect(stockOf(engine, 'DK-MER-140')).toEqual(['0', '0', '0', '']);
      expect(stockOf(engine, 'CF-MILK-OAT').slice(0, 3)).toEqual(['28', '32', '-4']);
    },
    patience,
  );

  test(
    'what is counted out and sold no more by the next run is nought in HubSpot too, archived there or not',
    async () => {
      const engine = await openGoodsEngine(await open());
      await ran(engine, 'stock', 2);
      expect(stockOf(engine, 'DK-MER-140')[2]).toBe('2148.1');
      const id = cardOf(engine, 'cin7-core', 'DK-MER-140')?.externalId ?? '';
      const counted = (OnHand: string) => ({
        ...{ 'Melbourne: OnHand': OnHand, 'Melbourne: Allocated': '0', 'Sydney: OnHand': '0' },
      });
      engine.screen('cin7-core', 'stock_level').edit(id, counted('0'), 'Kim Doyle');
      engine.screen('cin7-core', 'product').edit(id, { Status: 'Deprecated' }, 'Kim Doyle');
      expect(await ran(engine, 'stock', 2)).toEqual(['done', 'done']);
      expect(stockOf(engine, 'DK-MER-140')).toEqual(['0', '0', '0', '']);
      // What turns up afterwards is told all the same.
      const inHubSpot = cardOf(engine, 'hubspot', 'DK-MER-140')?.externalId ?? '';
      engine.screen('hubspot', 'product').edit(inHubSpot, { truce_status: 'Archived' }, 'Priya Nair');
      expect(held(engine, 'hubspot', 'DK-MER-140', 'truce_status')).toBe('Archived');
      engine.screen('cin7-core', 'stock_level').edit(id, counted('3'), 'Kim Doyle');
      expect(await ran(engine, 'stock', 2)).toEqual(['done', 'done']);
      expect(stockOf(engine, 'DK-MER-140').slice(0, 3)).toEqual(['3', '0', '3']);
    },
    patience,
  );
});
