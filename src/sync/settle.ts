import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { same } from '../entities/field.ts';
import { type Change, moveChanges, tell } from '../ledger/changes/changes.ts';
import type { Tx } from '../ledger/db.ts';
import { among } from '../ledger/many.ts';
import { redrawCards } from '../ledger/posts/outbox.ts';
import { type Link, loadRecords, type Pending, type RecordState } from '../ledger/records/records.ts';
import { isHinted } from '../ledger/runs/hints.ts';
import { changes, conflicts, intents, pending, story } from '../ledger/tables/index.ts';
import { heldValue } from './compare.ts';
import { commit, connectorOf, type RunContext } from './context.ts';
import { agree } from './deciding/agree.ts';
import { missingIn } from './identity/alone.ts';
import { isInUse, statusField } from './status.ts';
import { answerByReading } from './writing/answered-by-reading.ts';
import { getsField } from './writing/gets.ts';
import { failChange } from './writing/read-back.ts';

const chunk = 200;

/**
 * A decided value is agreed once every linked system was read with it; a change is settled once nothing of it is open,
 * pending or waiting. Returns how many changes were settled.
 */
export async function settle(context: RunContext): Promise<number> {
  await answerByReading(context);
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
    const states = await loadRecords(context.db, ids.slice(at, at + chunk), context.flow.id);
    const due: RecordState[] = [];
    for (const state of states.filter((one) => isDue(context, one))) {
      if (!(await failIfLost(context, state))) due.push(state);
    }
    if (due.length > 0) settled += await commit(context, (tx) => settleSome(context, tx, due));
  }
  return settled;
}

/** What was made, and is gone before anybody could read it, will not settle by itself. */
async function failIfLost(context: RunContext, { change, links }: RecordState): Promise<boolean> {
  const unread = links.filter((link) => link.how === 'made' && link.readAt === null);
  for (const { connection, externalId } of unread) {
    if (!change || change.state === 'failed') continue;
    const reader = { flow: context.flow.id, entity: context.entity.name };
    if (await isHinted(context.db, { ...reader, connection, externalId })) continue;
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

/** A record with an open change, and what of it has arrived everywhere. */
interface Due {
  readonly state: RecordState;
  readonly change: Change;
  readonly arrived: readonly Pending[];
}

async function settleSome(context: RunContext, tx: Tx, states: readonly RecordState[]): Promise<number> {
  const due = states.flatMap((state): Due[] => {
    const { change, pending } = state;
    // Opened again, and nobody has compared it since: a run that came between knows nothing about it.
    if (!change || (change.state === 'open' && pending.size === 0)) return [];
    return [
      { state, change, arrived: [...pending.values()].filter((row) => isEverywhere(context, state, row)) },
    ];
  });
  await settleFields(context, tx, due);
  const facts = await factsOf(context, tx, due);
  const ends = due.map((one) => ({ ...one, end: endOf(context, one, facts) }));
  await carryOut(context, tx, ends);
  return ends.filter(({ end }) => end === 'settled').length;
}

/** `told` = it goes on, and something arrived; `held` = the rest of it is done, one field still waits; null = it goes on. */
type End = 'settled' | 'withdrawn' | 'held' | 'told' | null;

/** What becomes of a change, by what is left of it. Pure. */
function endOf(context: RunContext, { state, change, arrived }: Due, facts: Facts): End {
  const { record, links, pending, conflicts: asked } = state;
  if (facts.beingMade.has(record.id) || links.some((link) => isUnread(context, link))) return null;
  // What could not be made waits for a person, with nothing else left to bring.
  const isRefused = () =>
    (facts.refused.get(change.id) ?? []).some((id) => !links.some(({ connection }) => connection === id));
  if (change.state === 'failed' && (pending.size === 0 || isRefused())) return null;
  const isAsking = [...asked.values()].some((conflict) => conflict.state === 'open');
  if (pending.size > arrived.length || isAsking) return arrived.length > 0 ? 'told' : null;
  if (change.hold) return 'held';
  // Opened again, compared, and found in order or come to agree by itself: there was nothing to settle.
  if (arrived.length > 0 || facts.done.has(change.id)) return 'settled';
  return isToBeMade(context, state) ? null : 'withdrawn';
}

async function carryOut(
  context: RunContext,
  tx: Tx,
  ends: readonly (Due & { readonly end: End })[],
): Promise<void> {
  const now = context.clock.now();
  const closed = ends.flatMap(({ end, ...one }) =>
    end === 'settled' || end === 'withdrawn' ? [{ ...one, end, systems: inUse(one.state) }] : [],
  );
  await tell(
    tx,
    closed.map(({ change: { id }, end, systems }) => ({
      changeId: id,
      at: now,
      kind: end,
      data: { systems },
    })),
  );
  await moveChanges(tx, [
    ...closed.map(({ change: { id }, end }) => ({ id, state: end, now })),
    ...ends.flatMap(({ change: { id, hold, holdDetail }, end }) =>
      end === 'held' ? [{ id, state: end, hold, holdDetail, now }] : [],
    ),
  ]);
  const told = [...closed, ...ends.filter(({ end }) => end === 'told')];
  await redrawCards(
    tx,
    told.map(({ change }) => `change:${change.id}`),
  );
  for (const { change, state, end, systems } of closed) {
    const { title } = state.record;
    context.log.info(
      { event: end, reference: change.id, flow: context.flow.id },
      `${context.flow.name}: ${end === 'settled' ? `settled, ${title}; all ${systems} systems were read back` : `nothing left to do for ${title}`}`,
    );
  }
}

const inUse = ({ links }: RecordState): number => links.filter((link) => !link.archived).length;

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

/** Made, but the first reading of it is still missing. */
const isUnread = ({ flow }: RunContext, { how, readAt, connection }: Link): boolean =>
  how === 'made' && readAt === null && flow.connections.includes(connection);

/** What the ledger has beside the records themselves. */
interface Facts {
  /** Records of which a system was told to make one, and has not answered. */
  readonly beingMade: ReadonlySet<string>;
  /** By change: systems that refused to make the record. */
  readonly refused: ReadonlyMap<string, readonly string[]>;
  /** Changes of which something was decided, or carried out. */
  readonly done: ReadonlySet<string>;
}

async function factsOf({ flow }: RunContext, tx: Tx, due: readonly Due[]): Promise<Facts> {
  const changeIds = due.map(({ change }) => change.id);
  const creates = await tx
    .select()
    .from(intents)
    .where(
      and(
        eq(intents.kind, 'create'),
        among(
          intents.recordId,
          due.map(({ state }) => state.record.id),
        ),
        inArray(intents.state, ['in_flight', 'unknown', 'refused']),
      ),
    );
  const told = await tx
    .selectDistinct({ id: story.changeId })
    .from(story)
    .where(
      and(
        among(story.changeId, changeIds),
        inArray(story.kind, ['saved', 'made', 'decided', 'ruled']),
        sql`${story.data} ->> 'kept' is distinct from 'true'`,
      ),
    );
  const refused = creates.filter(
    ({ state, changeId }) => state === 'refused' && changeIds.includes(changeId),
  );
  const open = creates.filter((one) => one.state !== 'refused' && flow.connections.includes(one.connection));
  return {
    beingMade: new Set(open.map(({ recordId }) => recordId)),
    refused: new Map(
      [...Map.groupBy(refused, ({ changeId }) => changeId)].map(([id, some]) => [
        id,
        some.map(({ connection }) => connection),
      ]),
    ),
    done: new Set(told.map(({ id }) => id)),
  };
}

/** It could not be made yet, though nothing holds it: the system asked us to wait, say. */
const isToBeMade = (context: RunContext, state: RecordState): boolean =>
  missingIn(context, state).length > 0 && isInUse(state.agreed.get(statusField)?.value);

/** What arrived is agreed from now on, and its questions are answered for good. */
async function settleFields(context: RunContext, tx: Tx, due: readonly Due[]): Promise<void> {
  const now = context.clock.now();
  const arrived = due.flatMap(({ state, arrived }) => arrived.map((row) => ({ state, ...row })));
  if (arrived.length === 0) return;
  await agree(
    context,
    tx,
    arrived.map(({ state, field, value, by, changeId }) => ({ state, field, value, by, changeId })),
  );
  const places = JSON.stringify(arrived.map(({ recordId, field }) => ({ record_id: recordId, field })));
  await tx.execute(sql`
    delete from ${pending} p using jsonb_to_recordset(${places}::text::jsonb) as a(record_id text, field text)
    where p.record_id = a.record_id and p.field = a.field`);
  // A write whose answer never came, of a value that was then read there, was carried out.
  const changeIds = [...new Set(arrived.map((row) => row.changeId))];
  await tx
    .update(intents)
    .set({ state: 'done', finishedAt: now })
    .where(
      and(
        among(intents.changeId, changeIds),
        eq(intents.kind, 'update'),
        inArray(intents.state, ['in_flight', 'unknown']),
      ),
    );
  const answered = arrived.flatMap(({ state, field }) => {
    const conflict = state.conflicts.get(field);
    return conflict && conflict.state !== 'open' ? [conflict.id] : [];
  });
  if (answered.length > 0)
    await tx
      .update(conflicts)
      .set({ state: 'confirmed', closedAt: now })
      .where(among(conflicts.id, answered));
}
