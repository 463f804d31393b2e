import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import type { Db } from '#src/ledger/db.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { agreeTo, began, call, chainOn, key, liveThrough } from './chain-stage.ts';

const day = 24 * 3_600_000;

/** What somebody with the database's password might do to one line, and what it is called. */
const tampering: readonly [source: string, kind: string, statement: string][] = [
  ['story', 'changed', `update story set actor = 'U0TOMW0001' where id = 2`],
  ['story', 'changed', `update story set data = '{"line": 1.0}' where id = 1`],
  ['story', 'changed', `update story set at = at + interval '1 second' where id = 3`],
  ['story', 'taken', `delete from story where id = 2`],
  [
    'story',
    'added',
    `insert into story (id, change_id, at, kind, data) select 0, change_id, at, kind, data from story where id = 1`,
  ],
  ['decisions', 'changed', `update decisions set by = 'U0TOMW0001' where id = 1`],
  ['decisions', 'taken', `delete from decisions where id = 2`],
  ['approvals', 'changed', `update approvals set at = at - interval '1 day' where id = 1`],
  ['agreements', 'changed', `update agreement_versions set body = '{"a": 2, "z": 1}' where version = 1`],
  ['activations', 'changed', `update agreement_versions set decided_by = 'U0TOMW0001' where version = 1`],
  ['calls', 'changed', `update exchanges set response_body = '{"n": 2}' where id = 1`],
  ['calls', 'taken', `delete from exchanges where id = 1`],
  ['sightings', 'changed', `update sightings set vendor_at = null where id = 1`],
  ['settlements', 'changed', `update settlements set by = 'rule:overwrite' where id = 1`],
];

describeOnBothDatabases('the chain over the log', (open) => {
  const begin = async (options: Parameters<typeof chainOn>[1] = {}) => {
    const database = await open();
    return { database, db: database.db, ...chainOn(database.db, options) };
  };

  it('covers every line once, and finds an untouched log whole', async () => {
    const { db, settle, night, links, faults, told } = await begin();
    await agreeTo(db, 1);
    await liveThrough(db, 'tr-1', { lines: 4_100 });
    await settle();
    await liveThrough(db, 'tr-2');
    await agreeTo(db, 2);
    await settle();
    expect(await night()).toMatchObject({ lines: 4_103 + 2 + 2 + 2 + 2 + 4 + 2 + 2, faults: [] });
    const all = await links();
    expect(all.map(({ n }) => n)).toEqual(all.map((_, i) => i + 1));
    const story = all
      .filter(({ source }) => source === 'story')
      .map(({ firstId, lastId }) => [firstId, lastId]);
    expect(story).toEqual([
      [1, 2_000],
      [2_001, 4_000],
      [4_001, 4_100],
      [4_101, 4_103],
    ]);
    expect(await faults()).toEqual([]);
    expect(told()).toBe(0);
  });

  it('finds each line that was changed, taken away or put in, tells it once, and is whole again once it is put back', async () => {
    const { db, settle, night, told } = await begin();
    await agreeTo(db, 1);
    await liveThrough(db, 'tr-1');
    await liveThrough(db, 'tr-2');
    await settle();
    for (const [i, [source, kind, statement]] of tampering.entries()) {
      const table = /(?:update|into|from) (\w+)/.exec(statement)?.[1] ?? '';
      await db.execute(sql.raw(`create table before_${i} as table ${table}`));
      await db.execute(sql.raw(statement));
      expect([statement, (await night())?.faults]).toMatchObject([statement, [{ source, kind, count: 1 }]]);
      const toldBefore = told();
      await night();
      expect(told()).toBe(toldBefore);
      await db.execute(
        sql.raw(`delete from ${table} where ${idOf(table)} not in (select ${idOf(table)} from before_${i})`),
      );
      await db.execute(
        sql.raw(
          `insert into ${table} select * from before_${i} on conflict (${idOf(table)}) do update set ${await allOf(db, table)}`,
        ),
      );
      expect([statement, (await night())?.faults]).toEqual([statement, []]);
    }
    expect(told()).toBe(tampering.length);
  });

  it('leaves alone what may change: values that are sealed later, and the state of an approval or an agreement', async () => {
    const { db, settle, night } = await begin();
    await agreeTo(db, 1);
    await liveThrough(db, 'tr-1');
    await settle();
    await db.execute(sql`update sightings set fields = '{"email": {"state": "value"}}'`);
    await db.execute(sql`update settlements set fields = '{"email": true}'`);
    await db.execute(sql`update approvals set withdrawn_at = at, withdrawn_because = 'moved'`);
    await db.execute(sql`update agreement_versions set state = 'active', active = true, revision = 2`);
    expect((await night())?.faults).toEqual([]);
  });

  it('shows within an hour what is done to the newest lines, before the night comes', async () => {
    const { db, settle, clock, chain, faults, told } = await begin();
    await liveThrough(db, 'tr-1');
    await settle();
    await db.execute(sql`delete from story where id = 2`);
    clock.advance(3_600_000);
    await chain.tick();
    expect(await faults()).toMatchObject([{ source: 'story', kind: 'taken', first: 2, last: 2, count: 1 }]);
    expect(told()).toBe(1);
  });

  it('says it when a link of it was changed, taken out, or written without the key', async () => {
    const { db, settle, night } = await begin();
    for (const name of ['tr-1', 'tr-2', 'tr-3']) {
      await liveThrough(db, name);
      await settle();
    }
    await db.execute(sql`create table kept as table log_links`);
    const found = async (statement: string) => {
      await db.execute(sql.raw(statement));
      const { faults } = (await night()) ?? {};
      await db.execute(sql`delete from log_links`);
      await db.execute(sql`insert into log_links select * from kept`);
      return faults?.map(({ kind }) => kind) ?? [];
    };
    expect(await found(`update log_links set lines = lines + 1 where n = 2`)).toContain('link');
    expect(await found(`update log_links set signature = repeat('0', 64) where n = 4`)).toContain('link');
    expect(await found(`delete from log_links where n = 3`)).toEqual(['link']);
    expect(
      await found(`update log_links set key = 'another0' where n = (select max(n) from log_links)`),
    ).toContain('key');
    expect((await night())?.faults).toEqual([]);
  });

  it('says it when it was cut off, and has grown anew over other lines', async () => {
    const { db, settle, night } = await begin();
    await liveThrough(db, 'tr-1');
    await settle();
    await liveThrough(db, 'tr-2');
    await settle();
    expect((await night())?.faults).toEqual([]);
    await db.execute(sql`delete from log_links where n > 6`);
    await db.execute(sql`update story set actor = 'U0TOMW0001' where change_id = 'tr-2'`);
    await settle();
    expect((await night())?.faults).toMatchObject([{ kind: 'cut', first: 12 }]);
  });

  it('lets housekeeping throw old calls away, of which a link says so, and nobody else', async () => {
    const { db, clock, settle, night } = await begin();
    const ids = async () =>
      (await db.execute<{ id: string }>(sql`select id::text as id from exchanges order by id`)).map(
        ({ id }) => Number(id),
      );
    const old = await call(db, { at: new Date(began.getTime() - 40 * day), change: null });
    const cited = await call(db, { at: began, change: 'tr-1' });
    const one = await call(db, { at: began, change: null });
    const another = await call(db, { at: began, change: null });
    await settle();
    // Too old to be chained at all: it is gone before.
    expect(await ids()).toEqual([cited, one, another]);
    expect(old).toBeLessThan(cited);
    await db.execute(sql`delete from exchanges where id = ${another}`);
    clock.advance(30 * day);
    await settle();
    expect(await ids()).toEqual([cited]);
    expect((await night())?.faults).toMatchObject([
      { source: 'calls', kind: 'taken', first: another, last: another },
    ]);
  });

  it('goes on where a check was broken off, in another process', async () => {
    const { db, settle, clock } = await begin();
    await liveThrough(db, 'tr-1', { lines: 9_000 });
    await settle();
    await db.execute(sql`delete from story where id in (1, 8999)`);
    // As a process that was killed half-way left it.
    await db.execute(sql`update facts set value = jsonb_build_object('last', null, 'under', jsonb_build_object('slot', '2026-11-21T16:05:00.000Z',
      'progress', '{"n": 2, "upto": {"story": 4000}, "lines": 3999, "faults": []}'::jsonb)) where name = 'log_check'`);
    const other = chainOn(db, { clock });
    await other.settle();
    const [fact] = await db.execute<{ value: { last: { slot: string; faults: unknown[] } } }>(
      sql`select value from facts where name = 'log_check'`,
    );
    expect(fact?.value.last).toMatchObject({
      slot: '2026-11-21T16:05:00.000Z',
      faults: [{ kind: 'taken', first: 8_999 }],
    });
    expect((await other.night())?.faults).toMatchObject([{ kind: 'taken', first: 1, last: 8_999, count: 2 }]);
  });

  it('takes over what an older ledger holds, and takes an older backup as it is', async () => {
    const { db, settle, night, told } = await begin();
    // What was there before there was a chain.
    for (const name of ['tr-1', 'tr-2', 'tr-3'])
      await liveThrough(db, name, { at: new Date(began.getTime() - day) });
    await settle();
    expect((await night())?.faults).toEqual([]);
    for (const table of ['log_links', 'story', 'exchanges', 'facts'])
      await db.execute(sql.raw(`create table kept_${table} as table ${table}`));
    await liveThrough(db, 'tr-4');
    await settle();
    await night();
    for (const table of ['log_links', 'story', 'exchanges', 'facts']) {
      await db.execute(sql.raw(`delete from ${table}`));
      await db.execute(sql.raw(`insert into ${table} select * from kept_${table}`));
    }
    for (const table of ['decisions', 'approvals', 'sightings', 'settlements'])
      await db.execute(sql.raw(`delete from ${table} where id > 3`));
    await settle();
    await liveThrough(db, 'tr-5');
    await settle();
    expect((await night())?.faults).toEqual([]);
    expect(told()).toBe(0);
  });

  it('goes on with a new key, while the older one is there and after it is gone', async () => {
    const { database, db, settle, clock } = await begin({ keys: [] });
    const with_ = async (keys: Uint8Array[], name: string) => {
      const next = chainOn(db, { keys, clock });
      await liveThrough(database.db, name);
      await next.settle();
      return { faults: (await next.night())?.faults, last: (await next.links()).at(-1) };
    };
    await liveThrough(db, 'tr-1');
    await settle();
    const first = await with_([key(1)], 'tr-2');
    expect(first.faults).toEqual([]);
    const since = first.last?.signedFrom;
    expect(since).toBeGreaterThan(1);
    expect(await with_([key(2), key(1)], 'tr-3')).toMatchObject({ faults: [], last: { signedFrom: since } });
    expect(await with_([key(2)], 'tr-4')).toMatchObject({ faults: [], last: { signedFrom: since } });
    // Lost without having been beside the new one.
    expect((await with_([key(3)], 'tr-5')).faults).toMatchObject([{ kind: 'key' }]);
    expect((await with_([key(3), key(2)], 'tr-6')).faults).toEqual([]);
    expect((await with_([key(3)], 'tr-7')).faults).toMatchObject([{ kind: 'key' }]);
    clock.advance(31 * day);
    expect((await with_([key(3)], 'tr-8')).faults).toEqual([]);
  });
});

const idOf = (table: string): string => (table === 'agreement_versions' ? 'version' : 'id');

/** Each column as it was before, for "on conflict do update". */
async function allOf(db: Db, table: string): Promise<string> {
  const rows = await db.execute<{ name: string }>(
    sql`select quote_ident(column_name) as name from information_schema.columns where table_name = ${table}`,
  );
  return rows.map(({ name }) => `${name} = excluded.${name}`).join(', ');
}
