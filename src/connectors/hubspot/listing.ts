import { inChunks } from '../batches.ts';
import type { CallContext, ReadItem } from '../connector.ts';
import type { HubSpotClient, ObjectType, SearchPage, Window } from './client.ts';
import { batchSize, historySize } from './objects.ts';

/** A search never pages past this many results. */
const searchCap = 10_000;
/** Up to so many changes are read with who made them; more come of an import, and cost half the calls without. */
const mostWithHistory = 500;

/** How far the search index may be behind, and how far before the cursor each pull starts: it has been seen up to an hour behind (estuary #2210, #5180 of 2026). */
export const lateness = { lagMs: 10_000, overlapMs: 3_600_000 } as const;

/** Ids of what changed within the window, in lists of any length. A search index is late and out of order, and believed for nothing else. */
export const idsChanged = (
  client: HubSpotClient,
  type: ObjectType,
  window: Window,
  call: CallContext,
): AsyncGenerator<readonly string[]> => idsIn(listing(client, type, call), window);

/** Reads what was listed, in pages of a size that fits. */
export async function* inPages(
  ids: readonly string[],
  read: (ids: readonly string[]) => Promise<ReadItem[]>,
): AsyncGenerator<readonly ReadItem[]> {
  const size = ids.length <= mostWithHistory ? historySize : batchSize;
  for (const batch of inChunks(ids, size)) yield await read(batch);
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
