import type { Connector, Costs } from '../connector.ts';
import type { ConnectorOptions } from '../options.ts';
import { type Cin7CoreClient, pageSize } from './client.ts';
import { createCustomers, findMadeCustomers } from './create.ts';
import { project, supports } from './map.ts';
import { changedCustomers, readCustomers } from './read.ts';
import { termsBook } from './terms.ts';
import { cin7CoreWords } from './words.ts';
import { writeCustomers } from './write.ts';

/** Many are read by all pages of the account, for each two hundred that the engine works with; written and made one by one. */
function costs(records: number): Costs {
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
    changed: (since, _until, call) => changedCustomers(client, terms.taxCodes, since, call),
    read: async (ids, call) => (await readCustomers(client, terms.taxCodes, ids, call)).items,
    write: async (writes, call) =>
      writeCustomers(client, terms.taxCodes, await book.named(writes, call), call),
    create: async (creates, call) => createCustomers(client, terms, await book.named(creates, call), call),
    findMade: (creates, call) => findMadeCustomers(client, creates, call),
  };
}
