import { and, eq, isNotNull } from 'drizzle-orm';
import type { ActiveAgreement, Flow } from '../agreement/agreement.ts';
import { entityNamed } from '../entities/named.ts';
import { countWaiting, type Incident, recentIncidents } from '../ledger/alerts/incidents.ts';
import { refusedAlike } from '../ledger/changes/refused-alike.ts';
import { openLosses } from '../ledger/connections/losses.ts';
import { nextCorrelationId } from '../ledger/correlation-id.ts';
import type { Tx } from '../ledger/db.ts';
import {
  type BacklogSample,
  backlogOf,
  backlogSample,
  keepBacklogSample,
  wholeOf,
} from '../ledger/runs/backlog.ts';
import { pauseOf } from '../ledger/runs/pauses.ts';
import type { IncidentCause, IncidentData } from '../ledger/tables/incidents.ts';
import { runs } from '../ledger/tables/index.ts';
import { applyMove, type Told } from './apply.ts';
import { isBacklog, isSampleDue } from './backlog.ts';
import { isDemand, sameReason } from './demands.ts';
import { type IncidentMove, type KnownIncident, keyOf, returnWindowMs } from './detect.ts';
import { findRefusals } from './watch-refusals.ts';
import { findRoom } from './watch-room.ts';
import { findVolume } from './watch-volume.ts';
import { backlogWords, demandWords, lossWords } from './words.ts';

/** What is wrong with a flow's work as it is now. */
export interface WorkProblem {
  readonly cause: IncidentCause;
  readonly connection: string | null;
  readonly field: string | null;
  readonly message: string;
  readonly data: IncidentData;
  /** The run that says so, where one does. */
  readonly run?: { readonly id: number; readonly correlationId: string };
}

interface WorkWatch {
  readonly agreement: ActiveAgreement;
  readonly labels: (connection: string) => string;
  readonly now: Date;
}

/**
 * Looks at the work itself: a run that says at its start that the day's calls will not do, values that a system does not keep,
 * more waiting than is worked off, more or fewer changes than usual, too large a share of them refused, and a channel that takes
 * nothing.
 */
export async function watchWork(tx: Tx, flow: Flow, watch: WorkWatch): Promise<Told[]> {
  const { now } = watch;
  const since = new Date(now.getTime() - returnWindowMs);
  const known = await recentIncidents(tx, { flow: flow.id, since });
  const before = await backlogSample(tx, flow.id);
  const found = [
    ...(await findShort(tx, flow)),
    ...(await findLosses(tx, flow, watch)),
    ...(await findDemands(tx, flow, before, known, watch)),
    ...(await findBacklog(tx, flow, before, known, watch)),
    ...(await findVolume(tx, flow, { ...watch, known })),
    ...(await findRefusals(tx, flow, watch)),
    ...(await findRoom(tx, flow, { ...watch, known })),
  ];
  const waiting = await countWaiting(tx, flow.id);
  const told: (Told | null)[] = [];
  for (const move of movesFor(flow.id, found, known, waiting)) {
    const run = move.kind === 'open' ? found.find(({ message }) => message === move.message)?.run : undefined;
    const correlationId = run?.correlationId ?? (move.kind === 'open' ? await nextCorrelationId(tx) : '');
    told.push(
      await applyMove(tx, move, {
        flow: flow.id,
        agreement: watch.agreement,
        at: now,
        runId: run?.id ?? null,
        correlationId,
      }),
    );
  }
  return told.filter((one) => one !== null);
}

/** Problems that end when they are no longer found. That the calls of a day are short ends with a good run. */
const endsUnfound = ({ cause, data }: Pick<KnownIncident, 'cause' | 'data'>): boolean =>
  endUnfound.has(cause) || data.demand === true;

const endUnfound: ReadonlySet<IncidentCause> = new Set(['loss', 'backlog', 'volume', 'refusals', 'room']);

/** What becomes of these problems: they open, come back, change their words, or are over. Pure. */
export function movesFor(
  flow: string,
  found: readonly WorkProblem[],
  incidents: readonly KnownIncident[],
  waiting: number,
): IncidentMove[] {
  const keys = new Map(
    found.map((problem) => [keyOf(flow, { ...problem, field: problem.field ?? undefined }), problem]),
  );
  const met = [...keys].flatMap(([key, { cause, connection, message, data }]): IncidentMove[] => {
    const known = incidents.filter((incident) => incident.key === key);
    const open = known.find(({ state }) => state !== 'recovered');
    if (open?.message === message) return [];
    if (open) return [{ kind: 'again', id: open.id, message, data: { ...open.data, ...data }, shown: true }];
    const more = { waiting, waitingAtOpening: waiting, ...data };
    const [lately] = known;
    if (lately) return [{ kind: 'return', id: lately.id, message, data: more }];
    return [{ kind: 'open', key, cause, connection, message, data: more }];
  });
  const over = incidents
    .filter((incident) => incident.state !== 'recovered' && endsUnfound(incident) && !keys.has(incident.key))
    .map(
      (incident): IncidentMove => ({ kind: 'recover', id: incident.id, data: { ...incident.data, waiting } }),
    );
  return [...met, ...over];
}

/** A run under way that has said that it cannot finish inside what is left of the day's calls. */
async function findShort(tx: Tx, flow: Flow): Promise<WorkProblem[]> {
  const under = await tx
    .select({ id: runs.id, correlationId: runs.correlationId, notes: runs.notes })
    .from(runs)
    .where(and(eq(runs.flow, flow.id), eq(runs.state, 'running'), isNotNull(runs.notes)));
  return under
    .flatMap(({ notes, ...run }) => (notes ?? []).map((note) => ({ note, run })))
    .flatMap(({ note, run }): WorkProblem[] => {
      if (note.kind !== 'budget_short') return [];
      const { connection, message, resumeAt } = note;
      return [{ cause: 'budget', connection, field: null, message, data: { resumeAt }, run }];
    });
}

async function findLosses(tx: Tx, flow: Flow, { agreement, labels, now }: WorkWatch): Promise<WorkProblem[]> {
  const { fields, noun } = entityNamed(flow.entity);
  const losses = await openLosses(tx, flow.connections);
  return losses
    .filter(({ field }) => Object.hasOwn(flow.fields, field))
    .map(({ connection, field, records, since }) => {
      const label = fields.find(({ name }) => name === field)?.label ?? field;
      const words = { label: labels(connection), field: label, records, noun, since, now, ...agreement };
      return { cause: 'loss', connection, field, message: lossWords(words), data: { field: label } };
    });
}

/** Records that one system refuses for one reason of its own: it asks for something, or takes a value no longer. */
async function findDemands(
  tx: Tx,
  flow: Flow,
  before: BacklogSample | null,
  known: readonly Incident[],
  { labels, now }: WorkWatch,
): Promise<WorkProblem[]> {
  // Counted as seldom as the backlog is, unless somebody waits for it to end.
  const isOpen = known.some(({ state, data }) => state !== 'recovered' && data.demand === true);
  if (!isOpen && !isSampleDue(before, now)) return [];
  const { noun } = entityNamed(flow.entity);
  const refused = await refusedAlike(tx, flow.id, sameReason);
  return refused
    .filter(({ reason }) => isDemand(reason))
    .map(({ connection, reason, records }) => ({
      cause: 'drift',
      connection,
      field: `demand: ${reason}`,
      message: demandWords({ label: labels(connection), reason, records, noun }),
      data: { demand: true },
    }));
}

/** Problems that say already why nothing is worked off. */
const explains: ReadonlySet<IncidentCause> = new Set([
  'auth',
  'refused',
  'unreachable',
  'silent',
  'busy',
  'budget',
  'nonsense',
  'late',
  'stuck',
  'safety_stop',
  'bug',
]);

async function findBacklog(
  tx: Tx,
  flow: Flow,
  before: BacklogSample | null,
  known: readonly Incident[],
  { agreement, now }: WorkWatch,
): Promise<WorkProblem[]> {
  const open = known.filter(({ state }) => state !== 'recovered');
  const wasOpen = open.some(({ cause }) => cause === 'backlog');
  const isDue = isSampleDue(before, now);
  // While a flow stands still, what waits is not worked off, as somebody wants it.
  if ((!isDue && !wasOpen) || (!wasOpen && (await pauseOf(tx, flow.id, now)))) return [];
  const whole = wholeOf(await backlogOf(tx, flow));
  if (isDue) await keepBacklogSample(tx, flow.id, { waiting: whole.waiting, at: now });
  if (!isBacklog(whole, { before, wasOpen, now }) || !whole.oldest) return [];
  if (!wasOpen && open.some(({ cause }) => explains.has(cause))) return [];
  const { noun } = entityNamed(flow.entity);
  const message = backlogWords({ ...whole, oldest: whole.oldest, noun, now, ...agreement });
  return [{ cause: 'backlog', connection: null, field: null, message, data: { waiting: whole.waiting } }];
}
