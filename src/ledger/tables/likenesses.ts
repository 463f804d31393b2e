import { sql } from 'drizzle-orm';
import { bigserial, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { instant, jsonb } from './columns.ts';

/** `same` and `different` count until they are undone; `withdrawn` = nobody has to say any more. */
export type LikenessState = 'open' | 'same' | 'different' | 'withdrawn';

/** One thing that speaks for, or against, two records being one. */
export interface Evidence {
  /** The strong key's field, the name of an entity's sign, or `merged`: a system made one of them. */
  field: string;
  /** As people read them; null = nothing is there. */
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
  /** ISO 8601. */
  at: string;
  /** The strong keys that they had before. */
  keptKey: string | null;
  takenRecord: { title: string; keyValue: string | null };
  /** The links that came from the one that was taken. */
  moved: (Place & { how: string })[];
  /** Places of the other that were archived, or merged away, where one in use came. */
  gaveWay: (Place & { how: string })[];
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
    /** Where the two were when it was asked: *different* is remembered by these, whatever record they belong to later. */
    leftPlaces: jsonb('left_places').$type<Place[]>().notNull(),
    rightPlaces: jsonb('right_places').$type<Place[]>().notNull(),
    leftTitle: text('left_title').notNull(),
    rightTitle: text('right_title').notNull(),
    evidence: jsonb('evidence').$type<Evidence[]>().notNull(),
    /** How much speaks for it: the best evidence is asked about first. */
    points: integer('points').notNull(),
    revision: integer('revision').notNull(),
    askedAt: instant('asked_at').notNull(),
    /** When the two were last held against each other. */
    checkedAt: instant('checked_at').notNull(),
    answeredBy: text('answered_by'),
    answeredAt: instant('answered_at'),
    /** Null until a run has made them one. */
    joined: jsonb('joined').$type<Joined>(),
    undoneBy: text('undone_by'),
    undoneAt: instant('undone_at'),
    /** When a run took them apart again. */
    apartAt: instant('apart_at'),
    note: text('note'),
  },
  (t) => [
    uniqueIndex('likenesses_one_open').on(t.leftRecord, t.rightRecord).where(sql`${t.state} = 'open'`),
    index('likenesses_by_flow').on(t.flow, t.state),
    index('likenesses_joined').on(sql`(${t.joined} ->> 'taken')`),
  ],
);

/** What a record could be recognised by: a hash for each name, number and address that a system ever held of it. Only looked up. */
export const looks = pgTable(
  'looks',
  { clue: text('clue').notNull(), recordId: text('record_id').notNull() },
  (t) => [primaryKey({ columns: [t.clue, t.recordId] })],
);
