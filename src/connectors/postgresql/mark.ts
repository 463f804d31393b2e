import { refused, saved } from '../batches.ts';
import type { CallContext, Mark, WriteOutcome } from '../connector.ts';
import { CallFailed, failure } from '../http/failure.ts';
import { StatementFailed } from './client.ts';
import { markerOf } from './create.ts';
import { tableOf } from './read.ts';
import { quoted, quotedTable } from './sql.ts';
import type { TableState } from './state.ts';
import { label } from './words.ts';

export const rowsPerMarking = 200;

/**
 * Our id in rows that are there: the marker column alone, two hundred rows in a statement. The database itself sees to it that
 * nothing but an empty place, or an id that gives way, is written over; a row that somebody holds is passed over.
 */
export async function markRows(
  state: TableState,
  marks: readonly Mark[],
  call: CallContext,
): Promise<WriteOutcome[]> {
  if (marks.length === 0) return [];
  // Before anything is sent: what stops one would stop them all.
  const column = markerOf(state, await tableOf(state, call));
  if (!column.mayUpdate) {
    const reason = `the user of the connection may not update ${column.name}`;
    throw new CallFailed(state.terms.id, failure('refused', `${label}: ${reason}`, { reason }));
  }
  const outcomes: WriteOutcome[] = [];
  for (let at = 0; at < marks.length; at += rowsPerMarking)
    outcomes.push(...(await markSome(state, marks.slice(at, at + rowsPerMarking), call)));
  return outcomes;
}

/** A refusal that names no row is halved until it is about one. */
async function markSome(
  state: TableState,
  batch: readonly Mark[],
  call: CallContext,
): Promise<WriteOutcome[]> {
  try {
    return await send(state, batch, call);
  } catch (error) {
    if (!(error instanceof StatementFailed)) throw error;
    const { reason, exchangeId } = error;
    if (error.failure !== 'refused')
      return batch.map(({ key }) => ({ kind: 'unknown', key, reason, exchangeId }));
    const [only, another] = batch;
    if (only && !another) return [refused(only, reason, exchangeId)];
    const middle = Math.ceil(batch.length / 2);
    const first = await markSome(state, batch.slice(0, middle), call);
    return [...first, ...(await markSome(state, batch.slice(middle), call))];
  }
}

async function send(state: TableState, batch: readonly Mark[], call: CallContext): Promise<WriteOutcome[]> {
  const { terms } = state;
  const table = await tableOf(state, call);
  const [marker, key] = [markerOf(state, table), table.columns.get(terms.key)];
  const place = `t.${quoted(marker.name)}`;
  const rows = batch.map(({ externalId, marker: id, instead }) => ({ id: externalId, marker: id, instead }));
  const text = `with wanted as (
      select w.id::${key?.cast ?? 'text'} as id, w.marker, w.instead
      from json_to_recordset($1::text::json) as w(id text, marker text, instead text)),
    free as (
      select t.${quoted(terms.key)} as id, w.marker from ${quotedTable(terms.table)} t join wanted w on t.${quoted(terms.key)} = w.id
      where coalesce(trim(${place}::text), '') in ('', w.marker, coalesce(w.instead, '')) for update of t skip locked)
    update ${quotedTable(terms.table)} t set ${quoted(marker.name)} = free.marker::${marker.cast}
    from free where t.${quoted(terms.key)} = free.id returning t.${quoted(terms.key)}::text as id`;
  const { rows: done, exchangeId } = await state.client.run(
    {
      purpose: 'write our ids into customers',
      method: 'UPDATE',
      text,
      values: [JSON.stringify(rows)],
      effect: 'repeatable',
      told: { [marker.name]: rows },
    },
    call,
  );
  const written = new Set(done.map(({ id }) => String(id)));
  const reason = 'somebody was at this row at the same moment, or it has another id by now';
  return batch.map((one) =>
    written.has(one.externalId)
      ? saved(one, exchangeId)
      : { kind: 'unknown', key: one.key, reason, exchangeId },
  );
}
