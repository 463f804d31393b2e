import type { Db } from '../ledger/db.ts';
import { endWhoseTimeHasCome, isStanding, lastPause, type Pause } from '../ledger/runs/pauses.ts';
import type { RunTrigger } from '../ledger/tables/runs.ts';

/**
 * What a wake-up comes to, as far as pauses go. `wait`: the flow stands still, and only what somebody wants undone is done. `sweep`:
 * the first run after a pause reads everything, since no list of changes reaches back that far for sure. Pure.
 */
export function runAfterPause(
  trigger: RunTrigger,
  {
    pause,
    isSweepDue,
    now,
  }: { readonly pause: Pause | null; readonly isSweepDue: boolean; readonly now: Date },
): 'wait' | 'sweep' | 'as asked' {
  if (trigger === 'rollback') return 'as asked';
  if (isStanding(pause, now)) return 'wait';
  return isSweepDue ? 'sweep' : 'as asked';
}

/** The newest pause of a flow; one whose time has come is ended first, and said to be. */
export async function standing(db: Db, flow: string, now: Date): Promise<Pause | null> {
  const last = await lastPause(db, flow);
  if (last === null || last.endedAt !== null || isStanding(last, now)) return last;
  await db.transaction((tx) => endWhoseTimeHasCome(tx, { flow, now }));
  return lastPause(db, flow);
}
