import { ne } from 'drizzle-orm';
import type { Db } from '#src/ledger/db.ts';
import { incidents } from '#src/ledger/tables/index.ts';

/** The problems that are open now. */
export const openIncidents = (db: Db) => db.select().from(incidents).where(ne(incidents.state, 'recovered'));
