import { sql } from 'drizzle-orm';
import {
  bigint,
  bigserial,
  boolean,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { FailureCause, Observation } from '../../connectors/connector.ts';
import { instant, jsonb } from './columns.ts';

export type RunTrigger =
  | 'schedule'
  | 'command'
  | 'hint'
  | 'decision'
  | 'reprocess'
  | 'recovery'
  | 'sweep'
  | 'rollback';
export type RunState = 'running' | 'done' | 'failed' | 'parked' | 'abandoned';
export interface RunFailure {
  cause: FailureCause;
  connection: string | null;
  /** What happened, in words for people; holds no secret and no personal value. */
  message: string;
  /** For `busy` and `budget`: when the vendor or the budget lets us go on. ISO 8601. */
  resumeAt?: string;
  /** For `drift`: the field that cannot be read any more, and the vendor's key that it was read from. */
  field?: string;
  key?: string;
}
/** What a run has to say of itself beside its failures, said at its start or its end. */
export type RunNote =
  /** It cannot finish inside what is left of the day's calls. */
  | {
      kind: 'budget_short';
      connection: string;
      needs: number;
      left: number;
      resumeAt: string;
      message: string;
    }
  /** Nothing was read where much is usual. */
  | { kind: 'zero_rows'; connection: string; usual: number; message: string };
export interface RunCounts {
  read: number;
  changed: number;
  written: number;
  settled: number;
  conflicts: number;
  held: number;
  malformed: number;
  /** By connection, how many records its list named; one whose list was not read to its end is left out. */
  named?: Record<string, number>;
  /** By connection of which everything was listed, how many records the agreement leaves as they are; left out where it leaves none. */
  leftOut?: Record<string, number>;
}

/** One run of a flow. Unique on (flow, slot): whatever wakes it, however often, a slot runs once. */
export const runs = pgTable(
  'runs',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    flow: text('flow').notNull(),
    slot: instant('slot').notNull(),
    trigger: text('trigger').$type<RunTrigger>().notNull(),
    state: text('state').$type<RunState>().notNull(),
    epoch: integer('epoch').notNull(),
    owner: text('owner').notNull(),
    correlationId: text('correlation_id').notNull(),
    agreementVersion: integer('agreement_version').notNull(),
    /** For runs of named records only (a decision, a reprocess, a hint): their record ids; null = whatever changed. */
    targets: jsonb('targets').$type<string[]>(),
    askedBy: text('asked_by'),
    startedAt: instant('started_at').notNull(),
    finishedAt: instant('finished_at'),
    counts: jsonb('counts').$type<RunCounts>(),
    failures: jsonb('failures').$type<RunFailure[]>(),
    resumeAt: instant('resume_at'),
    notes: jsonb('notes').$type<RunNote[]>(),
    /** False until the alerts have looked at how it ended. */
    judged: boolean('judged').notNull().default(false),
  },
  (t) => [
    uniqueIndex('runs_slot').on(t.flow, t.slot),
    index('runs_to_judge').on(t.finishedAt).where(sql`not ${t.judged}`),
    index('runs_recent').on(t.flow, t.startedAt),
  ],
);

/** Who may do something exclusive until when. `epoch` grows with each new holder; a write of an older epoch is refused. */
export const leases = pgTable('leases', {
  name: text('name').primaryKey(),
  owner: text('owner').notNull(),
  until: instant('until').notNull(),
  epoch: integer('epoch').notNull(),
});

/** Up to where a flow has read a connection. Moves in the same transaction that stores the page. */
export const cursors = pgTable(
  'cursors',
  {
    flow: text('flow').notNull(),
    connection: text('connection').notNull(),
    at: instant('at').notNull(),
    movedBy: bigint('moved_by', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.flow, t.connection] })],
);

/** staged → matched (its record is known) → done (compared); or dropped (older than what we know), or malformed. */
export type StagedState = 'staged' | 'matched' | 'done' | 'dropped' | 'malformed';

/** What a page brought, exactly once durable before anything is done with it. */
export const staged = pgTable(
  'staged',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    flow: text('flow').notNull(),
    connection: text('connection').notNull(),
    externalId: text('external_id').notNull(),
    observation: jsonb('observation').$type<Observation>(),
    state: text('state').$type<StagedState>().notNull(),
    reason: text('reason'),
    exchangeId: bigint('exchange_id', { mode: 'number' }),
    recordId: text('record_id'),
    stagedAt: instant('staged_at').notNull(),
  },
  (t) => [
    index('staged_waiting')
      .on(t.flow, t.state, t.id)
      .where(sql`${t.state} in ('staged', 'matched', 'malformed')`),
    index('staged_by_record').on(t.recordId),
  ],
);

/** A webhook's word that something changed. It only makes us read. */
export const hints = pgTable(
  'hints',
  {
    connection: text('connection').notNull(),
    /** Which kind of record it is; '' = nobody could say, and every flow of the connection reads it. */
    entity: text('entity').notNull().default(''),
    externalId: text('external_id').notNull(),
    receivedAt: instant('received_at').notNull(),
    events: integer('events').notNull(),
    /** Flow → how many of the events it has read: a connection may have several. */
    readBy: jsonb('read_by').$type<Record<string, number>>().notNull().default({}),
  },
  (t) => [primaryKey({ columns: [t.connection, t.entity, t.externalId] })],
);

/** Small durable facts about the installation itself: first-load approvals, heartbeats, when Truce was last alive. */
export const facts = pgTable('facts', {
  name: text('name').primaryKey(),
  value: jsonb('value').notNull(),
  at: instant('at').notNull(),
});
