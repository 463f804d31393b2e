import { sql } from 'drizzle-orm';
import { openDatabase } from '#src/ledger/database.ts';

/** A process of its own for tests: opens the data folder named in its argument and inserts for ever, telling each row that was acknowledged. */
const { db } = await openDatabase({ databaseUrl: null, dataDir: process.argv[2] ?? '', log: console });
await db.execute(sql`create table if not exists seen (n int primary key)`);
for (let n = 1; ; n++) {
  await db.execute(sql`insert into seen values (${n}) on conflict do nothing`);
  process.stdout.write(`${n}\n`);
}
