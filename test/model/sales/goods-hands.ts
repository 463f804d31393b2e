import type { PracticeSystem } from '#src/playground/vendors/vendor.ts';
import type { Dice } from '../dice.ts';
import { mia } from '../people.ts';
import { systems } from '../vocabulary.ts';
import { type Product, productIds, productsIn } from './goods.ts';
import { canHold, fresh, keysOf, type ProductField, productFields, type Token, typed } from './sheet.ts';
import { noteTotals } from './watch-deals.ts';
import type { SalesWorld } from './world.ts';

/** What people do with products and stock in the systems' own screens. */
function by(world: SalesWorld, what: string, work: () => void): void {
  try {
    world.note(`  ${what}`);
    world.byHand(work);
  } catch (error) {
    world.note(`  refused: ${error instanceof Error ? error.message : String(error)}`);
  }
  noteTotals(world);
}

const editable: readonly ProductField[] = productFields.filter((field) => field !== 'cost');

function some(world: SalesWorld, dice: Dice, system: PracticeSystem): Product | null {
  const products = productsIn(world.house.vendors, system);
  return products.length > 0 ? dice.pick(products) : null;
}

function type(
  world: SalesWorld,
  { system, id, card }: Product,
  values: Partial<Record<ProductField, Token>>,
): void {
  const texts = Object.entries(values).flatMap(([field, token]) => {
    const key = keysOf[field as ProductField][system];
    return key === undefined ? [] : [[key, typed(field as ProductField, system, token)] as const];
  });
  if (texts.length === 0) return;
  by(world, `types into ${system} ${card.sku}`, () =>
    world.house.vendors[system].screens.product?.edit(id, Object.fromEntries(texts), mia),
  );
}

/** One or two details, mostly in Cin7 Core, where products belong. */
export function edit(world: SalesWorld, dice: Dice): void {
  const system = dice.weigh({ 'cin7-core': 60, hubspot: 25, xero: 15 });
  const product = some(world, dice, system);
  if (!product) return;
  const weights = { name: 25, description: 10, sell_price: 35, tax_treatment: 15, unit: 10, status: 5 };
  const field = dice.weigh(weights);
  if (!canHold(system, field)) return;
  type(world, product, { [field]: fresh(field, world.next(), dice) });
}

/** The same detail gets another value in every system. */
export function clash(world: SalesWorld, dice: Dice): void {
  const product = some(world, dice, 'cin7-core');
  if (!product) return;
  const field = dice.pick(editable);
  for (const system of dice.shuffle(systems).slice(0, dice.between(2, 3))) {
    const own = productsIn(world.house.vendors, system).find(({ card }) => card.sku === product.card.sku);
    if (own && canHold(system, field)) type(world, own, { [field]: fresh(field, world.next(), dice) });
  }
}

/** A new product: in Cin7 Core, or one that somebody made in HubSpot or Xero first. */
export function add(world: SalesWorld, dice: Dice): void {
  const system = dice.weigh({ 'cin7-core': 70, hubspot: 15, xero: 15 });
  if (productIds(world.house.vendors, 'cin7-core').length > 8) return;
  const number = world.next();
  const fields = (['name', 'sell_price', 'tax_treatment', 'unit'] as const).filter((one) =>
    canHold(system, one),
  );
  const values = fields
    .filter((field) => field !== 'tax_treatment' || dice.chance(85))
    .map((field) => [keysOf[field][system] ?? '', typed(field, system, fresh(field, number, dice))]);
  const sku = { hubspot: 'hs_sku', xero: 'Code', 'cin7-core': 'SKU' }[system];
  const known = productsIn(world.house.vendors, 'cin7-core').map(({ card }) => card.sku);
  const taken = new Set(productsIn(world.house.vendors, system).map(({ card }) => card.sku));
  const lacking = known.filter((one) => !taken.has(one));
  const own = lacking.length > 0 && dice.chance(60) ? dice.pick(lacking) : `PART-${number}`;
  by(world, `adds ${own} to ${system}`, () => {
    world.house.vendors[system].screens.product?.add({ ...Object.fromEntries(values), [sku]: own }, mia);
  });
}

/** A stocktake, or a sale: in one place. */
export function count(world: SalesWorld, dice: Dice): void {
  const product = some(world, dice, 'cin7-core');
  const screen = world.house.vendors['cin7-core'].screens.stock_level;
  if (!product || !screen) return;
  const place = dice.pick(['Melbourne', 'Sydney']);
  const part = dice.pick(['OnHand', 'OnHand', 'Allocated']);
  const number = dice.pick(['0', '0', String(dice.between(1, 2000) / 8), String(dice.between(0, 20))]);
  by(world, `counts ${product.card.sku}: ${place} ${part} ${number}`, () =>
    screen.edit(product.id, { [`${place}: ${part}`]: number }, mia),
  );
}
