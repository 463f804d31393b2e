import type { CallContext, ReadItem } from '../../connector.ts';
import type { Account } from '../account.ts';
import { associatedWith, companiesOfContacts } from '../associations.ts';
import { markerProperty, type ObjectKind, readObjects } from '../objects.ts';
import { contactHint } from '../webhook.ts';
import type { BillingBook } from './billing.ts';
import { toObservation } from './map.ts';

/** Companies by id, archived and merged ones too. One item for each id. */
export const readCompanies = (
  { client, billing }: Account,
  ids: readonly string[],
  call: CallContext,
): Promise<ReadItem[]> => readObjects(client, companies(billing), ids, call);

const companies = (billing: BillingBook): ObjectKind => ({
  type: 'companies',
  mapped: billing.mapping.company,
  also: ['hs_lastmodifieddate', markerProperty],
  unasked: ['createdate', 'hs_object_id', 'domain', 'name'],
  observe: async (records, how, call) => {
    const live = records.filter((company) => company.archived !== true).map(({ id }) => id);
    const billingOf = await billing.read(live, how, call);
    return (company, drift) =>
      toObservation(company, billing.mapping, { drift, billing: billingOf(company.id) });
  },
});

/** The companies that are meant by hints of a webhook: a contact stands for the companies that it belongs to. */
export async function resolveHints(
  { client }: Account,
  hinted: readonly string[],
  call: CallContext,
): Promise<readonly string[]> {
  const contacts = hinted.flatMap((hint) => contactHint.read(hint) ?? []);
  const named = hinted.filter((hint) => contactHint.read(hint) === null);
  if (contacts.length === 0) return named;
  const theirs = await associatedWith(client, companiesOfContacts, contacts, call);
  return [...new Set([...named, ...[...theirs.values()].flat().map(({ id }) => id)])];
}
