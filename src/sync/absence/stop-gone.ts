import type { Absence } from '../../ledger/records/absences.ts';
import { loadRecords } from '../../ledger/records/records.ts';
import { stopsThatCount } from '../../ledger/runs/safety-stops.ts';
import type { RunContext } from '../context.ts';
import { windowMs } from '../safety/decide-safety-stop.ts';
import { holdRecords } from '../safety/hold.ts';
import { judgeAmount, standingOf } from '../safety/judge.ts';

const chunk = 500;

/**
 * The safety stop before anything follows from records that are gone: many at once are a system that hides them, or a clear-out
 * that a person should look at. Returns the numbers of those that wait.
 */
export async function stopGone(
  context: RunContext,
  confirmed: readonly Absence[],
): Promise<ReadonlySet<number>> {
  const { db, flow, clock } = context;
  if (confirmed.length === 0 || flow.safetyStop.percent >= 100) return new Set();
  const at = (absence: Absence) => absence.confirmedAt ?? absence.since;
  const oldest = Math.min(...confirmed.map((one) => at(one).getTime()), clock.now().getTime() - windowMs);
  const stops = await stopsThatCount(db, flow.id, new Date(oldest));
  const standing = Map.groupBy(confirmed, (one) =>
    standingOf(stops, 'gone', { recordId: one.recordId, since: at(one) }),
  );
  const refused = standing.get('stopped') ?? [];
  const joins = standing.get('joins') ?? [];
  const unasked = [...(standing.get('new') ?? []), ...joins];
  const records = new Set(unasked.map((one) => one.recordId));
  const {
    stops: isTooMuch,
    usual,
    of,
  } = await judgeAmount(db, context, {
    kind: 'gone',
    records,
    stops,
    firstLoad: null,
  });
  const trips = joins.length > 0 || isTooMuch;
  const waiting = [...refused, ...(trips ? unasked : [])];
  const known = new Set(
    stops.flatMap(({ kind, state, covers }) => (kind === 'gone' && state === 'open' ? [...covers] : [])),
  );
  const fresh = [...records].filter((id) => !known.has(id));
  const trip = { kind: 'gone', records: fresh, usual, of } as const;
  await holdRecords(context, trips && fresh.length > 0 ? [trip] : [], await notHeldYet(context, waiting));
  return new Set(waiting.map(({ id }) => id));
}

/** Those whose change does not say yet that it waits. Whatever else is under way with them goes on. */
async function notHeldYet({ db, flow }: RunContext, waiting: readonly Absence[]) {
  const ids = [...new Set(waiting.map((one) => one.recordId))];
  const states = [];
  for (let at = 0; at < ids.length; at += chunk)
    states.push(...(await loadRecords(db, ids.slice(at, at + chunk), flow.id)));
  return states
    .filter(({ change, conflicts, pending }) => {
      const isBusy = conflicts.size > 0 || pending.size > 0;
      return change?.hold !== 'safety_stop' && !(change && isBusy);
    })
    .map((state) => ({ state, goesOn: null }));
}
