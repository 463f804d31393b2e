import { sql } from 'drizzle-orm';
import { bigserial, index, integer, pgTable, serial, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { FailureCause } from '../../connectors/connector.ts';
import { instant, jsonb } from './columns.ts';

/** `connection`: it works, but somebody has to see to something there: a permission, a step, an end that comes near. */
export type IncidentCause = FailureCause | 'late' | 'stuck' | 'room' | 'connection' | IncidentOfData;
/** Problems of the data, not of a connection. */
export type IncidentOfData =
  | 'partial'
  | 'zero_rows'
  | 'safety_stop'
  | 'loss'
  | 'backlog'
  | 'volume'
  | 'refusals';
export type IncidentState = 'open' | 'acknowledged' | 'recovered';

/** One open problem of a flow: many events, one Slack message. Its number is the "alert 118" that people see. */
export const incidents = pgTable(
  'incidents',
  {
    id: serial('id').primaryKey(),
    flow: text('flow').notNull(),
    connection: text('connection'),
    cause: text('cause').$type<IncidentCause>().notNull(),
    /** flow, cause, connection and field in one key: what makes two events the same problem. */
    key: text('key').notNull(),
    state: text('state').$type<IncidentState>().notNull(),
    revision: integer('revision').notNull(),
    correlationId: text('correlation_id').notNull(),
    openedAt: instant('opened_at').notNull(),
    lastAt: instant('last_at').notNull(),
    recoveredAt: instant('recovered_at'),
    acknowledgedBy: text('acknowledged_by'),
    acknowledgedUntil: instant('acknowledged_until'),
    /** Somebody put it off until then: its numbers go on, and nobody is called. */
    snoozedBy: text('snoozed_by'),
    snoozedUntil: instant('snoozed_until'),
    events: integer('events').notNull(),
    /** How often it came back within half an hour of recovering. */
    returns: integer('returns').notNull().default(0),
    /** Since when somebody is looked for: it opened, it came back, or who took it on does no longer; null = since it opened. */
    openSince: instant('open_since'),
    /** When the technical owner was called since then; null = not yet. */
    calledAt: instant('called_at'),
    /** How many steps of the flow's ladder were taken since then. */
    rung: integer('rung').notNull().default(0),
    /** What happened, for people; the newest event's words. */
    message: text('message').notNull(),
    data: jsonb('data').$type<IncidentData>().notNull(),
  },
  (t) => [
    uniqueIndex('incidents_one_open').on(t.key).where(sql`${t.state} <> 'recovered'`),
    index('incidents_recent').on(t.flow, t.openedAt),
  ],
);

export interface IncidentData {
  /** Changes of the flow that wait for this, now. */
  waiting?: number;
  /** As it was when the problem opened: the thread says when it doubles. */
  waitingAtOpening?: number;
  /** For `busy` and `budget`; ISO 8601. */
  resumeAt?: string;
  field?: string;
  /** For `drift`: a vendor asks for something, as it says where it refuses records. */
  demand?: boolean;
  /** For `late`: the slot that did not run; ISO 8601. */
  missedSlot?: string;
  /** For `volume`: from when it is counted (ISO 8601), and whether fewer changed than usual, not more. */
  since?: string;
  fewer?: boolean;
  /** At recovery: changes that went through since. */
  caughtUp?: number;
}

export const incidentEvents = pgTable(
  'incident_events',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    incidentId: integer('incident_id')
      .notNull()
      .references(() => incidents.id),
    at: instant('at').notNull(),
    kind: text('kind')
      .$type<'opened' | 'again' | 'worse' | 'acknowledged' | 'snoozed' | 'woken' | 'returned' | 'recovered'>()
      .notNull(),
    runId: integer('run_id'),
    actor: text('actor'),
    message: text('message').notNull(),
  },
  (t) => [index('incident_events_by_incident').on(t.incidentId, t.id)],
);

/** What happened to a problem, oldest first; how often it was met in between is counted. */
export interface IncidentHistory {
  readonly happenings: readonly {
    readonly at: Date;
    readonly kind: Exclude<(typeof incidentEvents.$inferSelect)['kind'], 'again'>;
    readonly by: string | null;
    readonly message: string;
  }[];
  readonly met: { readonly times: number; readonly last: Date | null };
}
