import type { ActiveAgreement, Flow } from '../agreement/agreement.ts';
import { recentIncidents } from '../ledger/alerts/incidents.ts';
import { countPartial, partialWork } from '../ledger/changes/partial.ts';
import { nextCorrelationId } from '../ledger/correlation-id.ts';
import type { Tx } from '../ledger/db.ts';
import { openStops } from '../ledger/runs/safety-stops.ts';
import type { IncidentCause } from '../ledger/tables/incidents.ts';
import { applyMove, type Told } from './apply.ts';
import { type IncidentMove, type KnownIncident, keyOf, returnWindowMs } from './detect.ts';
import { partialWords, unansweredWords } from './words.ts';

/** A problem of the data as it is now, whatever run met it. */
export interface DataProblem {
  readonly cause: IncidentCause;
  readonly message: string;
  /** Records that it is about. */
  readonly records: number;
}

/** So many hours a safety stop is a matter between its message and those who may approve; then the technical owner hears of it. */
const unansweredHours = 4;
/** Records that a message names. */
const shownAtMost = 20;
const hour = 3_600_000;

/** Looks at what no single run can tell: records that are not everywhere after hours, and a safety stop that nobody answers. */
export async function watchData(
  tx: Tx,
  flow: Flow,
  {
    agreement,
    labels,
    now,
  }: { agreement: ActiveAgreement; labels: (connection: string) => string; now: Date },
): Promise<Told[]> {
  const found = [await findPartial(tx, flow, labels, now), await findUnanswered(tx, flow, now)];
  const since = new Date(now.getTime() - returnWindowMs);
  const known = await recentIncidents(tx, { flow: flow.id, since });
  const told: (Told | null)[] = [];
  for (const [i, cause] of (['partial', 'safety_stop'] as const).entries()) {
    const move = moveFor(flow.id, cause, found[i] ?? null, known);
    if (!move) continue;
    const correlationId = move.kind === 'open' ? await nextCorrelationId(tx) : '';
    told.push(await applyMove(tx, move, { flow: flow.id, agreement, at: now, runId: null, correlationId }));
  }
  return told.filter((one) => one !== null);
}

/** What becomes of a problem of the data: it opens, its message changes, or it is over. Pure. */
export function moveFor(
  flow: string,
  cause: IncidentCause,
  found: DataProblem | null,
  incidents: readonly KnownIncident[],
): IncidentMove | null {
  const key = keyOf(flow, { cause });
  const known = incidents.filter((incident) => incident.key === key);
  const open = known.find(({ state }) => state !== 'recovered');
  if (!found) return open ? { kind: 'recover', id: open.id, data: { ...open.data, waiting: 0 } } : null;
  const { message, records: waiting } = found;
  if (open) {
    if (open.message === message && open.data.waiting === waiting) return null;
    return { kind: 'again', id: open.id, message, data: { ...open.data, waiting }, shown: true };
  }
  const data = { waiting, waitingAtOpening: waiting };
  const [lately] = known;
  if (lately) return { kind: 'return', id: lately.id, message, data };
  return { kind: 'open', key, cause, connection: null, message, data };
}

async function findPartial(
  tx: Tx,
  flow: Flow,
  labels: (connection: string) => string,
  now: Date,
): Promise<DataProblem | null> {
  const before = new Date(now.getTime() - flow.partialAfterHours * hour);
  const work = await partialWork(tx, { flow: flow.id, before, atMost: shownAtMost });
  if (work.length === 0) return null;
  const records =
    work.length < shownAtMost
      ? work.length
      : (await countPartial(tx, flow.id, before, { andParked: true })).n;
  const missing = work.map(({ title, missingIn, waitsFor }) => ({
    title: waitsFor ? `${title} (waits for ${waitsFor})` : title,
    missingIn: missingIn.map(labels),
  }));
  return {
    cause: 'partial',
    records,
    message: partialWords({ hours: flow.partialAfterHours, missing, records }),
  };
}

async function findUnanswered(tx: Tx, flow: Flow, now: Date): Promise<DataProblem | null> {
  const before = new Date(now.getTime() - unansweredHours * hour);
  const stops = (await openStops(tx, flow.id)).filter(({ openedAt }) => openedAt <= before);
  if (stops.length === 0) return null;
  const records = new Set(stops.flatMap(({ covers }) => covers)).size;
  return { cause: 'safety_stop', records, message: unansweredWords({ hours: unansweredHours }) };
}
