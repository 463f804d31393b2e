import { inChunks } from '../../batches.ts';
import type { CallContext } from '../../connector.ts';
import { sortOut } from '../../records.ts';
import { unreadIn } from '../answers.ts';
import { type Associated, type Associations, readAssociations } from '../associations.ts';
import type { HubSpotClient, ObjectType } from '../client.ts';
import { batchSize, historySize } from '../objects.ts';
import { type CrmRecord, crmRecord } from '../schema.ts';
import { editedProperties, lineProperties, productProperties } from './line.ts';

/** Records that were asked for by id. */
export interface Found {
  readonly of: ReadonlyMap<string, CrmRecord>;
  /** Why some cannot be used. Those that are in neither are not there any more. */
  readonly unusable: ReadonlyMap<string, string>;
}

/** All that belongs to some deals. */
export interface Belonging {
  readonly lineIds: Associations;
  readonly companies: Associations;
  readonly lines: Found;
  readonly products: Found;
}

/** In a handful of calls, whatever the number of deals. Throws VendorError. */
export async function readBelonging(
  client: HubSpotClient,
  dealIds: readonly string[],
  { history }: { readonly history: boolean },
  call: CallContext,
): Promise<Belonging> {
  const companies = await readAssociations(client, { from: 'deals', to: 'companies' }, dealIds, call);
  const lineIds = await readAssociations(client, { from: 'deals', to: 'line_items' }, dealIds, call);
  const ids = [...new Set([...lineIds.of.values()].flat().map(({ id }) => id))];
  const lines = await readAll(client, 'line_items', ids, { properties: lineProperties, history }, call);
  const productIds = [...lines.of.values()].flatMap(
    ({ properties }) => properties.hs_product_id?.trim() || [],
  );
  const asked = [...new Set(productIds)];
  const inUse = await readAll(client, 'products', asked, { properties: productProperties }, call);
  const missing = asked.filter((id) => !inUse.of.has(id) && !inUse.unusable.has(id));
  const how = { properties: productProperties, archived: true };
  // What was sold is sold under its code, though it is sold no more.
  const archived = await readAll(client, 'products', missing, how, call);
  return {
    companies,
    lineIds,
    lines,
    products: {
      of: new Map([...inUse.of, ...archived.of]),
      unusable: new Map([...inUse.unusable, ...archived.unusable]),
    },
  };
}

async function readAll(
  client: HubSpotClient,
  type: ObjectType,
  ids: readonly string[],
  how: { readonly properties: readonly string[]; readonly history?: boolean; readonly archived?: boolean },
  call: CallContext,
): Promise<Found> {
  const of = new Map<string, CrmRecord>();
  const unusable = new Map<string, string>();
  for (const batch of inChunks(ids, how.history ? historySize : batchSize)) {
    const { properties, archived = false } = how;
    const more = {
      what: `${type} of deals`,
      archived,
      ...(how.history ? { history: editedProperties } : {}),
    };
    const { data } = await client.batchRead(type, batch, { properties, ...more }, call);
    const { good, bad } = sortOut(data.results, crmRecord, ({ id }) => id);
    for (const one of good) of.set(one.id, one);
    for (const { externalId, reason } of bad)
      for (const id of externalId === null ? batch : [externalId]) if (!of.has(id)) unusable.set(id, reason);
    for (const id of unreadIn(data, batch, new Set(of.keys())))
      unusable.set(id, 'HubSpot had an error of its own with it');
  }
  return { of, unusable };
}

/** HubSpot's own kind of association by which a deal has one company that counts. Source: its associations guide. */
const primaryCompany = 5;

/** The company whose deal it is; null where there is none, `unclear` where there are several and none of them is the primary one. */
export function companyOf(companies: readonly Associated[]): string | null | 'unclear' {
  const primary = companies.find(({ kinds }) =>
    kinds.some(({ typeId, category }) => typeId === primaryCompany && category === 'HUBSPOT_DEFINED'),
  );
  const [first, ...others] = companies;
  if (primary || !first) return primary?.id ?? null;
  return others.length === 0 ? first.id : 'unclear';
}
