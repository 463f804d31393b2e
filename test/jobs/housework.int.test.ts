import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { manualClock } from '#src/clock.ts';
import { doHousework } from '#src/jobs/housework.ts';
import { records, sightings } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';

const now = new Date('2026-11-22T01:00:00Z');

describeOnBothDatabases('housework', (open) => {
  test('is done in all its other parts where one part of it fails', async () => {
    const database = await open();
    const { db } = database;
    await db.insert(records).values({ id: 'one', entity: 'customer', title: 'one', createdAt: now });
    const fields = { email: { state: 'value' as const, value: 'a@plain.example' } };
    await db
      .insert(sightings)
      .values({ recordId: 'one', connection: 'xero', at: now, origin: 'observed', fields });
    // The first part cannot be done, nor the second.
    await db.execute(sql`alter table sign_ins rename to sign_ins_away`);
    const agreement = () => {
      throw new Error('no agreement');
    };
    const failed: unknown[] = [];
    const log = { warn: ({ step }: { step: string }) => failed.push(step) } as never;
    await doHousework({ database, clock: manualClock(now), log, agreement });
    expect(failed).toEqual(['throw away what nobody asks for', 'forget values in Slack']);
    const [row] = await db.select().from(sightings);
    expect(row?.fields).toEqual({ email: { state: 'value' } });
    expect(row?.sealed).toContain('v1.');
  });
});
