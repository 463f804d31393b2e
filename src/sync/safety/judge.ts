import type { DbOrTx } from '../../ledger/db.ts';
import type { Stop } from '../../ledger/runs/safety-stops.ts';
import type { SafetyStopKind } from '../../ledger/tables/safety-stops.ts';
import type { RunContext } from '../context.ts';
import { decideSafetyStop, leastOf, type SafetyVerdict } from './decide-safety-stop.ts';
import { sizeOf, timeAway, touchedLately, usualPerDay } from './usual.ts';

/** What a stop means for one record of its kind, as far as people have answered. */
export type Standing = 'joins' | 'stopped' | 'approved' | 'new';

/**
 * How a record stands with the stops of one kind. While one is open, whatever else is of that kind joins it: something is wrong with
 * it. `since` = since when this is to be done; an answer counts for what was there when it was given.
 */
export function standingOf(
  stops: readonly Stop[],
  kind: SafetyStopKind,
  { recordId, since }: { readonly recordId: string; readonly since: Date },
): Standing {
  const ofKind = stops.filter((stop) => stop.kind === kind);
  if (ofKind.some((stop) => stop.state === 'open')) return 'joins';
  const covering = ofKind.filter((stop) => stop.covers.has(recordId));
  const answered = (state: 'approved' | 'refused') =>
    covering.some((stop) => stop.state === state && stop.decidedAt !== null && stop.decidedAt >= since);
  if (answered('approved')) return 'approved';
  return answered('refused') ? 'stopped' : 'new';
}

/**
 * Whether so many records of one kind are more than is usual. What costs a look into the past is looked up only where the
 * answer depends on it: most runs do little.
 */
export async function judgeAmount(
  db: DbOrTx,
  context: Pick<RunContext, 'flow' | 'entity' | 'clock' | 'run'>,
  {
    kind,
    records,
    stops,
    firstLoad,
  }: {
    readonly kind: SafetyStopKind;
    readonly records: ReadonlySet<string>;
    readonly stops: readonly Stop[];
    readonly firstLoad: Date | null;
  },
): Promise<SafetyVerdict & { readonly of: number }> {
  const terms = context.flow.safetyStop;
  const calm = { stops: false, limit: leastOf(kind, terms), usual: 0, of: 0 };
  if (records.size === 0 || terms.percent >= 100) return calm;
  const before = await touchedLately(db, context, kind, stops, firstLoad);
  const lately = before.difference(records).size;
  if (records.size + lately <= calm.limit) return calm;
  const of = await sizeOf(db, context);
  const input = { kind, terms, records: records.size, lately, of, awayMs: await timeAway(db, context) };
  if (!decideSafetyStop({ ...input, usualPerDay: 0 }).stops) return { ...calm, of };
  return { ...decideSafetyStop({ ...input, usualPerDay: await usualPerDay(db, context, kind) }), of };
}
