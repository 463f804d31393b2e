import { sql } from 'drizzle-orm';
import { index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { instant, jsonb } from './columns.ts';

/**
 * What Slack should show. A `card` is one message that is edited as its subject develops; a `line` is said once in a card's
 * thread; a `note` is a top-level or direct message said once. Facts are named, never stored as text: the sender draws them
 * when it sends, so ten changes in a second are one edit.
 */
export const outbox = pgTable(
  'outbox',
  {
    /** Unique and opaque; also the post's metadata, by which it is found again after an unknown outcome. */
    key: text('key').primaryKey(),
    kind: text('kind').$type<'card' | 'line' | 'note'>().notNull(),
    /** `change:tr-…`, `incident:118`, `queue:<flow>`, `first_load:<flow>`, `agreement:<version>/<flow>`. */
    subject: text('subject').notNull(),
    flow: text('flow').notNull(),
    /** For lines and notes: which sentence. */
    template: text('template'),
    params: jsonb('params').$type<Record<string, unknown>>().notNull(),
    /** 0 first: alerts 0, decisions 1, the rest 2. */
    rank: integer('rank').notNull(),
    wanted: integer('wanted').notNull(),
    sent: integer('sent').notNull().default(0),
    state: text('state').$type<'waiting' | 'sending' | 'unknown' | 'sent' | 'unplaceable'>().notNull(),
    attempts: integer('attempts').notNull().default(0),
    notBefore: instant('not_before').notNull(),
    channel: text('channel'),
    ts: text('ts'),
    error: text('error'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    // In the order in which they are sent: a burst of thousands is not sorted for each handful.
    index('outbox_in_order').on(t.rank, t.createdAt, t.key).where(sql`${t.state} <> 'sent'`),
    index('outbox_by_subject').on(t.subject),
  ],
);
