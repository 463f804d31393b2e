import type { IncidentCause, IncidentData, IncidentState } from '../ledger/tables/incidents.ts';
import type { RunFailure, RunNote, RunState } from '../ledger/tables/runs.ts';

/** How a run ended, as far as alerts care. */
export interface EndedRun {
  readonly id: number;
  readonly flow: string;
  readonly slot: Date;
  readonly state: RunState;
  /** True for a run that looked at everything that changed: only such a run proves that a flow works again. */
  readonly whole: boolean;
  readonly failures: readonly RunFailure[];
  readonly finishedAt: Date;
  readonly correlationId: string;
  /** Connections from which this run read at least one record: only they can prove that a vanished field is back. */
  readonly readFrom: readonly string[];
  readonly notes?: readonly RunNote[] | null;
  /** By connection, how many records its list named. */
  readonly named?: Readonly<Record<string, number>>;
}

/** A problem that is open, or recovered within {@link returnWindowMs}. */
export interface KnownIncident {
  readonly id: number;
  readonly key: string;
  readonly cause: IncidentCause;
  readonly connection: string | null;
  readonly state: IncidentState;
  readonly recoveredAt: Date | null;
  readonly message: string;
  readonly data: IncidentData;
}

export interface Failing {
  readonly runs: number;
  readonly since: Date;
}

export interface JudgeInput {
  readonly run: EndedRun;
  /** How many runs in a row, right before this one, met each problem, by its key, and when the first of them ended. */
  readonly failedBefore: ReadonlyMap<string, Failing>;
  readonly incidents: readonly KnownIncident[];
  /** Failed runs in a row until the alert opens; 1 = at once. */
  readonly alertAfterFailures: number | null;
  /** Minutes of failing until the alert opens, if not before. */
  readonly alertAfterMinutes: number | null;
  /** Changes of the flow that wait now. */
  readonly waiting: number;
  /** Changes of the flow that this run settled. */
  readonly settled: number;
}

interface Problem {
  readonly key: string;
  readonly cause: IncidentCause;
  readonly connection: string | null;
  readonly message: string;
  readonly data: IncidentData;
}

/** What becomes of a problem: `again` and `worse` edit its message, the others also say a line in its thread. */
export type IncidentMove =
  | ({ readonly kind: 'open' } & Problem)
  | {
      readonly kind: 'again';
      readonly id: number;
      readonly message: string;
      readonly data: IncidentData;
      readonly shown: boolean;
    }
  | {
      readonly kind: 'worse';
      readonly id: number;
      readonly message: string;
      readonly data: IncidentData;
      readonly doublings: number;
    }
  | { readonly kind: 'return'; readonly id: number; readonly message: string; readonly data: IncidentData }
  | { readonly kind: 'recover'; readonly id: number; readonly data: IncidentData };

/** A problem that comes back this soon is the same problem: flapping is one alert, not ten. */
export const returnWindowMs = 30 * 60_000;
/** Below this many, a doubling is not worth a line. */
const fewWaiting = 5;

/** What makes two events the same problem. */
export function keyOf(
  flow: string,
  {
    cause,
    connection,
    field,
  }: { cause: IncidentCause; connection?: string | null; field?: string | undefined },
): string {
  return [flow, cause, connection ?? '-', field ?? '-'].join('/');
}

/** What one ended run means for the flow's problems. Pure; at most one move per problem. */
export function judge(input: JudgeInput): IncidentMove[] {
  const { run } = input;
  const failures = new Map(metBy(run).map((failure) => [keyOf(run.flow, failure), failure]));
  const met = [...failures].flatMap(([key, failure]) => onFailure(input, key, failure));
  const over = input.incidents
    .filter(
      (incident) =>
        incident.state !== 'recovered' && !failures.has(incident.key) && provesOver(run, incident),
    )
    .map(
      (incident): IncidentMove => ({
        kind: 'recover',
        id: incident.id,
        data: { ...incident.data, waiting: input.waiting, caughtUp: input.settled },
      }),
    );
  return [...met, ...over];
}

/** What a run met: what went wrong, and what it says of itself that somebody has to look at. */
type Met = Omit<RunFailure, 'cause'> & { readonly cause: IncidentCause };

const metBy = ({ failures, notes }: EndedRun): Met[] => [
  ...failures,
  ...(notes ?? []).flatMap((note) =>
    note.kind === 'zero_rows'
      ? [{ cause: note.kind, connection: note.connection, message: note.message }]
      : [],
  ),
];

function onFailure(input: JudgeInput, key: string, failure: Met): IncidentMove[] {
  const { message } = failure;
  const known = input.incidents.filter((incident) => incident.key === key);
  const open = known.find(({ state }) => state !== 'recovered');
  const more = { waiting: input.waiting, ...(failure.resumeAt ? { resumeAt: failure.resumeAt } : {}) };
  if (open) return [onAgain(open, message, { ...withoutResume(open.data), ...more })];
  const isFailure = failure.cause !== 'zero_rows';
  if (isFailure && isBlip(input, key)) return [];
  const data = {
    ...more,
    waitingAtOpening: input.waiting,
    ...(failure.field ? { field: failure.field } : {}),
  };
  const lately = known.find(
    ({ recoveredAt }) =>
      recoveredAt !== null && input.run.finishedAt.getTime() - recoveredAt.getTime() <= returnWindowMs,
  );
  if (lately) return [{ kind: 'return', id: lately.id, message, data }];
  return [{ kind: 'open', key, cause: failure.cause, connection: failure.connection, message, data }];
}

/** Neither often enough nor long enough in a row to tell anybody. */
function isBlip(
  { failedBefore, alertAfterFailures, alertAfterMinutes, run }: JudgeInput,
  key: string,
): boolean {
  const { runs, since } = failedBefore.get(key) ?? { runs: 0, since: run.finishedAt };
  const often = alertAfterFailures !== null && runs + 1 >= alertAfterFailures;
  const minutes = (run.finishedAt.getTime() - since.getTime()) / 60_000;
  return !often && !(alertAfterMinutes !== null && minutes >= alertAfterMinutes);
}

function onAgain(open: KnownIncident, message: string, data: IncidentData): IncidentMove {
  const before = doublings(open.data.waitingAtOpening, open.data.waiting);
  const now = doublings(open.data.waitingAtOpening, data.waiting);
  if (now > before) return { kind: 'worse', id: open.id, message, data, doublings: now };
  const shown =
    message !== open.message || data.waiting !== open.data.waiting || data.resumeAt !== open.data.resumeAt;
  return { kind: 'again', id: open.id, message, data, shown };
}

/** How often the amount has doubled since the problem opened. */
function doublings(atOpening = 0, now = 0): number {
  return Math.max(0, Math.floor(Math.log2(Math.max(now, 1) / Math.max(atOpening, fewWaiting))));
}

/**
 * Whether a run without a problem proves that it is over. For a late run, one for the missed slot or a later one; for a vanished
 * field, one that read records of that system; for the rest any run of the whole flow that came to a good end.
 */
function provesOver(run: EndedRun, { cause, connection, data }: KnownIncident): boolean {
  if (!run.whole || run.state !== 'done') return false;
  // No run proves that a channel, or what a connection's account lacks, is there again.
  if (cause === 'room' || cause === 'connection') return false;
  // What is wrong with the data is seen in the data.
  if (ofData.has(cause)) return false;
  if (cause === 'zero_rows') return connection !== null && (run.named?.[connection] ?? 0) > 0;
  if (cause === 'late') return data.missedSlot === undefined || run.slot >= new Date(data.missedSlot);
  // What a vendor asks for is met by records that it takes, and by no reading.
  if (data.demand) return false;
  if (cause === 'drift') return connection === null || run.readFrom.includes(connection);
  return true;
}

/** Problems that are seen in the data, and over when they are not seen there any more. */
const ofData: ReadonlySet<IncidentCause> = new Set([
  'partial',
  'safety_stop',
  'loss',
  'backlog',
  'volume',
  'refusals',
]);

const withoutResume = ({ resumeAt: _, ...data }: IncidentData): IncidentData => data;
