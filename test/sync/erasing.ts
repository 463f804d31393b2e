import { eq, getTableName, is, sql } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import { expect } from 'vitest';
import { type EraseResult, eraseRecord } from '#src/ledger/sealing/erasures.ts';
import * as tables from '#src/ledger/tables/index.ts';
import type { TestDatabase } from '#test/support/database.ts';
import type { MemoryEngine, SystemId } from '#test/support/memory-engine.ts';

/** Who has records erased. */
export const priya = 'U0PRIYA001';

/** The tables in which one of these words stands in plain. */
export async function tellsOf(
  { db }: Pick<TestDatabase, 'db'>,
  words: readonly string[],
  only?: readonly string[],
): Promise<string[]> {
  const names = Object.values(tables).flatMap((one) => (is(one, PgTable) ? [getTableName(one)] : []));
  const found: string[] = [];
  for (const name of only ?? names) {
    const rows = await db.execute<{ row: string }>(sql`select t::text as row from ${sql.identifier(name)} t`);
    for (const word of words) if (rows.some(({ row }) => row.includes(word))) found.push(`${name}: ${word}`);
  }
  return found;
}

/** The record with this strong key. */
export async function recordOf({ database: { db } }: MemoryEngine, abn: string): Promise<string> {
  const [record] = await db.select().from(tables.records).where(eq(tables.records.keyValue, abn));
  return record?.id ?? expect.fail('no record');
}

/** Two nights pass. */
export async function sweep(engine: MemoryEngine): Promise<void> {
  for (let night = 0; night < 2; night++) {
    engine.clock.advance(24 * 3_600_000);
    await engine.run({ trigger: 'sweep' });
  }
}

/** The first record of each of these systems is gone for good. */
export async function goneFrom(engine: MemoryEngine, systems: readonly SystemId[]): Promise<void> {
  for (const system of systems) engine.systems[system].remove(`${system}-1`);
  await sweep(engine);
}

export const erase = (engine: MemoryEngine, recordId: string): Promise<EraseResult> =>
  eraseRecord(engine.database.db, {
    recordId,
    flows: ['customers'],
    by: priya,
    tell: priya,
    agreementVersion: engine.agreement.version,
    now: engine.clock.now(),
  });
