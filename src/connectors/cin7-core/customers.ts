import type { Connector, Costs } from '../connector.ts';
import type { ConnectorOptions } from '../options.ts';
import { pageSize } from './calls.ts';
import type { Cin7CoreClient } from './client.ts';
import { makingCustomers } from './create.ts';
import { findMadeRecords, makeRecords } from './making.ts';
import { project, supports } from './map.ts';
import { customersOf } from './read.ts';
import { changedSince, readByIds } from './reading.ts';
import { termsBook } from './terms.ts';
import { cin7CoreWords } from './words.ts';
import { writeCustomers } from './write.ts';

/** Many are read by all pages of the account, for each two hundred that the engine works with; written and made one by one. */
export function costs(records: number): Costs {
  const pages = Math.max(1, Math.ceil(records / pageSize));
  const some = { records: 200, pages: Math.min(pages, 200) };
  const few = { records: 50, pages: Math.min(pages, 50) };
  return {
    read: { calls: some.pages, records: some.records },
    write: { calls: some.pages + some.records, records: some.records },
    create: { calls: few.pages + few.records, records: few.records },
  };
}

/** Cin7 Core's customers. */
export function cin7CoreCustomers(
  client: Cin7CoreClient,
  { terms, clock }: Pick<ConnectorOptions<'cin7-core'>, 'terms' | 'clock'>,
): Connector {
  const book = termsBook(client, clock);
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
