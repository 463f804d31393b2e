import { saved } from '../../batches.ts';
import type { CallContext, Write, WriteOutcome } from '../../connector.ts';
import type { Account } from '../account.ts';
import type { Mapped } from '../objects.ts';
import { settled, updateRecords } from '../update.ts';
import { writeBillingContacts } from './contacts.ts';
import { toProperties } from './map.ts';

/**
 * Updates companies by id, and their billing contacts where the agreement says that these hold e-mail and mobile. One outcome for
 * each write: what its contact could not take stops the company's part as well.
 */
export async function writeCompanies(
  account: Account,
  writes: readonly Write[],
  call: CallContext,
): Promise<WriteOutcome[]> {
  const { mapping } = account.billing;
  const parts = writes.map((write) => ({
    write,
    company: only(write, mapping.company),
    contact: only(write, mapping.contact),
  }));
  const withContact = parts.flatMap(({ contact }) => (contact ? [contact] : []));
  const first = await writeBillingContacts(account, withContact, call);
  const byKey = new Map(first.map((outcome) => [outcome.key, outcome]));
  const isSaved = ({ key }: Write) => (byKey.get(key)?.kind ?? 'saved') === 'saved';
  const companies = parts.flatMap(({ write, company }) => (company && isSaved(write) ? [company] : []));
  const second = await settled(companies, first.length > 0, () =>
    updateRecords(
      account.client,
      'companies',
      companies,
      (fields) => toProperties(fields, mapping.company),
      call,
    ),
  );
  for (const outcome of second) byKey.set(outcome.key, outcome);
  return writes.map((write) => byKey.get(write.key) ?? saved(write, null));
}

/** The part of a write that lives in these properties; null where none does. */
function only(write: Write, mapped: Mapped): Write | null {
  const fields = Object.entries(write.fields).filter(([field]) => Object.hasOwn(mapped, field));
  return fields.length > 0 ? { ...write, fields: Object.fromEntries(fields) } : null;
}
