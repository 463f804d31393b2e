import { inChunks } from '../batches.ts';
import type { CallContext, ReadItem } from '../connector.ts';
import { driftFinder } from '../drift.ts';
import { idOfItem, malformedItems, oneEach, readItem, sortOut } from '../records.ts';
import type { HubSpotClient, Window } from './client.ts';
import { documented, mapped, toObservation } from './map.ts';
import { company } from './schema.ts';

const batchSize = 100;
/** With histories HubSpot reads 50 at a time, and so few that one call does are read with theirs: who, and when. */
const historySize = 50;
/** A search never pages past this many results. */
const searchCap = 10_000;

/** Companies by id, archived ones too. One item for each id. */
export async function readCompanies(
  client: HubSpotClient,
  ids: readonly string[],
  call: CallContext,
): Promise<ReadItem[]> {
  const history = ids.length <= historySize;
  const items: ReadItem[] = [];
  for (const batch of inChunks(ids, batchSize)) {
    const live = await readBatch(client, batch, { history, archived: false }, call);
    const missing = batch.filter((id) => !live.items.some((item) => idOfItem(item) === id));
    // The recycle bin answers only when asked by name; being there is another thing than being gone.
    const binned =
      missing.length > 0 && !live.unnamed
        ? await readBatch(client, missing, { history: false, archived: true }, call)
        : { items: [], unnamed: live.unnamed };
    const { exchangeId } = live;
    items.push(...oneEach(batch, [...live.items, ...binned.items], { exchangeId, unnamed: binned.unnamed }));
  }
  return items;
}

async function readBatch(
  client: HubSpotClient,
  ids: readonly string[],
  how: { history: boolean; archived: boolean },
  call: CallContext,
): Promise<{ items: ReadItem[]; unnamed: boolean; exchangeId: number }> {
  const { data, exchangeId } = await client.batchRead(ids, how, call);
  const sorted = sortOut(data.results, company, ({ id }) => id);
  const driftOf = driftFinder(
    sorted.good.map(({ properties }) => properties),
    // What is asked for comes as null when it is empty; a property that does not exist is left out without a word.
    { mapped, documented, sendsEmpty: true },
  );
  const read = sorted.good.map((one) => readItem(toObservation(one, driftOf(one.properties)), exchangeId));
  return {
    items: [...read, ...malformedItems(sorted, exchangeId)],
    unnamed: sorted.bad.some(({ externalId }) => externalId === null),
    exchangeId,
  };
}

/** What changed within `[since, until]`: the search says which, reading by id says what. A search index is late and out of order. */
export async function* changedCompanies(
  client: HubSpotClient,
  since: Date | null,
  until: Date,
  call: CallContext,
): AsyncGenerator<readonly ReadItem[]> {
  const window = { from: since?.getTime() ?? 0, to: until.getTime() };
  if (window.from > window.to) return;
  for await (const ids of idsIn(client, window, call)) {
    if (ids.length <= historySize) {
      if (ids.length > 0) yield await readCompanies(client, ids, call);
      continue;
    }
    for (const batch of inChunks(ids, batchSize)) yield await readCompanies(client, batch, call);
  }
}

/** Ids by windows small enough for one search each. */
async function* idsIn(
  client: HubSpotClient,
  window: Window,
  call: CallContext,
): AsyncGenerator<readonly string[]> {
  const { from, to } = window;
  const first = await client.search(window, null, call);
  if (first.total <= searchCap) {
    yield await collect(client, window, call, first);
  } else if (from === to) {
    yield* idsOfOneInstant(client, window, call);
  } else {
    const middle = Math.floor((from + to) / 2);
    yield* idsIn(client, { from, to: middle }, call);
    yield* idsIn(client, { from: middle + 1, to }, call);
  }
}

/** A company that is saved while we page leaves the window, and everything behind it moves up by one: then the window is listed again. */
async function collect(
  client: HubSpotClient,
  window: Window,
  call: CallContext,
  first: Awaited<ReturnType<HubSpotClient['search']>>,
): Promise<readonly string[]> {
  const ids = new Set<string>();
  let start = first;
  for (let round = 1; ; round += 1) {
    let page = start;
    for (const id of page.ids) ids.add(id);
    while (page.after !== null && Number(page.after) < searchCap) {
      page = await client.search(window, page.after, call);
      for (const id of page.ids) ids.add(id);
    }
    if (page.total >= start.total || round === 3) return [...ids];
    start = await client.search(window, null, call);
  }
}

/** A bulk import stamps tens of thousands with one time: those are listed by id. */
async function* idsOfOneInstant(
  client: HubSpotClient,
  window: Window,
  call: CallContext,
): AsyncGenerator<readonly string[]> {
  let last = '0';
  for (;;) {
    const { ids } = await client.searchById(window, last, call);
    const next = ids.at(-1);
    if (next === undefined || next === last) return;
    yield ids;
    last = next;
  }
}
