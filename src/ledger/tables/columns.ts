import { customType, timestamp } from 'drizzle-orm/pg-core';

/** An instant, stored with zone, millisecond precision, as a `Date` in code. Always written by us: no column defaults to the database's own clock. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 });

/**
 * A JSON value, given back as it was stored. Drizzle's own column parses once more what the driver has parsed already, so
 * that an ABN stored as the bare string "41952957336" came back as a number.
 */
export const jsonb = customType<{ data: unknown; driverData: unknown }>({
  dataType: () => 'jsonb',
  toDriver: (value) => JSON.stringify(value),
  fromDriver: (value) => value,
});

/** What stands in a column of values: the values themselves, or, beside a sealed text, only which there are. Read by `vault.ts` alone. */
export type Veiled = unknown;

/** A JSON text as it was written, its names in their order: for what people wrote in an order that counts. PostgreSQL sorts the names of a jsonb value. */
export const json = customType<{ data: unknown; driverData: unknown }>({
  dataType: () => 'json',
  toDriver: (value) => JSON.stringify(value),
  fromDriver: (value) => value,
});
