import { timestamp } from 'drizzle-orm/pg-core';

/** An instant, stored with zone, millisecond precision, as a `Date` in code. Always written by us: no column defaults to the database's own clock. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 });
