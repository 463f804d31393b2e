import type { CallContext, ReadItem } from '../connector.ts';
import { idOfItem, malformedItems, oneEach, readItem, sortOut } from '../records.ts';
import { type Cin7CoreClient, pageSize } from './client.ts';
import { customerDrift, toObservation } from './map.ts';
import { type Customer, customer } from './schema.ts';

/** From here on a page of a thousand is cheaper than a call for each: there are sixty calls a minute for everything. */
const fewIds = 3;

export interface CustomersRead {
  readonly items: ReadItem[];
  /** As Cin7 Core sent them, by id; only those that could be read. */
  readonly customers: ReadonlyMap<string, Customer>;
}

interface Page {
  readonly items: readonly ReadItem[];
  readonly good: readonly Customer[];
  readonly unnamed: boolean;
  readonly exchangeId: number;
  readonly pages: number;
}

/** Customers by id, deprecated ones too, in as few calls as the account's size allows. One item for each id. */
export async function readCustomers(
  client: Cin7CoreClient,
  ids: readonly string[],
  call: CallContext,
): Promise<CustomersRead> {
  const found = new Map<string, ReadItem>();
  const customers = new Map<string, Customer>();
  const note = (page: Page) => {
    for (const item of page.items) found.set(idOfItem(item), item);
    for (const one of page.good) customers.set(one.ID, one);
  };
  const missing = () => ids.filter((id) => !found.has(id));
  if (ids.length > fewIds) {
    const first = pageOf(await client.list(null, 1, call));
    note(first);
    for (let page = 2; page <= first.pages && first.pages - page + 1 <= missing().length; page += 1) {
      note(pageOf(await client.list(null, page, call)));
    }
  }
  // Asked for by name, so that "gone" is what Cin7 Core says and not what a page left out.
  for (const id of missing()) {
    const page = pageOf(await client.byId(id, call));
    note(page);
    for (const item of oneEach([id], page.items, page)) found.set(id, item);
  }
  return { items: ids.flatMap((id) => found.get(id) ?? []), customers };
}

/** Pages of customers modified since. Cin7 Core lists from its database: its values are believed. */
export async function* changedCustomers(
  client: Cin7CoreClient,
  since: Date | null,
  call: CallContext,
): AsyncGenerator<readonly ReadItem[]> {
  for (let number = 1; ; number += 1) {
    const page = pageOf(await client.list(since, number, call));
    if (page.items.length > 0) yield page.items;
    if (number >= page.pages || page.items.length === 0) return;
  }
}

function pageOf({ data, exchangeId }: Awaited<ReturnType<Cin7CoreClient['list']>>): Page {
  const sorted = sortOut(data.CustomerList, customer, ({ ID }) => ID);
  const driftOf = customerDrift(sorted.good);
  const read = sorted.good.map((one) => readItem(toObservation(one, driftOf(one)), exchangeId));
  return {
    items: [...read, ...malformedItems(sorted, exchangeId)],
    good: sorted.good,
    unnamed: sorted.bad.some(({ externalId }) => externalId === null),
    exchangeId,
    pages: Math.ceil(data.Total / pageSize),
  };
}
