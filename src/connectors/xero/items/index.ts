import type { TaxCodes } from '../../../agreement/agreement.ts';
import type { Connector } from '../../connector.ts';
import type { XeroClient } from '../client.ts';
import { elementsPerCall } from '../elements.ts';
import { xeroWords } from '../words.ts';
import { createItems, findMadeItems } from './create.ts';
import { projectItem, supportsItemField } from './map.ts';
import { changedItems, readItems } from './read.ts';
import { writeItems } from './write.ts';

/** Xero's items as products. */
export const xeroProducts = (client: XeroClient, taxCodes: TaxCodes): Connector => ({
  label: xeroWords.label,
  role: 'item',
  // However many are read, they come in one list.
  costs: (records) => ({
    read: { calls: 1, records: Math.max(1, records) },
    write: { calls: 2, records: elementsPerCall },
    create: { calls: 1, records: elementsPerCall },
  }),
  lagMs: 5_000,
  overlapMs: 120_000,
  canUpdate: true,
  canCreate: true,
  supports: supportsItemField,
  project: projectItem,
  changed: (since, _until, call) => changedItems(client, taxCodes, since, call),
  read: async (ids, call) => (await readItems(client, taxCodes, ids, call)).items,
  write: (writes, call) => writeItems(client, taxCodes, writes, call),
  create: (creates, call) => createItems(client, taxCodes, creates, call),
  findMade: (creates, call) => findMadeItems(client, creates, call),
});
