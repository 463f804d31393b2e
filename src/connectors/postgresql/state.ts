import type { Clock } from '../../clock.ts';
import type { CallContext } from '../connector.ts';
import type { ConnectorOptions } from '../options.ts';
import type { DatabaseClient } from './client.ts';
import type { Held } from './map.ts';
import type { Table } from './schema.ts';

/** What one connection to a table knows beside the agreement. */
export interface TableState {
  readonly terms: ConnectorOptions<'postgresql'>['terms'];
  readonly client: DatabaseClient;
  readonly clock: Clock;
  /** As it was last described. */
  table: Table | null;
  /** Keeps rows as a run read them, for comparing when that run writes them. */
  remember(call: CallContext, rows: ReadonlyMap<string, Held>): void;
  /** The row as the run last read it. */
  remembered(call: CallContext, id: string): Held | null;
}

/** Two hundred records are read and written together; the rest is for runs side by side. */
const mostRemembered = 20_000;

export function tableState(terms: TableState['terms'], client: DatabaseClient, clock: Clock): TableState {
  const known = new Map<string, Held>();
  // What another run read is not what this one has looked at.
  const keyOf = ({ runId, correlationId }: CallContext, id: string) => `${runId ?? correlationId} ${id}`;
  return {
    terms,
    client,
    clock,
    table: null,
    remember: (call, rows) => {
      for (const [id, held] of rows) {
        known.delete(keyOf(call, id));
        known.set(keyOf(call, id), held);
      }
      for (const key of known.keys()) {
        if (known.size <= mostRemembered) break;
        known.delete(key);
      }
    },
    remembered: (call, id) => known.get(keyOf(call, id)) ?? null,
  };
}
