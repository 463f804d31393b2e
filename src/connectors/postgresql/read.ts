import { inChunks } from '../batches.ts';
import type { CallContext, ReadItem } from '../connector.ts';
import { CallFailed, failure } from '../http/failure.ts';
import { readItem } from '../records.ts';
import { type Row, StatementFailed } from './client.ts';
import { type Held, heldIn, missingColumns, selected, toObservation } from './map.ts';
import { canBeKey, describeTable, type Table, unreadable } from './schema.ts';
import { quoted, quotedTable } from './sql.ts';
import type { TableState } from './state.ts';
import { changedKeys } from './triggers.ts';
import { label } from './words.ts';

const pageSize = 1000;
const idsPerCall = 500;

/** The table as it is now; `fresh` asks the database again. Throws CallFailed where it cannot be read. */
export async function tableOf(state: TableState, call: CallContext, fresh = false): Promise<Table> {
  if (fresh || !state.table) {
    const table = await describeTable(state.client, state.terms, call);
    const reason = unreadable(table, state.terms);
    state.table = reason === null ? table : null;
    if (reason !== null) {
      throw new CallFailed(
        state.terms.id,
        failure('refused', `${label} cannot be read: ${reason}`, { reason }),
      );
    }
    return table;
  }
  return state.table;
}

/** Runs what needs the table's shape, once more with a fresh one where a column or the table turned out to have gone. */
async function withTable<T>(
  state: TableState,
  call: CallContext,
  work: (table: Table) => Promise<T>,
): Promise<T> {
  const table = await tableOf(state, call);
  try {
    return await work(table);
  } catch (error) {
    if (!(error instanceof StatementFailed) || !/^(42703|42P01)$/.test(error.sqlState ?? '')) throw error;
    return work(await tableOf(state, call, true));
  }
}

/** Rows by key, in the order in which they were asked for; one item for each. */
export async function readRows(
  state: TableState,
  ids: readonly string[],
  call: CallContext,
): Promise<{ readonly items: ReadItem[]; readonly rows: ReadonlyMap<string, Held> }> {
  const items: ReadItem[] = [];
  const rows = new Map<string, Held>();
  for (const batch of inChunks(ids, idsPerCall)) {
    const page = await withTable(state, call, (table) => readBatch(state, table, batch, call));
    for (const held of page.held) rows.set(held.id, held);
    items.push(...page.items);
  }
  state.remember(call, rows);
  return { items, rows };
}

async function readBatch(state: TableState, table: Table, batch: readonly string[], call: CallContext) {
  const { terms, client } = state;
  const key = table.columns.get(terms.key);
  const possible = batch.filter((id) => canBeKey(id, key?.base ?? 'text'));
  if (possible.length === 0) return { held: [], items: batch.map((id) => gone(id, null)) };
  const column = `t.${quoted(terms.key)}`;
  const { rows, exchangeId } = await client.run(
    {
      purpose: 'read customers',
      method: 'SELECT',
      // A key in another spelling of the same number ("007") is not the key that we know.
      text: `select ${selected(terms, table)} from json_array_elements_text($1::text::json) u(id)
        join ${quotedTable(terms.table)} t on ${column} = u.id::${key?.cast} and ${column}::text = u.id`,
      values: [JSON.stringify(possible)],
      effect: 'read',
    },
    call,
  );
  const held = rows.map((row) => heldIn(row, terms, table));
  const drift = missingColumns(terms, table);
  const byId = new Map(held.map((one) => [one.id, readItem(toObservation(one, terms, drift), exchangeId)]));
  return { held, items: batch.map((id) => byId.get(id) ?? gone(id, exchangeId)) };
}

const gone = (externalId: string, exchangeId: number | null): ReadItem => ({
  kind: 'gone',
  externalId,
  exchangeId,
});

/** Pages of rows that changed since; all where `since` is null. By key, so that a row that changes meanwhile moves nothing past us. */
export async function* changedRows(
  state: TableState,
  since: Date | null,
  until: Date,
  call: CallContext,
): AsyncGenerator<readonly ReadItem[]> {
  const table = await tableOf(state, call, true);
  if (state.terms.changes.kind === 'trigger') {
    const keys = await changedKeys(state, table, { since, until }, call);
    if (keys) {
      for (const batch of inChunks(keys, idsPerCall)) yield (await readRows(state, batch, call)).items;
      return;
    }
  }
  const key = table.columns.get(state.terms.key);
  let after: string | null = null;
  for (;;) {
    const { rows, exchangeId }: { rows: readonly Row[]; exchangeId: number } = await state.client.run(
      {
        purpose: since === null ? 'read all customers' : 'read changed customers',
        method: 'SELECT',
        text: `select ${selected(state.terms, table)} from ${quotedTable(state.terms.table)} t
          where ${movedSince(state, table)} and ($2::text is null or t.${quoted(state.terms.key)} > $2::text::${key?.cast})
          order by t.${quoted(state.terms.key)} limit ${pageSize}`,
        values: [since?.toISOString() ?? null, after],
        effect: 'read',
      },
      call,
    );
    const drift = missingColumns(state.terms, table);
    const held = rows.map((row) => heldIn(row, state.terms, table));
    if (held.length > 0)
      yield held.map((one) => readItem(toObservation(one, state.terms, drift), exchangeId));
    if (held.length < pageSize) return;
    after = held.at(-1)?.id ?? null;
  }
}

/**
 * Rows that bear no time at all are read every time: nothing else would ever find them. A time stamp without a zone may be of
 * any zone on Earth, so those are read from twelve hours further back.
 */
function movedSince({ terms: { changes } }: TableState, table: Table): string {
  if (changes.kind === 'trigger') return '($1::text is null or true)';
  const column = `t.${quoted(changes.column)}`;
  const zoned = table.columns.get(changes.column)?.base === 'timestamp with time zone';
  const since = '$1::text::timestamptz';
  const from = zoned ? since : `(${since} at time zone 'UTC') - interval '12 hours'`;
  return `($1::text is null or ${column} >= ${from} or ${column} is null)`;
}
