import type { Observation, ReadItem } from '../connectors/connector.ts';
import type { DbOrTx } from '../ledger/db.ts';
import { linksOf } from '../ledger/records/left-out.ts';
import type { RunContext } from './context.ts';

/** What the agreement leaves as it is, by ids of the vendor. */
export const leftOutIn = (items: readonly ReadItem[]): string[] =>
  items.flatMap((item) => (isLeftOut(item) ? [item.observation.externalId] : []));

/**
 * The items of a page without those that the agreement leaves as they are and that are linked to nothing: years of them are read each
 * night, and none is stored. One that another system has too takes part like any other; one that was linked, and is nowhere else, is
 * out of use, so that nothing is made of it any more.
 */
export async function withoutLeftOut(
  context: RunContext,
  db: DbOrTx,
  connection: string,
  items: readonly ReadItem[],
): Promise<readonly ReadItem[]> {
  const ids = leftOutIn(items);
  if (ids.length === 0) return items;
  const known = await linksOf(db, { entity: context.entity.name, connection, ids });
  return items.flatMap((item): ReadItem[] => {
    if (!isLeftOut(item)) return [item];
    const elsewhere = known.get(item.observation.externalId);
    if (elsewhere === undefined) return [];
    return [elsewhere ? item : { ...item, observation: { ...item.observation, archived: true } }];
  });
}

const isLeftOut = (item: ReadItem): item is ReadItem & { readonly observation: Observation } =>
  item.kind === 'read' && item.observation.leftOut === true;
