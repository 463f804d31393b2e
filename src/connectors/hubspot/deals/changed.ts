import type { CallContext, ReadItem } from '../../connector.ts';
import { CallFailed } from '../../http/failure.ts';
import { associatedWith } from '../associations.ts';
import type { HubSpotClient, Window } from '../client.ts';
import { idsChanged, inPages } from '../listing.ts';
import { type ObjectKind, readObjects } from '../objects.ts';
import { inStages, numbered, unnumbered } from './won.ts';

/** So long a deal without an invoice is read again in every run; after that in the nightly sweep. */
const waitingMs = 14 * 86_400_000;

export const dealsOfLines = { from: 'line_items', to: 'deals' } as const;

/**
 * Deals that changed within `[since, until]`, or of which a line did: HubSpot moves no deal's time when its lines change. Of changes
 * all deals are told, won or not: one that is won no longer is a change too; and those that were won lately and have no invoice yet. Of
 * everything only those that were won.
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
  const fresh = (ids: readonly string[]): string[] => {
    const others = [...new Set(ids)].filter((id) => !told.has(id));
    for (const id of others) told.add(id);
    return others;
  };
  for await (const lines of idsChanged(client, 'line_items', window, call)) {
    const deals = await associatedWith(client, dealsOfLines, lines, call);
    yield* inPages(fresh([...deals.values()].flat().map(({ id }) => id)), read);
  }
  for await (const ids of waitingIds(client, wonStages, window.to, call)) yield* inPages(fresh(ids), read);
}

/** Of everything, the deals that count. */
async function* soldIds(
  client: HubSpotClient,
  wonStages: readonly string[],
  window: Window,
  call: CallContext,
): AsyncGenerator<readonly string[]> {
  const won = inStages(wonStages);
  const listed = (which: Window['which'] & {}) => idsChanged(client, 'deals', { ...window, which }, call);
  try {
    yield* listed([[won], [numbered]]);
  } catch (error) {
    if (!lacksNumber(error)) throw error;
    yield* listed([[won]]);
  }
}

/**
 * Deals that were won lately and have no invoice: whatever theirs waits for may have come, though nothing of the deal itself
 * changed, such as the GST code of a product that it sold.
 */
async function* waitingIds(
  client: HubSpotClient,
  wonStages: readonly string[],
  to: number,
  call: CallContext,
): AsyncGenerator<readonly string[]> {
  const which = [[inStages(wonStages), unnumbered]];
  try {
    yield* idsChanged(client, 'deals', { from: Math.max(0, to - waitingMs), to, which }, call);
  } catch (error) {
    if (!lacksNumber(error)) throw error;
  }
}

/** Where the property is still to be made no deal has a number; the first search says so, before anything was listed. */
const lacksNumber = (error: unknown): boolean =>
  error instanceof CallFailed && error.status === 400 && error.reason.includes(numbered.propertyName);
