import { takesPart } from '../../agreement/takes-part.ts';
import { type ReadItem, VendorError } from '../../connectors/connector.ts';
import type { DbOrTx } from '../../ledger/db.ts';
import type { RecordState } from '../../ledger/records/records.ts';
import type { Rollback } from '../../ledger/rollback/rollbacks.ts';
import { laterWrites, writesTo } from '../../ledger/rollback/writes.ts';
import { callFor, connectorOf, projector, type RunContext } from '../context.ts';
import { together } from '../together.ts';
import {
  type DecidedItem,
  decideRollback,
  type Place,
  type Standing,
  type WentOut,
} from './decide-rollback.ts';

/** Records that are looked at, and put back, together. */
export const chunk = 200;

type ReadThere = ReadItem & { readonly kind: 'read' };

/** What the systems answered, by connection and external id; a connection that gave no answer has its failure. */
export interface Readings {
  readonly items: ReadonlyMap<string, ReadonlyMap<string, ReadItem>>;
  readonly failures: readonly VendorError[];
}

/** Reads these records afresh, in the systems named with them. */
export async function readPlaces(
  context: RunContext,
  states: readonly RecordState[],
  isWanted: (recordId: string, connection: string) => boolean,
): Promise<Readings> {
  const links = states.flatMap((state) =>
    state.links.filter(
      ({ connection }) => context.connectors.has(connection) && isWanted(state.record.id, connection),
    ),
  );
  const items = new Map<string, ReadonlyMap<string, ReadItem>>();
  const failures: VendorError[] = [];
  await together(context, [...Map.groupBy(links, (link) => link.connection)], async ([connection, list]) => {
    try {
      const ids = list.map((link) => link.externalId);
      const read = await connectorOf(context, connection).read(ids, callFor(context));
      items.set(connection, new Map(read.map((item) => [idOf(item), item])));
    } catch (error) {
      if (!(error instanceof VendorError)) throw error;
      failures.push(error);
    }
  });
  return { items, failures };
}

export const idOf = (item: ReadItem): string =>
  item.kind === 'read' ? item.observation.externalId : item.externalId;

export interface Looked {
  readonly items: readonly DecidedItem[];
  /** The reading of a record in a system, where there was one. */
  readonly reading: (recordId: string, connection: string) => ReadThere | null;
  readonly isUnread: (connection: string) => boolean;
}

/** Decides of some records what can be put back, from what was just read and from what the ledger has. `ours` are this rollback's own intents. */
export async function lookAt(
  context: RunContext,
  db: DbOrTx,
  rollback: Rollback,
  states: readonly RecordState[],
  { items: read, failures }: Readings,
  ours: ReadonlySet<string> = new Set(),
): Promise<Looked> {
  const ids = states.map((state) => state.record.id);
  const writes = (await writesTo(db, rollback, ids)).filter(({ id }) => !ours.has(id));
  const later = await laterWrites(db, ids, writes);
  const byId = new Map(states.map((state) => [state.record.id, state]));
  const itemAt = (recordId: string, connection: string) => {
    const link = byId.get(recordId)?.links.find((one) => one.connection === connection);
    return link && read.get(connection)?.get(link.externalId);
  };
  const items = decideRollback({
    fields: context.entity.fields,
    writes: writes.map(
      ({ id, committedAt, ...write }): WentOut => ({ ...write, intentId: id, at: committedAt }),
    ),
    place: (recordId, connection) => placeOf(itemAt(recordId, connection)),
    standing: (recordId, connection, field) => ({
      ...standingOf(context, byId.get(recordId), connection, field),
      later: later(recordId, connection, field),
    }),
  });
  return {
    items,
    reading: (recordId, connection) => {
      const item = itemAt(recordId, connection);
      return item?.kind === 'read' ? item : null;
    },
    isUnread: (connection) => failures.some((failure) => failure.connection === connection),
  };
}

function placeOf(item: ReadItem | undefined): Place {
  // No link leads there any more.
  if (!item) return { kind: 'other_record' };
  if (item.kind === 'malformed') return { kind: 'unreadable' };
  if (item.kind !== 'read') return { kind: item.kind };
  const { externalId, archived, locked, fields, editors } = item.observation;
  return { kind: 'there', externalId, archived, locked: locked !== undefined, fields, editors };
}

function standingOf(
  context: RunContext,
  state: RecordState | undefined,
  connection: string,
  field: string,
): Omit<Standing, 'later'> {
  const { flow, connectors } = context;
  const connector = connectors.get(connection);
  const terms = flow.fields[field];
  const pending = state?.pending.get(field);
  return {
    takesPart: terms !== undefined && connector !== undefined && takesPart(flow, field, connection),
    canWrite: connector?.canUpdate === true && connector.supports(field),
    twoPeople: terms?.twoPeople === true,
    asking: state?.conflicts.get(field)?.state === 'open',
    pending: pending
      ? { changeId: pending.changeId, value: projector(context)(connection, field, pending.value) }
      : null,
  };
}
