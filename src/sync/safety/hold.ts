import { moveChanges, openChanges, tell } from '../../ledger/changes/changes.ts';
import { announceCards, rank } from '../../ledger/posts/outbox.ts';
import type { RecordState } from '../../ledger/records/records.ts';
import { stopRecords } from '../../ledger/runs/safety-stops.ts';
import type { SafetyStopKind } from '../../ledger/tables/safety-stops.ts';
import { commit, type RunContext } from '../context.ts';

/** What a stop is about, as its message tells. */
export interface Trip {
  readonly kind: SafetyStopKind;
  readonly records: readonly string[];
  readonly usual: number;
  readonly of: number;
}

/** A record that is stopped, and whether something else of it goes on. */
export interface ToHold {
  readonly state: RecordState;
  readonly goesOn: 'asking' | 'writing' | null;
}

/**
 * Stops records, in one transaction with the messages that say so: killed in between, nothing is stopped in silence, and nothing
 * that was stopped goes out. Records of no trip wait for an answer that was given already: they were refused.
 */
export async function holdRecords(
  context: RunContext,
  trips: readonly Trip[],
  records: readonly ToHold[],
): Promise<void> {
  if (records.length === 0) return;
  const now = context.clock.now();
  const { id: flow, name } = context.flow;
  const runId = context.run.id;
  await commit(context, async (tx) => {
    for (const trip of trips) {
      const stop = await stopRecords(tx, { ...trip, flow, runId, now });
      context.log.warn(
        { event: 'safety_stop', stop: stop.id, flow, kind: stop.kind, records: stop.covers.length },
        `${name}: the safety stop keeps back ${stop.covers.length} ${context.entity.noun.many}; somebody has to approve it`,
      );
    }
    const opened = await openChanges(
      tx,
      records.map(({ state: { record } }) => ({
        recordId: record.id,
        flow,
        subject: record.title,
        runId,
        agreementVersion: context.agreement.version,
        now,
      })),
    );
    const held = records.flatMap((one) => {
      const change = opened.get(one.state.record.id);
      return change ? [{ ...one, change }] : [];
    });
    await tell(
      tx,
      held.map(({ change }) => ({ changeId: change.id, at: now, kind: 'stopped' })),
    );
    await moveChanges(
      tx,
      held.map(({ change, goesOn }) => ({
        id: change.id,
        state: goesOn ?? ('held' as const),
        hold: 'safety_stop' as const,
        now,
      })),
    );
    const shown = held
      .filter(({ state }) => state.conflicts.size > 0)
      .map(({ change }) => `change:${change.id}`);
    await announceCards(tx, { subjects: shown, flow, rank: rank.decision, now });
  });
  await context.at?.('stopped');
}
