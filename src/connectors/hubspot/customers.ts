import type { BillingContact } from '../../agreement/agreement.ts';
import type { Connector } from '../connector.ts';
import { changedCompanies } from './changed.ts';
import { createCompanies, findMade } from './create.ts';
import { projectFor, supports } from './map.ts';
import { type Account, batchSize, readCompanies, resolveHints } from './read.ts';
import { hubspotWords } from './words.ts';
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
  lagMs: 10_000,
  // The search index has been seen up to an hour behind (estuary #2210, #5180 of 2026).
  overlapMs: 3_600_000,
  canUpdate: true,
  canCreate: true,
  supports,
  project: projectFor(billingContact),
  changed: (since, until, call) => changedCompanies(account, since, until, call),
  read: (ids, call) => readCompanies(account, ids, call),
  write: (writes, call) => writeCompanies(account, writes, call),
  create: (creates, call) => createCompanies(account, creates, call),
  findMade: (creates, call) => findMade(account, creates, call),
  resolve: (hinted, call) => resolveHints(account, hinted, call),
});
