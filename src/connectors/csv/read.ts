import type { Clock } from '../../clock.ts';
import { inChunks } from '../batches.ts';
import type { CallContext, ReadItem } from '../connector.ts';
import type { Reading, SheetClient } from './client.ts';

export interface Sheet {
  /** Rows that changed since, all where that is not known. Throws CallFailed. */
  changed(since: Date | null, call: CallContext): AsyncIterable<readonly ReadItem[]>;
  read(ids: readonly string[], call: CallContext): Promise<readonly ReadItem[]>;
}

const pageSize = 500;

interface Known {
  readonly text: string;
  /** No later than the row changed, as far as this process can know. */
  readonly at: number;
}

/**
 * A file says of no row when it changed: what each row said at the last reading tells. A row that has changed did so between
 * that reading and this one: the file's own time is believed only if it lies there, for a copy of an older file brings its time
 * along. A process that has just begun knows no last reading, and lists everything.
 */
export function sheet(client: SheetClient, clock: Clock): Sheet {
  let before: { readonly reading: Reading; readonly rows: ReadonlyMap<string, Known> } | null = null;
  let readAt = 0;

  const noticed = async (since: Date | null, call: CallContext) => {
    const reading = await client.read(call);
    const now = clock.now().getTime();
    if (before?.reading !== reading) {
      const known = before?.rows;
      const saved = reading.savedAt.getTime();
      const isBelieved = known ? saved >= readAt && saved <= now : since === null;
      const changedAt = isBelieved ? saved : now;
      const rows = new Map(
        [...reading.table.items].map(([id, item]): [string, Known] => {
          const text = JSON.stringify(item);
          const last = known?.get(id);
          return [id, last?.text === text ? last : { text, at: changedAt }];
        }),
      );
      before = { reading, rows };
    }
    readAt = now;
    return before;
  };

  return {
    async *changed(since, call) {
      const { reading, rows } = await noticed(since, call);
      const from = since?.getTime() ?? Number.NEGATIVE_INFINITY;
      const ids = [...rows].filter(([, { at }]) => at >= from).map(([id]) => id);
      for (const some of inChunks(ids, pageSize)) yield some.map((id) => itemIn(reading, id));
    },
    read: async (ids, call) => {
      if (ids.length === 0) return [];
      const reading = await client.read(call);
      return ids.map((id) => itemIn(reading, id));
    },
  };
}

/** Being thought gone is worse than being unreadable. */
function itemIn({ table, exchangeId }: Reading, externalId: string): ReadItem {
  const found = table.items.get(externalId);
  if (found) return { ...found, exchangeId };
  if (!table.isUnsure) return { kind: 'gone', externalId, exchangeId };
  const reason = 'it is not in the file, but rows that cannot be read are';
  return { kind: 'malformed', externalId, reason, exchangeId };
}
