import type { Waiting } from '../verdict.ts';
import { systems } from '../vocabulary.ts';
import { type Product, productsIn } from './goods.ts';
import { asHeld, canHold, productFields } from './sheet.ts';
import { stockInCin7, stockInHubSpot, stockKeys } from './stock.ts';
import type { SalesWorld } from './world.ts';

const isInUse = ({ card }: Product): boolean => card.status !== 'archived';

/** Products by their SKU, each system's own. */
function bySku({ house }: SalesWorld): Map<string, Product[]> {
  const all = systems.flatMap((system) => productsIn(house.vendors, system));
  return Map.groupBy(all, ({ card }) => card.sku);
}

const waitsFor = ({ groups }: SalesWorld, flow: string, sku: string, waiting: readonly Waiting[]) =>
  waiting.filter(
    (change) =>
      change.flow === flow &&
      groups.all.some(
        ({ recordId, key }) => recordId === change.recordId && key?.toLowerCase() === sku.toLowerCase(),
      ),
  );

/** Every system says the same of a product, as far as it can hold it; where they have not all got it, that is said. */
export function productsAgree(world: SalesWorld, waiting: readonly Waiting[]): void {
  for (const [sku, places] of bySku(world)) {
    const used = places.filter(isInUse);
    for (const field of productFields) {
      const held = (field === 'status' ? places : used).filter(({ system }) => canHold(system, field));
      const longest = held.map(({ card }) => card[field]).sort((a, b) => b.length - a.length)[0] ?? '';
      const apart = held.filter(({ system, card }) => card[field] !== asHeld(system, field, longest));
      if (apart.length === 0) continue;
      const shown = held.map(({ system, card }) => `${system} “${card[field]}”`).join(', ');
      world.wrong('the systems do not agree on a product', `${sku} ${field}: ${shown}`);
    }
    const source = used.find(({ system }) => system === 'cin7-core');
    const lacking = systems.filter((system) => !places.some((one) => one.system === system));
    if (source && lacking.length > 0 && waitsFor(world, 'products', sku, waiting).length === 0)
      world.wrong('a product was not made', `${sku}: not in ${lacking.join()}`);
  }
}

/** HubSpot's stock is Cin7 Core's, zeros too, and of what is sold no more. */
export function stockIsRight(world: SalesWorld, waiting: readonly Waiting[]): void {
  const { vendors } = world.house;
  for (const [sku, places] of bySku(world)) {
    const source = places.find(({ system }) => system === 'cin7-core');
    const target = places.find(({ system }) => system === 'hubspot');
    if (!source || !target) continue;
    const [is, said] = [stockInCin7(vendors, source.id), stockInHubSpot(vendors, target.id)];
    const differ = stockKeys.filter((key) => is?.[key] !== said?.[key]);
    if (differ.length === 0) continue;
    const waits = waitsFor(world, 'stock', sku, waiting).map(({ hold }) => hold);
    const shown = differ.map((key) => `${key} “${said?.[key]}”, Cin7 Core “${is?.[key]}”`);
    world.wrong('HubSpot’s stock is not Cin7 Core’s', `${sku}: ${shown.join('; ')} (waits: ${waits.join()})`);
  }
}
