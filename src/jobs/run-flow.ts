import { randomUUID } from 'node:crypto';
import type { ActiveAgreement, Flow } from '../agreement/agreement.ts';
import { every } from '../clock.ts';
import { type Connection, connectorsFor } from '../connectors/connection.ts';
import type { Entity } from '../entities/field.ts';
import { entityNamed } from '../entities/named.ts';
import { activeAgreement } from '../ledger/agreement/agreements.ts';
import { LeaseLost, releaseLease, renewLease, takeLease } from '../ledger/leases.ts';
import { hasHints } from '../ledger/runs/hints.ts';
import {
  claimRun,
  finishRun,
  giveUpLapsed,
  isFirstLoadApproved,
  lastSlot,
  type Run,
} from '../ledger/runs/runs.ts';
import type { RunTrigger } from '../ledger/tables/runs.ts';
import { dueSlot } from '../slots.ts';
import { type EngineParts, flowLease, type RunContext } from '../sync/context.ts';
import type { Scope } from '../sync/pull.ts';
import { runWithRollbacks } from '../sync/rolling-back/run-with-rollbacks.ts';
import type { RunResult } from '../sync/run.ts';
import { runAfterPause, standing } from './standing.ts';
import { dueSweep, dueSweepAfterPause } from './sweep.ts';
import type { Wake } from './wake.ts';

export interface RunFlowParts extends EngineParts {
  readonly connections: ReadonlyMap<string, Connection>;
  /** What each kind of record is made of; left out = as the product has it. */
  readonly entities?: (name: string) => Entity;
  /** This process's agreement: its connections say where the systems are; the ledger's active version says the rules. */
  readonly agreement: () => ActiveAgreement;
  /** Aborts when this process is leaving: a run under way stops at its next call, for the next process to take up. */
  readonly leaving?: AbortSignal;
}

export type RunFlowOutcome =
  | { readonly kind: 'ran'; readonly run: Run; readonly result: RunResult }
  /** Another run of the flow is under way: this wake-up has to come again. */
  | { readonly kind: 'busy' }
  /** The slot was run before, or none is due. */
  | { readonly kind: 'nothing' };

/** How long a dead process keeps its flow from the others, in ms. */
const leaseMs = 30_000;
const renewMs = 10_000;

/** Does what a wake-up asks for, if the ledger agrees: takes the flow's lease, claims the slot, runs, writes down how it ended. */
export async function runFlow(parts: RunFlowParts, wake: Wake): Promise<RunFlowOutcome> {
  const agreement = await currentAgreement(parts);
  const flow = agreement.flows[wake.flow];
  if (!flow) return { kind: 'nothing' };
  const { db, clock } = parts;
  const { connections, entity } = flow;
  if (wake.trigger === 'hint' && !(await hasHints(db, { connections, entity, flow: flow.id })))
    return { kind: 'nothing' };
  const owner = randomUUID();
  const name = flowLease(flow.id);
  const epoch = await takeLease(db, { name, owner, now: clock.now(), ms: leaseMs });
  if (epoch === null) return { kind: 'busy' };
  try {
    const lapsed = await giveUpLapsed(db, { flow: flow.id, epoch, now: clock.now() });
    const held = { owner, epoch };
    const claimed =
      (await claim(parts, agreement, flow, wake, held)) ??
      // The slot was run, but not to its end: what it left is not put off until the next one.
      (lapsed.length > 0 ? await claim(parts, agreement, flow, takeUp(flow), held) : null);
    if (!claimed) return { kind: 'nothing' };
    const result = await underLease(parts, agreement, flow, claimed);
    return result ? { kind: 'ran', run: claimed, result } : { kind: 'busy' };
  } finally {
    await releaseLease(db, { name, owner, epoch, now: clock.now() });
  }
}

const takeUp = (flow: Flow): Wake => ({ flow: flow.id, trigger: 'recovery' });

/** Rules from the ledger, so that replicas agree on them; addresses from this process, which alone knows its stand-ins. */
async function currentAgreement({ db, agreement }: RunFlowParts): Promise<ActiveAgreement> {
  const own = agreement();
  const active = await activeAgreement(db);
  return active && active.version !== own.version ? { ...active, connections: own.connections } : own;
}

async function claim(
  { db, clock }: RunFlowParts,
  agreement: ActiveAgreement,
  flow: Flow,
  wake: Wake,
  { owner, epoch }: { owner: string; epoch: number },
): Promise<Run | null> {
  const now = clock.now();
  const last = await standing(db, flow.id, now);
  const isSweepDue = (await dueSweepAfterPause(db, flow.id, { last, now })) !== null;
  const kind = runAfterPause(wake.trigger, { pause: last, isSweepDue, now });
  if (kind === 'wait') return null;
  const trigger = kind === 'sweep' ? kind : wake.trigger;
  const base = {
    flow: flow.id,
    trigger,
    targets: (kind === 'sweep' ? null : wake.targets) ?? null,
    askedBy: wake.askedBy ?? null,
    owner,
    epoch,
    agreementVersion: agreement.version,
    now,
  };
  if (trigger === 'schedule') {
    const due = dueSlot(flow.schedule, await lastSlot(db, flow.id), now);
    return due && claimRun(db, { ...base, slot: due });
  }
  // The slot itself may be the schedule's too: that it was swept is known from what was swept since, and the lease lets one look.
  if (trigger === 'sweep' && !(await dueSweep(db, flow, now))) return null;
  for (let ms = now.getTime(); ; ms++) {
    const run = await claimRun(db, { ...base, slot: new Date(ms) });
    if (run) return run;
  }
}

async function underLease(
  parts: RunFlowParts,
  agreement: ActiveAgreement,
  flow: Flow,
  claimed: Run,
): Promise<RunResult | null> {
  const { db, clock } = parts;
  const { owner, epoch } = claimed;
  const lost = new AbortController();
  const stopRenewing = every(renewMs, async () => {
    const held = await renewLease(db, {
      name: flowLease(flow.id),
      owner,
      epoch,
      now: clock.now(),
      ms: leaseMs,
    }).catch(() => true);
    if (!held) lost.abort(new LeaseLost(flowLease(flow.id)));
  });
  const context: RunContext = {
    ...parts,
    flow,
    entity: (parts.entities ?? entityNamed)(flow.entity),
    connectors: connectorsFor(parts.connections, flow.entity),
    agreement,
    run: {
      id: claimed.id,
      correlationId: claimed.correlationId,
      owner,
      epoch,
      forPerson: isForPerson(claimed),
    },
    firstLoadApproved: await isFirstLoadApproved(db, flow.id),
    signal: parts.leaving ? AbortSignal.any([lost.signal, parts.leaving]) : lost.signal,
  };
  try {
    const result = await runSafely(context, scopeOf(claimed.trigger, claimed.targets));
    await finishRun(db, claimed.id, { ...result, now: clock.now() });
    sayHowItEnded(context, claimed, result);
    return result;
  } catch (error) {
    if (error instanceof LeaseLost || context.signal.aborted) return null;
    throw error;
  } finally {
    await stopRenewing();
  }
}

/** Asked for by a person here and now. What takes it up later is the schedule's again. */
const isForPerson = ({ trigger }: Pick<Run, 'trigger'>): boolean =>
  trigger === 'command' || trigger === 'decision' || trigger === 'reprocess' || trigger === 'rollback';

async function runSafely(context: RunContext, scope: Scope | null): Promise<RunResult> {
  try {
    return await runWithRollbacks(context, scope);
  } catch (error) {
    if (error instanceof LeaseLost || context.signal.aborted) throw error;
    context.log.error(
      { event: 'bug', reference: context.run.correlationId, err: error },
      `${context.flow.name}: the run stopped on an error of Truce's own`,
    );
    const counts = { read: 0, changed: 0, written: 0, settled: 0, conflicts: 0, held: 0, malformed: 0 };
    const message = `Truce itself stumbled: ${error instanceof Error ? error.message : String(error)}`;
    const failure = { cause: 'bug', connection: null, message } as const;
    return { state: 'failed', counts, failures: [failure], notes: [], againAt: null };
  }
}

function scopeOf(trigger: RunTrigger, targets: readonly string[] | null): Scope | null {
  // Somebody waits for what is put back: the rest is left for the next run.
  if (trigger === 'rollback') return null;
  if (targets) return { kind: 'records', ids: targets };
  if (trigger === 'sweep') return { kind: 'everything' };
  return trigger === 'hint' ? { kind: 'hints' } : { kind: 'changed' };
}

function sayHowItEnded(
  { flow, log }: RunContext,
  { correlationId, trigger }: Run,
  { state, counts, failures, notes }: RunResult,
): void {
  const bits = [
    counts.changed > 0 ? `${counts.changed} changed` : 'nothing new',
    counts.written > 0 ? `${counts.written} written` : '',
    counts.settled > 0 ? `${counts.settled} settled` : '',
    counts.conflicts > 0 ? `${counts.conflicts} waiting for a decision` : '',
    counts.malformed > 0 ? `${counts.malformed} unreadable` : '',
  ].filter((bit) => bit !== '');
  const event = { event: 'run', reference: correlationId, flow: flow.id, trigger, state };
  if (failures.length === 0 && notes.length === 0) {
    log.info(event, `${flow.name}: run ${state}, ${bits.join(', ')}`);
    return;
  }
  const ending = state === 'done' ? 'done with a problem' : state;
  log.warn(
    event,
    `${flow.name}: run ${ending}. ${[...failures, ...notes].map(({ message }) => message).join(' ')}`,
  );
}
