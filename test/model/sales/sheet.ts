import { decimalOf, printDecimal } from '#src/entities/money/decimal.ts';
import { taxRules } from '#src/playground/data/as-cin7-core.ts';
import { propertyOf } from '#src/playground/vendors/hubspot/state.ts';
import type { PracticeSystem } from '#src/playground/vendors/vendor.ts';
import type { Dice } from '../dice.ts';
import type { Vendors } from '../house.ts';

/** The details of a product that are kept in step, with where each system has them: the model's own knowledge, not the connectors'. */
export const productFields = [
  'name',
  'description',
  'sell_price',
  'cost',
  'tax_treatment',
  'unit',
  'status',
] as const;
export type ProductField = (typeof productFields)[number];

type Keys = Readonly<Partial<Record<PracticeSystem, string>>>;
export const keysOf: Readonly<Record<ProductField, Keys>> = {
  name: { hubspot: 'name', xero: 'Name', 'cin7-core': 'Name' },
  description: { hubspot: 'description', xero: 'Description', 'cin7-core': 'Description' },
  sell_price: { hubspot: 'price', xero: 'SalesUnitPrice', 'cin7-core': 'PriceTier1' },
  cost: { hubspot: 'hs_cost_of_goods_sold', xero: 'PurchaseUnitPrice', 'cin7-core': 'AverageCost' },
  tax_treatment: { hubspot: 'truce_tax_treatment', xero: 'SalesTaxType', 'cin7-core': 'SaleTaxRule' },
  unit: { hubspot: 'truce_unit', 'cin7-core': 'UOM' },
  status: { hubspot: 'truce_status', 'cin7-core': 'Status' },
};
const skuKeys: Readonly<Record<PracticeSystem, string>> = {
  hubspot: 'hs_sku',
  xero: 'Code',
  'cin7-core': 'SKU',
};

export type Token = string;
export type ProductCard = Readonly<Record<ProductField, Token>> & { readonly sku: string };

export const treatments = ['gst', 'gst_free', 'export', 'input_taxed', 'out_of_scope'] as const;
export type Treatment = (typeof treatments)[number];

/** One product of one system, in the model's form; null where there is none (in use or out of it). */
export function productIn(vendors: Vendors, system: PracticeSystem, id: string): ProductCard | null {
  const held = heldIn(vendors, system, id);
  if (!held) return null;
  const tokens = productFields.map((field) => {
    const key = keysOf[field][system];
    return [field, key === undefined ? '' : tokenOf(field, system, held(key))] as const;
  });
  return { ...(Object.fromEntries(tokens) as Record<ProductField, Token>), sku: held(skuKeys[system]) };
}

function heldIn(vendors: Vendors, system: PracticeSystem, id: string): ((key: string) => string) | null {
  if (system === 'hubspot') {
    const record = vendors.hubspot.crm.products.get(id);
    if (!record || record.archived) return null;
    return (key) => propertyOf('products', record, key) ?? '';
  }
  const card = vendors[system].screens.product?.card(id);
  return card ? (key) => card.fields.find((field) => field.key === key)?.value ?? '' : null;
}

export function tokenOf(field: ProductField, system: PracticeSystem, text: string): Token {
  switch (field) {
    case 'sell_price':
    case 'cost': {
      const decimal = decimalOf(text);
      return decimal ? printDecimal(decimal) : '';
    }
    case 'tax_treatment':
      return treatments.find((one) => codeIn(system, one) === text) ?? text;
    case 'status':
      return text === '' ? '' : /^(deprecated|archived)$/i.test(text) ? 'archived' : 'active';
    default:
      return text.trim().replace(/\s+/g, ' ');
  }
}

/** Xero's screen and Cin7 Core's call them by the same names. */
const codeIn = (system: PracticeSystem, treatment: Treatment): string =>
  system === 'hubspot' ? treatment : taxRules[treatment];

/** What a person types into a system's own screen for it. */
export function typed(field: ProductField, system: PracticeSystem, token: Token): string {
  if (field === 'status')
    return system === 'hubspot'
      ? token === 'archived'
        ? 'Archived'
        : 'Active'
      : token === 'archived'
        ? 'Deprecated'
        : 'Active';
  if (field !== 'tax_treatment') return token;
  if (system !== 'hubspot') return codeIn(system, token as Treatment);
  return labels[token as Treatment];
}

const labels: Readonly<Record<Treatment, string>> = {
  gst: 'GST',
  gst_free: 'GST free',
  export: 'Export',
  input_taxed: 'Input taxed',
  out_of_scope: 'Out of scope',
};

/** Xero's names end after fifty characters; Cin7 Core has no product without a price. */
export function asHeld(system: PracticeSystem, field: ProductField, token: Token): Token {
  if (system === 'xero' && field === 'name') return token.slice(0, 50).trim();
  return system === 'cin7-core' && field === 'sell_price' ? token || '0' : token;
}

export const canHold = (system: PracticeSystem, field: ProductField): boolean =>
  keysOf[field][system] !== undefined;

/** A value that no product had yet. */
export function fresh(field: ProductField, number: number, dice: Dice): Token {
  switch (field) {
    case 'name':
      return dice.chance(25)
        ? `Part ${number} of galvanised steel with a name that is far too long for Xero ${number}`
        : `Part ${number}`;
    case 'description':
      return `What part ${number} is for`;
    case 'sell_price':
      return printDecimal({
        units: BigInt(number * 10_000 + dice.between(1, 9999)),
        scale: dice.pick([2, 3, 4]),
      });
    case 'tax_treatment':
      return dice.pick(treatments.slice(0, 3));
    case 'unit':
      return dice.pick(['Item', 'Box', 'm', 'kg']);
    case 'status':
      return dice.pick(['active', 'archived']);
    case 'cost':
      return `${number}.5`;
  }
}
