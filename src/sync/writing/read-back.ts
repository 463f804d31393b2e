import { and, eq, inArray } from 'drizzle-orm';
import { type ReadItem, VendorError, type WriteOutcome } from '../../connectors/connector.ts';
import { moveChange, tell } from '../../ledger/changes/changes.ts';
import { noteFailedTry } from '../../ledger/changes/retries.ts';
import { linkExchanges } from '../../ledger/connections/exchanges.ts';
import { endLosses, noteLosses } from '../../ledger/connections/losses.ts';
import type { Tx } from '../../ledger/db.ts';
import { announceCard, rank, redrawCards } from '../../ledger/posts/outbox.ts';
import { moveBases } from '../../ledger/records/bases.ts';
import type { RecordState } from '../../ledger/records/records.ts';
import { addHints } from '../../ledger/runs/hints.ts';
import { noteFormer } from '../../ledger/sealing/former-values.ts';
import type { NamedRecord } from '../../ledger/sealing/named-records.ts';
import { conflicts, intents } from '../../ledger/tables/index.ts';
import type { RunFailure } from '../../ledger/tables/runs.ts';
import { callFor, commit, connectorOf, identifying, type RunContext } from '../context.ts';
import { failureOf, linkFailure } from '../failures.ts';
import { waitAfterRefusal } from '../waits.ts';
import type { Sent } from './intents.ts';
import { baseOf, type Compared, compared, isEdited, keptIn, lossesIn, movedLines } from './kept.ts';
import { lossWords } from './loss.ts';

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
    const itemOf = new Map(items.map((item) => [idOf(item), item]));
    await confirm(
      context,
      connection,
      toRead.flatMap((one) => {
        const item = itemOf.get(one.externalId);
        return item?.kind === 'read' ? [compared(context, one, item, outcomeOf.get(one.key))] : [];
      }),
    );
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

const idOf = (item: ReadItem): string =>
  item.kind === 'read' ? item.observation.externalId : item.externalId;

async function confirm(context: RunContext, connection: string, all: readonly Compared[]): Promise<void> {
  if (all.length === 0) return;
  const now = context.clock.now();
  await commit(context, async (tx) => {
    const how = { origin: 'read_back', runId: context.run.id, now } as const;
    await moveBases(
      tx,
      all.map((one) => baseOf(context, one)),
      how,
    );
    await noteFormer(tx, all.flatMap(formerOf(context)));
    const back = all.filter(({ one, item }) => one.wasArchived && !item.observation.archived);
    const edited = all.filter(isEdited);
    const externalIds = [...back, ...edited].map(({ one }) => one.externalId);
    await addHints(tx, { connection, entity: context.entity.name, externalIds, now });
    await closeIntents(tx, all, now);
    await noteLosses(tx, all.flatMap(lossesIn), now);
    await endLosses(tx, all.flatMap(keptIn), now);
    await linkExchanges(
      tx,
      all.flatMap(({ one: { changeId }, item: { exchangeId } }) =>
        exchangeId === null ? [] : [{ changeId, exchangeId }],
      ),
    );
    const kept = all.filter(({ ignored }) => ignored.length === 0);
    await tell(tx, edited.flatMap(movedLines(now)));
    await tell(
      tx,
      kept.map(({ one: { changeId }, written }) => {
        const data = { fields: written.map((field) => field.name) };
        return { changeId, at: now, kind: 'read_back', connection, data };
      }),
    );
    await redrawCards(
      tx,
      kept.map(({ one }) => `change:${one.changeId}`),
    );
  });
  const { label } = connectorOf(context, connection);
  for (const { one, lost } of all.filter(({ lost }) => lost.length > 0)) {
    const reason = `${lost.map((loss) => lossWords(label, loss)).join('; ')}.`;
    await failChange(context, one.changeId, connection, reason);
  }
}

/** By what the records were known that we have just given other names, addresses or numbers. */
const formerOf =
  (context: RunContext) =>
  ({ one: { recordId, before, fields } }: Compared) =>
    identifying(context).flatMap((name) =>
      name in fields ? [{ recordId, value: before[name] ?? null }] : [],
    );

/** Writes that nobody answered for: what is there now is the answer. */
async function closeIntents(tx: Tx, all: readonly Compared[], now: Date): Promise<void> {
  const open = all.filter(({ wasSaved }) => !wasSaved);
  for (const state of ['done', 'abandoned'] as const) {
    const some = open.filter(({ ignored }) => (ignored.length === 0) === (state === 'done'));
    if (some.length === 0) continue;
    const ids = some.map(({ one }) => one.key);
    await tx
      .update(intents)
      .set({ state, finishedAt: now })
      .where(and(inArray(intents.id, ids), inArray(intents.state, ['in_flight', 'unknown'])));
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
  others: readonly NamedRecord[] = [],
): Promise<void> {
  const now = context.clock.now();
  await commit(context, async (tx) => {
    await tell(tx, [{ changeId, at: now, kind: 'failed', connection, data: { reason }, others }]);
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
