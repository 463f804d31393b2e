import type { Connector } from '../../connector.ts';
import type { HubSpotClient } from '../client.ts';
import { type InObjects, objectConnector, observation } from '../in-objects.ts';
import { stockFields } from './map.ts';

const shape = { role: 'product_stock', fields: stockFields, makes: null } as const;

const stock: InObjects = {
  ...shape,
  type: 'products',
  what: 'stock of products',
  noun: 'product',
  observe: async () => (record, drift) => observation(record, shape, drift),
};

/** What is there of each product of HubSpot's library. Where there is no product, nothing holds its stock. */
export const hubspotStock = (client: HubSpotClient): Connector => objectConnector(client, stock);
