import { type Fields, inNumber, inText, readOnly } from '../fields.ts';

/** HubSpot keeps no stock: it is in properties of the product that an approved step makes. */
export const stockFields: Fields = {
  sku: readOnly(inText('hs_sku')),
  on_hand: inNumber('truce_stock_on_hand'),
  allocated: inNumber('truce_stock_allocated'),
  available: inNumber('truce_stock_available'),
  locations: inText('truce_stock_locations'),
};
