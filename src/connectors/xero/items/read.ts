import type { TaxCodes } from '../../../agreement/agreement.ts';
import type { CallContext, ReadItem } from '../../connector.ts';
import { driftFinder } from '../../drift.ts';
import type { Answer } from '../../http/call.ts';
import { malformedItems, oneEach, readItem, sortOut } from '../../records.ts';
import { lostOf, setAside } from '../../set-aside.ts';
import type { XeroClient } from '../client.ts';
import { itemObservation } from './map.ts';
import { type Item, item, itemKeys, itemsAnswer } from './schema.ts';

/** Xero sends its items whole, in no pages: from so many ids on one list is cheaper than a call for each. */
const oneByOneMost = 3;

/** Prices with all their decimals. */
const finely = { unitdp: '4' } as const;

export interface ItemsRead {
  readonly items: ReadItem[];
  /** As Xero sent them, by id in lower case; only those that could be read. */
  readonly held: ReadonlyMap<string, Item>;
}

type Items = Answer<{ readonly Items: readonly unknown[] }>;

/** All items, or what was modified since. One call: Xero has no pages here. */
export const listItems = (client: XeroClient, since: Date | null, call: CallContext): Promise<Items> =>
  client.get(
    {
      purpose: since ? 'read changed items' : 'read items',
      path: 'Items',
      query: finely,
      since,
      shape: itemsAnswer,
    },
    call,
  );

/** One page: what changed, or everything. What was deleted is in no list; the sweep misses it. */
export async function* changedItems(
  client: XeroClient,
  taxCodes: TaxCodes,
  since: Date | null,
  call: CallContext,
): AsyncGenerator<readonly ReadItem[]> {
  const { items } = readAnswer(await listItems(client, since, call), taxCodes);
  if (items.length > 0) yield items;
}

/** Items by id, one read item for each: a few one by one, more from the whole list. */
export async function readItems(
  client: XeroClient,
  taxCodes: TaxCodes,
  ids: readonly string[],
  call: CallContext,
): Promise<ItemsRead> {
  if (ids.length === 0) return { items: [], held: new Map() };
  if (ids.length > oneByOneMost) {
    const answer = await listItems(client, null, call);
    const read = readAnswer(answer, taxCodes);
    const { exchangeId } = answer;
    return { items: oneEach(ids, read.items, { exchangeId, unnamed: read.unnamed }), held: read.held };
  }
  const items: ReadItem[] = [];
  const held = new Map<string, Item>();
  for (const id of ids) {
    const path = `Items/${encodeURIComponent(id)}`;
    const answer = await client.find(
      { purpose: 'read an item', path, query: finely, shape: itemsAnswer },
      call,
    );
    const read = answer && readAnswer(answer, taxCodes);
    const exchangeId = answer?.exchangeId ?? null;
    items.push(...oneEach([id], read?.items ?? [], { exchangeId, unnamed: read?.unnamed ?? false }));
    for (const [key, one] of read?.held ?? []) held.set(key, one);
  }
  return { items, held };
}

function readAnswer({ data, exchangeId, drifts }: Items, taxCodes: TaxCodes) {
  const { records, lost } = setAside(data.Items, 'Items[]', drifts);
  const sorted = sortOut(records, item, ({ ItemID }) => ItemID);
  const rest = lostOf(lost, { sku: ['Code'], name: ['Name'], description: ['Description'] });
  const driftOf = driftFinder(sorted.good, {
    mapped: { sell_price: ['SalesDetails'], cost: ['PurchaseDetails'], tax_treatment: ['SalesDetails'] },
    documented: itemKeys,
    lost,
  });
  const read = sorted.good.map((one) =>
    readItem(itemObservation(one, [...driftOf(one), ...rest], taxCodes), exchangeId),
  );
  return {
    items: [...read, ...malformedItems(sorted, exchangeId)],
    held: new Map(sorted.good.map((one) => [one.ItemID.toLowerCase(), one])),
    unnamed: sorted.bad.some(({ externalId }) => externalId === null),
  };
}
