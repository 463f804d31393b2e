import type { BillingContact } from '../../../agreement/agreement.ts';
import { inChunks } from '../../batches.ts';
import type { CallContext } from '../../connector.ts';
import { sortOut } from '../../records.ts';
import { setAside } from '../../set-aside.ts';
import {
  type Associated,
  associatedWith,
  companiesOfContacts,
  contactsOfCompanies,
  labelsOf,
  readAssociations,
} from '../associations.ts';
import type { HubSpotClient } from '../client.ts';
import { batchSize, driftIn, historySize, propertiesIn } from '../objects.ts';
import { type AssociationKind, crmRecord } from '../schema.ts';
import { type Billing, type Mapping, mappingFor } from './map.ts';

interface Candidates {
  /** The contact ids that a company's billing contact may be. One = it is that; none = nobody is; several = nobody can say. */
  readonly of: ReadonlyMap<string, readonly string[]>;
  /** The companies of which HubSpot could not say. */
  readonly unread: ReadonlySet<string>;
}

/** Whom the invoices of companies go to, as the agreement says. */
export interface BillingBook {
  readonly terms: BillingContact;
  readonly mapping: Mapping;
  /** True where e-mail and mobile live in a contact. */
  readonly inContact: boolean;
  /** The label that makes a contact the billing contact; null where none does, `missing` where the account lacks it. */
  label(call: CallContext): Promise<AssociationKind | null | 'missing'>;
  candidates(companyIds: readonly string[], call: CallContext): Promise<Candidates>;
  /** Each company's billing contact with its values. */
  read(
    companyIds: readonly string[],
    how: { readonly history: boolean },
    call: CallContext,
  ): Promise<(companyId: string) => Billing>;
  /** The companies whose billing contact each of these contacts is. */
  companiesOf(
    contactIds: readonly string[],
    call: CallContext,
  ): Promise<ReadonlyMap<string, readonly string[]>>;
}

export function billingBook(client: HubSpotClient, terms: BillingContact): BillingBook {
  const mapping = mappingFor(terms);
  let known: AssociationKind | null = null;

  const label: BillingBook['label'] = async (call) => {
    if (terms.kind !== 'label') return null;
    known ??= (await labelsOf(client, call)).find((kind) => sameLabel(kind.label, terms.label)) ?? null;
    return known ?? 'missing';
  };
  const candidates: BillingBook['candidates'] = async (companyIds, call) => {
    const wanted = await label(call);
    if (wanted === 'missing') return { of: new Map(), unread: new Set(companyIds) };
    const { of, unread } = await readAssociations(client, contactsOfCompanies, companyIds, call);
    return {
      of: new Map([...of].map(([id, ends]) => [id, ends.filter(is(wanted)).map((end) => end.id)])),
      unread,
    };
  };

  return {
    terms,
    mapping,
    inContact: terms.kind !== 'property',
    label,
    candidates,
    read: async (companyIds, { history }, call) => {
      if (terms.kind === 'property') return () => ({ kind: 'company' });
      if (companyIds.length === 0) return () => ({ kind: 'nobody' });
      const { of: byCompany, unread } = await candidates(companyIds, call);
      const single = [...byCompany.values()].flatMap((ids) => (ids.length === 1 ? ids : []));
      const contacts = await readContacts(client, mapping, { ids: [...new Set(single)], history }, call);
      return (companyId) => {
        const [first, second] = byCompany.get(companyId) ?? [];
        if (unread.has(companyId)) return { kind: 'unclear' };
        if (first === undefined) return { kind: 'nobody' };
        if (second !== undefined) return { kind: 'unclear' };
        // A contact that did not come back may be there all the same: nobody knows.
        return contacts.get(first) ?? { kind: 'unclear' };
      };
    },
    companiesOf: async (contactIds, call) => {
      const all = await associatedWith(client, companiesOfContacts, contactIds, call);
      const companies = [...new Set([...all.values()].flat().map(({ id }) => id))];
      const { of: theirs, unread } = await candidates(companies, call);
      if (unread.size > 0) throw client.unread(`who the billing contact of ${unread.size} companies is`);
      const isTheirs = (contactId: string, companyId: string) => {
        const [only, ...more] = theirs.get(companyId) ?? [];
        return only === contactId && more.length === 0;
      };
      return new Map(
        [...all].map(([contactId, ends]) => [
          contactId,
          ends.map(({ id }) => id).filter((companyId) => isTheirs(contactId, companyId)),
        ]),
      );
    },
  };
}

async function readContacts(
  client: HubSpotClient,
  mapping: Mapping,
  { ids, history }: { readonly ids: readonly string[]; readonly history: boolean },
  call: CallContext,
): Promise<ReadonlyMap<string, Billing>> {
  const names = propertiesIn(mapping.contact);
  const found = new Map<string, Billing>();
  for (const batch of inChunks(ids, history ? historySize : batchSize)) {
    const how = { properties: [...names, 'lastmodifieddate'], ...(history ? { history: names } : {}) };
    const { data, drifts } = await client.batchRead('contacts', batch, how, call);
    const { records, lost } = setAside(data.results, 'results[]', drifts);
    const { good } = sortOut(records, crmRecord, ({ id }) => id);
    const driftOf = driftIn(good, { mapped: mapping.contact, also: ['lastmodifieddate'], unasked }, lost);
    for (const contact of good)
      found.set(contact.id, { kind: 'contact', contact, drift: driftOf(contact.properties) });
  }
  return found;
}

/** What HubSpot sends of a contact unasked. */
const unasked = ['createdate', 'hs_object_id', 'firstname', 'lastname', 'email'];

const sameLabel = (label: string | null | undefined, wanted: string): boolean =>
  label?.trim().toLowerCase() === wanted.trim().toLowerCase();

const is =
  (label: AssociationKind | null) =>
  ({ kinds }: Associated): boolean =>
    label === null || kinds.some((kind) => kind.typeId === label.typeId && kind.category === label.category);
