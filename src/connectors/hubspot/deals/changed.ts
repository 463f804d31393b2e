import type { CallContext, ReadItem } from '../../connector.ts';
import { CallFailed } from '../../http/failure.ts';
import { associatedWith } from '../associations.ts';
import type { Filter, HubSpotClient, Window } from '../client.ts';
import { idsChanged, inPages } from '../listing.ts';
import { type ObjectKind, readObjects } from '../objects.ts';
import { inStages, numbered } from './won.ts';

export const dealsOfLines = { from: 'line_items', to: 'deals' } as const;

/**
 * Deals that changed within `[since, until]`, or of which a line did: HubSpot moves no deal's time when its lines change. Of changes
 * all deals are told, won or not: one that is won no longer is a change too. Of everything only those that were won.
 */
export async function* changedDeals(
  client: HubSpotClient,
  kind: ObjectKind,
  wonStages: readonly string[],
  { since, until }: { readonly since: Date | null; readonly until: Date },
  call: CallContext,
): AsyncGenerator<readonly ReadItem[]> {
  const window = { from: since?.getTime() ?? 0, to: until.getTime() };
  if (window.from > window.to) return;
  const read = (ids: readonly string[]) => readObjects(client, kind, ids, call);
  if (since === null) {
    for await (const ids of soldIds(client, wonStages, window, call)) yield* inPages(ids, read);
    return;
  }
  const told = new Set<string>();
  for await (const ids of idsChanged(client, 'deals', window, call)) {
    for (const id of ids) told.add(id);
    yield* inPages(ids, read);
  }
  for await (const lines of idsChanged(client, 'line_items', window, call)) {
    const deals = await associatedWith(client, dealsOfLines, lines, call);
    const ids = new Set([...deals.values()].flat().map(({ id }) => id));
    const fresh = [...ids].filter((id) => !told.has(id));
    for (const id of fresh) told.add(id);
    yield* inPages(fresh, read);
  }
}

async function* soldIds(
  client: HubSpotClient,
  wonStages: readonly string[],
  window: Window,
  call: CallContext,
): AsyncGenerator<readonly string[]> {
  const won = inStages(wonStages);
  const listed = (which: readonly Filter[]) => idsChanged(client, 'deals', { ...window, which }, call);
  try {
    yield* listed([won, numbered]);
  } catch (error) {
    // Where the property is still to be made no deal has a number; the first search says so, before anything was listed.
    if (
      !(error instanceof CallFailed) ||
      error.status !== 400 ||
      !error.reason.includes(numbered.propertyName)
    )
      throw error;
    yield* listed([won]);
  }
}
