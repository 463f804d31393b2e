import { expect, it } from 'vitest';
import { manualClock } from '#src/clock.ts';
import { keepHouse } from '#src/jobs/housekeeping.ts';
import { askRollback, rollbackById } from '#src/ledger/rollback/rollbacks.ts';
import { rollbackItems, runs } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';

const day = 24 * 3_600_000;
const now = new Date('2026-11-20T01:00:00.000Z');

describeOnBothDatabases('housekeeping', (open) => {
  it('throws away old runs that changed nothing, and no others', async () => {
    const { db } = await open();
    const run = (slot: number, more: Partial<typeof runs.$inferInsert> = {}) => {
      const at = new Date(now.getTime() - slot * day);
      return {
        flow: 'customers',
        slot: at,
        trigger: 'schedule' as const,
        state: 'done' as const,
        epoch: 1,
        owner: 'me',
        correlationId: `tr-${slot}`,
        agreementVersion: 1,
        startedAt: at,
        finishedAt: at,
        counts: { read: 5, changed: 0, written: 0, settled: 0, conflicts: 0, held: 0, malformed: 0 },
        judged: true,
        ...more,
      };
    };
    const changed = { read: 5, changed: 1, written: 0, settled: 0, conflicts: 0, held: 0, malformed: 0 };
    await db
      .insert(runs)
      .values([
        run(1),
        run(29),
        run(31),
        run(32, { counts: changed }),
        run(33, { state: 'failed' }),
        run(34, { judged: false }),
      ]);
    await keepHouse({ db, clock: manualClock(now) });
    const left = await db.select({ id: runs.correlationId }).from(runs).orderBy(runs.id);
    expect(left.map(({ id }) => id)).toEqual(['tr-1', 'tr-29', 'tr-32', 'tr-33', 'tr-34']);
  });

  it('forgets what somebody wanted to undo and never approved, with the values that were found for it', async () => {
    const { db } = await open();
    const about = { scope: 'change', target: 'tr-1', flow: 'customers' } as const;
    const ask = (by: string, days: number) =>
      askRollback(db, { ...about, by, now: new Date(now.getTime() - days * day) });
    const [old, fresh] = [await ask('U0PRIYA001', 2), await ask('U0TOMW0001', 0.5)];
    const item = { recordId: 'r1', connection: 'xero', field: 'email', intentId: 'i1', changeId: 'tr-1' };
    const found = { ...item, written: 'a@example.com', verdict: 'goes_back' } as const;
    await db.insert(rollbackItems).values([
      { ...found, rollbackId: old },
      { ...found, rollbackId: fresh },
    ]);
    await keepHouse({ db, clock: manualClock(now) });
    expect((await rollbackById(db, old))?.state).toBe('dropped');
    expect((await rollbackById(db, fresh))?.state).toBe('asked');
    expect((await db.select().from(rollbackItems)).map((one) => one.rollbackId)).toEqual([fresh]);
  });
});
