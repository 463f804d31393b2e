import { createHash } from 'node:crypto';
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { WriteOutcome } from '../../connectors/connector.ts';
import type { FieldValue } from '../../entities/field.ts';
import { isActive } from '../../ledger/agreement/agreements.ts';
import { tell } from '../../ledger/changes/changes.ts';
import { linkExchanges } from '../../ledger/connections/exchanges.ts';
import type { Tx } from '../../ledger/db.ts';
import { insertMany } from '../../ledger/many.ts';
import { closeIntents } from '../../ledger/sealing/evidence.ts';
import type { IntentState } from '../../ledger/tables/changes.ts';
import { intents } from '../../ledger/tables/index.ts';
import { commit, type RunContext } from '../context.ts';

/** One write about to be sent, with what the target held before. */
export interface Sent {
  readonly key: string;
  readonly changeId: string;
  readonly recordId: string;
  readonly connection: string;
  readonly externalId: string;
  /** True where it was archived when it was read. */
  readonly wasArchived: boolean;
  readonly fields: Readonly<Record<string, FieldValue | null>>;
  readonly before: Readonly<Record<string, FieldValue | null>>;
}

/**
 * Commits what is about to be sent, before it is sent. An older intent of the same record and connection without an outcome
 * was answered by the reading just made: its value is there, or it is not and goes out now.
 */
export async function commitIntents(context: RunContext, sent: readonly Sent[]): Promise<readonly Sent[]> {
  if (sent.length === 0) return sent;
  const now = context.clock.now();
  return commit(context, async (tx) => {
    // Planned under an agreement that is no longer the active one: nothing goes out, the next run decides again.
    if (!(await isActive(tx, context.agreement.version))) return [];
    await tx
      .update(intents)
      .set({
        state: 'abandoned',
        reason: 'no answer came; the system was read and did not have it',
        finishedAt: now,
      })
      .where(
        and(
          // Of the same system only: what was on its way to another may well be there, and is asked there.
          sql`(${intents.recordId}, ${intents.connection}) in (select s.record_id, s.connection
            from jsonb_to_recordset(${placesOf(sent)}::text::jsonb) as s(record_id text, connection text))`,
          eq(intents.kind, 'update'),
          inArray(intents.state, ['in_flight', 'unknown']),
        ),
      );
    await storeIntents(context, tx, sent);
    return sent;
  });
}

const placesOf = (sent: readonly Sent[]): string =>
  JSON.stringify(sent.map(({ recordId, connection }) => ({ record_id: recordId, connection })));

/** Stores what is about to be sent, and tells of it; an older intent of the same record and connection has to be done with. */
export async function storeIntents(context: RunContext, tx: Tx, sent: readonly Sent[]): Promise<void> {
  if (sent.length === 0) return;
  const now = context.clock.now();
  const rows = sent.map((one) => ({
    id: one.key,
    changeId: one.changeId,
    recordId: one.recordId,
    connection: one.connection,
    externalId: one.externalId,
    fields: { ...one.fields },
    before: { ...one.before },
    payloadHash: createHash('sha256').update(JSON.stringify(one.fields)).digest('hex'),
    state: 'in_flight' as const,
    runId: context.run.id,
    agreementVersion: context.agreement.version,
    committedAt: now,
  }));
  await tx.execute(insertMany(intents, await closeIntents(tx, rows)));
  await tell(
    tx,
    sent.map((one) => ({
      changeId: one.changeId,
      at: now,
      kind: 'sent',
      connection: one.connection,
      data: { fields: Object.keys(one.fields) },
    })),
  );
}

/** Nothing was sent after all: the values stay pending, and the next run brings them. */
export async function abandonIntents(
  context: RunContext,
  sent: readonly Sent[],
  reason: string,
): Promise<void> {
  await commit(context, (tx) =>
    tx
      .update(intents)
      .set({ state: 'abandoned', reason, finishedAt: context.clock.now() })
      .where(
        inArray(
          intents.id,
          sent.map((one) => one.key),
        ),
      ),
  );
}

/**
 * Commits what became of some writes, together: a crash before that leaves them without a known outcome, and they are read first.
 * Those that nothing is said of stay as they are.
 */
export async function commitOutcomes(
  context: RunContext,
  batch: readonly Sent[],
  outcomes: readonly WriteOutcome[],
): Promise<void> {
  const outcomeOf = new Map(outcomes.map((outcome) => [outcome.key, outcome]));
  const known = batch.flatMap((one) => {
    const outcome = outcomeOf.get(one.key);
    return outcome ? [{ one, outcome, reason: outcome.kind === 'saved' ? null : outcome.reason }] : [];
  });
  if (known.length === 0) return;
  const now = context.clock.now();
  await commit(context, async (tx) => {
    await finishIntents(
      tx,
      known.map(({ one, outcome: { kind }, reason }) => ({
        id: one.key,
        state: kind === 'saved' ? 'done' : kind,
        reason,
        at: kind === 'unknown' ? null : now,
      })),
    );
    await tell(
      tx,
      known.map(({ one: { changeId, connection, fields }, outcome: { kind }, reason }) => ({
        changeId,
        at: now,
        kind,
        connection,
        data: { fields: Object.keys(fields), ...(reason ? { reason } : {}) },
      })),
    );
    await linkExchanges(
      tx,
      known.flatMap(({ one: { changeId }, outcome: { exchangeId } }) =>
        exchangeId === null ? [] : [{ changeId, exchangeId }],
      ),
    );
  });
}

interface Finished {
  readonly id: string;
  readonly state: IntentState;
  readonly reason: string | null;
  readonly at: Date | null;
}

async function finishIntents(tx: Tx, finished: readonly Finished[]): Promise<void> {
  await tx.execute(sql`
    update ${intents} i set state = f.state, reason = f.reason, finished_at = f.at
    from jsonb_to_recordset(${JSON.stringify(finished)}::text::jsonb) as f(
      id text, state text, reason text, at timestamptz) where i.id = f.id`);
}
