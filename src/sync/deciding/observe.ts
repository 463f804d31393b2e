import { eq } from 'drizzle-orm';
import type { Observation } from '../../connectors/connector.ts';
import type { Tx } from '../../ledger/db.ts';
import { moveBases, type RecordState } from '../../ledger/records.ts';
import { records } from '../../ledger/tables/index.ts';
import type { RunContext } from '../context.ts';
import { statusAlone, statusField } from '../status.ts';
import type { PlannedField } from './plan.ts';

/** What was read of a record in one system. */
export interface Seen {
  readonly observation: Observation;
  readonly connection: string;
  readonly exchangeId: number | null;
}

/**
 * Takes what was observed as the bases of the next comparison. Two things keep their base: a record that is archived, of which
 * nothing but its status is compared; and a field that is held, or its difference would be forgotten with nothing done about it.
 */
export async function observe(
  context: RunContext,
  tx: Tx,
  state: RecordState,
  seen: readonly Seen[],
  held: ReadonlySet<string>,
): Promise<void> {
  for (const { observation, connection } of seen) {
    const fields = without(comparedOf(context, observation), held);
    const at = {
      recordId: state.record.id,
      connection,
      origin: 'observed',
      now: context.clock.now(),
    } as const;
    await moveBases(tx, { ...observation, fields, ...at });
  }
  await retitle(context, tx, state, seen);
}

/** The fields of an observation that take part in comparing. */
function comparedOf(
  { flow }: Pick<RunContext, 'flow'>,
  { archived, fields }: Observation,
): Observation['fields'] {
  if (!archived) return fields;
  return flow.fields[statusField] ? statusAlone(fields) : {};
}

/** Fields that are held though something was agreed on them before. */
export const heldFields = (state: RecordState, planned: readonly PlannedField[]): ReadonlySet<string> =>
  new Set(
    planned
      .filter(({ step, view }) => step.kind === 'hold' && state.agreed.has(view.field.name))
      .map(({ view }) => view.field.name),
  );

/** The part of an observation that says something about these fields; null where nothing does. */
export function onlyFields(observation: Observation, names: ReadonlySet<string>): Observation | null {
  const fields = Object.entries(observation.fields).filter(([field]) => names.has(field));
  return fields.length === 0 ? null : { ...observation, fields: Object.fromEntries(fields) };
}

const without = (fields: Observation['fields'], names: ReadonlySet<string>): Observation['fields'] =>
  Object.fromEntries(Object.entries(fields).filter(([field]) => !names.has(field)));

async function retitle(
  context: RunContext,
  tx: Tx,
  state: RecordState,
  seen: readonly Seen[],
): Promise<void> {
  const fields = Object.assign(
    {},
    ...[...state.bases.values()],
    ...seen.map(({ observation }) => known(observation)),
  );
  const title = context.entity.title(fields);
  if (title === state.record.title) return;
  await tx.update(records).set({ title }).where(eq(records.id, state.record.id));
}

const known = ({ fields }: Observation) =>
  Object.fromEntries(Object.entries(fields).filter(([, observed]) => observed.state === 'value'));
