import { and, eq, inArray } from 'drizzle-orm';
import { type ReadItem, VendorError, type WriteOutcome } from '../../connectors/connector.ts';
import { same } from '../../entities/field.ts';
import { moveBases } from '../../ledger/bases.ts';
import { moveChange, tell } from '../../ledger/changes.ts';
import { addHints } from '../../ledger/hints.ts';
import { announceCard, rank } from '../../ledger/outbox.ts';
import type { RecordState } from '../../ledger/records.ts';
import { noteFailedTry } from '../../ledger/retries.ts';
import { conflicts, exchangeChanges, intents } from '../../ledger/tables/index.ts';
import type { RunFailure } from '../../ledger/tables/runs.ts';
import { heldValue } from '../compare.ts';
import { callFor, commit, connectorOf, type RunContext } from '../context.ts';
import { failureOf, linkFailure } from '../failures.ts';
import { waitAfterRefusal } from '../partial/waits.ts';
import type { Sent } from './intents.ts';

/**
 * Reads what was written, because "saved" is only the vendor's word. What is there becomes the base, so that our own write,
 * even reformatted, is no change next time. A value that the vendor did not keep, and a refusal, fail the change.
 */
export async function readBack(
  context: RunContext,
  connection: string,
  batch: readonly Sent[],
  outcomes: readonly WriteOutcome[],
): Promise<RunFailure[]> {
  const outcomeOf = new Map(outcomes.map((outcome) => [outcome.key, outcome]));
  for (const one of batch) {
    const outcome = outcomeOf.get(one.key);
    if (outcome?.kind === 'refused') await failChange(context, one.changeId, connection, outcome.reason);
  }
  const toRead = batch.filter((one) => outcomeOf.get(one.key)?.kind !== 'refused');
  if (toRead.length === 0) return [];
  try {
    const items = await connectorOf(context, connection).read(
      toRead.map((one) => one.externalId),
      callFor(
        context,
        toRead.map((one) => one.changeId),
      ),
    );
    for (const item of items) {
      const one = toRead.find(
        (candidate) =>
          candidate.externalId === (item.kind === 'read' ? item.observation.externalId : item.externalId),
      );
      if (one) await confirm(context, connection, one, item, outcomeOf.get(one.key)?.kind === 'saved');
    }
    return [];
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    // Unconfirmed, not failed: it stays pending, and the next run reads it first.
    await linkFailure(
      context,
      toRead.map((one) => one.changeId),
      error,
    );
    return [failureOf(error)];
  }
}

async function confirm(
  context: RunContext,
  connection: string,
  one: Sent,
  item: ReadItem,
  wasSaved: boolean,
): Promise<void> {
  if (item.kind !== 'read') return;
  const connector = connectorOf(context, connection);
  const now = context.clock.now();
  const { observation } = item;
  const written = context.entity.fields.filter((field) => field.name in one.fields);
  const ignored = written.filter((field) => {
    const observed = observation.fields[field.name];
    return (
      observed?.state !== 'not_read' && !same(field, heldValue(observed), one.fields[field.name] ?? null)
    );
  });
  await commit(context, async (tx) => {
    // What somebody changed meanwhile in the record's other fields is no work of ours: the next pull finds it. Nor is another
    // value in a field of ours that nobody said was saved: taken as known, it would be written over without a look.
    const fields = Object.fromEntries(
      Object.entries(observation.fields).filter(
        ([name]) => name in one.fields && (wasSaved || !ignored.some((field) => field.name === name)),
      ),
    );
    // Brought back to use by us, it has missed what was agreed meanwhile: the next pull sees it as back.
    const archived = observation.archived || one.wasArchived;
    const base = { recordId: one.recordId, connection, observation, fields, archived };
    const how = { origin: 'read_back', runId: context.run.id, now } as const;
    await moveBases(tx, [{ ...base, exchangeId: item.exchangeId }], how);
    if (one.wasArchived && !observation.archived)
      await addHints(tx, { connection, externalIds: [one.externalId], now });
    await tx
      .update(intents)
      .set({ state: ignored.length === 0 ? 'done' : 'abandoned', finishedAt: now })
      .where(and(eq(intents.id, one.key), inArray(intents.state, ['in_flight', 'unknown'])));
    if (item.exchangeId !== null) {
      await tx
        .insert(exchangeChanges)
        .values({ changeId: one.changeId, exchangeId: item.exchangeId })
        .onConflictDoNothing();
    }
    if (ignored.length === 0) {
      await tell(tx, [
        {
          changeId: one.changeId,
          at: now,
          kind: 'read_back',
          connection,
          data: { fields: written.map((field) => field.name) },
        },
      ]);
      await announceCard(tx, {
        subject: `change:${one.changeId}`,
        flow: context.flow.id,
        rank: rank.decision,
        now,
      });
    }
  });
  const [intent] = await context.db
    .select({ state: intents.state })
    .from(intents)
    .where(eq(intents.id, one.key));
  if (ignored.length > 0 && intent?.state === 'done') {
    const labels = ignored.map((field) => field.label.toLowerCase()).join(' and ');
    await failChange(
      context,
      one.changeId,
      connection,
      `${connector.label} said it saved the ${labels}, but still has another value.`,
    );
  }
}

/** A record that cannot be written, for a reason that trying again does not mend. */
export async function refuseRecord(
  context: RunContext,
  state: RecordState,
  connection: string,
  reason: string,
): Promise<void> {
  const changeId = [...state.pending.values()][0]?.changeId;
  if (changeId) await failChange(context, changeId, connection, reason);
}

/** Something of a change could not be brought to a system: people see which, why, and can try again. */
export async function failChange(
  context: RunContext,
  changeId: string,
  connection: string,
  reason: string,
): Promise<void> {
  const now = context.clock.now();
  await commit(context, async (tx) => {
    await tell(tx, [{ changeId, at: now, kind: 'failed', connection, data: { reason } }]);
    const change = await moveChange(tx, changeId, { state: 'failed', holdDetail: reason, now });
    await noteFailedTry(tx, { changeId, waitMs: waitAfterRefusal, now });
    await tx
      .update(conflicts)
      .set({ state: 'failed', note: reason })
      .where(and(eq(conflicts.changeId, changeId), eq(conflicts.state, 'decided_pending')));
    await announceCard(tx, {
      subject: `change:${changeId}`,
      flow: context.flow.id,
      rank: rank.decision,
      now,
    });
    context.log.warn(
      { event: 'not_saved', reference: changeId, flow: context.flow.id },
      `${context.flow.name}: not saved everywhere, ${change.subject}. ${reason}`,
    );
  });
}
