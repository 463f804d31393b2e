import { and, desc, eq, gt, isNull, ne } from 'drizzle-orm';
import { nextCorrelationId } from '../correlation-id.ts';
import type { Db, DbOrTx } from '../db.ts';
import { announceCard, rank } from '../posts/outbox.ts';
import { facts, leases, runs } from '../tables/index.ts';
import type { RunCounts, RunFailure, RunNote, RunState, RunTrigger } from '../tables/runs.ts';

export type Run = typeof runs.$inferSelect;

export interface Claim {
  readonly flow: string;
  /** The slot of the schedule; for any other run the moment it was asked for. */
  readonly slot: Date;
  readonly trigger: RunTrigger;
  readonly targets: readonly string[] | null;
  readonly askedBy: string | null;
  readonly owner: string;
  readonly epoch: number;
  readonly agreementVersion: number;
  readonly now: Date;
}

/** Claims a slot of a flow: the run, or null where the slot was run before, by whomever. */
export async function claimRun(db: Db, claim: Claim): Promise<Run | null> {
  const [run] = await db
    .insert(runs)
    .values({
      flow: claim.flow,
      slot: claim.slot,
      trigger: claim.trigger,
      state: 'running',
      epoch: claim.epoch,
      owner: claim.owner,
      correlationId: await nextCorrelationId(db),
      agreementVersion: claim.agreementVersion,
      targets: claim.targets ? [...claim.targets] : null,
      askedBy: claim.askedBy,
      startedAt: claim.now,
    })
    .onConflictDoNothing()
    .returning();
  return run ?? null;
}

export interface Finish {
  readonly state: RunState;
  readonly counts: RunCounts;
  readonly failures: readonly RunFailure[];
  readonly notes?: readonly RunNote[];
  readonly now: Date;
}

/** Writes down how a run ended. A run that was given up meanwhile stays given up. */
export async function finishRun(
  db: DbOrTx,
  id: number,
  { state, counts, failures, notes = [], now }: Finish,
): Promise<void> {
  const resume = failures
    .flatMap((failure) => failure.resumeAt ?? [])
    .sort()
    .at(-1);
  await db
    .update(runs)
    .set({
      state,
      counts,
      failures: [...failures],
      notes: notes.length > 0 ? [...notes] : null,
      finishedAt: now,
      resumeAt: resume ? new Date(resume) : null,
    })
    .where(and(eq(runs.id, id), eq(runs.state, 'running')));
}

/** The newest slot of the schedule that was run, or null. */
export async function lastSlot(db: DbOrTx, flow: string): Promise<Date | null> {
  const [row] = await db
    .select({ slot: runs.slot })
    .from(runs)
    .where(and(eq(runs.flow, flow), eq(runs.trigger, 'schedule')))
    .orderBy(desc(runs.slot))
    .limit(1);
  return row?.slot ?? null;
}

/**
 * Gives up the runs of a flow that still say "running" though another holder has its lease: their process is gone. What they
 * stored stays, and the next run goes on from there. Returns their ids.
 */
export async function giveUpLapsed(
  db: Db,
  { flow, epoch, now }: { flow: string; epoch: number; now: Date },
): Promise<number[]> {
  const rows = await db
    .update(runs)
    .set({ state: 'abandoned', finishedAt: now })
    .where(and(eq(runs.flow, flow), eq(runs.state, 'running'), ne(runs.epoch, epoch)))
    .returning({ id: runs.id });
  return rows.map((row) => row.id);
}

/** True iff a run of the flow still says "running" though its process lost the flow's lease, or let it lapse. */
export async function hasLapsedRun(db: DbOrTx, { flow, now }: { flow: string; now: Date }): Promise<boolean> {
  const rows = await db
    .select({ id: runs.id })
    .from(runs)
    .leftJoin(leases, and(eq(leases.owner, runs.owner), eq(leases.epoch, runs.epoch), gt(leases.until, now)))
    .where(and(eq(runs.flow, flow), eq(runs.state, 'running'), isNull(leases.name)))
    .limit(1);
  return rows.length > 0;
}

/** Frees every lease: only for an embedded database, whose folder is locked, so that no other process can hold one. */
export async function freeLeases(db: Db, now: Date): Promise<void> {
  await db.update(leases).set({ until: now, owner: '' });
}

/** A parked flow's vendor asked us to wait: until when, if that is still to come. */
export async function parkedUntil(
  db: DbOrTx,
  { flow, now }: { flow: string; now: Date },
): Promise<Date | null> {
  const [last] = await db.select().from(runs).where(eq(runs.flow, flow)).orderBy(desc(runs.id)).limit(1);
  return last?.state === 'parked' && last.resumeAt && last.resumeAt > now ? last.resumeAt : null;
}

export const firstLoadFact = (flow: string) => `first_load_approved:${flow}`;

/** True once the business owner approved what the first load would fill and write. */
export async function isFirstLoadApproved(db: DbOrTx, flow: string): Promise<boolean> {
  const rows = await db
    .select({ name: facts.name })
    .from(facts)
    .where(eq(facts.name, firstLoadFact(flow)));
  return rows.length > 0;
}

/** The owner's word that the first load may write; its message says so from here on. False where it was given before. */
export async function approveFirstLoad(
  db: DbOrTx,
  { flow, by, now }: { flow: string; by: string; now: Date },
): Promise<boolean> {
  const rows = await db
    .insert(facts)
    .values({ name: firstLoadFact(flow), value: { by }, at: now })
    .onConflictDoNothing()
    .returning();
  if (rows.length === 0) return false;
  await announceCard(db, { subject: `first_load:${flow}`, flow, rank: rank.decision, now });
  return true;
}
