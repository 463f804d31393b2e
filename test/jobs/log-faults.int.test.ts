import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { chainOn, liveThrough } from './chain-stage.ts';

const hour = 3_600_000;
const day = 24 * hour;

describeOnBothDatabases('what a check of the log has found', (open) => {
  const begin = async () => {
    const { db } = await open();
    const set = chainOn(db);
    await liveThrough(db, 'tr-1');
    await set.settle();
    await set.night();
    const hours = async (n: number) => {
      for (let i = 0; i < n; i++) {
        set.clock.advance(hour);
        await set.chain.tick();
      }
    };
    const kinds = async () => (await set.faults()).map(({ kind, count }) => `${kind} ${count}`);
    return { db, ...set, hours, kinds };
  };

  it('stays known after the hourly look has moved on, until all of the log was looked at', async () => {
    const { db, clock, settle, hours, kinds, told, night } = await begin();
    // Midday at Sydney: the night is far.
    clock.set(new Date('2026-11-24T01:00:00Z'));
    await liveThrough(db, 'tr-2', { at: clock.now(), lines: 3 });
    await settle();
    await db.execute(sql`update story set actor = 'U0TOMW0001' where id = 5`);
    await hours(1);
    expect(await kinds()).toEqual(['changed 1']);
    await hours(6);
    expect(await kinds()).toEqual(['changed 1']);
    expect(told()).toBe(1);
    // Found by the night too, told no second time as another thing, and gone once a night finds it put back.
    await night();
    expect(await kinds()).toEqual(['changed 1']);
    await db.execute(sql`update story set actor = 'U0PRIYA001' where id = 5`);
    await hours(2);
    expect(await kinds()).toEqual(['changed 1']);
    await night();
    expect(await kinds()).toEqual([]);
    await hours(2);
    expect(await kinds()).toEqual([]);
  });

  it('stays known of a chain that was cut off for a month, told once, and no longer', async () => {
    const { db, clock, settle, hours, kinds, told, night } = await begin();
    clock.set(new Date('2026-11-24T01:00:00Z'));
    await liveThrough(db, 'tr-2', { at: clock.now() });
    await settle();
    await hours(1);
    // What was linked since last night, and no more: the night's check compares with an earlier end.
    await db.execute(sql`delete from log_links where at > '2026-11-24T00:00:00Z'::timestamptz`);
    await hours(1);
    expect(await kinds()).toEqual(['cut 1']);
    await settle();
    await hours(3);
    await night();
    await night();
    expect(await kinds()).toEqual(['cut 1']);
    expect(told()).toBe(1);
    clock.advance(29 * day);
    await hours(1);
    expect(await kinds()).toEqual([]);
  });

  it('tells a cut once, though the hour and the night both see it', async () => {
    const { db, settle, hours, kinds, told, night } = await begin();
    await liveThrough(db, 'tr-2');
    await settle();
    await db.execute(sql`delete from log_links where n > 2`);
    await hours(1);
    await settle();
    await night();
    expect((await kinds()).filter((kind) => kind.startsWith('cut'))).toEqual(['cut 1']);
    expect(told()).toBe(1);
  });
});
