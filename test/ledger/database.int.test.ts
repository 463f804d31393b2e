import { sql } from 'drizzle-orm';
import { PgBoss } from 'pg-boss';
import { expect, it } from 'vitest';
import { tendDatabase } from '#src/ledger/database.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';

describeOnBothDatabases('the database', (open) => {
  it('keeps the queries of concurrent clients apart', async () => {
    const { db } = await open();
    const answers = await Promise.all(
      Array.from({ length: 400 }, async (_, i) => {
        const query =
          i % 2 ? sql`select ${`x${i}`}::text as a` : sql`select ${`x${i}`}::text as a, ${i}::int as b`;
        const [row] = await db.execute<{ a: string }>(query);
        return row?.a;
      }),
    );
    expect(answers).toEqual(answers.map((_, i) => `x${i}`));
  });

  it('lets pg-boss send and work a job through its own pool', async () => {
    const { url } = await open();
    const boss = new PgBoss({ connectionString: url, max: 2 });
    await boss.start();
    await boss.createQueue('wake');
    const worked = Promise.withResolvers<object>();
    await boss.work<object>('wake', { pollingIntervalSeconds: 0.5 }, async ([job]) =>
      worked.resolve(job?.data ?? {}),
    );
    await boss.send('wake', { flow: 'customers' });
    await expect(worked.promise).resolves.toEqual({ flow: 'customers' });
    await boss.stop({ graceful: false });
  });

  it('can be tended while in use', async () => {
    const database = await open();
    const [, rows] = await Promise.all([tendDatabase(database), database.db.execute(sql`select 1 as one`)]);
    expect(rows[0]).toEqual({ one: 1 });
  });
});
