import { retryDue } from '../ledger/changes/retries.ts';
import type { RunCounts, RunFailure, RunNote, RunState } from '../ledger/tables/runs.ts';
import { followAbsences } from './absence/follow.ts';
import { asTold, tellShort } from './budget/tell-short.ts';
import { decideRecords } from './compare-and-decide.ts';
import { commit, type RunContext } from './context.ts';
import { shapeFailures } from './drift.ts';
import { stops } from './failures.ts';
import { announceFirstLoad } from './first-load.ts';
import { anyMissing } from './identity/alone.ts';
import { askIfSame } from './identity/ask-if-same.ts';
import { carryOutAnswers } from './identity/carry-out-answers.ts';
import { releaseMerged } from './identity/merged.ts';
import { make } from './make.ts';
import { lookAgainAt } from './making/look-again.ts';
import { holdMalformed } from './malformed.ts';
import { markRecords } from './marking/mark-records.ts';
import { match } from './match.ts';
import { pull, type Scope } from './pull.ts';
import { followStops } from './safety/follow-stops.ts';
import { settle } from './settle.ts';
import { countOpen } from './tally.ts';
import { write } from './write.ts';

export interface RunResult {
  readonly state: RunState;
  readonly counts: RunCounts;
  readonly failures: readonly RunFailure[];
  readonly notes: readonly RunNote[];
  /** When another run gets further than this one could; null = nothing waits for that. */
  readonly againAt: Date | null;
}

/** A record that moves again and again under our hands is left for the next run. */
const passes = 3;

/**
 * The recipe of a run: pull → stage → match → compare → decide → write → make → settle. Each step starts from the ledger and leaves
 * its result there, so a run that dies anywhere is taken up by the next.
 */
export async function run(context: RunContext, scope: Scope): Promise<RunResult> {
  await carryOutAnswers(context);
  await tryAgain(context);
  const pulled = await pull(context, await withListing(context, scope));
  await holdMalformed(context);
  await match(context);
  const failures: RunFailure[] = [...pulled.failures];
  const notes: RunNote[] = [...pulled.notes];
  let [changed, written] = [0, 0];
  // With one system unread a decision would be made blind: what was read is kept, and nothing is decided or written.
  if (!failures.some(stops)) {
    for (let pass = 0; pass < passes; pass++) {
      await followAbsences(context);
      changed += await decideRecords(context);
      if (pass === 0) notes.push(...(await tellShort(context)));
      const result = await write(context);
      written += result.written;
      failures.push(...result.failures);
      if (!result.moved) break;
    }
    // Last: a record that cannot be made somewhere keeps nothing from the systems that have it.
    const { made, failures: notMade } = await make(context, without(pulled.listed, failures.filter(stops)));
    written += made;
    failures.push(...notMade);
    await releaseMerged(context);
    await askIfSame(context);
  }
  await followStops(context);
  const settled = await settle(context);
  await announceFirstLoad(context);
  if (!failures.some(stops)) await markRecords(context);
  const { conflicts, held } = await countOpen(context);
  failures.push(...(await shapeFailures(context, failures)));
  return {
    state: stateOf(failures),
    counts: {
      read: pulled.read,
      changed,
      written,
      settled,
      conflicts,
      held,
      malformed: pulled.malformed,
      named: pulled.named,
      ...(Object.keys(pulled.leftOut).length > 0 ? { leftOut: pulled.leftOut } : {}),
    },
    failures: asTold(failures, notes),
    notes,
    againAt: failures.some(stops) ? null : await lookAgainAt(context),
  };
}

/** What a system refused is tried again now and then: the cause may have been mended there. */
const tryAgain = (context: RunContext): Promise<number> =>
  commit(context, (tx) => retryDue(tx, context.flow.id, context.clock.now()));

/** The connections with which nothing went wrong. */
const without = (listed: ReadonlySet<string>, failures: readonly RunFailure[]): ReadonlySet<string> =>
  listed.difference(new Set(failures.flatMap(({ connection }) => connection ?? [])));

/** A record that is to be made somewhere is looked for there first: it may have come since the last run. */
async function withListing(context: RunContext, scope: Scope): Promise<Scope> {
  if (scope.kind !== 'records' || !(await anyMissing(context, scope.ids))) return scope;
  return { ...scope, listing: true };
}

/** A vendor that asks us to wait parks a run; it is neither failed nor falsely green. */
export function stateOf(failures: readonly RunFailure[]): RunState {
  const worst = failures.filter(stops);
  if (worst.length === 0) return 'done';
  return worst.every((failure) => failure.cause === 'busy' || failure.cause === 'budget')
    ? 'parked'
    : 'failed';
}
