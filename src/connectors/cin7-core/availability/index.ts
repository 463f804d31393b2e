import { inChunks, notCreated, refused } from '../../batches.ts';
import type { Connector, Costs } from '../../connector.ts';
import { pageSize } from '../calls.ts';
import { cin7CoreWords } from '../words.ts';
import { supports } from './map.ts';
import { readStock, type StockSource, scanStock } from './scan.ts';

/** Both lists whole, whatever is asked for: products, and about two rows for each of them. */
function costs(records: number): Costs {
  const pages = Math.max(1, Math.ceil(records / pageSize));
  const scan = { calls: 3 * pages, records: Math.max(1, records) };
  return { read: scan, write: scan, create: scan };
}

const onlyRead = 'Cin7 Core counts its stock by itself: Truce only reads it';

/** Cin7 Core's stock, read and never written. Nothing there says what changed, so that each pull reads all of it. */
export function cin7CoreAvailability(source: StockSource): Connector {
  return {
    label: cin7CoreWords.label,
    role: 'availability',
    costs,
    lagMs: 10_000,
    overlapMs: 300_000,
    canUpdate: false,
    canCreate: false,
    supports,
    project: (field, value) =>
      supports(field) ? { value, lossy: false } : { value: null, lossy: value !== null },
    changed: async function* (_since, _until, call) {
      yield* inChunks(await scanStock(source, call), pageSize);
    },
    read: (ids, call) => (ids.length === 0 ? Promise.resolve([]) : readStock(source, ids, call)),
    write: async (writes) => writes.map((write) => refused(write, onlyRead, null)),
    create: async (creates) => creates.map((create) => notCreated(create, onlyRead, null)),
    findMade: async () => new Map(),
  };
}
