import { created, createInBatches, notCreated } from '../batches.ts';
import type { CallContext, Create, CreateOutcome } from '../connector.ts';
import { CallFailed, failure } from '../http/failure.ts';
import { StatementFailed } from './client.ts';
import { tableOf } from './read.ts';
import type { Column, Table } from './schema.ts';
import { quoted, quotedTable } from './sql.ts';
import type { TableState } from './state.ts';
import { label } from './words.ts';
import { assigned } from './write.ts';

/** Makes rows, each once: the marker's unique index lets no second one in, so that asking again gives the one that is there. */
export async function createRows(
  state: TableState,
  creates: readonly Create[],
  call: CallContext,
): Promise<CreateOutcome[]> {
  if (state.terms.marker === null) {
    return creates.map((one) =>
      notCreated(one, 'the agreement names no marker column, so no rows are made here', null),
    );
  }
  // Before anything is sent: what stops one would stop them all.
  markerOf(state, await tableOf(state, call));
  return createInBatches(creates, {
    size: 1,
    send: async ([one]) => (one ? [await createRow(state, one, { ...call, changeIds: [one.changeId] })] : []),
  });
}

/** The marker's column. Throws CallFailed while it is not fit for telling rows apart. */
export function markerOf({ terms }: TableState, table: Table): Column {
  const column = terms.marker === null ? undefined : table.columns.get(terms.marker);
  if (column && table.unique.includes(column.name)) return column;
  const reason = `${terms.table} has no column ${terms.marker} with a unique index: it is a step to approve`;
  throw new CallFailed(terms.id, failure('refused', `${label} takes no new rows yet: ${reason}`, { reason }));
}

async function createRow(state: TableState, one: Create, call: CallContext): Promise<CreateOutcome> {
  const table = await tableOf(state, call);
  const marker = markerOf(state, table);
  const found = assigned(state, table, one.fields);
  if (!found.ok) return notCreated(one, found.reason, null);
  try {
    const { rows, exchangeId } = await state.client.run(
      {
        purpose: 'make a customer',
        method: 'INSERT',
        ...insertOf(state, table, {
          marker: { column: marker, value: one.marker },
          assignments: found.assignments,
        }),
        effect: 'repeatable',
        told: { [marker.name]: one.marker, set: one.fields },
      },
      call,
    );
    const id = rows[0]?.id ?? (await findMarkers(state, [one.marker], call)).get(one.marker);
    if (typeof id === 'string') return created(one, id, exchangeId);
    return { kind: 'unknown', key: one.key, reason: 'the new row cannot be seen', exchangeId };
  } catch (error) {
    if (!(error instanceof StatementFailed) || error.sqlState !== '23505') throw error;
    // Beside another call with this marker, PostgreSQL may tell of the other unique index first.
    const id = (await findMarkers(state, [one.marker], call)).get(one.marker);
    if (id !== undefined) return created(one, id, error.exchangeId);
    return notCreated(one, error.reason, error.exchangeId, true);
  }
}

type Cell = { readonly column: Column; readonly value: string | null };

function insertOf(
  { terms, clock }: TableState,
  table: Table,
  { marker, assignments }: { readonly marker: Cell; readonly assignments: readonly Cell[] },
) {
  const moved = terms.changes.kind === 'column' ? table.columns.get(terms.changes.column) : undefined;
  // What has a default is the database's to fill.
  const time =
    moved && !moved.hasDefault && !moved.generated
      ? [{ column: moved, value: clock.now().toISOString() }]
      : [];
  const cells = [marker, ...assignments, ...time];
  const values = cells.map(({ value }) => value);
  const typed = cells.map(({ column }, i) =>
    column === moved ? `$${i + 1}::text::timestamptz::${column.cast}` : `$${i + 1}::text::${column.cast}`,
  );
  const text = `insert into ${quotedTable(terms.table)} as t (${cells.map(({ column }) => quoted(column.name)).join(', ')})
    values (${typed.join(', ')})
    on conflict (${quoted(marker.column.name)}) do nothing returning t.${quoted(terms.key)}::text as id`;
  return { text, values };
}

/** Which markers are in the table: marker → key. */
export async function findMarkers(
  state: TableState,
  markers: readonly string[],
  call: CallContext,
): Promise<Map<string, string>> {
  const { terms } = state;
  const table = await tableOf(state, call);
  const column = terms.marker === null ? undefined : table.columns.get(terms.marker);
  if (!column || markers.length === 0) return new Map();
  const name = `t.${quoted(column.name)}`;
  const { rows } = await state.client.run(
    {
      purpose: 'look for new customers',
      method: 'SELECT',
      text: `select u.id as marker, t.${quoted(terms.key)}::text as id from json_array_elements_text($1::text::json) u(id)
        join ${quotedTable(terms.table)} t on ${name} = u.id::${column.cast}`,
      values: [JSON.stringify(markers)],
      effect: 'read',
    },
    call,
  );
  return new Map(rows.map(({ marker, id }) => [String(marker), String(id)]));
}
