import { inChunks } from '../batches.ts';
import type { CallContext, ReadItem } from '../connector.ts';
import { associatedWith } from './associations.ts';
import type { HubSpotClient, ObjectType, SearchPage, Window } from './client.ts';
import { type Account, batchSize, historySize, readCompanies } from './read.ts';

/** A search never pages past this many results. */
const searchCap = 10_000;
/** Up to so many changes are read with who made them; more come of an import, and cost half the calls without. */
const mostWithHistory = 500;

/** What changed within `[since, until]`: the search says which, reading by id says what. A search index is late and out of order. */
export async function* changedCompanies(
  account: Account,
  since: Date | null,
  until: Date,
  call: CallContext,
): AsyncGenerator<readonly ReadItem[]> {
  const window = { from: since?.getTime() ?? 0, to: until.getTime() };
  if (window.from > window.to) return;
  const told = new Set<string>();
  for await (const ids of idsIn(listing(account.client, 'companies', call), window)) {
    yield* readInPages(account, ids, call);
    if (since !== null && account.billing.inContact) for (const id of ids) told.add(id);
  }
  // Where everything is read, contacts come with their companies.
  if (since === null || !account.billing.inContact) return;
  for await (const contacts of idsIn(listing(account.client, 'contacts', call), window)) {
    const companies = await associatedWith(account.client, 'contacts', contacts, call);
    const ids = new Set([...companies.values()].flat().map(({ id }) => id));
    const fresh = [...ids].filter((id) => !told.has(id));
    for (const id of fresh) told.add(id);
    yield* readInPages(account, fresh, call);
  }
}

async function* readInPages(
  account: Account,
  ids: readonly string[],
  call: CallContext,
): AsyncGenerator<readonly ReadItem[]> {
  const size = ids.length <= mostWithHistory ? historySize : batchSize;
  for (const batch of inChunks(ids, size)) yield await readCompanies(account, batch, call);
}

/** The searches for one object type. */
interface Listing {
  search(window: Window, after: string | null): Promise<SearchPage>;
  searchById(window: Window, aboveId: string): Promise<SearchPage>;
}

const listing = (client: HubSpotClient, type: ObjectType, call: CallContext): Listing => ({
  search: (window, after) => client.search(type, window, after, call),
  searchById: (window, aboveId) => client.searchById(type, window, aboveId, call),
});

/** Ids by windows small enough for one search each. */
async function* idsIn(list: Listing, window: Window): AsyncGenerator<readonly string[]> {
  const { from, to } = window;
  const first = await list.search(window, null);
  if (first.total <= searchCap) {
    yield await collect(list, window, first);
  } else if (from === to) {
    yield* idsOfOneInstant(list, window);
  } else {
    const middle = Math.floor((from + to) / 2);
    yield* idsIn(list, { from, to: middle });
    yield* idsIn(list, { from: middle + 1, to });
  }
}

/** A record that is saved while we page leaves the window, and everything behind it moves up by one: then the window is listed again. */
async function collect(list: Listing, window: Window, first: SearchPage): Promise<readonly string[]> {
  const ids = new Set<string>();
  let start = first;
  for (let round = 1; ; round += 1) {
    let page = start;
    for (const id of page.ids) ids.add(id);
    while (page.after !== null && Number(page.after) < searchCap) {
      page = await list.search(window, page.after);
      for (const id of page.ids) ids.add(id);
    }
    if (page.total >= start.total || round === 3) return [...ids];
    start = await list.search(window, null);
  }
}

/** A bulk import stamps tens of thousands with one time: those are listed by id. */
async function* idsOfOneInstant(list: Listing, window: Window): AsyncGenerator<readonly string[]> {
  let last = '0';
  for (;;) {
    const { ids } = await list.searchById(window, last);
    const next = ids.at(-1);
    if (next === undefined || next === last) return;
    yield ids;
    last = next;
  }
}
