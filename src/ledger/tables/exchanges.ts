import { bigint, bigserial, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { BudgetState } from '../connections/budget-state.ts';
import { instant, jsonb } from './columns.ts';

/** One HTTP request to a vendor and its response, redacted before it gets here. */
export const exchanges = pgTable(
  'exchanges',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    at: instant('at').notNull(),
    connection: text('connection').notNull(),
    purpose: text('purpose').notNull(),
    method: text('method').notNull(),
    url: text('url').notNull(),
    attempt: integer('attempt').notNull(),
    /** Null when no response came. */
    status: integer('status'),
    durationMs: integer('duration_ms').notNull(),
    error: text('error'),
    /** Redacted. Bodies are kept for writes and failures only; reads keep their hash. */
    requestBody: jsonb('request_body'),
    responseBody: jsonb('response_body'),
    responseHash: text('response_hash'),
    headers: jsonb('headers').$type<Record<string, string>>(),
    runId: bigint('run_id', { mode: 'number' }),
  },
  (t) => [index('exchanges_by_run').on(t.runId), index('exchanges_recent').on(t.connection, t.at)],
);

/** Which changes an exchange served: a page of a hundred records serves many. */
export const exchangeChanges = pgTable(
  'exchange_changes',
  {
    changeId: text('change_id').notNull(),
    exchangeId: bigint('exchange_id', { mode: 'number' }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.changeId, t.exchangeId] }),
    index('exchange_changes_by_exchange').on(t.exchangeId),
  ],
);

/** Calls of a connection that all replicas have taken together. One row each, of `day`; `minute` was an older version's. */
export const budgets = pgTable(
  'budgets',
  {
    connection: text('connection').notNull(),
    span: text('span').$type<'minute' | 'day'>().notNull(),
    windowStart: instant('window_start').notNull(),
    used: integer('used').notNull(),
    /** The vendor's own word on what is left, where its headers say. */
    vendorRemaining: integer('vendor_remaining'),
    /** Set after a 429: nothing goes out before. */
    closedUntil: instant('closed_until'),
    /** All of it; the other columns show its day. */
    state: jsonb('state').$type<BudgetState>(),
    revision: integer('revision').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.connection, t.span] })],
);
