import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { began, call, chainOn } from './chain-stage.ts';

const day = 24 * 3_600_000;

describeOnBothDatabases('throwing old calls away', (open) => {
  const begin = async () => {
    const { db } = await open();
    const set = chainOn(db);
    const ids = async () =>
      (await db.execute<{ id: string }>(sql`select id::text as id from exchanges order by id`)).map(
        ({ id }) => Number(id),
      );
    return { db, ...set, ids };
  };

  it('does not look again at calls that stay, for good', async () => {
    const { db, settle, clock, ids } = await begin();
    const cited = await call(db, { at: began, change: 'tr-1' });
    await call(db, { at: began, change: null });
    await settle();
    clock.advance(30 * day);
    const later = await call(db, { at: clock.now(), change: null });
    await settle();
    expect(await ids()).toEqual([cited, later]);
    // Nothing does this. Whoever looked at the old ones again would throw it away.
    await db.execute(sql`delete from exchange_changes`);
    await settle();
    expect(await ids()).toEqual([cited, later]);
    // What comes after them is looked at, once it is old.
    clock.advance(30 * day);
    await settle();
    expect(await ids()).toEqual([cited]);
  });

  it('is kept from no old one by a call of a clock that was ahead, and throws that away in its time', async () => {
    const { db, settle, clock, ids } = await begin();
    const ahead = await call(db, { at: new Date(began.getTime() + 60 * day), change: null });
    await db.execute(sql`insert into exchanges (at, connection, purpose, method, url, attempt, duration_ms)
      select ${began.toISOString()}::timestamptz, 'xero', 'read', 'GET', '', 1, 1 from generate_series(1, 4100)`);
    const cited = await call(db, { at: began, change: 'tr-1' });
    await settle();
    clock.advance(30 * day);
    await settle();
    expect(await ids()).toEqual([ahead, cited]);
    clock.advance(60 * day);
    await settle();
    expect(await ids()).toEqual([cited]);
  });
});
