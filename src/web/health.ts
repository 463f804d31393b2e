import { desc, eq, sql } from 'drizzle-orm';
import type { ActiveAgreement, Flow } from '../agreement/agreement.ts';
import type { Db } from '../ledger/db.ts';
import { countWaiting } from '../ledger/posts/outbox-sending.ts';
import { slackAway } from '../ledger/posts/slack-away.ts';
import { backlogOf, wholeOf } from '../ledger/runs/backlog.ts';
import { isStanding, lastPause, wentOn } from '../ledger/runs/pauses.ts';
import { lastSlot } from '../ledger/runs/runs.ts';
import { runs } from '../ledger/tables/index.ts';
import type { RunState } from '../ledger/tables/runs.ts';
import { previousSlot } from '../slots.ts';

/** What `GET /health` answers; times ISO 8601. Names flows, never records. */
export interface Health {
  /** False where something is wrong: the answer is then 503. */
  readonly ok: boolean;
  readonly alive: true;
  readonly database: 'reachable' | 'unreachable';
  /** Since when Slack is not reached, or refuses a token; null where it is well, or the database did not say. */
  readonly slack: { readonly awaySince: string; readonly refused: string | null } | null;
  /** Messages to Slack that are due and not out yet; null where the database did not say. */
  readonly posts: { readonly waiting: number } | null;
  readonly flows: Readonly<Record<string, FlowHealth>>;
}
interface FlowHealth {
  /** True while somebody has it stand still. */
  readonly paused: boolean;
  /** True where a slot since the start has passed without a run, by more than the flow allows. */
  readonly late: boolean;
  readonly lastRun: {
    readonly state: RunState;
    readonly startedAt: string;
    readonly finishedAt: string | null;
  } | null;
  /** What it has still to work off by itself: named by webhooks, read, decided; and what is tried again. */
  readonly backlog: {
    readonly hints: number;
    readonly staged: number;
    readonly writing: number;
    /** Since when the oldest of these waits; null where none does. */
    readonly oldest: string | null;
    readonly retries: number;
    readonly mostTries: number;
  };
}

/** How long the database has for an answer, in ms: a probe that waits is no use. */
const patienceMs = 2_000;

/** Looks at the database and the newest run of each flow. Never throws and never hangs. `since`: when this process began to listen. */
export async function readHealth(
  db: Db,
  { agreement, now, since }: { agreement: ActiveAgreement; now: Date; since: Date },
): Promise<Health> {
  try {
    const [flows, waiting, away] = await inTime(
      Promise.all([flowsHealth(db, agreement, now, since), countWaiting(db, now), slackAway(db)]),
    );
    const slack = away && { awaySince: away.since.toISOString(), refused: away.refused };
    const ok = Object.values(flows).every(({ late }) => !late) && !away?.refused;
    return { ok, alive: true, database: 'reachable', slack, posts: { waiting }, flows };
  } catch {
    return { ok: false, alive: true, database: 'unreachable', slack: null, posts: null, flows: {} };
  }
}

async function flowsHealth(db: Db, { flows }: ActiveAgreement, now: Date, since: Date) {
  await db.execute(sql`select 1`);
  const states: Record<string, FlowHealth> = {};
  for (const flow of Object.values(flows)) {
    const [last] = await db
      .select()
      .from(runs)
      .where(eq(runs.flow, flow.id))
      .orderBy(desc(runs.startedAt))
      .limit(1);
    const backlog = await backlogOf(db, flow);
    const pause = await lastPause(db, flow.id);
    const isPaused = isStanding(pause, now);
    const from = wentOn(pause, now);
    states[flow.id] = {
      paused: isPaused,
      late: !isPaused && isLate(flow, await lastSlot(db, flow.id), now, from && from > since ? from : since),
      lastRun: last
        ? {
            state: last.state,
            startedAt: last.startedAt.toISOString(),
            finishedAt: last.finishedAt?.toISOString() ?? null,
          }
        : null,
      backlog: {
        hints: backlog.hints.waiting,
        staged: backlog.staged.waiting,
        writing: backlog.writing.waiting,
        oldest: wholeOf(backlog).oldest?.toISOString() ?? null,
        retries: backlog.retries.waiting,
        mostTries: backlog.retries.most,
      },
    };
  }
  return states;
}

function isLate({ schedule, lateAfterMinutes }: Flow, last: Date | null, now: Date, since: Date): boolean {
  const due = previousSlot(
    schedule.cron,
    schedule.timeZone,
    new Date(now.getTime() - lateAfterMinutes * 60_000),
  );
  return due !== null && due > since && (last === null || last < due);
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the database did not answer in time')), patienceMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
