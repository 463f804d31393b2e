import type { ActiveAgreement, Flow } from '../agreement/agreement.ts';
import { entityNamed } from '../entities/named.ts';
import type { Incident } from '../ledger/alerts/incidents.ts';
import type { Tx } from '../ledger/db.ts';
import { pauseOf } from '../ledger/runs/pauses.ts';
import {
  changedWithin,
  everydaySince,
  isAnyStopSince,
  noteVolumeSeen,
  runsWithin,
  type Span,
  volumeSeenAt,
} from '../ledger/runs/volume.ts';
import { type DaySpans, earlierDays, isTurnOfMonth, today, wasInterrupted } from './earlier-days.ts';
import { type EarlierDay, unusualVolume, usualOf, type VolumeKind } from './volume.ts';
import type { WorkProblem } from './watch-work.ts';
import { volumeWords } from './words.ts';

const hour = 3_600_000;
/** How often it is looked at. */
const lookEveryMs = hour / 4;
/** What comes within so many hours is one burst. */
const burstMs = 3 * hour;
const dayMs = 24 * hour;

interface VolumeWatch {
  readonly known: readonly Incident[];
  readonly agreement: ActiveAgreement;
  readonly now: Date;
}

/** Far more, or far fewer, changes than are usual for the flow at that time, where nothing else explains it. */
export async function findVolume(tx: Tx, flow: Flow, watch: VolumeWatch): Promise<WorkProblem[]> {
  const { known, now } = watch;
  const open = known.find(({ cause, state }) => cause === 'volume' && state !== 'recovered') ?? null;
  const seen = await volumeSeenAt(tx, flow.id);
  if (seen && now.getTime() - seen.getTime() < lookEveryMs)
    return open ? [problem(open.message, open.data)] : [];
  await noteVolumeSeen(tx, flow.id, now);
  const since = await everydaySince(tx, flow.id);
  // While a flow stands still nothing changes, as somebody wants it.
  if (!since || (await pauseOf(tx, flow.id, now))) return [];
  const told = open ? (open.data.fewer ? 'few' : 'many') : null;
  const kind = await kindNow(tx, flow, { ...watch, told, since });
  if (!kind || (kind !== told && (await isExplained(tx, flow, watch, kind)))) return [];
  const from =
    kind === told && open?.data.since ? new Date(open.data.since) : await startOf(tx, flow, kind, now);
  return [await asTold(tx, flow, watch, { kind, since, counted: { from, to: now } })];
}

const problem = (message: string, data: WorkProblem['data']): WorkProblem => ({
  cause: 'volume',
  connection: null,
  field: null,
  message,
  data,
});

async function kindNow(
  tx: Tx,
  flow: Flow,
  { now, told, since }: VolumeWatch & { readonly told: VolumeKind | null; readonly since: Date },
): Promise<VolumeKind | null> {
  const zone = flow.schedule.timeZone;
  const burst = { from: new Date(now.getTime() - burstMs), to: now };
  const spans = earlierDays(burst, { zone, knownSince: since });
  const [lately = 0, soFar = 0] = await changedWithin(tx, flow.id, [burst, today(now, zone)]);
  const days = await countedDays(tx, flow.id, spans);
  return unusualVolume({ lately, soFar, days, turnOfMonth: isTurnOfMonth(now, zone), told });
}

async function countedDays(tx: Tx, flow: string, days: readonly DaySpans[]): Promise<EarlierDay[]> {
  const spans = days.flatMap(({ inHours, soFar, whole }) => [inHours, soFar, whole]);
  const counts = await changedWithin(tx, flow, spans);
  return days.map(({ sameWeekday }, i) => {
    const [inHours = 0, soFar = 0, whole = 0] = counts.slice(3 * i, 3 * i + 3);
    return { sameWeekday, inHours, soFar, whole };
  });
}

/** What else says why: a safety stop, a new agreement, runs that caught up, and, where little changes, any other problem. */
async function isExplained(
  tx: Tx,
  flow: Flow,
  { known, now }: VolumeWatch,
  kind: VolumeKind,
): Promise<boolean> {
  const spoken =
    kind === 'many'
      ? { from: new Date(now.getTime() - burstMs), to: now }
      : today(now, flow.schedule.timeZone);
  if (kind === 'few' && known.some(({ cause, state }) => state !== 'recovered' && cause !== 'volume'))
    return true;
  if (kind === 'many' && (await isAnyStopSince(tx, flow.id, spoken.from))) return true;
  const runs = await runsWithin(tx, flow.id, { ...spoken, from: new Date(spoken.from.getTime() - dayMs) });
  const versions = new Set(
    runs.filter(({ startedAt }) => startedAt >= spoken.from).map(({ agreementVersion }) => agreementVersion),
  );
  const starts = runs.map(({ startedAt }) => startedAt);
  return versions.size > 1 || runs.length === 0 || wasInterrupted(starts, flow.schedule, spoken);
}

/** From when it is counted: many from the first run of the burst that brought any, few from midnight. */
async function startOf(tx: Tx, flow: Flow, kind: VolumeKind, now: Date): Promise<Date> {
  if (kind === 'few') return today(now, flow.schedule.timeZone).from;
  const burst = { from: new Date(now.getTime() - burstMs), to: now };
  const first = (await runsWithin(tx, flow.id, burst)).find(({ changed }) => changed > 0);
  return first?.startedAt ?? burst.from;
}

async function asTold(
  tx: Tx,
  flow: Flow,
  { agreement, now }: VolumeWatch,
  { kind, since, counted }: { readonly kind: VolumeKind; readonly since: Date; readonly counted: Span },
): Promise<WorkProblem> {
  const zone = flow.schedule.timeZone;
  const days = await countedDays(tx, flow.id, earlierDays(counted, { zone, knownSince: since }));
  const [records = 0] = await changedWithin(tx, flow.id, [counted]);
  const { noun } = entityNamed(flow.entity);
  const usual = usualOf(days, ({ inHours }) => inHours);
  const message = volumeWords({
    kind,
    records,
    usual,
    noun,
    since: counted.from,
    now,
    timeZone: agreement.timeZone,
  });
  return problem(message, { since: counted.from.toISOString(), ...(kind === 'few' ? { fewer: true } : {}) });
}
