import type { TaxCodes } from '../../agreement/agreement.ts';
import type { CallContext, ReadItem } from '../connector.ts';
import { idOfItem, malformedItems, oneEach, readItem, type Sorted, sortOut } from '../records.ts';
import { type Lost, setAside } from '../set-aside.ts';
import { type Cin7CoreClient, pageSize } from './client.ts';
import { toObservation } from './map.ts';
import { customerDrift } from './renamed.ts';
import { type Customer, customer } from './schema.ts';

/** From here on a page of a thousand is cheaper than a call for each: there are sixty calls a minute for everything. */
export const fewCalls = 3;

export interface CustomersRead {
  readonly items: ReadItem[];
  /** By id; only those that could be read. */
  readonly customers: ReadonlyMap<string, Customer>;
}

interface Page {
  readonly sorted: Sorted<Customer>;
  readonly lost: Lost;
  readonly exchangeId: number;
  readonly pages: number;
}

/** Customers by id, deprecated ones too, in as few calls as the account's size allows. One item for each id. */
export async function readCustomers(
  client: Cin7CoreClient,
  codes: TaxCodes,
  ids: readonly string[],
  call: CallContext,
): Promise<CustomersRead> {
  const found = new Map<string, ReadItem>();
  const customers = new Map<string, Customer>();
  const note = (page: Page) => {
    const items = itemsOf(page, codes);
    for (const item of items) found.set(idOfItem(item), item);
    for (const one of page.sorted.good) customers.set(one.ID, one);
    return items;
  };
  const missing = () => ids.filter((id) => !found.has(id));
  if (ids.length > fewCalls) {
    const first = pageOf(await client.list(null, 1, call));
    note(first);
    for (let page = 2; page <= first.pages && first.pages - page + 1 <= missing().length; page += 1) {
      note(pageOf(await client.list(null, page, call)));
    }
  }
  // Asked for by name, so that "gone" is what Cin7 Core says and not what a page left out.
  for (const id of missing()) {
    const page = pageOf(await client.byId(id, call));
    const unnamed = page.sorted.bad.some(({ externalId }) => externalId === null);
    for (const item of oneEach([id], note(page), { exchangeId: page.exchangeId, unnamed })) {
      found.set(id, item);
    }
  }
  return { items: ids.flatMap((id) => found.get(id) ?? []), customers };
}

/** Pages of customers modified since. Cin7 Core lists from its database: its values are believed. */
export async function* changedCustomers(
  client: Cin7CoreClient,
  codes: TaxCodes,
  since: Date | null,
  call: CallContext,
): AsyncGenerator<readonly ReadItem[]> {
  for await (const page of pagesOf((number) => client.list(since, number, call))) {
    yield itemsOf(page, codes);
  }
}

/** All pages of a list, one after the other, as long as there is something on them. */
export async function* pagesOf(list: (page: number) => ReturnType<Cin7CoreClient['list']>) {
  for (let number = 1; ; number += 1) {
    const page = pageOf(await list(number));
    const isEmpty = page.sorted.good.length + page.sorted.bad.length === 0;
    if (!isEmpty) yield page;
    if (isEmpty || number >= page.pages) return;
  }
}

function pageOf({ data, exchangeId, drifts }: Awaited<ReturnType<Cin7CoreClient['list']>>): Page {
  const { records, lost } = setAside(data.CustomerList, 'CustomerList[]', drifts);
  const sorted = sortOut(records, customer, ({ ID }) => ID);
  return { sorted, lost, exchangeId, pages: Math.ceil(data.Total / pageSize) };
}

function itemsOf({ sorted, lost, exchangeId }: Page, codes: TaxCodes): ReadItem[] {
  const driftOf = customerDrift(sorted.good, lost);
  const read = sorted.good.map((one) => readItem(toObservation(one, driftOf(one), codes), exchangeId));
  return [...read, ...malformedItems(sorted, exchangeId)];
}
