import { and, eq, isNull, like, notInArray } from 'drizzle-orm';
import { same } from '../../entities/field.ts';
import { loadRecords, type RecordState } from '../../ledger/records/records.ts';
import { type Stop, stopsThatCount } from '../../ledger/runs/safety-stops.ts';
import { agreed, changes, pending, records } from '../../ledger/tables/index.ts';
import type { SafetyStopKind } from '../../ledger/tables/safety-stops.ts';
import { heldValue } from '../compare.ts';
import { connectorOf, type RunContext } from '../context.ts';
import { getsField } from '../writing/gets.ts';
import { windowMs } from './decide-safety-stop.ts';
import { holdRecords, type ToHold, type Trip } from './hold.ts';
import { judgeAmount, standingOf } from './judge.ts';
import { firstLoadApprovedAt } from './usual.ts';

/** By record, the fields whose decided value must not go out now. */
export type StoppedFields = ReadonlyMap<string, ReadonlySet<string>>;

/** One decided value that a rule brings, on its way to the systems. */
interface OnItsWay {
  readonly recordId: string;
  readonly field: string;
  readonly since: Date;
  readonly kinds: readonly SafetyStopKind[];
}

interface Known {
  readonly stops: readonly Stop[];
  readonly firstLoad: Date | null;
}

/**
 * The safety stop before anything is written: where rules are about to change more than is usual, nothing of that kind goes out
 * before a person has approved it. What a person decided goes out. Returns what is stopped, also of records of which the rest
 * goes on.
 */
export async function stopWrites(context: RunContext): Promise<StoppedFields> {
  const { db, flow, clock } = context;
  const none: StoppedFields = new Map();
  if (flow.safetyStop.percent >= 100) return none;
  const firstLoad = await firstLoadApprovedAt(db, flow.id);
  const rows = await broughtByRule(context, firstLoad);
  if (rows.length === 0) return none;
  const oldest = Math.min(...rows.map((row) => row.since.getTime()), clock.now().getTime() - windowMs);
  const known = { stops: await stopsThatCount(db, flow.id, new Date(oldest)), firstLoad };
  const stopped = new Map<string, Set<string>>();
  const trips: Trip[] = [];
  for (const kind of ['blanks', 'writes'] as const) {
    const left = rows.filter((row) => row.kinds.includes(kind) && !stopped.get(row.recordId)?.has(row.field));
    const verdict = await judgeKind(context, kind, left, known);
    if (verdict.trip) trips.push(verdict.trip);
    for (const { recordId, field } of verdict.stopped) {
      stopped.set(recordId, (stopped.get(recordId) ?? new Set<string>()).add(field));
    }
  }
  await holdRecords(context, trips, await toHold(context, stopped));
  return stopped;
}

/** What is pending by a rule, and neither part of the approved first load nor approved apart from it. */
async function broughtByRule({ db, flow }: RunContext, firstLoad: Date | null): Promise<OnItsWay[]> {
  const rows = await db
    .select({
      recordId: pending.recordId,
      field: pending.field,
      value: pending.value,
      since: pending.since,
      by: pending.by,
      openedAt: changes.openedAt,
      createdAt: records.createdAt,
      agreed: agreed.value,
      settledAt: agreed.settledAt,
    })
    .from(pending)
    .innerJoin(changes, eq(changes.id, pending.changeId))
    .innerJoin(records, eq(records.id, pending.recordId))
    .leftJoin(agreed, and(eq(agreed.recordId, pending.recordId), eq(agreed.field, pending.field)))
    .where(
      and(
        eq(changes.flow, flow.id),
        isNull(changes.closedAt),
        notInArray(changes.state, ['failed', 'held']),
        like(pending.by, 'rule:%'),
      ),
    );
  const isLoaded = ({ openedAt, createdAt, settledAt }: (typeof rows)[number]) =>
    firstLoad !== null && (openedAt <= firstLoad || (settledAt === null && createdAt <= firstLoad));
  return rows
    .filter((row) => !approvedElsewhere.includes(row.by) && !isLoaded(row))
    .map(({ recordId, field, since, value, agreed: before }) => ({
      recordId,
      field,
      since,
      kinds: value === null && before !== null ? (['blanks', 'writes'] as const) : (['writes'] as const),
    }));
}

/** What has counts and an approval of its own. */
const approvedElsewhere: readonly string[] = ['rule:first_load', 'rule:when_gone'];

async function judgeKind(
  context: RunContext,
  kind: 'writes' | 'blanks',
  rows: readonly OnItsWay[],
  { stops, firstLoad }: Known,
): Promise<{ readonly stopped: readonly OnItsWay[]; readonly trip: Trip | null }> {
  const standing = Map.groupBy(rows, (row) => standingOf(stops, kind, row));
  // What was refused stays so, whatever else comes.
  const refused = standing.get('stopped') ?? [];
  const joins = standing.get('joins') ?? [];
  const unasked = [...(standing.get('new') ?? []), ...joins];
  const judge = (some: readonly OnItsWay[]) =>
    judgeAmount(context.db, context, { kind, records: idsOf(some), stops, firstLoad });
  if (joins.length === 0 && !(await judge(unasked)).stops) return { stopped: refused, trip: null };
  // Looked at one by one: a value that every system has by now writes nothing.
  const effective = await withEffect(context, unasked);
  const { stops: isTooMuch, usual, of } = await judge(effective);
  if (effective.length === 0 || (joins.length === 0 && !isTooMuch)) return { stopped: refused, trip: null };
  return { stopped: [...effective, ...refused], trip: { kind, records: [...idsOf(effective)], usual, of } };
}

const idsOf = (rows: readonly OnItsWay[]) => new Set(rows.map((row) => row.recordId));

const chunk = 500;

/** Those of which some system would be given another value than it has. */
async function withEffect(context: RunContext, rows: readonly OnItsWay[]): Promise<OnItsWay[]> {
  const states = await statesOf(context, [...idsOf(rows)]);
  const byId = new Map(states.map((state) => [state.record.id, state]));
  return rows.filter(({ recordId, field }) => {
    const state = byId.get(recordId);
    return state !== undefined && writesField(context, state, field);
  });
}

async function statesOf({ db, flow }: RunContext, ids: readonly string[]): Promise<RecordState[]> {
  const states: RecordState[] = [];
  for (let at = 0; at < ids.length; at += chunk)
    states.push(...(await loadRecords(db, ids.slice(at, at + chunk), flow.id)));
  return states;
}

/** Whether a system would be given another value than it was last seen with. */
export function writesField(
  context: Pick<RunContext, 'flow' | 'entity' | 'connectors'>,
  state: RecordState,
  name: string,
): boolean {
  const decided = state.pending.get(name);
  const field = context.entity.fields.find((candidate) => candidate.name === name);
  if (!decided || !field) return false;
  return state.links.some((link) => {
    if (!getsField(context, state, link, name)) return false;
    const base = state.bases.get(link.connection)?.[name];
    const target = connectorOf(context, link.connection).project(name, decided.value).value;
    return !same(field, heldValue(base), target);
  });
}

async function toHold(context: RunContext, stopped: StoppedFields): Promise<ToHold[]> {
  return (await statesOf(context, [...stopped.keys()])).map((state) => {
    const asks = [...state.conflicts.values()].some((conflict) => conflict.state === 'open');
    const rest = [...state.pending.keys()].some((field) => !stopped.get(state.record.id)?.has(field));
    return { state, goesOn: asks ? 'asking' : rest ? 'writing' : null };
  });
}
