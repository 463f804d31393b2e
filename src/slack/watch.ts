import type { Change } from '../ledger/changes/changes.ts';
import { changeById, type Run, runSince } from '../ledger/records/lookup.ts';
import { type Rollback, rollbackById } from '../ledger/rollback/rollbacks.ts';
import type { RollbackState } from '../ledger/tables/rollbacks.ts';
import type { Desk } from './desk.ts';

const lookEvery = 500;
/** A response URL lives half an hour; nobody looks at an answer for longer than this. */
const lookFor = 10 * 60_000;

/** Waits until a run of the flow that began after `since` has ended; null where none did in time. */
export const runEnded = (
  desk: Desk,
  flow: string,
  { since, askedBy }: { since: Date; askedBy: string },
): Promise<Run | null> =>
  until(desk, async () => {
    const run = await runSince(desk.db, flow, since, askedBy);
    return run && run.state !== 'running' ? run : null;
  });

/** Waits until a change that was opened again has come to rest, or the run that was asked for has ended; null where neither did in time. */
export const changeOrRunEnded = (
  desk: Desk,
  changeId: string,
  { flow, since, askedBy }: { flow: string; since: Date; askedBy: string },
): Promise<Change | null> =>
  until(desk, async () => {
    const run = await runSince(desk.db, flow, since, askedBy);
    const change = await changeById(desk.db, changeId);
    const ended = run?.askedBy === askedBy && run.state !== 'running';
    const rested = change && change.state !== 'open' && change.state !== 'writing';
    return rested || ended ? change : null;
  });

/** Waits until a rollback is in none of these states any more; null where that took too long. */
export const rollbackMoved = (
  desk: Desk,
  id: string,
  from: readonly RollbackState[],
): Promise<Rollback | null> =>
  until(desk, async () => {
    const rollback = await rollbackById(desk.db, id);
    return rollback && !from.includes(rollback.state) ? rollback : null;
  });

async function until<T>({ clock, signal }: Desk, look: () => Promise<T | null>): Promise<T | null> {
  const end = clock.now().getTime() + lookFor;
  while (!signal.aborted && clock.now().getTime() < end) {
    const found = await look();
    if (found !== null) return found;
    await clock.sleep(lookEvery, signal);
  }
  return null;
}
