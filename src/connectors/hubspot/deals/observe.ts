import { linesValue } from '../../../entities/invoice-lines.ts';
import type { Drift, Needed, Observation } from '../../connector.ts';
import { blank, notRead } from '../../observed.ts';
import { editorsOf } from '../editors.ts';
import { observation } from '../in-objects.ts';
import type { Unusable } from '../objects.ts';
import type { CrmRecord } from '../schema.ts';
import { type Belonging, companyOf } from './belonging.ts';
import { editedProperties, inOrder, isOutOfUse, lineOf, taxProperty } from './line.ts';
import { dealFields } from './map.ts';
import { numbered } from './won.ts';

export const dealShape = { role: 'deal', fields: dealFields, makes: null } as const;

/** What the account says of a deal: the currency of its amounts, and its page. */
interface About {
  readonly currency: string | null;
  readonly page: string | null;
  readonly facts: NonNullable<Observation['facts']>;
}

/** A deal that is no sale (any more), or lies in the recycle bin: nothing is made of it, and none of its values counts. Pure. */
export function unsold(deal: CrmRecord, drift: readonly Drift[], about: About): Observation {
  const seen = seenOf(deal, drift, about);
  return { ...seen, archived: true, fields: { ...seen.fields, lines: notRead } };
}

/** A deal that was won before Truce is to make invoices: its lines are nobody's business. Pure. */
export const leftOut = (deal: CrmRecord, drift: readonly Drift[], about: About): Observation => ({
  ...unsold(deal, drift, about),
  archived: false,
  leftOut: true,
});

/** A deal that was won, with its lines, whose it is and what was sold. Pure. */
export function sold(
  deal: CrmRecord,
  belonging: Belonging,
  drift: readonly Drift[],
  about: About,
): Observation | Unusable {
  const { currency } = about;
  const { lineIds, companies, lines: all, products } = belonging;
  if (lineIds.unread.has(deal.id)) return { unusable: 'HubSpot could not say which lines it has' };
  if (companies.unread.has(deal.id)) return { unusable: 'HubSpot could not say whose deal it is' };
  const ids = (lineIds.of.get(deal.id) ?? []).map(({ id }) => id);
  const bad = ids.find((id) => all.unusable.has(id));
  if (bad) return { unusable: `its line ${bad} cannot be read: ${all.unusable.get(bad)}` };
  const company = companyOf(companies.of.get(deal.id) ?? []);
  if (company === 'unclear')
    return { unusable: 'it belongs to several companies, and none of them is its primary one' };
  const lines = inOrder(ids.flatMap((id) => all.of.get(id) ?? []));
  const productIds = [...new Set(lines.flatMap((line) => productIn(line) ?? []))];
  const lost = productIds.find((id) => products.unusable.has(id));
  if (lost) return { unusable: `its product ${lost} cannot be read: ${products.unusable.get(lost)}` };
  const read = lines.map((line) => lineOf(line, products.of.get(productIn(line) ?? ''), currency));
  const wrong = read.find((line) => 'unusable' in line);
  if (wrong) return wrong;
  const good = read.flatMap((line) => ('unusable' in line ? [] : [line]));
  const noCodes = noCodesIn(productIds.flatMap((id) => products.of.get(id) ?? []));
  const seen = seenOf(deal, [...drift, ...noCodes], about);
  const value = currency && linesValue({ currency, prices: 'exclusive', lines: good });
  const known = value && noCodes.length === 0 ? ({ state: 'value', value } as const) : notRead;
  return {
    ...seen,
    fields: { ...seen.fields, lines: known },
    needs: needsOf(company, productIds, products.of),
    editors: { ...seen.editors, ...lineEditor(lines) },
  };
}

const productIn = ({ properties }: CrmRecord): string | null => properties.hs_product_id?.trim() || null;

/** All but its lines. */
function seenOf(deal: CrmRecord, drift: readonly Drift[], { currency, page, facts }: About): Observation {
  const seen = observation(deal, dealShape, drift, currency);
  return {
    ...seen,
    url: page,
    facts,
    fields: {
      ...seen.fields,
      // One that has an invoice is the source of none: whoever lost the link to it makes no second one.
      source: deal.properties[numbered.propertyName]?.trim() ? blank : { state: 'value', value: deal.id },
      deal_link: page ? { state: 'value', value: page } : notRead,
    },
  };
}

/** A product that is sold no more is nobody's to wait for: it is on the line by its SKU. */
function needsOf(
  company: string | null,
  productIds: readonly string[],
  products: ReadonlyMap<string, CrmRecord>,
): readonly Needed[] {
  const inUse = productIds.filter((id) => {
    const product = products.get(id);
    return product !== undefined && !isOutOfUse(product);
  });
  return [
    ...(company === null ? [] : [{ entity: 'customer', externalId: company }]),
    ...inUse.map((externalId) => ({ entity: 'product', externalId })),
  ];
}

/** Products have no property for their GST code: what is on the lines cannot be known, which is another thing than no code. */
function noCodesIn(products: readonly CrmRecord[]): readonly Drift[] {
  const isLost = products.some(({ properties }) => !(taxProperty in properties));
  return isLost ? [{ field: 'lines', expected: taxProperty, found: [] }] : [];
}

/** Who changed any of the lines last. */
function lineEditor(lines: readonly CrmRecord[]): Observation['editors'] {
  const all = lines.flatMap((line) => editorsOf(line, { lines: editedProperties }).lines ?? []);
  const newest = all.reduce<(typeof all)[number] | null>(
    (best, one) => (best && Date.parse(best.at ?? '') >= Date.parse(one.at ?? '') ? best : one),
    null,
  );
  return newest ? { lines: newest } : {};
}
