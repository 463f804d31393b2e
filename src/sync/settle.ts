import { and, eq, inArray, isNull, notInArray, sql } from 'drizzle-orm';
import { same } from '../entities/field.ts';
import { moveChange, tell } from '../ledger/changes.ts';
import type { Tx } from '../ledger/db.ts';
import { announceCard, rank } from '../ledger/outbox.ts';
import { type Link, loadRecords, type Pending, type RecordState } from '../ledger/records.ts';
import { changes, conflicts, hints, intents, pending } from '../ledger/tables/index.ts';
import { heldValue } from './compare.ts';
import { commit, connectorOf, type RunContext } from './context.ts';
import { agree } from './deciding/agree.ts';
import { missingIn } from './identity/alone.ts';
import { isInUse, statusField } from './status.ts';
import { getsField } from './writing/gets.ts';
import { failChange } from './writing/read-back.ts';

const chunk = 500;

/**
 * A decided value is agreed once every linked system was read with it; a change is settled once nothing of it is open,
 * pending or waiting. Returns how many changes were settled.
 */
export async function settle(context: RunContext): Promise<number> {
  const rows = await context.db
    .selectDistinct({ id: changes.recordId })
    .from(changes)
    .where(
      and(
        eq(changes.flow, context.flow.id),
        isNull(changes.closedAt),
        inArray(changes.state, ['open', 'writing', 'asking', 'failed']),
      ),
    );
  const ids = rows.flatMap((row) => row.id ?? []);
  let settled = 0;
  for (let at = 0; at < ids.length; at += chunk) {
    const states = await loadRecords(context.db, ids.slice(at, at + chunk));
    for (const state of states.filter((one) => isDue(context, one))) {
      if (await failIfLost(context, state)) continue;
      if (await commit(context, (tx) => settleRecord(context, tx, state))) settled += 1;
    }
  }
  return settled;
}

/** What was made, and is gone before anybody could read it, will not settle by itself. */
async function failIfLost(context: RunContext, { change, links }: RecordState): Promise<boolean> {
  const unread = links.filter((link) => link.how === 'made' && link.readAt === null);
  for (const { connection, externalId } of unread) {
    const reminder = and(eq(hints.connection, connection), eq(hints.externalId, externalId));
    if (!change || change.state === 'failed' || (await context.db.$count(hints, reminder)) > 0) continue;
    const { label } = connectorOf(context, connection);
    await failChange(context, change.id, connection, `${label} made the record, but no longer has it.`);
    return true;
  }
  return false;
}

/** True where something arrived everywhere, or nothing is left: most open changes wait for a person, and are let be. */
function isDue(context: RunContext, state: RecordState): boolean {
  const waiting = [...state.pending.values()];
  if (waiting.some((row) => isEverywhere(context, state, row))) return true;
  return waiting.length === 0 && ![...state.conflicts.values()].some((conflict) => conflict.state === 'open');
}

async function settleRecord(context: RunContext, tx: Tx, state: RecordState): Promise<boolean> {
  const { change } = state;
  if (!change) return false;
  // Opened again, and nobody has compared it since: a run that came between knows nothing about it.
  if (change.state === 'open' && state.pending.size === 0) return false;
  const now = context.clock.now();
  const arrived = [...state.pending.values()].filter((row) => isEverywhere(context, state, row));
  for (const row of arrived) await settleField(context, tx, state, row);
  if (await isBeingMade(context, tx, state)) return false;
  // What could not be made waits for a person, with nothing else left to bring.
  if (change.state === 'failed' && (state.pending.size === 0 || (await wasRefused(tx, state)))) return false;
  const left = state.pending.size - arrived.length;
  const open = [...state.conflicts.values()].filter((conflict) => conflict.state === 'open').length;
  if (left > 0 || open > 0) {
    if (arrived.length > 0)
      await announceCard(tx, {
        subject: `change:${change.id}`,
        flow: context.flow.id,
        rank: rank.decision,
        now,
      });
    return false;
  }
  if (change.hold) {
    // The rest of it is done; one field still waits.
    await moveChange(tx, change.id, {
      state: 'held',
      hold: change.hold,
      holdDetail: change.holdDetail,
      now,
    });
    return false;
  }
  const [{ lines } = { lines: 0 }] = await tx.execute<{ lines: number }>(
    sql`select count(*)::int as lines from story where change_id = ${change.id} and kind in ('saved', 'made', 'decided', 'ruled')
      and data ->> 'kept' is distinct from 'true'`,
  );
  // Opened again, compared, and found in order or come to agree by itself: there was nothing to settle.
  const outcome = arrived.length > 0 || lines > 0 ? 'settled' : 'withdrawn';
  if (outcome === 'withdrawn' && isToBeMade(context, state)) return false;
  const systems = state.links.filter((link) => !link.archived).length;
  await tell(tx, [{ changeId: change.id, at: now, kind: outcome, data: { systems } }]);
  await moveChange(tx, change.id, { state: outcome, now });
  await announceCard(tx, { subject: `change:${change.id}`, flow: context.flow.id, rank: rank.decision, now });
  context.log.info(
    { event: outcome, reference: change.id, flow: context.flow.id },
    `${context.flow.name}: ${outcome === 'settled' ? `settled, ${state.record.title}; all ${systems} systems were read back` : `nothing left to do for ${state.record.title}`}`,
  );
  return outcome === 'settled';
}

function isEverywhere(context: RunContext, state: RecordState, { field: name, value }: Pending): boolean {
  const field = context.entity.fields.find((candidate) => candidate.name === name);
  if (!field) return false;
  return state.links
    .filter((link) => getsField(context, state, link, name))
    .every((link) => {
      const connector = connectorOf(context, link.connection);
      const base = state.bases.get(link.connection)?.[name];
      return base !== undefined && same(field, heldValue(base), connector.project(name, value).value);
    });
}

/** Made, but the answer or the first reading is still missing. */
async function isBeingMade({ flow }: RunContext, tx: Tx, { record, links }: RecordState): Promise<boolean> {
  const isUnread = (link: Link) => link.how === 'made' && link.readAt === null;
  if (links.some((link) => isUnread(link) && flow.connections.includes(link.connection))) return true;
  const open = and(
    eq(intents.recordId, record.id),
    eq(intents.kind, 'create'),
    inArray(intents.connection, [...flow.connections]),
    inArray(intents.state, ['in_flight', 'unknown']),
  );
  return (await tx.$count(intents, open)) > 0;
}

/** A system refused to make it, and it is not there still. */
async function wasRefused(tx: Tx, { change, links }: RecordState): Promise<boolean> {
  const refused = and(
    eq(intents.changeId, change?.id ?? ''),
    eq(intents.kind, 'create'),
    eq(intents.state, 'refused'),
    notInArray(
      intents.connection,
      links.map((link) => link.connection),
    ),
  );
  return (await tx.$count(intents, refused)) > 0;
}

/** It could not be made yet, though nothing holds it: the system asked us to wait, say. */
const isToBeMade = (context: RunContext, state: RecordState): boolean =>
  missingIn(context, state).length > 0 && isInUse(state.agreed.get(statusField)?.value);

async function settleField(context: RunContext, tx: Tx, state: RecordState, row: Pending): Promise<void> {
  const now = context.clock.now();
  const { field, value, by, changeId } = row;
  await agree(context, tx, [{ state, field, value, by, changeId }]);
  await tx.delete(pending).where(and(eq(pending.recordId, state.record.id), eq(pending.field, row.field)));
  // A write whose answer never came, of a value that was then read there, was carried out.
  await tx
    .update(intents)
    .set({ state: 'done', finishedAt: now })
    .where(
      and(
        eq(intents.changeId, row.changeId),
        eq(intents.kind, 'update'),
        inArray(intents.state, ['in_flight', 'unknown']),
      ),
    );
  const conflict = state.conflicts.get(row.field);
  if (conflict && conflict.state !== 'open') {
    await tx
      .update(conflicts)
      .set({ state: 'confirmed', closedAt: now })
      .where(eq(conflicts.id, conflict.id));
  }
}
