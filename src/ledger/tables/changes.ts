import { sql } from 'drizzle-orm';
import {
  bigint,
  bigserial,
  boolean,
  index,
  integer,
  pgSequence,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { FieldValue } from '../../entities/field.ts';
import { instant, jsonb, type Veiled } from './columns.ts';
import { records } from './records.ts';

/** Feeds the correlation IDs: a number is given once. */
export const correlationIds = pgSequence('correlation_ids', { startWith: 1, maxValue: '1125899906842623' });

export type ChangeState = 'open' | 'asking' | 'writing' | 'held' | 'failed' | 'settled' | 'withdrawn';
export type HoldReason =
  | 'no_key'
  | 'invalid_key'
  | 'duplicate_key'
  | 'not_linked'
  | 'first_load'
  | 'malformed'
  | 'archived'
  | 'tug_of_war'
  | 'name_taken'
  | 'merged'
  /** Our mark on a vendor's record says another record than its key does. */
  | 'mark_contradicts'
  /** Perhaps the same as another: a person is asked. */
  | 'maybe_same'
  | 'safety_stop'
  /** Gone from a system: a person is asked what follows. */
  | 'gone'
  | 'rolled_back'
  /** Something that it refers to is not where it goes yet. */
  | 'waits_for_other'
  /** A system lets nothing be written to it any more. */
  | 'locked';

/** A record's trip from a first difference to settled. Its id is the correlation ID (`tr-` and ten characters). One open change per record and flow. */
export const changes = pgTable(
  'changes',
  {
    id: text('id').primaryKey(),
    flow: text('flow').notNull(),
    /** Null only for a record that could not be read at all (malformed): then `subject` names it. */
    recordId: text('record_id').references(() => records.id),
    subject: text('subject').notNull(),
    state: text('state').$type<ChangeState>().notNull(),
    hold: text('hold').$type<HoldReason>(),
    holdDetail: text('hold_detail'),
    /** Counts every change of what people are shown; a click made on an older revision is refused. */
    revision: integer('revision').notNull(),
    openedAt: instant('opened_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    closedAt: instant('closed_at'),
    runId: bigint('run_id', { mode: 'number' }),
    agreementVersion: integer('agreement_version').notNull(),
    /** Times that Truce tried by itself to bring it to its end, and did not. */
    attempts: integer('attempts').notNull().default(0),
    /** When it tries again by itself; null = only when a person asks, or something moves. */
    nextTryAt: instant('next_try_at'),
  },
  (t) => [
    uniqueIndex('changes_one_open').on(t.recordId, t.flow).where(sql`${t.closedAt} is null`),
    uniqueIndex('changes_one_malformed')
      .on(t.flow, t.subject)
      .where(sql`${t.closedAt} is null and ${t.recordId} is null`),
    index('changes_recent').on(t.flow, t.updatedAt),
    index('changes_by_record').on(t.recordId),
    index('changes_open').on(t.flow, t.hold).where(sql`${t.closedAt} is null`),
  ],
);

export type StoryKind =
  | 'read'
  | 'compared'
  | 'asked'
  | 'moved'
  | 'decided'
  | 'ruled'
  | 'sent'
  | 'saved'
  | 'made'
  | 'refused'
  | 'unknown'
  | 'read_back'
  | 'held'
  | 'released'
  | 'settled'
  | 'failed'
  | 'withdrawn'
  | 'reprocess'
  /** The first of two people has chosen. */
  | 'approved'
  /** What the first of two people chose counts no longer. */
  | 'unapproved'
  /** A person typed the value that goes out instead. */
  | 'edited'
  /** A person said of two records that they are one, or are not. */
  | 'same'
  | 'different'
  | 'undone'
  | 'gone'
  | 'stopped'
  | 'rolled_back'
  | 'retried'
  /** A person had all that is known of the record's values forgotten. */
  | 'erased';

/**
 * The story of a change, one line per step, in order: what `lookup` tells. No reference to the change, as to look at it for each of
 * a dozen lines took most of the time of telling them; nothing ever deletes a change. Values in `data` are sealed: `openStory`.
 */
export const story = pgTable(
  'story',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    changeId: text('change_id').notNull(),
    at: instant('at').notNull(),
    kind: text('kind').$type<StoryKind>().notNull(),
    connection: text('connection'),
    field: text('field'),
    /** A Slack user id, or `rule:<name>`, or null for Truce itself. */
    actor: text('actor'),
    data: jsonb('data').$type<Record<string, unknown>>().notNull(),
  },
  (t) => [index('story_by_change').on(t.changeId, t.id)],
);

export type ConflictState = 'open' | 'decided_pending' | 'confirmed' | 'failed' | 'withdrawn' | 'expired';
/** One value that a person may choose, and which systems hold it. */
export interface ConflictOption {
  connection: string;
  value: FieldValue | null;
  /** True where this system still holds what was agreed before. */
  asAgreed: boolean;
  /** When, by the vendor's word, it last changed there; ISO 8601. */
  changedAt: string | null;
  /** Who changed it, where the vendor tells. */
  changedBy: string | null;
}

/** What was chosen. `first` = who approved it before, where the agreement asks two people. */
export interface ConflictChoice {
  value: FieldValue | null;
  from: string;
  by: string;
  at: string;
  first?: { by: string; at: string };
}

/** One field of one record that a person decides. */
export const conflicts = pgTable(
  'conflicts',
  {
    id: text('id').primaryKey(),
    changeId: text('change_id')
      .notNull()
      .references(() => changes.id),
    recordId: text('record_id').notNull(),
    flow: text('flow').notNull(),
    field: text('field').notNull(),
    state: text('state').$type<ConflictState>().notNull(),
    options: jsonb('options').$type<ConflictOption[]>().notNull(),
    /** The change's revision at which these options last moved: a click made on an older one is refused. */
    optionsRevision: integer('options_revision').notNull(),
    agreedBefore: jsonb('agreed_before').$type<FieldValue>(),
    openedAt: instant('opened_at').notNull(),
    deadline: instant('deadline'),
    fallback: text('fallback').$type<'keep' | 'owner_wins' | 'hold'>().notNull(),
    closedAt: instant('closed_at'),
    chosen: jsonb('chosen').$type<ConflictChoice>(),
    note: text('note'),
  },
  (t) => [
    uniqueIndex('conflicts_one_open').on(t.recordId, t.field).where(sql`${t.closedAt} is null`),
    index('conflicts_open').on(t.flow).where(sql`${t.closedAt} is null`),
    index('conflicts_by_change').on(t.changeId),
    index('conflicts_by_record').on(t.recordId),
  ],
);

/** Every decision of a person, for ever: who chose what, when, on which agreement, from which revision of the message. */
export const decisions = pgTable(
  'decisions',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    conflictId: text('conflict_id')
      .notNull()
      .references(() => conflicts.id),
    changeId: text('change_id').notNull(),
    field: text('field').notNull(),
    by: text('by').notNull(),
    at: instant('at').notNull(),
    from: text('from').notNull(),
    /** Of what is sealed `true`, or null where it is empty. */
    value: jsonb('value').$type<Veiled>(),
    /** The value, under the record's key; null = it stands in `value`. */
    sealed: text('sealed'),
    revision: integer('revision').notNull(),
    agreementVersion: integer('agreement_version').notNull(),
  },
  (t) => [uniqueIndex('decisions_once').on(t.conflictId)],
);

/**
 * Why a first approval counts no longer: a value moved; its person took it back; a person chose otherwise, or kept what was
 * agreed before; the question itself ended; its person may not approve any more.
 */
export type ApprovalEnd = 'moved' | 'taken_back' | 'replaced' | 'kept' | 'over' | 'not_allowed';

/** What a first person chose where the agreement asks two. The second one's decision says that it counted. */
export const approvals = pgTable(
  'approvals',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    conflictId: text('conflict_id')
      .notNull()
      .references(() => conflicts.id),
    changeId: text('change_id').notNull(),
    field: text('field').notNull(),
    by: text('by').notNull(),
    at: instant('at').notNull(),
    from: text('from').notNull(),
    value: jsonb('value').$type<FieldValue>(),
    /** The change's revision with which people were first shown it: approved on an older one, it was not this value. */
    revision: integer('revision').notNull(),
    agreementVersion: integer('agreement_version').notNull(),
    withdrawnAt: instant('withdrawn_at'),
    withdrawnBecause: text('withdrawn_because').$type<ApprovalEnd>(),
  },
  (t) => [
    uniqueIndex('approvals_one_open').on(t.conflictId).where(sql`${t.withdrawnAt} is null`),
    index('approvals_by_change').on(t.changeId),
  ],
);

export type IntentState = 'in_flight' | 'done' | 'refused' | 'unknown' | 'abandoned';

/** A write about to be sent; committed before the request, its outcome after. At most one in flight per record and connection. */
export const intents = pgTable(
  'intents',
  {
    id: text('id').primaryKey(),
    changeId: text('change_id')
      .notNull()
      .references(() => changes.id),
    recordId: text('record_id').notNull(),
    connection: text('connection').notNull(),
    kind: text('kind').$type<'update' | 'create'>().notNull().default('update'),
    /** Null for a create, until it is known. */
    externalId: text('external_id'),
    /** What is sent, and what was there before; of what is sealed `true`, or null where it is empty. */
    fields: jsonb('fields').$type<Record<string, Veiled>>().notNull(),
    before: jsonb('before').$type<Record<string, Veiled>>().notNull(),
    /** The values, under the record's key; null = they stand in `fields` and `before`. */
    sealed: text('sealed'),
    payloadHash: text('payload_hash').notNull(),
    state: text('state').$type<IntentState>().notNull(),
    reason: text('reason'),
    /** True where it was refused before the system was asked: the record itself lacks something, and `reason` says what. */
    unasked: boolean('unasked').notNull().default(false),
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    agreementVersion: integer('agreement_version').notNull(),
    committedAt: instant('committed_at').notNull(),
    finishedAt: instant('finished_at'),
  },
  (t) => [
    uniqueIndex('intents_one_in_flight')
      .on(t.recordId, t.connection)
      .where(sql`${t.state} in ('in_flight', 'unknown')`),
    index('intents_by_change').on(t.changeId),
    index('intents_plain').on(t.id).where(sql`${t.sealed} is null`),
    index('intents_that_create').on(t.recordId).where(sql`${t.kind} = 'create'`),
  ],
);

/** Field by field and target by target: what a change still has to bring where. Gone when the target was read back with it. */
export const pending = pgTable(
  'pending',
  {
    recordId: text('record_id').notNull(),
    field: text('field').notNull(),
    changeId: text('change_id')
      .notNull()
      .references(() => changes.id),
    value: jsonb('value').$type<FieldValue>(),
    /** `rule:<name>` or the Slack user id of who decided. */
    by: text('by').notNull(),
    since: instant('since').notNull(),
  },
  (t) => [primaryKey({ columns: [t.recordId, t.field] })],
);
