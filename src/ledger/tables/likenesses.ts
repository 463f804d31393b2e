import { sql } from 'drizzle-orm';
import { bigserial, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { instant, jsonb } from './columns.ts';

export type LikenessState = 'open' | 'same' | 'different' | 'withdrawn';

/** One thing that speaks for, or against, two records being one. */
export interface Evidence {
  /** The field, or `name` for what is told from both names. */
  field: string;
  left: string | null;
  right: string | null;
  says: 'same' | 'alike' | 'different' | 'missing';
}

/** A record's place in a system. */
export interface Place {
  connection: string;
  role: string;
  externalId: string;
}

/** What *same* moved, so that *undo* can put it back. */
export interface Joined {
  /** The record that went on, and the one that was taken into it. */
  kept: string;
  taken: string;
  takenRecord: { title: string; keyValue: string | null };
  /** The links that came from the one that was taken. */
  moved: Place[];
}

/** Two records of which weak evidence says that they may be one: a question to a person, and its answer for ever. */
export const likenesses = pgTable(
  'likenesses',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    flow: text('flow').notNull(),
    state: text('state').$type<LikenessState>().notNull(),
    leftRecord: text('left_record').notNull(),
    rightRecord: text('right_record').notNull(),
    /** Where the two were when it was answered: *different* is remembered by these, whatever record they belong to later. */
    leftPlaces: jsonb('left_places').$type<Place[]>().notNull(),
    rightPlaces: jsonb('right_places').$type<Place[]>().notNull(),
    evidence: jsonb('evidence').$type<Evidence[]>().notNull(),
    revision: integer('revision').notNull(),
    askedAt: instant('asked_at').notNull(),
    answeredBy: text('answered_by'),
    answeredAt: instant('answered_at'),
    joined: jsonb('joined').$type<Joined>(),
    undoneBy: text('undone_by'),
    undoneAt: instant('undone_at'),
    note: text('note'),
  },
  (t) => [
    uniqueIndex('likenesses_one_open').on(t.leftRecord, t.rightRecord).where(sql`${t.state} = 'open'`),
    index('likenesses_by_flow').on(t.flow, t.state),
  ],
);
