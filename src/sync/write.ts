import { randomUUID } from 'node:crypto';
import { and, eq, isNull, notInArray } from 'drizzle-orm';
import { type ReadItem, VendorError, type Write, type WriteOutcome } from '../connectors/connector.ts';
import { type FieldValue, same } from '../entities/field.ts';
import { isActive } from '../ledger/agreement/agreements.ts';
import { linkExchanges } from '../ledger/connections/exchanges.ts';
import { loadRecords, type RecordState } from '../ledger/records/records.ts';
import { changes, pending } from '../ledger/tables/index.ts';
import type { RunFailure } from '../ledger/tables/runs.ts';
import { heldValue } from './compare.ts';
import { callFor, commit, connectorOf, type RunContext } from './context.ts';
import { failureOf, linkFailure } from './failures.ts';
import { type StoppedFields, stopWrites } from './safety/stop-writes.ts';
import { together } from './together.ts';
import { fieldByField } from './writing/field-by-field.ts';
import { getsField } from './writing/gets.ts';
import { idOf, inspect, linksOf, type Reading } from './writing/inspect.ts';
import { abandonIntents, commitIntents, commitOutcomes, type Sent } from './writing/intents.ts';
import { keepBack, releaseFreed, withoutBarred } from './writing/keep-back.ts';
import { readBack } from './writing/read-back.ts';
import { restOfFailed } from './writing/rest-of-failed.ts';

export interface Written {
  readonly written: number;
  /** True iff something moved under our hands: compare and decide again before writing. */
  readonly moved: boolean;
  readonly failures: readonly RunFailure[];
}

/** Records that are read, written and read back together: a first load may have tens of thousands. */
const chunk = 200;

/**
 * Brings every decided value to every system that does not hold it. All linked systems are read first, and a record in which
 * such a value moved, or of which one system cannot be read, is not written: it is decided again, or waits.
 */
export async function write(context: RunContext): Promise<Written> {
  await releaseFreed(context);
  const stopped = await stopWrites(context);
  // Of what an earlier run was refused in one system, the others first.
  const rest = await writeSome(context, await restOfFailed(context));
  if (rest.failures.length > 0) return rest;
  const ids = await dueRecords(context);
  let { written, moved } = rest;
  for (const some of inChunks(ids)) {
    const states = (await loadRecords(context.db, some, context.flow.id)).map((state) =>
      withoutStopped(state, stopped),
    );
    const result = await writeSome(context, states);
    written += result.written;
    moved ||= result.moved;
    // What stopped these would stop the next ones too.
    if (result.failures.length > 0) return { written, moved, failures: result.failures };
  }
  return { written, moved, failures: [] };
}

/** What the safety stop keeps back of a record is not there to be written; the rest of it goes on. */
function withoutStopped(state: RecordState, stopped: StoppedFields): RecordState {
  const fields = stopped.get(state.record.id);
  if (!fields) return state;
  return { ...state, pending: new Map([...state.pending].filter(([field]) => !fields.has(field))) };
}

async function writeSome(context: RunContext, due: readonly RecordState[]): Promise<Written> {
  const states = await withoutBarred(context, due);
  if (states.length === 0) return { written: 0, moved: false, failures: [] };
  const { readings, failures } = await readAll(context, states);
  const readable = states.filter((state) =>
    linksOf(context, state).every((link) => readings.has(link.connection)),
  );
  const ready: RecordState[] = [];
  let moved = false;
  for (const state of readable) {
    const verdict = await inspect(context, state, readings);
    if (verdict === 'ready') ready.push(state);
    if (verdict === 'moved') moved = true;
  }
  const planned = ready.flatMap((state) => writesOf(context, state, readings));
  const sent = await commitIntents(context, await keepBack(context, ready, planned, readings));
  await context.at?.('intents');
  const results = await together(
    context,
    [...Map.groupBy(sent, (one) => one.connection)],
    ([connection, batch]) => send(context, connection, batch),
  );
  return { written: sent.length, moved, failures: [...failures, ...results.flat()] };
}

/** Records with something decided and not yet everywhere; one that failed waits for a person or a new observation. */
async function dueRecords(context: RunContext): Promise<string[]> {
  const rows = await context.db
    .selectDistinct({ id: pending.recordId })
    .from(pending)
    .innerJoin(changes, eq(changes.id, pending.changeId))
    .where(
      and(
        eq(changes.flow, context.flow.id),
        isNull(changes.closedAt),
        notInArray(changes.state, ['failed', 'held']),
      ),
    );
  return rows.map((row) => row.id);
}

function inChunks(ids: readonly string[]): string[][] {
  const chunks: string[][] = [];
  for (let at = 0; at < ids.length; at += chunk) chunks.push(ids.slice(at, at + chunk));
  return chunks;
}

async function readAll(context: RunContext, states: readonly RecordState[]) {
  const readings = new Map<string, Reading>();
  const failures: RunFailure[] = [];
  const wanted = Map.groupBy(
    states.flatMap((state) => linksOf(context, state)),
    (link) => link.connection,
  );
  const changeIds = states.flatMap((state) => state.change?.id ?? []);
  await together(context, [...wanted], async ([connection, links]) => {
    try {
      const items = await connectorOf(context, connection).read(
        links.map((link) => link.externalId),
        callFor(context, changeIds),
      );
      readings.set(connection, new Map(items.map((item) => [idOf(item), item])));
      await linkReads(context, states, items);
    } catch (error) {
      if (!(error instanceof VendorError)) throw error;
      failures.push(failureOf(error));
      await linkFailure(context, changeIds, error);
    }
  });
  return { readings, failures };
}

async function linkReads(
  context: RunContext,
  states: readonly RecordState[],
  items: readonly ReadItem[],
): Promise<void> {
  const byExternalId = new Map(
    states.flatMap((state) => state.links.map((link) => [link.externalId, state.change?.id] as const)),
  );
  const rows = items.flatMap((item) => {
    const changeId = byExternalId.get(idOf(item));
    return changeId && item.exchangeId !== null ? [{ changeId, exchangeId: item.exchangeId }] : [];
  });
  await linkExchanges(context.db, rows);
}

function writesOf(context: RunContext, state: RecordState, readings: ReadonlyMap<string, Reading>): Sent[] {
  return linksOf(context, state).flatMap((link) => {
    const item = readings.get(link.connection)?.get(link.externalId);
    if (item?.kind !== 'read') return [];
    const connector = connectorOf(context, link.connection);
    const fields: Record<string, FieldValue | null> = {};
    const before: Record<string, FieldValue | null> = {};
    for (const field of context.entity.fields) {
      const decided = state.pending.get(field.name);
      const observed = item.observation.fields[field.name];
      if (!decided || !observed || observed.state === 'not_read' || observed.state === 'unsupported')
        continue;
      if (
        !getsField(context, state, item.observation.archived ? { ...link, archived: true } : link, field.name)
      )
        continue;
      const target = connector.project(field.name, decided.value).value;
      if (same(field, target, heldValue(observed))) continue;
      fields[field.name] = target;
      before[field.name] = heldValue(observed);
    }
    const changeId = [...state.pending.values()][0]?.changeId;
    if (!changeId || Object.keys(fields).length === 0) return [];
    return [
      {
        key: randomUUID(),
        changeId,
        recordId: state.record.id,
        connection: link.connection,
        externalId: link.externalId,
        wasArchived: item.observation.archived,
        fields,
        before,
      },
    ];
  });
}

async function send(context: RunContext, connection: string, batch: readonly Sent[]): Promise<RunFailure[]> {
  const connector = connectorOf(context, connection);
  const writes: Write[] = batch.map(({ key, changeId, externalId, fields }) => ({
    key,
    changeId,
    externalId,
    fields,
  }));
  let outcomes: readonly WriteOutcome[];
  // A process that slept since it planned may have lost the flow, or the agreement: then these values are no longer its to send.
  if (!(await commit(context, (tx) => isActive(tx, context.agreement.version)))) {
    await abandonIntents(context, batch, 'not sent: the agreement changed in between');
    return [];
  }
  try {
    outcomes = await connector.write(
      writes,
      callFor(
        context,
        batch.map((one) => one.changeId),
      ),
    );
  } catch (error) {
    // Anything else leaves the intents in flight: the next run reads before it writes.
    if (!(error instanceof VendorError)) throw error;
    await abandonIntents(context, batch, error.message);
    await linkFailure(
      context,
      batch.map((one) => one.changeId),
      error,
    );
    return [failureOf(error)];
  }
  await context.at?.('sent');
  await commitOutcomes(context, batch, outcomes);
  await context.at?.('outcomes');
  const outcomeOf = new Map(outcomes.map((outcome) => [outcome.key, outcome]));
  const answered = batch.flatMap((one) => {
    const outcome = outcomeOf.get(one.key);
    return outcome ? [{ one, outcome }] : [];
  });
  const all = await fieldByField(context, connection, answered);
  return readBack(
    context,
    connection,
    all.map(({ one }) => one),
    all.map(({ outcome }) => outcome),
  );
}
