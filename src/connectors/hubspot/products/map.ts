import { type Fields, inChoice, inNumber, inText, treatments } from '../fields.ts';

/** A product of HubSpot's library. What it has no property of its own for is in properties that an approved step makes. */
export const productFields: Fields = {
  sku: inText('hs_sku'),
  name: inText('name'),
  description: inText('description'),
  sell_price: inNumber('price'),
  cost: inNumber('hs_cost_of_goods_sold'),
  tax_treatment: inChoice('truce_tax_treatment', treatments),
  unit: inText('truce_unit'),
  status: inChoice('truce_status', ['active', 'archived']),
};
