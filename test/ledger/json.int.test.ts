import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { facts } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';

describeOnBothDatabases('a JSON value', (open) => {
  it('comes back as it was stored, also a string that looks like something else', async () => {
    const { db } = await open();
    const values = [
      '41952957336',
      'null',
      '"quoted"',
      'true',
      '[1]',
      'plain',
      7,
      { value: '41952957336' },
      ['2019'],
    ];
    for (const [i, value] of values.entries()) {
      const name = `fact ${i}`;
      await db.insert(facts).values({ name, value, at: new Date(0) });
      const [row] = await db.select().from(facts).where(eq(facts.name, name));
      expect(row?.value).toEqual(value);
    }
  });
});
