import type { FieldValue } from '../../entities/field.ts';
import { refused, saved, sendInBatches } from '../batches.ts';
import { cellsFor } from '../columns.ts';
import type { CallContext, Write, WriteOutcome } from '../connector.ts';
import { StatementFailed } from './client.ts';
import type { Held } from './map.ts';
import { readRows, tableOf } from './read.ts';
import type { Column, Table } from './schema.ts';
import { quoted, quotedTable } from './sql.ts';
import type { TableState } from './state.ts';

/**
 * Updates rows by key, each in one statement, which is a transaction of its own. A row is written only while every column that
 * is about to change still holds what this run read there (or holds the new value already): whoever was faster is not overwritten.
 */
export async function writeRows(
  state: TableState,
  writes: readonly Write[],
  call: CallContext,
): Promise<WriteOutcome[]> {
  // Before anything is sent: a table that cannot be read stops them all.
  if (writes.length > 0) await tableOf(state, call);
  return sendInBatches(writes, {
    size: 1,
    send: async ([write]) =>
      write ? [await writeRow(state, write, { ...call, changeIds: [write.changeId] })] : [],
  });
}

export interface Assignment {
  readonly column: Column;
  readonly value: string | null;
}

export type Assigned =
  | { readonly ok: true; readonly assignments: readonly Assignment[] }
  | { readonly ok: false; readonly reason: string };

/** The columns that a set of fields goes into. */
export function assigned(
  { terms }: TableState,
  table: Table,
  fields: Readonly<Record<string, FieldValue | null>>,
): Assigned {
  const assignments: Assignment[] = [];
  for (const [field, value] of Object.entries(fields)) {
    const found = cellsFor(terms.columns, field, value);
    if (found.kind === 'impossible') return { ok: false, reason: found.reason };
    for (const [name, text] of found.cells) {
      const column = table.columns.get(name);
      if (!column) return { ok: false, reason: `${terms.table} no longer has the column ${name}` };
      assignments.push({ column, value: fitted(column, text) });
    }
  }
  return { ok: true, assignments };
}

const texts = /^(text|character varying|character)$/;
const numbers = /^(smallint|integer|bigint|numeric)$/;

/** Nothing is an empty text where a column must not be null; "30 days" is 30 where it takes numbers, and yes or no 1 or 0. */
function fitted({ base, notNull }: Column, text: string | null): string | null {
  if (text === null) return notNull && texts.test(base) ? '' : null;
  if (!numbers.test(base)) return text;
  return text === 'true' ? '1' : text === 'false' ? '0' : text.replace(/^(\d+) days$/, '$1');
}

async function writeRow(state: TableState, write: Write, call: CallContext): Promise<WriteOutcome> {
  const { externalId } = write;
  const before = state.remembered(call, externalId) ?? (await rowNow(state, externalId, call));
  if (!before) return refused(write, `${state.terms.table} no longer has this row`, null);
  const table = await tableOf(state, call);
  const found = assigned(state, table, write.fields);
  if (!found.ok) return refused(write, found.reason, null);
  if (found.assignments.length === 0) return saved(write, null);
  const statement = updateOf(state, table, { before, assignments: found.assignments });
  try {
    const { count, exchangeId } = await state.client.run(
      {
        purpose: 'update a customer',
        method: 'UPDATE',
        ...statement,
        effect: 'repeatable',
        told: { key: externalId, set: write.fields },
      },
      call,
    );
    return count > 0
      ? saved(write, exchangeId)
      : await notWritten(state, write, { before, ...found, exchangeId }, call);
  } catch (error) {
    // Somebody holds the row: the others need not wait for it.
    if (!(error instanceof StatementFailed) || error.failure !== 'busy') throw error;
    return {
      kind: 'unknown',
      key: write.key,
      reason: `not sent: ${error.reason}`,
      exchangeId: error.exchangeId,
    };
  }
}

async function rowNow(state: TableState, id: string, call: CallContext): Promise<Held | null> {
  return (await readRows(state, [id], call)).rows.get(id) ?? null;
}

interface Change {
  readonly before: Held;
  readonly assignments: readonly Assignment[];
}

function updateOf({ terms, clock }: TableState, table: Table, { before, assignments }: Change) {
  const values: (string | null)[] = [before.id];
  const put = (value: string | null) => `$${values.push(value)}::text`;
  const key = table.columns.get(terms.key);
  const parts = assignments.map(({ column, value }) => {
    const name = quoted(column.name);
    const next = `${put(value)}::${column.cast}`;
    const was = put(before.cells.get(column.name) ?? null);
    return {
      set: `${name} = ${next}`,
      asRead: `t.${name}::text is not distinct from ${was}`,
      asWanted: `t.${name}::text is not distinct from (${next})::text`,
    };
  });
  const moved = terms.changes.kind === 'column' ? table.columns.get(terms.changes.column) : undefined;
  const time =
    moved && movable(moved)
      ? [`${quoted(moved.name)} = ${later(moved, put(clock.now().toISOString()))}`]
      : [];
  const text = `update ${quotedTable(terms.table)} t set ${[...parts.map(({ set }) => set), ...time].join(', ')}
    where t.${quoted(terms.key)} = $1::text::${key?.cast}
      and ((${parts.map(({ asRead }) => asRead).join(' and ')}) or (${parts.map(({ asWanted }) => asWanted).join(' and ')}))`;
  return { text, values };
}

const movable = ({ generated, mayUpdate }: Column): boolean => mayUpdate && !generated;
/** Every write moves the column by which changes are found, ours too; never back, whatever our clock says. */
const later = ({ name, cast }: Column, now: string) =>
  `greatest(t.${quoted(name)}, ${now}::timestamptz::${cast})`;

/** No row was written, and none refused: it has gone, or moved, or the database keeps it as it is. */
async function notWritten(
  state: TableState,
  write: Write,
  { before, assignments, exchangeId }: Change & { readonly exchangeId: number },
  call: CallContext,
): Promise<WriteOutcome> {
  const now = await rowNow(state, write.externalId, call);
  if (!now) return refused(write, `${state.terms.table} no longer has this row`, exchangeId);
  const isAsRead = assignments.every(
    ({ column }) => now.cells.get(column.name) === before.cells.get(column.name),
  );
  if (isAsRead) return refused(write, 'a trigger or a policy of the table kept the change out', exchangeId);
  const reason = 'somebody changed it there at the same moment; it is read and compared again';
  return { kind: 'unknown', key: write.key, reason, exchangeId };
}
