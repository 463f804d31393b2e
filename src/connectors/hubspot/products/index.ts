import type { Connector, Observation } from '../../connector.ts';
import { notRead } from '../../observed.ts';
import type { HubSpotClient } from '../client.ts';
import { type InObjects, objectConnector, observation } from '../in-objects.ts';
import { stepOf } from '../wanted.ts';
import { productFields } from './map.ts';

const shape = { role: 'product', fields: productFields, makes: stepOf.product } as const;

const products: InObjects = {
  ...shape,
  type: 'products',
  noun: 'product',
  observe: async () => (record, drift) => inUseOrNot(observation(record, shape, drift)),
};

/** HubSpot's product library. */
export const hubspotProducts = (client: HubSpotClient): Connector => objectConnector(client, products);

/** Archived by its status, or in the recycle bin: from there the API cannot bring it back, so that it has no status to compare. */
function inUseOrNot(seen: Observation): Observation {
  if (seen.archived) return { ...seen, fields: { ...seen.fields, status: notRead } };
  const { status } = seen.fields;
  return { ...seen, archived: status?.state === 'value' && status.value === 'archived' };
}
