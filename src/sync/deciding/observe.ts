import { isDeepStrictEqual } from 'node:util';
import { sql } from 'drizzle-orm';
import { keptElsewhere } from '../../agreement/kept-elsewhere.ts';
import type { Observation } from '../../connectors/connector.ts';
import type { Tx } from '../../ledger/db.ts';
import { type BaseMove, moveBases } from '../../ledger/records/bases.ts';
import type { RecordState } from '../../ledger/records/records.ts';
import { type FormerValue, noteFormer } from '../../ledger/sealing/former-values.ts';
import { records } from '../../ledger/tables/index.ts';
import { heldValue } from '../compare.ts';
import { identifying, type RunContext } from '../context.ts';
import { printOf } from '../fingerprint.ts';
import { statusAlone, statusField } from '../status.ts';
import type { PlannedField } from './plan.ts';
import { titleOf } from './title.ts';

/** What was read of a record in one system. */
export interface Seen {
  readonly observation: Observation;
  readonly connection: string;
  readonly exchangeId: number | null;
}

/** A record that was looked at: what was read of it, and what was made of that. */
export interface Look<S extends Seen = Seen> {
  readonly state: RecordState;
  readonly seen: readonly S[];
  readonly planned: readonly PlannedField[];
}

/**
 * Takes what was observed as the bases of the next comparison. These keep theirs: a record that is archived, of which
 * nothing but its status is compared; and a field that is held, or that another flow keeps in step, or its difference would be
 * forgotten with nothing done about it.
 */
export async function observe(context: RunContext, tx: Tx, looks: readonly Look[]): Promise<void> {
  const how = { origin: 'observed', runId: context.run.id, now: context.clock.now() } as const;
  const moves = looks.map((look) => ({ look, bases: basesOf(context, look) }));
  await moveBases(
    tx,
    moves.flatMap(({ bases }) => bases),
    how,
  );
  await noteFormer(
    tx,
    moves.flatMap(({ look, bases }) => bases.flatMap((move) => formerOf(context, look.state, move))),
  );
  await retitle(context, tx, looks);
}

/** By what the record was known in a system that has something else there now. */
function formerOf(
  context: RunContext,
  { bases }: RecordState,
  { recordId, connection, fields = {} }: BaseMove,
) {
  return identifying(context)
    .filter((name) => name in fields)
    .map((name): FormerValue => ({ recordId, value: heldValue(bases.get(connection)?.[name]) }));
}

function basesOf(context: RunContext, { state, seen, planned }: Look): BaseMove[] {
  const held = heldFields(state, planned);
  return seen.map(({ observation, connection, exchangeId }) => ({
    recordId: state.record.id,
    connection,
    observation,
    fields: news(
      without(
        comparedOf(context, observation),
        held.union(keptElsewhere(context.agreement, context.flow, connection)),
      ),
      state.bases.get(connection) ?? {},
    ),
    exchangeId,
    print: held.size === 0 ? printOf(context, observation) : null,
  }));
}

/** What is not as it was last seen. */
function news(fields: Observation['fields'], base: Observation['fields']): Observation['fields'] {
  return Object.fromEntries(
    Object.entries(fields).filter(([name, observed]) => !isDeepStrictEqual(observed, base[name])),
  );
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

async function retitle(context: RunContext, tx: Tx, looks: readonly Look[]): Promise<void> {
  const retitled = looks.flatMap(({ state, seen }) => {
    const read = new Map(seen.map(({ connection, observation }) => [connection, observation.fields]));
    const title = titleOf(context, state.bases, read);
    return title === state.record.title ? [] : [{ id: state.record.id, title }];
  });
  if (retitled.length === 0) return;
  await tx.execute(sql`
    update ${records} r set title = m.title
    from jsonb_to_recordset(${JSON.stringify(retitled)}::text::jsonb) as m(id text, title text) where r.id = m.id`);
}
