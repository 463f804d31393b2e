import {
  bigint,
  boolean,
  foreignKey,
  index,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { AlsoRead } from '../../connectors/connector.ts';
import type { FieldValue, ObservedState } from '../../entities/field.ts';
import { instant, jsonb } from './columns.ts';

/** One business thing of an entity. `keyValue` is its strong key (the ABN's 11 digits for a customer), null while it has none. */
export const records = pgTable(
  'records',
  {
    id: text('id').primaryKey(),
    entity: text('entity').notNull(),
    title: text('title').notNull(),
    keyValue: text('key_value'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [uniqueIndex('records_strong_key').on(t.entity, t.keyValue)],
);

/** Which external id of a connection plays which role of a record. `how` says by what evidence the link was made. */
export const links = pgTable(
  'links',
  {
    recordId: text('record_id')
      .notNull()
      .references(() => records.id),
    connection: text('connection').notNull(),
    role: text('role').notNull(),
    externalId: text('external_id').notNull(),
    how: text('how').notNull(),
    linkedAt: instant('linked_at').notNull(),
    archived: boolean('archived').notNull().default(false),
    url: text('url'),
    /** The vendor's other records that this one was put together from, such as HubSpot's billing contact. */
    also: jsonb('also').$type<AlsoRead[]>().notNull().default([]),
    /** The vendor's own time of the newest state that we read or wrote; an older observation is dropped. */
    vendorAt: instant('vendor_at'),
    /** When we last read it. */
    readAt: instant('read_at'),
  },
  (t) => [
    primaryKey({ columns: [t.recordId, t.connection, t.role] }),
    uniqueIndex('links_external').on(t.connection, t.role, t.externalId),
  ],
);

/** Per field of a record, the one value last settled between all systems. */
export const agreed = pgTable(
  'agreed',
  {
    recordId: text('record_id')
      .notNull()
      .references(() => records.id),
    field: text('field').notNull(),
    value: jsonb('value').$type<FieldValue>(),
    settledAt: instant('settled_at').notNull(),
    /** Who or what settled it: a Slack user id, `rule:overwrite`, `rule:review`, `first_load`, `same`. */
    settledBy: text('settled_by').notNull(),
    changeId: text('change_id'),
    agreementVersion: bigint('agreement_version', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.recordId, t.field] })],
);

/** Per field and connection, the value last observed there or read back after our own write. */
export const bases = pgTable(
  'bases',
  {
    recordId: text('record_id').notNull(),
    connection: text('connection').notNull(),
    role: text('role').notNull(),
    field: text('field').notNull(),
    state: text('state').$type<ObservedState>().notNull(),
    value: jsonb('value').$type<FieldValue>(),
    origin: text('origin').$type<'observed' | 'read_back'>().notNull(),
    at: instant('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.recordId, t.connection, t.field] }),
    foreignKey({
      columns: [t.recordId, t.connection, t.role],
      foreignColumns: [links.recordId, links.connection, links.role],
    }),
    index('bases_by_record').on(t.recordId),
  ],
);
