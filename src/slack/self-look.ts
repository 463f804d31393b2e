import type { Flow } from '../agreement/agreement.ts';
import { actingFor } from '../agreement/deputies.ts';
import { announceNote, rank } from '../ledger/posts/outbox.ts';
import { newCauses, takeLook } from '../ledger/runs/self-look.ts';
import type { Desk } from './desk.ts';
import { doctorFacts } from './facts/doctor.ts';
import type { Need } from './messages/status/doctor-facts.ts';

const minute = 60_000;
/** A start looks again at what somebody may have put right; replicas that start together need not all look. */
const lastsMs = { atStart: 5 * minute, otherwise: 24 * 60 * minute } as const;

export interface LookWhen {
  readonly atStart: boolean;
  /** Something was found just now: however lately it was looked. */
  readonly atOnce?: boolean;
}

/**
 * The look that Truce takes at itself, at a start and once a day. A technical owner hears of it only where something needs a person,
 * once for one cause. What connections need has alerts of its own. Never throws.
 */
export async function lookItselfOver(desk: Desk, { atStart, atOnce }: LookWhen): Promise<void> {
  const { db, clock, log, signal } = desk;
  try {
    const now = clock.now();
    const lasts = atOnce ? 0 : atStart ? lastsMs.atStart : lastsMs.otherwise;
    const before = new Date(now.getTime() - lasts);
    if (!(await takeLook(db, { now, before }))) return;
    const { checks } = await doctorFacts(desk);
    const needs = checks.filter(({ name }) => name !== 'Connections').flatMap((check) => check.needs);
    await tellOwners(desk, needs, now);
    for (const { cause, what, remedy } of needs)
      log.warn({ event: 'needs_somebody', cause }, `${what}. ${remedy}.`);
  } catch (error) {
    if (!signal.aborted)
      log.warn({ err: error }, 'Truce could not look itself over; it is tried again within a day.');
  }
}

/** Slack user id of who looks after a sync today. */
const actingOwner = ({ owners }: Flow): string => actingFor(owners.technical).slack;

function tellOwners(desk: Desk, needs: readonly Need[], now: Date): Promise<void> {
  const flows = Object.values(desk.agreement().flows);
  const owners = [...new Set(flows.map(actingOwner))];
  return desk.db.transaction(async (tx) => {
    const causes = await newCauses(
      tx,
      needs.map(({ cause }) => cause),
    );
    const fresh = needs.filter(({ cause }) => causes.includes(cause));
    for (const owner of owners) {
      const own = fresh.filter((need) => need.owners.length === 0 || need.owners.includes(owner));
      const flow = flows.find((one) => actingOwner(one) === owner);
      if (own.length === 0 || !flow) continue;
      await announceNote(tx, {
        key: `doctor:${owner}:${now.toISOString()}`,
        subject: `flow:${flow.id}`,
        flow: flow.id,
        template: 'doctor',
        params: { to: owner, needs: own.map(({ what, remedy }) => `${what}. ${remedy}.`) },
        rank: rank.other,
        now,
      });
    }
  });
}
