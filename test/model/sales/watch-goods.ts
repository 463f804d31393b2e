import type { PracticeSystem } from '#src/playground/vendors/vendor.ts';
import { systems } from '../vocabulary.ts';
import { productIds } from './goods.ts';
import { noteWrite } from './note-write.ts';
import { canHold, type ProductCard, type ProductField, productFields, productIn } from './sheet.ts';
import { type StockNow, stockInCin7, stockInHubSpot, stockKeys } from './stock.ts';
import type { SalesWorld } from './world.ts';

/** Fields of which a person decides every change. */
const approved: readonly ProductField[] = ['tax_treatment', 'status'];

/** Looks at everything that becomes of products and their stock, at the moment at which it does. */
export function watchGoods(world: SalesWorld): void {
  const { vendors } = world.house;
  const cards = new Map<string, ProductCard>();
  const levels = new Map<string, StockNow>();
  const seen = (system: PracticeSystem, id: string) => {
    const place = `${system} ${id}`;
    const now = productIn(vendors, system, id);
    const before = cards.get(place) ?? null;
    if (!now) return cards.delete(place);
    cards.set(place, now);
    const differ = productFields.filter((field) => canHold(system, field) && before?.[field] !== now[field]);
    if (differ.length === 0) return;
    if (world.isByHand) return typedIn(world, now, differ);
    noteWrite(
      world,
      place,
      differ.map((field) => `${field}=${now[field]}`),
      before === null,
    );
    if (before === null) noneBeside(world, system, id, now);
    for (const field of differ) judge(world, { system, before, now, field });
  };
  const counted = (id: string) => {
    const now = stockInCin7(vendors, id);
    const sku = productIn(vendors, 'cin7-core', id)?.sku;
    if (!now || sku === undefined) return;
    const place = `stock ${id}`;
    if (!world.isByHand && !same(levels.get(place), now))
      world.wrong('Truce changed the stock', `${sku}: ${JSON.stringify(now)}`);
    levels.set(place, now);
    for (const key of stockKeys) world.said.was(`stock ${sku} ${key}`, now[key]);
  };
  const shown = (id: string) => {
    const now = stockInHubSpot(vendors, id);
    const sku = productIn(vendors, 'hubspot', id)?.sku;
    if (!now || sku === undefined) return;
    const place = `hubspot stock ${id}`;
    const before = levels.get(place);
    levels.set(place, now);
    const differ = stockKeys.filter((key) => (before?.[key] ?? '') !== now[key]);
    if (differ.length === 0 || world.isByHand) return;
    noteWrite(
      world,
      place,
      differ.map((key) => `${key}=${now[key]}`),
      false,
    );
    for (const key of differ.filter((one) => !world.said.everWas(`stock ${sku} ${one}`, now[one])))
      world.wrong('a number of stock that Cin7 Core never had', `${sku} ${key}: “${now[key]}”`);
  };
  world.byHand(() => {
    for (const system of systems) for (const id of productIds(vendors, system)) seen(system, id);
    for (const id of productIds(vendors, 'cin7-core')) counted(id);
    for (const id of productIds(vendors, 'hubspot')) shown(id);
  });
  for (const system of systems)
    vendors[system].onChange((id) => {
      if (!productIds(vendors, system).includes(id)) return;
      seen(system, id);
      if (system === 'cin7-core') counted(id);
      if (system === 'hubspot') shown(id);
      const entities = system === 'xero' ? [] : ['product', 'stock_level'];
      for (const entity of entities) world.hints.push({ connection: system, entity, id });
    });
}

const same = (a: StockNow | undefined, b: StockNow) =>
  a !== undefined && stockKeys.every((key) => a[key] === b[key]);

function typedIn(world: SalesWorld, now: ProductCard, fields: readonly ProductField[]): void {
  for (const field of fields) world.said.typed(now.sku, field, now[field]);
  world.note(`  typed ${now.sku} ${fields.map((field) => `${field}=${now[field]}`).join(' ')}`);
}

/** Truce makes no second one of a SKU. */
function noneBeside(
  { house, wrong }: SalesWorld,
  system: PracticeSystem,
  id: string,
  { sku }: ProductCard,
): void {
  const twins = productIds(house.vendors, system).filter(
    (other) => other !== id && productIn(house.vendors, system, other)?.sku === sku,
  );
  if (twins.length > 0) wrong('a product was doubled', `${system} ${id} beside ${twins.join()}: ${sku}`);
}

interface Written {
  readonly system: PracticeSystem;
  readonly before: ProductCard | null;
  readonly now: ProductCard;
  readonly field: ProductField;
}

function judge({ said, wrong }: SalesWorld, { system, before, now, field }: Written): void {
  const { sku, [field]: token } = now;
  const isUsual = before === null && (token === '' || (field === 'status' && token === 'active'));
  if (isUsual) return;
  const what = `${system} ${sku} ${field}: “${token}” over “${before?.[field] ?? 'nothing'}”`;
  if (!said.has(sku, field, { system, token })) wrong('nobody ever gave this value', what);
  else if (approved.includes(field) && before?.[field] && !said.isChosen(sku, field, token))
    wrong('a value was written that nobody had approved', what);
}
