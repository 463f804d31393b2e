import type { Connector } from '../../connector.ts';
import type { ConnectorOptions } from '../../options.ts';
import type { Cin7CoreClient } from '../client.ts';
import { costs } from '../costs.ts';
import { findMadeRecords, makeRecords } from '../making.ts';
import { changedSince, readByIds } from '../reading.ts';
import { cin7CoreWords } from '../words.ts';
import type { CustomersClient } from './client.ts';
import { makingCustomers } from './create.ts';
import { project, supports } from './map.ts';
import { customersOf } from './read.ts';
import { termsBook } from './terms.ts';
import { writeCustomers } from './write.ts';

/** Cin7 Core's customers. */
export function cin7CoreCustomers(
  { customers: client, account }: { readonly customers: CustomersClient; readonly account: Cin7CoreClient },
  { terms, clock }: Pick<ConnectorOptions<'cin7-core'>, 'terms' | 'clock'>,
): Connector {
  const book = termsBook(account, clock);
  const kind = customersOf(client, terms.taxCodes);
  const making = makingCustomers(client, terms);
  return {
    label: cin7CoreWords.label,
    role: 'customer',
    costs,
    lagMs: 10_000,
    overlapMs: 300_000,
    canUpdate: true,
    canCreate: terms.newCustomers !== null,
    supports,
    project,
    changed: (since, _until, call) => changedSince(kind, since, call),
    read: async (ids, call) => (await readByIds(kind, ids, call)).items,
    write: async (writes, call) =>
      writeCustomers(client, terms.taxCodes, await book.named(writes, call), call),
    create: async (creates, call) => makeRecords(making, await book.named(creates, call), call),
    findMade: (creates, call) => findMadeRecords(making, creates, call),
  };
}
