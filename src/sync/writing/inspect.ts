import { takesPart } from '../../agreement/takes-part.ts';
import type { ReadItem } from '../../connectors/connector.ts';
import { same } from '../../entities/field.ts';
import type { Link, RecordState } from '../../ledger/records/records.ts';
import { staged } from '../../ledger/tables/index.ts';
import { confirmGone } from '../absence/confirm.ts';
import { heldValue } from '../compare.ts';
import { commit, connectorOf, type RunContext } from '../context.ts';
import { followMerge } from '../identity/merged.ts';
import { statusField } from '../status.ts';
import { getsAny } from './gets.ts';
import { refuseRecord } from './read-back.ts';

/** What one connection answered about the records that are about to be written. */
export type Reading = ReadonlyMap<string, ReadItem>;

/** Where a record is looked at before it is written: wherever it is in use and takes part, and where an archived one gets its status. */
export const linksOf = ({ flow, connectors }: RunContext, state: RecordState) =>
  state.links.filter(
    (link) =>
      [...state.pending.keys()].some((field) => takesPart(flow, field, link.connection)) &&
      (!link.archived || getsAny({ flow, connectors }, state, link)),
  );

export const idOf = (item: ReadItem): string =>
  item.kind === 'read' ? item.observation.externalId : item.externalId;

/** `ready` = as we knew it; `moved` = staged again for a fresh decision; `stopped` = cannot be written at all, and says why. */
export async function inspect(
  context: RunContext,
  state: RecordState,
  readings: ReadonlyMap<string, Reading>,
): Promise<'ready' | 'moved' | 'stopped'> {
  const changed: ReadItem[] = [];
  for (const link of linksOf(context, state)) {
    const item = readings.get(link.connection)?.get(link.externalId);
    const label = connectorOf(context, link.connection).label;
    if (!item || item.kind === 'gone') {
      if (await foundGone(context, link)) return 'moved';
      await refuseRecord(context, state, link.connection, `${label} no longer has this record.`);
      return 'stopped';
    }
    if (item.kind === 'malformed') {
      await refuseRecord(
        context,
        state,
        link.connection,
        `${label} sent something that cannot be read: ${item.reason}`,
      );
      return 'stopped';
    }
    if (item.kind === 'merged') {
      // Where it lives on is read by the next run, and decided anew.
      await commit(context, (tx) => followMerge(context, tx, link.connection, item));
      return 'stopped';
    }
    if (hasMoved(context, state, link, item)) changed.push(item);
  }
  if (changed.length === 0) return 'ready';
  await commit(context, async (tx) => {
    await tx.insert(staged).values(
      changed.flatMap((item) =>
        item.kind === 'read'
          ? [
              {
                runId: context.run.id,
                flow: context.flow.id,
                connection: linkOf(state, item)?.connection ?? '',
                externalId: item.observation.externalId,
                observation: item.observation,
                state: 'matched' as const,
                exchangeId: item.exchangeId,
                recordId: state.record.id,
                stagedAt: context.clock.now(),
              },
            ]
          : [],
      ),
    );
  });
  return 'moved';
}

/** Its absence is known from here on: the other systems get their values, and what follows is decided apart from that. */
const foundGone = (context: RunContext, { connection, externalId }: Link): Promise<boolean> =>
  commit(context, (tx) => confirmGone(context, tx, connection, [externalId]));

const linkOf = (state: RecordState, item: ReadItem) =>
  state.links.find((link) => link.externalId === idOf(item));

/** What is about to be written over is not as we knew it. Whatever else moved is found by the next pull. */
function hasMoved(
  context: RunContext,
  state: RecordState,
  link: Link,
  { observation }: ReadItem & { kind: 'read' },
): boolean {
  const base = state.bases.get(link.connection) ?? {};
  if (observation.archived !== link.archived) return true;
  return context.entity.fields
    .filter(
      ({ name }) =>
        state.pending.has(name) &&
        takesPart(context.flow, name, link.connection) &&
        (!link.archived || name === statusField),
    )
    .some((field) => {
      const observed = observation.fields[field.name];
      if (!observed || observed.state === 'not_read' || observed.state === 'unsupported') return false;
      return !same(field, heldValue(observed), heldValue(base[field.name]));
    });
}
