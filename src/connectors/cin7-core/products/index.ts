import type { Connector } from '../../connector.ts';
import type { ConnectorOptions } from '../../options.ts';
import { costs } from '../costs.ts';
import { findMadeRecords, makeRecords } from '../making.ts';
import { changedSince, readByIds } from '../reading.ts';
import { cin7CoreWords } from '../words.ts';
import type { ProductsClient } from './client.ts';
import { makingProducts } from './create.ts';
import { project, supports } from './map.ts';
import { productsOf } from './read.ts';
import { writeProducts } from './write.ts';

/** Cin7 Core's products. */
export function cin7CoreProducts(
  client: ProductsClient,
  { terms }: Pick<ConnectorOptions<'cin7-core'>, 'terms'>,
): Connector {
  const kind = productsOf(client, terms.taxCodes);
  const making = makingProducts(client, terms);
  return {
    label: cin7CoreWords.label,
    role: 'product',
    costs,
    lagMs: 10_000,
    overlapMs: 300_000,
    canUpdate: true,
    canCreate: terms.newProducts !== null,
    supports,
    project,
    changed: (since, _until, call) => changedSince(kind, since, call),
    read: async (ids, call) => (await readByIds(kind, ids, call)).items,
    write: (writes, call) => writeProducts(client, terms.taxCodes, writes, call),
    create: (creates, call) => makeRecords(making, creates, call),
    findMade: (creates, call) => findMadeRecords(making, creates, call),
  };
}
