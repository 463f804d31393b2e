import { and, eq, inArray, isNull } from 'drizzle-orm';
import { madeAgainByPerson } from '../../ledger/records/absences.ts';
import { loadRecords, type RecordState, underWay } from '../../ledger/records/records.ts';
import { type Stop, stopsThatCount } from '../../ledger/runs/safety-stops.ts';
import { changes, records } from '../../ledger/tables/index.ts';
import type { RunContext } from '../context.ts';
import { holdRecords } from './hold.ts';
import { judgeAmount, standingOf } from './judge.ts';
import { firstLoadApprovedAt } from './usual.ts';

const chunk = 500;

/**
 * The safety stop before records are made: `ids` are those that lack somewhere, `makes` finds those that would be made now.
 * Returns those that must not be.
 */
export async function stopMakes(
  context: RunContext,
  ids: readonly string[],
  makes: (states: readonly RecordState[]) => Promise<readonly RecordState[]>,
): Promise<ReadonlySet<string>> {
  const { db, flow } = context;
  // Before the first load is approved nothing is made; then its own counts were approved.
  if (ids.length === 0 || flow.safetyStop.percent >= 100 || !context.firstLoadApproved) return new Set();
  const firstLoad = await firstLoadApprovedAt(db, flow.id);
  const rows = await createdAfter(context, ids, firstLoad);
  if (rows.length === 0) return new Set();
  const stops = await stopsThatCount(db, flow.id, oldestOf(rows));
  const waiting = await heldByStop(context);
  const standing = Map.groupBy(rows, ({ id, at }) => standingOf(stops, 'makes', { recordId: id, since: at }));
  const [refused, joins, fresh] = (['stopped', 'joins', 'new'] as const).map((one) =>
    (standing.get(one) ?? []).map(({ id }) => id),
  ) as [string[], string[], string[]];
  const open = new Set(stops.flatMap((stop) => (isOpenFor(stop) ? [...stop.covers] : [])));
  const known = new Set([...refused, ...joins.filter((id) => open.has(id))].filter((id) => waiting.has(id)));
  const unasked = [...fresh, ...joins].filter((id) => !known.has(id));
  const judge = (some: ReadonlySet<string>) =>
    judgeAmount(db, context, { kind: 'makes', records: some, stops, firstLoad });
  const again = await statesThatMake(
    context,
    refused.filter((id) => !known.has(id)),
    makes,
  );
  if (joins.length === 0 && !(await judge(new Set(unasked))).stops) {
    await holdRecords(context, [], again.map(toHold));
    return new Set(refused);
  }
  const states = await statesThatMake(context, unasked, makes);
  const making = new Set(states.map(({ record }) => record.id));
  const { stops: isTooMuch, usual, of } = await judge(making);
  const trips = states.length > 0 && (joins.length > 0 || isTooMuch);
  const trip = { kind: 'makes', records: [...making], usual, of } as const;
  await holdRecords(context, trips ? [trip] : [], [...(trips ? states : []), ...again].map(toHold));
  return new Set([...known, ...refused, ...(trips ? making : [])]);
}

const toHold = (state: RecordState) => ({ state, goesOn: underWay(state) });
const isOpenFor = ({ kind, state }: Stop) => kind === 'makes' && state === 'open';
const oldestOf = (rows: readonly { readonly at: Date }[]) =>
  new Date(Math.min(...rows.map(({ at }) => at.getTime())));

/** Records whose change waits for a safety stop. */
async function heldByStop({ db, flow }: RunContext): Promise<ReadonlySet<string>> {
  const rows = await db
    .select({ id: changes.recordId })
    .from(changes)
    .where(and(eq(changes.flow, flow.id), eq(changes.hold, 'safety_stop'), isNull(changes.closedAt)));
  return new Set(rows.flatMap(({ id }) => id ?? []));
}

/** When each record was first seen; those of the approved first load, and those that a person wants made, are left out. */
async function createdAfter(
  { db }: RunContext,
  ids: readonly string[],
  firstLoad: Date | null,
): Promise<{ id: string; at: Date }[]> {
  const rows: { id: string; at: Date }[] = [];
  for (let at = 0; at < ids.length; at += chunk) {
    const some = ids.slice(at, at + chunk);
    const asked = await madeAgainByPerson(db, some);
    const found = await db
      .select({ id: records.id, at: records.createdAt })
      .from(records)
      .where(inArray(records.id, some));
    rows.push(...found.filter((row) => !asked.has(row.id) && (firstLoad === null || row.at > firstLoad)));
  }
  return rows;
}

async function statesThatMake(
  { db, flow }: RunContext,
  ids: readonly string[],
  makes: (states: readonly RecordState[]) => Promise<readonly RecordState[]>,
): Promise<RecordState[]> {
  const found: RecordState[] = [];
  for (let at = 0; at < ids.length; at += chunk)
    found.push(...(await makes(await loadRecords(db, ids.slice(at, at + chunk), flow.id))));
  return found;
}
