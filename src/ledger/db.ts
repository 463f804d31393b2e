import type { ExtractTablesWithRelations } from 'drizzle-orm';
import type { PostgresJsDatabase, PostgresJsTransaction } from 'drizzle-orm/postgres-js';
import type * as tables from './tables/index.ts';

/** The ledger's database, PostgreSQL or embedded PGlite: one driver, one schema, one code path. */
export type Db = PostgresJsDatabase<typeof tables>;
export type Tx = PostgresJsTransaction<typeof tables, ExtractTablesWithRelations<typeof tables>>;
/** Where a query does not care whether it runs inside a transaction. */
export type DbOrTx = Db | Tx;
