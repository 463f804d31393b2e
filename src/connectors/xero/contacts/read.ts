import type { TaxCodes } from '../../../agreement/agreement.ts';
import { inChunks } from '../../batches.ts';
import type { CallContext, Drift, ReadItem } from '../../connector.ts';
import { malformedItems, oneEach, readItem, sortOut } from '../../records.ts';
import { setAside } from '../../set-aside.ts';
import { idsPerCall, pagesOf } from '../pages.ts';
import type { ContactsClient } from './client.ts';
import { toObservation } from './map.ts';
import { contactDrift } from './renamed.ts';
import { type Contact, contact } from './schema.ts';

export interface ContactsRead {
  readonly items: ReadItem[];
  /** As Xero sent them, by id in lower case; only those that could be read. */
  readonly contacts: ReadonlyMap<string, Contact>;
}

/** Contacts by id, archived ones too. One item for each id. */
export async function readContacts(
  client: ContactsClient,
  taxCodes: TaxCodes,
  ids: readonly string[],
  call: CallContext,
): Promise<ContactsRead> {
  const items: ReadItem[] = [];
  const contacts = new Map<string, Contact>();
  for (const batch of inChunks(ids, idsPerCall)) {
    const answer = await client.byIds(batch, call);
    const { exchangeId } = answer;
    const page = itemsOf(answer, taxCodes);
    for (const one of page.good) contacts.set(one.ContactID.toLowerCase(), one);
    items.push(...oneEach(batch, page.items, { exchangeId, unnamed: page.unnamed }));
  }
  return { items, contacts };
}

/** Pages of contacts modified since. Xero's own list is read from its database: its values are believed. */
export async function* changedContacts(
  client: ContactsClient,
  taxCodes: TaxCodes,
  since: Date | null,
  call: CallContext,
): AsyncGenerator<readonly ReadItem[]> {
  for await (const answer of pagesOf(
    (page) => client.list(since, page, call),
    ({ Contacts }) => Contacts.length,
  )) {
    yield itemsOf(answer, taxCodes).items;
  }
}

/** A contact that was merged into another stays as an archived one that names it. */
function itemOf(one: Contact, exchangeId: number, drift: readonly Drift[], taxCodes: TaxCodes): ReadItem {
  const into = one.MergedToContactID?.toLowerCase();
  return into
    ? { kind: 'merged', externalId: one.ContactID, into, exchangeId }
    : readItem(toObservation(one, drift, taxCodes), exchangeId);
}

function itemsOf(
  { data, exchangeId, drifts }: Awaited<ReturnType<ContactsClient['list']>>,
  taxCodes: TaxCodes,
) {
  const { records, lost } = setAside(data.Contacts, 'Contacts[]', drifts);
  const sorted = sortOut(records, contact, ({ ContactID }) => ContactID);
  const driftOf = contactDrift(sorted.good, lost);
  const read = sorted.good.map((one) => itemOf(one, exchangeId, driftOf(one), taxCodes));
  return {
    good: sorted.good,
    items: [...read, ...malformedItems(sorted, exchangeId)],
    unnamed: sorted.bad.some(({ externalId }) => externalId === null),
  };
}
