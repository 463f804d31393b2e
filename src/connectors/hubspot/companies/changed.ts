import type { CallContext, ReadItem } from '../../connector.ts';
import type { Account } from '../account.ts';
import { associatedWith, companiesOfContacts } from '../associations.ts';
import { idsChanged, inPages } from '../listing.ts';
import { readCompanies } from './read.ts';

/** What changed within `[since, until]`: the search says which, reading by id says what. */
export async function* changedCompanies(
  account: Account,
  since: Date | null,
  until: Date,
  call: CallContext,
): AsyncGenerator<readonly ReadItem[]> {
  const { client, billing } = account;
  const window = { from: since?.getTime() ?? 0, to: until.getTime() };
  if (window.from > window.to) return;
  const read = (ids: readonly string[]) => readCompanies(account, ids, call);
  const told = new Set<string>();
  for await (const ids of idsChanged(client, 'companies', window, call)) {
    yield* inPages(ids, read);
    if (since !== null && billing.inContact) for (const id of ids) told.add(id);
  }
  // Where everything is read, contacts come with their companies.
  if (since === null || !billing.inContact) return;
  for await (const contacts of idsChanged(client, 'contacts', window, call)) {
    const companies = await associatedWith(client, companiesOfContacts, contacts, call);
    const ids = new Set([...companies.values()].flat().map(({ id }) => id));
    const fresh = [...ids].filter((id) => !told.has(id));
    for (const id of fresh) told.add(id);
    yield* inPages(fresh, read);
  }
}
