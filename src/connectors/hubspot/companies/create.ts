import {
  type CallContext,
  type Create,
  type CreateOutcome,
  VendorError,
  type Write,
} from '../../connector.ts';
import type { Account } from '../account.ts';
import { makeRecords } from '../upsert.ts';
import { stepOf } from '../wanted.ts';
import { writeBillingContacts } from './contacts.ts';
import { toProperties } from './map.ts';

/** Makes companies, each once, and gives them their billing contacts. Throws only when nothing was sent. */
export function createCompanies(
  account: Account,
  creates: readonly Create[],
  call: CallContext,
): Promise<CreateOutcome[]> {
  const { company } = account.billing.mapping;
  const making = {
    type: 'companies',
    step: stepOf.customer,
    propertiesOf: (fields: Create['fields']) => toProperties(partOf(fields, company), company),
    afterwards: (batch: readonly Create[], outcomes: readonly CreateOutcome[]) =>
      giveContacts(account, batch, outcomes, call),
  } as const;
  return makeRecords(account.client, making, creates, call);
}

/** The companies are there, whatever becomes of their contacts: what is missing is seen when they are read back, and written again. */
async function giveContacts(
  account: Account,
  batch: readonly Create[],
  outcomes: readonly CreateOutcome[],
  call: CallContext,
): Promise<void> {
  const made = new Map(
    outcomes.flatMap((one) => (one.kind === 'created' ? [[one.key, one.externalId]] : [])),
  );
  const writes = batch.flatMap(({ key, changeId, fields }): Write[] => {
    const externalId = made.get(key);
    const part = partOf(fields, account.billing.mapping.contact);
    return externalId && Object.keys(part).length > 0 ? [{ key, changeId, externalId, fields: part }] : [];
  });
  try {
    await writeBillingContacts(account, writes, call);
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
  }
}

const partOf = (fields: Create['fields'], mapped: object): Create['fields'] =>
  Object.fromEntries(Object.entries(fields).filter(([field]) => Object.hasOwn(mapped, field)));
