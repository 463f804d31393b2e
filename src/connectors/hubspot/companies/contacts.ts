import { refused, saved, sendInBatches } from '../../batches.ts';
import type { CallContext, Write, WriteOutcome } from '../../connector.ts';
import { redactText } from '../../http/redact.ts';
import { sortOut } from '../../records.ts';
import type { Account } from '../account.ts';
import { answerFor, unreadIn } from '../answers.ts';
import { associate } from '../associations.ts';
import { propertiesIn } from '../objects.ts';
import { type CrmRecord, crmRecord } from '../schema.ts';
import { settled, updateRecords } from '../update.ts';
import { toProperties } from './map.ts';

/**
 * Writes e-mail and mobile into the billing contacts of companies. A company without one gets one, found by its e-mail address
 * or made; HubSpot never has two contacts with one address. What would reach another company as well is refused.
 */
export async function writeBillingContacts(
  account: Account,
  writes: readonly Write[],
  call: CallContext,
): Promise<WriteOutcome[]> {
  if (writes.length === 0) return [];
  const { billing } = account;
  const label = await billing.label(call);
  if (label === 'missing')
    return writes.map((write) =>
      refused(write, `HubSpot has no association label ${labelIn(account)}`, null),
    );
  const ids = [...new Set(writes.map(({ externalId }) => externalId))];
  const { of: candidates, unread } = await billing.candidates(ids, call);
  if (unread.size > 0) throw account.client.unread(`who the billing contact of ${unread.size} companies is`);
  const single = [...candidates.values()].flatMap((found) => (found.length === 1 ? found : []));
  const sharing = await billing.companiesOf([...new Set(single)], call);
  const done: WriteOutcome[] = [];
  const updates: { write: Write; contactId: string }[] = [];
  const lacking: Write[] = [];
  for (const write of writes) {
    const [contactId, second] = candidates.get(write.externalId) ?? [];
    if (second !== undefined) done.push(refused(write, unclear(account), null));
    else if (contactId === undefined) lacking.push(write);
    else {
      const others = (sharing.get(contactId) ?? []).filter((id) => id !== write.externalId);
      if (others.length > 0) done.push(refused(write, await sharedWith(account, others, call), null));
      else updates.push({ write, contactId });
    }
  }
  const asContacts = updates.map(({ write, contactId }) => ({ ...write, externalId: contactId }));
  const updated = await settled(asContacts, false, () =>
    updateRecords(
      account.client,
      'contacts',
      asContacts,
      (fields) => toProperties(fields, billing.mapping.contact),
      call,
    ),
  );
  const made = await settled(lacking, updated.length > 0, () =>
    sendInBatches(lacking, {
      size: 1,
      send: async (batch) => Promise.all(batch.map((write) => giveContact(account, write, call))),
    }),
  );
  return [...done, ...updated, ...made];
}

const labelIn = ({ billing }: Account) => (billing.terms.kind === 'label' ? `“${billing.terms.label}”` : '');

const unclear = (account: Account) =>
  account.billing.terms.kind === 'label'
    ? `several contacts of this company have the label ${labelIn(account)}, so nobody can say whose details these are`
    : 'this company has several contacts, so nobody can say which is the billing contact';

/** Why a contact must not be changed for one company's sake. */
async function sharedWith(
  { client }: Account,
  others: readonly string[],
  call: CallContext,
): Promise<string> {
  const how = { properties: ['name'] };
  const { data } = await client.batchRead('companies', others.slice(0, 3), how, call);
  const named = sortOut(data.results, crmRecord, ({ id }) => id).good;
  const names = named.map(({ id, properties }) => properties.name?.trim() || `company ${id}`);
  return `the billing contact is also that of ${names.join(' and ')}: changing it would change both`;
}

/** For a company without a billing contact: an existing contact with the address, or a new one. */
async function giveContact(account: Account, write: Write, call: CallContext): Promise<WriteOutcome> {
  const { client, billing } = account;
  const wanted = toProperties(write.fields, billing.mapping.contact);
  const { email = '', ...others } = wanted;
  const set = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== ''));
  // Nobody holds nothing: there is nothing to clear.
  if (email === '' && Object.keys(set).length === 0) return saved(write, null);
  if (email === '')
    return refused(write, 'this company has no billing contact, and one is made by its e-mail address', null);
  const known = await contactWith(account, email, call);
  if (known) {
    // HubSpot finds contacts by their further addresses too; what is read is the main one, never this.
    if (known.properties.email?.toLowerCase() !== email.trim().toLowerCase())
      return refused(
        write,
        `contact ${known.id} has this as a further e-mail address; make it the main one there`,
        null,
      );
    const changes = Object.entries(set).some(([name, value]) => (known.properties[name] ?? '') !== value);
    const sharing = changes
      ? await billing.companiesOf([known.id], call)
      : new Map<string, readonly string[]>();
    const others = (sharing.get(known.id) ?? []).filter((id) => id !== write.externalId);
    if (others.length > 0) return refused(write, await sharedWith(account, others, call), null);
  }
  const input = { id: email.trim().toLowerCase(), idProperty: 'email', objectWriteTraceId: write.key };
  const { data, exchangeId } = await client.batchUpsert('contacts', [{ ...input, properties: set }], call);
  const told = answerFor(data)({ id: input.id, trace: write.key, idProperty: 'email' });
  if (told.kind === 'refused') return refused(write, redactText(told.reason), exchangeId);
  if (told.kind === 'silent')
    return { kind: 'unknown', key: write.key, reason: 'the answer does not mention it', exchangeId };
  const label = await billing.label(call);
  const ends = { companyId: write.externalId, contactId: told.id };
  const wrong = await associate(client, ends, label === 'missing' ? null : label, call);
  return wrong === null ? saved(write, exchangeId) : refused(write, wrong, exchangeId);
}

async function contactWith(
  { client, billing }: Account,
  email: string,
  call: CallContext,
): Promise<CrmRecord | null> {
  const how = { properties: propertiesIn(billing.mapping.contact), idProperty: 'email' };
  const wanted = email.trim().toLowerCase();
  const { data } = await client.batchRead('contacts', [wanted], how, call);
  if (data.results.length === 0 && unreadIn(data, [wanted], new Set()).length > 0)
    throw client.unread('whether a contact has this e-mail address');
  return sortOut(data.results, crmRecord, ({ id }) => id).good[0] ?? null;
}
