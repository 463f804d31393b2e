import type { ConnectionTerms } from '../../agreement/agreement.ts';
import type { AccountReport } from '../connection.ts';
import type { CallContext } from '../connector.ts';
import { CallFailed } from '../http/failure.ts';
import type { Cin7CoreClient } from './client.ts';
import type { ProductsClient } from './products/client.ts';
import type { Named } from './schema.ts';

type Terms = Extract<ConnectionTerms, { readonly system: 'cin7-core' }>;

export interface Account {
  readonly client: Cin7CoreClient;
  readonly products: ProductsClient;
  readonly terms: Terms;
}

/**
 * Whose account it is, and what in it does not fit the agreement, as far as these entities need it: terms, tax rules, units and
 * categories that are not there, webhooks that are off.
 */
export async function cin7CoreAccount(
  { client, products, terms }: Account,
  entities: readonly string[],
  call: CallContext,
): Promise<AccountReport> {
  const { data: me } = await client.me(call);
  const { paymentTerms, rules, units, categories } = wantedOf(terms, entities);
  const inBook = async (wanted: readonly Wanted[], called: string, read: () => Promise<readonly Named[]>) =>
    wanted.length > 0 ? missing(wanted, called, await read()) : [];
  return {
    account: me.Company?.trim() || null,
    scopes: null,
    missingScopes: [],
    expiresAt: null,
    problems: [
      ...(await inBook(paymentTerms, 'payment term', async () => {
        return (await client.paymentTerms(call)).data.PaymentTermList;
      })),
      ...(await inBook(rules, 'tax rule', async () => (await client.taxRules(call)).data.TaxRuleList)),
      ...(await inBook(units, 'unit', async () => (await products.units(call)).data.UnitList)),
      ...(await inBook(
        categories,
        'category',
        async () => (await products.categories(call)).data.CategoryList,
      )),
      ...(await webhooksOff(client, terms.id, call)),
    ],
    steps: [],
  };
}

/** What of the account's books the agreement names for these entities. */
function wantedOf({ newCustomers, newProducts, taxCodes }: Terms, entities: readonly string[]) {
  const made = entities.includes('customer') ? newCustomers : null;
  const goods = entities.includes('product') ? newProducts : null;
  const named = (name: string | undefined, place: string) => (name === undefined ? [] : [{ name, place }]);
  const isTaxed = entities.includes('customer') || entities.includes('product');
  const rules = Object.entries(isTaxed ? taxCodes : {}).map(([treatment, name]) => ({
    name,
    place: `tax_codes: ${treatment}`,
  }));
  return {
    rules: [...rules, ...named(made?.taxRule, 'new_customers: tax_rule')],
    paymentTerms: named(made?.paymentTerm, 'new_customers: payment_term'),
    units: named(goods?.unit, 'new_products: unit'),
    categories: named(goods?.category, 'new_products: category'),
  };
}

interface Wanted {
  readonly name: string;
  /** Where the agreement says it. */
  readonly place: string;
}

function missing(wanted: readonly Wanted[], called: string, book: readonly Named[]): string[] {
  return wanted.flatMap(({ name, place }) => {
    const entry = book.find(({ Name }) => Name.trim().toLowerCase() === name.trim().toLowerCase());
    if (entry && entry.IsActive !== false) return [];
    const what = entry ? 'is not active' : 'does not exist';
    return [`The ${called} “${name}” (${place}) ${what} in Cin7 Core.`];
  });
}

/** After six deliveries that failed Cin7 Core switches a webhook off, and tells nobody. Only those that come to us are ours to mention. */
async function webhooksOff(client: Cin7CoreClient, connection: string, call: CallContext): Promise<string[]> {
  try {
    const { data } = await client.webhooks(call);
    return data
      .filter(({ IsActive, ExternalURL }) => IsActive === false && comesTo(ExternalURL ?? '', connection))
      .map(
        ({ Type, Name }) =>
          `The webhook “${Name || Type}” is switched off in Cin7 Core, as it is after six failed deliveries. Switch it on again under Integrations, Webhooks; until then changes are found by the schedule.`,
      );
  } catch (error) {
    // Without the Automation add-on there are no webhooks, and the schedule finds what changed: nothing to see to.
    const without = ['auth', 'refused', 'nonsense'];
    if (error instanceof CallFailed && without.includes(error.failure)) return [];
    throw error;
  }
}

const comesTo = (url: string, connection: string): boolean =>
  URL.canParse(url) && new URL(url).pathname.split('/').includes(connection);
