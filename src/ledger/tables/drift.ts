import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { ShapeDrift } from '../../connectors/http/shape-watch.ts';
import { instant, jsonb } from './columns.ts';

/** Path (`contacts[].phones[].number`) → the JSON types seen there. */
export type Shape = Record<string, string[]>;

/** What a vendor's answers look like, endpoint by endpoint: what differs from it tomorrow is named. */
export const shapes = pgTable(
  'shapes',
  {
    connection: text('connection').notNull(),
    endpoint: text('endpoint').notNull(),
    shape: jsonb('shape').$type<Shape>().notNull(),
    /** Path → how often it was there; with `{}` behind it, how often it was an object. */
    counts: jsonb('counts').$type<Record<string, number>>().notNull(),
    /** What answers lack, or have otherwise, now. */
    drifts: jsonb('drifts').$type<ShapeDrift[]>().notNull(),
    firstSeenAt: instant('first_seen_at').notNull(),
    changedAt: instant('changed_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.connection, t.endpoint] })],
);

export type LossKind = 'cut' | 'ignored' | 'altered';

/** A value that a system did not keep as it was written: read back, it was something else. */
export const losses = pgTable(
  'losses',
  {
    connection: text('connection').notNull(),
    field: text('field').notNull(),
    recordId: text('record_id').notNull(),
    kind: text('kind').$type<LossKind>().notNull(),
    changeId: text('change_id').notNull(),
    since: instant('since').notNull(),
    lastAt: instant('last_at').notNull(),
    /** When a later writing of it was kept whole. */
    overAt: instant('over_at'),
  },
  (t) => [
    primaryKey({ columns: [t.connection, t.field, t.recordId] }),
    index('losses_by_field').on(t.connection, t.field, t.lastAt),
  ],
);
