import type { BillingContact } from '../../../agreement/agreement.ts';
import type { Connector } from '../../connector.ts';
import type { Account } from '../account.ts';
import { lateness } from '../listing.ts';
import { objectMarking } from '../mark.ts';
import { batchSize } from '../objects.ts';
import { findMade } from '../upsert.ts';
import { hubspotWords } from '../words.ts';
import { changedCompanies } from './changed.ts';
import { createCompanies } from './create.ts';
import { projectFor, supports } from './map.ts';
import { readCompanies, resolveHints } from './read.ts';
import { writeCompanies } from './write.ts';

/** HubSpot's companies, with their billing contacts, as customers. */
export const hubspotCustomers = (account: Account, billingContact: BillingContact): Connector => ({
  label: hubspotWords.label,
  role: 'company',
  // With a contact: which it is, and its own values.
  costs: () => {
    const calls = account.billing.inContact ? 3 : 1;
    return {
      read: { calls, records: batchSize },
      write: { calls, records: batchSize },
      create: { calls, records: batchSize },
    };
  },
  ...lateness,
  canUpdate: true,
  canCreate: true,
  supports,
  project: projectFor(billingContact),
  changed: (since, until, call) => changedCompanies(account, since, until, call),
  read: (ids, call) => readCompanies(account, ids, call),
  write: (writes, call) => writeCompanies(account, writes, call),
  create: (creates, call) => createCompanies(account, creates, call),
  findMade: (creates, call) => findMade(account.client, 'companies', creates, call),
  marking: objectMarking(account.client, 'companies'),
  resolve: (hinted, call) => resolveHints(account, hinted, call),
});
