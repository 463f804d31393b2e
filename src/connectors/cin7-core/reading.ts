import type { z } from 'zod';
import type { CallContext, Observation, ReadItem } from '../connector.ts';
import type { Answer } from '../http/call.ts';
import { idOfItem, malformedItems, oneEach, readItem, type Sorted, sortOut } from '../records.ts';
import { type Lost, setAside } from '../set-aside.ts';
import { fewCalls, pageSize } from './calls.ts';

/** An answer that lists records, under the list's own name. */
type Listed = Answer<{ readonly Total?: number | undefined; readonly [list: string]: unknown }>;

/** One kind of record that Cin7 Core lists in pages, and how it is read. */
export interface Kind<R extends { readonly ID: string }> {
  /** The list in an answer: `CustomerList`. */
  readonly list: string;
  readonly shape: z.ZodType<R>;
  /** Records modified since (null = all), deprecated ones too. Pages count from 1. */
  page(since: Date | null, page: number, call: CallContext): Promise<Listed>;
  byId(id: string, call: CallContext): Promise<Listed>;
  /** The records of one answer, as the entity has them. */
  observe(records: readonly R[], lost: Lost): readonly Observation[];
}

export interface Page<R> {
  readonly sorted: Sorted<R>;
  readonly lost: Lost;
  readonly exchangeId: number;
  readonly pages: number;
}

export interface RecordsRead<R> {
  readonly items: ReadItem[];
  /** By id; only those that could be read. */
  readonly records: ReadonlyMap<string, R>;
}

/** Records by id, deprecated ones too, in as few calls as the account's size allows. One item for each id. */
export async function readByIds<R extends { readonly ID: string }>(
  kind: Kind<R>,
  ids: readonly string[],
  call: CallContext,
): Promise<RecordsRead<R>> {
  const found = new Map<string, ReadItem>();
  const records = new Map<string, R>();
  const note = (page: Page<R>) => {
    const items = itemsOf(kind, page);
    for (const item of items) found.set(idOfItem(item), item);
    for (const one of page.sorted.good) records.set(one.ID, one);
    return items;
  };
  const missing = () => ids.filter((id) => !found.has(id));
  if (ids.length > fewCalls) {
    const first = pageOf(kind, await kind.page(null, 1, call));
    note(first);
    for (let page = 2; page <= first.pages && first.pages - page + 1 <= missing().length; page += 1) {
      note(pageOf(kind, await kind.page(null, page, call)));
    }
  }
  // Asked for by name, so that "gone" is what Cin7 Core says and not what a page left out.
  for (const id of missing()) {
    const page = pageOf(kind, await kind.byId(id, call));
    const unnamed = page.sorted.bad.some(({ externalId }) => externalId === null);
    for (const item of oneEach([id], note(page), { exchangeId: page.exchangeId, unnamed })) {
      found.set(id, item);
    }
  }
  return { items: ids.flatMap((id) => found.get(id) ?? []), records };
}

/** Pages of records modified since. Cin7 Core lists from its database: its values are believed. */
export async function* changedSince<R extends { readonly ID: string }>(
  kind: Kind<R>,
  since: Date | null,
  call: CallContext,
): AsyncGenerator<readonly ReadItem[]> {
  for await (const page of pagesOf(kind, (number) => kind.page(since, number, call))) {
    yield itemsOf(kind, page);
  }
}

/** All pages of a list, one after the other, as long as there is something on them. */
export async function* pagesOf<R extends { readonly ID: string }>(
  kind: Pick<Kind<R>, 'list' | 'shape'>,
  list: (page: number) => Promise<Listed>,
): AsyncGenerator<Page<R>> {
  for (let number = 1; ; number += 1) {
    const page = pageOf(kind, await list(number));
    const isEmpty = page.sorted.good.length + page.sorted.bad.length === 0;
    if (!isEmpty) yield page;
    if (isEmpty || number >= page.pages) return;
  }
}

function pageOf<R extends { readonly ID: string }>(
  { list, shape }: Pick<Kind<R>, 'list' | 'shape'>,
  { data, exchangeId, drifts }: Listed,
): Page<R> {
  const rows = Array.isArray(data[list]) ? (data[list] as readonly unknown[]) : [];
  const { records, lost } = setAside(rows, `${list}[]`, drifts);
  const sorted = sortOut(records, shape, ({ ID }) => ID);
  return { sorted, lost, exchangeId, pages: Math.ceil((data.Total ?? 0) / pageSize) };
}

function itemsOf<R extends { readonly ID: string }>(
  kind: Kind<R>,
  { sorted, lost, exchangeId }: Page<R>,
): ReadItem[] {
  const read = kind.observe(sorted.good, lost).map((one) => readItem(one, exchangeId));
  return [...read, ...malformedItems(sorted, exchangeId)];
}
