import type { CallContext, ReadItem } from '../../connector.ts';
import { idOfItem, malformedItems, readItem } from '../../records.ts';
import { nothingLost } from '../../set-aside.ts';
import { fewCalls } from '../calls.ts';
import type { ProductsClient } from '../products/client.ts';
import { productsOf } from '../products/read.ts';
import { productDrift } from '../products/renamed.ts';
import type { Product } from '../products/schema.ts';
import { pagesOf, readByIds } from '../reading.ts';
import type { AvailabilityClient } from './client.ts';
import { toStockLevel } from './map.ts';
import { rowDrift } from './renamed.ts';
import { type Rows, rowsOf } from './rows.ts';
import type { Row } from './schema.ts';

export interface StockSource {
  readonly products: ProductsClient;
  readonly availability: AvailabilityClient;
  readonly connection: string;
}

/**
 * The stock of every product, deprecated ones too. Both lists are read to their end before anything is told: only then is a product
 * without a row known to be out of stock. Products that nobody has made yet when they are listed are left for the next time.
 */
export async function scanStock(source: StockSource, call: CallContext): Promise<readonly ReadItem[]> {
  const kind = productsOf(source.products, {});
  const products = new Map<string, Product>();
  const unread = new Map<string, ReadItem>();
  for await (const { sorted, exchangeId } of pagesOf(kind, (page) => kind.page(null, page, call))) {
    for (const product of sorted.good) products.set(product.ID, product);
    for (const item of malformedItems(sorted, exchangeId)) unread.set(idOfItem(item), item);
  }
  const rows = await rowsOf((page) => source.availability.list(page, call), source.connection, call);
  return [...itemsOf([...products.values()], rows), ...unread.values()];
}

/** The stock of these products, one item for each id: asked for one by one where that takes fewer calls than both lists. */
export async function readStock(
  source: StockSource,
  ids: readonly string[],
  call: CallContext,
): Promise<readonly ReadItem[]> {
  const { items, records } = await readByIds(productsOf(source.products, {}), ids, call);
  if (records.size === 0) return items;
  const { availability, connection } = source;
  const found = new Map<string, ReadItem>();
  const note = (products: readonly Product[], rows: Rows) => {
    for (const item of itemsOf(products, rows)) found.set(idOfItem(item), item);
  };
  const products = [...records.values()].filter(({ ID }) => ids.includes(ID));
  if (ids.length > fewCalls)
    note(products, await rowsOf((page) => availability.list(page, call), connection, call));
  else
    for (const product of products)
      note(
        [product],
        await rowsOf((page) => availability.byProduct(product.ID, page, call), connection, call),
      );
  // What is no product that can be read is told as it is.
  return items.flatMap((item) => (item.kind === 'read' ? (found.get(idOfItem(item)) ?? []) : [item]));
}

function itemsOf(products: readonly Product[], { good, bad, lost, exchangeId }: Rows): ReadItem[] {
  const drift = rowDrift(good, lost);
  const skuDrift = productDrift(products, nothingLost);
  const rows = Map.groupBy(good, ({ ID }: Row) => ID);
  return products.map((product): ReadItem => {
    const spoilt = bad.get(product.ID);
    const malformed = (reason: string): ReadItem => ({
      kind: 'malformed',
      externalId: product.ID,
      reason,
      exchangeId,
    });
    if (spoilt !== undefined) return malformed(spoilt);
    const all = [...skuDrift(product).filter(({ field }) => field === 'sku'), ...drift];
    const level = toStockLevel(product, rows.get(product.ID) ?? [], all);
    return level.kind === 'read' ? readItem(level.observation, exchangeId) : malformed(level.reason);
  });
}
