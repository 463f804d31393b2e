import { inArray, sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import type { DbOrTx } from '#src/ledger/db.ts';
import { facts } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';

/** The session's own list of what it keeps. */
async function keptOf(db: DbOrTx): Promise<string[]> {
  const rows = await db.execute<{ statement: string }>(
    'select statement from pg_prepared_statements order by prepare_time',
  );
  return rows.map((row) => row.statement).filter((statement) => statement.includes('from "facts"'));
}

const look = (db: DbOrTx, names: readonly string[]) =>
  db
    .select({ name: facts.name })
    .from(facts)
    .where(inArray(facts.name, [...names]));
const many = (count: number) => Array.from({ length: count }, (_, i) => `fact ${i}`);

describeOnBothDatabases('a statement', (open) => {
  it('is kept by the session that carried it out, once, in a transaction and within a part of one', async () => {
    const { db } = await open();
    const kept = await db.transaction(async (tx) => {
      await look(tx, many(2));
      await look(tx, many(2));
      await tx.transaction((part) => look(part, many(2)));
      return keptOf(tx);
    });
    expect(kept).toHaveLength(1);
  });

  it('is not kept with a long list of values, of which each length makes another', async () => {
    const { db } = await open();
    const kept = await db.transaction(async (tx) => {
      for (const count of [41, 42, 200]) await look(tx, many(count));
      return keptOf(tx);
    });
    expect(kept).toEqual([]);
  });

  it('finds what was stored since it was first carried out, in a table that was empty then', async () => {
    const { db } = await open();
    await db.transaction(async (tx) => {
      expect(await look(tx, ['fact 3', 'fact 4'])).toEqual([]);
      const at = new Date(Date.UTC(2026, 10, 21));
      await tx.insert(facts).values(many(2_000).map((name) => ({ name, value: {}, at })));
      expect(await look(tx, ['fact 3', 'fact 4'])).toHaveLength(2);
      const [plan] = await tx.execute<{ mode: string }>(
        sql`select current_setting('plan_cache_mode') as mode`,
      );
      expect(plan?.mode).toBe('force_custom_plan');
    });
  });
});
