import type { ReadItem } from '../../connectors/connector.ts';
import type { DbOrTx } from '../../ledger/db.ts';
import { knownNeeds, type NamedNeed } from '../../ledger/records/needs.ts';
import type { Link, RecordState } from '../../ledger/records/records.ts';
import type { RunContext } from '../context.ts';
import { type Barrier, decideOrder, type Need } from './decide-order.ts';

/** What was just read, by connection and external id. */
export type Fresh = ReadonlyMap<string, ReadonlyMap<string, ReadItem>>;
const nothingRead: Fresh = new Map();

/** A system that is about to be given something of a record, and of which fields. */
export interface Target {
  readonly state: RecordState;
  readonly connection: string;
  readonly fields: readonly string[];
}

/** One of them that must not get it now. */
export interface Barred extends Target {
  readonly barrier: Barrier;
}

/** Those that must not be given anything now, by what was just read, else by what the ledger has. Most records refer to nothing: they cost nothing. */
export async function barredOf(
  context: RunContext,
  db: DbOrTx,
  targets: readonly Target[],
  fresh: Fresh = nothingRead,
): Promise<Barred[]> {
  const needsOf = await needsOfAll(
    context,
    db,
    targets.map(({ state }) => state),
    fresh,
  );
  return targets.flatMap((target): Barred[] => {
    const { state, connection } = target;
    const link = state.links.find((one) => one.connection === connection);
    const locked = link ? lockOf(context, link, fresh) : null;
    const needs = needsOf(state);
    const barrier = decideOrder({ recordId: state.record.id, target: connection, needs, locked });
    return barrier ? [{ ...target, barrier }] : [];
  });
}

/** To what each of these records refers, with what is known of it. */
export async function needsOfAll(
  context: RunContext,
  db: DbOrTx,
  states: readonly RecordState[],
  fresh: Fresh = nothingRead,
): Promise<(state: RecordState) => readonly Need[]> {
  const named = new Map(states.map((state) => [state.record.id, namedBy(context, state, fresh)]));
  const known = await knownNeeds(db, [...named.values()].flat());
  return ({ record }) => (named.get(record.id) ?? []).map((need) => ({ ...need, record: known(need) }));
}

function namedBy({ flow }: RunContext, { links }: RecordState, fresh: Fresh): NamedNeed[] {
  return links
    .filter((link) => !link.archived && flow.connections.includes(link.connection))
    .flatMap((link) => {
      const { connection } = link;
      return (readOf(link, fresh)?.needs ?? link.needs).map((need) => ({ ...need, connection }));
    });
}

function lockOf({ clock }: RunContext, link: Link, fresh: Fresh): { words: string; since: Date } | null {
  const read = readOf(link, fresh);
  const words = read ? read.locked : link.locked;
  if (!words) return null;
  return { words, since: (words === link.locked ? link.lockedAt : null) ?? clock.now() };
}

/** As people call the systems. */
export const labelsIn =
  ({ connectors }: RunContext) =>
  (connection: string): string =>
    connectors.get(connection)?.label ?? connection;

/** What was just read there; left out `needs` and `locked` mean none. */
export function readOf(
  { connection, externalId }: Pick<Link, 'connection' | 'externalId'>,
  fresh: Fresh,
): { needs: readonly { entity: string; externalId: string }[]; locked: string | null } | null {
  const item = fresh.get(connection)?.get(externalId);
  if (item?.kind !== 'read') return null;
  return { needs: item.observation.needs ?? [], locked: item.observation.locked ?? null };
}
