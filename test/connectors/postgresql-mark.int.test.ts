import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Mark } from '#src/connectors/connector.ts';
import { createPostgres } from '#src/connectors/postgresql/index.ts';
import { customersOf } from '#test/support/connections.ts';
import { companyDatabase, tableTerms } from '../support/company-database.ts';
import { describeOn } from '../support/database.ts';
import { call, clockAtNoon, memoryBudgets, memoryLog, memoryTokens, terms } from './kit.ts';

async function opened() {
  const database = await companyDatabase();
  await database.sql`insert into customers (company_name) values ('ONE'), ('TWO'), ('THREE')`;
  const { marking } = customersOf(
    createPostgres({
      terms: terms('postgresql', tableTerms(database.schema)),
      credential: () => database.url,
      http: { log: memoryLog(), budgets: memoryBudgets() },
      tokens: memoryTokens(),
      clock: clockAtNoon(),
    }),
  );
  if (!marking) throw new Error('the table has a marker column');
  return { ...database, marking };
}

const mark = (externalId: string, instead: string | null = null): Mark => ({
  key: `key-${externalId}`,
  externalId,
  marker: randomUUID(),
  instead,
});

describeOn('PostgreSQL', 'our id in rows that are there', () => {
  test('is all that an update changes, in one statement for all of them', async () => {
    const { marking, sql } = await opened();
    const before = await sql`select * from customers order by id`;
    const marks = ['1', '2', '3'].map((id) => mark(id));
    expect((await marking.mark(marks, call)).map(({ kind }) => kind)).toEqual(['saved', 'saved', 'saved']);
    expect(await sql`select * from customers order by id`).toEqual(
      before.map((row, i) => ({ ...row, truce_id: marks[i]?.marker })),
    );
  });

  test('takes no place but an empty one, or that of an id that gives way', async () => {
    const { marking, sql } = await opened();
    const [foreign, old] = [randomUUID(), randomUUID()];
    await sql`update customers set truce_id = ${foreign} where id = 1`;
    await sql`update customers set truce_id = ${old} where id = 2`;
    const marks = [mark('1'), mark('2', old), mark('3')];
    const outcomes = await marking.mark(marks, call);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['unknown', 'saved', 'saved']);
    const rows = await sql`select truce_id from customers order by id`;
    expect(rows.map(({ truce_id }) => truce_id)).toEqual([foreign, marks[1]?.marker, marks[2]?.marker]);
  });

  test('passes over a row that somebody is at, and waits for nobody', async () => {
    const { marking, sql } = await opened();
    const own = await sql.reserve();
    await own`begin`;
    await own`update customers set phone = '1' where id = 2`;
    const outcomes = await marking.mark([mark('1'), mark('2'), mark('3')], call);
    await own`rollback`;
    own.release();
    expect(outcomes.map(({ kind }) => kind)).toEqual(['saved', 'unknown', 'saved']);
  });

  test('says what is missing where the user may not write it', async () => {
    const { marking, sql, role } = await opened();
    await sql.unsafe(`revoke update on customers from ${role}; grant update (phone) on customers to ${role}`);
    await expect(marking.mark([mark('1')], call)).rejects.toMatchObject({ failure: 'refused' });
  });
});
