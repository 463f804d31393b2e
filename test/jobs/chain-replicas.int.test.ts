import { sql } from 'drizzle-orm';
import { expect, it, onTestFinished } from 'vitest';
import { manualClock } from '#src/clock.ts';
import { openDatabase } from '#src/ledger/database.ts';
import type { Db } from '#src/ledger/db.ts';
import { describeOn } from '#test/support/database.ts';
import { began, chainOn, liveThrough } from './chain-stage.ts';

const log = { warn: () => undefined, error: () => undefined };

describeOn('PostgreSQL', 'the chain over the log, with several at once', (open) => {
  it('waits for a line with a lower id, however late it is committed', async () => {
    const database = await open();
    const { db } = database;
    const { settle, pass, night, links } = chainOn(db);
    const other = await openDatabase({ ...database.options, log });
    onTestFinished(() => other.close());
    const line = (on: Pick<Db, 'execute'>, name: string) =>
      on.execute(
        sql`insert into story (change_id, at, kind, data) values (${name}, ${began.toISOString()}::timestamptz, 'read', '{}')`,
      );
    await line(db, 'tr-1');
    await settle();
    const covered = async () => (await links()).filter(({ source }) => source === 'story').at(-1)?.lastId;
    expect(await covered()).toBe(1);
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
    const { promise: written, resolve: wrote } = Promise.withResolvers<void>();
    const late = other.db.transaction(async (tx) => {
      await line(tx, 'tr-late');
      wrote();
      await mayEnd;
    });
    await written;
    await line(db, 'tr-2');
    await pass();
    expect(await covered()).toBe(1);
    end();
    await late;
    await settle();
    expect(await covered()).toBe(3);
    expect((await night())?.faults).toEqual([]);
  });

  it('is one, whichever replica works on it', async () => {
    const database = await open();
    const { db } = database;
    const other = await openDatabase({ ...database.options, log });
    onTestFinished(() => other.close());
    const clock = manualClock(began);
    const replicas = [chainOn(db, { clock }), chainOn(other.db, { clock })] as const;
    for (let round = 1; round <= 8; round++) {
      await liveThrough(db, `tr-${round}`, { lines: 600 });
      clock.advance(11 * 60_000);
      await Promise.all(replicas.map(({ chain }) => chain.tick()));
    }
    await replicas[0].settle();
    const links = await replicas[0].links();
    expect(links.map(({ n }) => n)).toEqual(links.map((_, i) => i + 1));
    const story = links.filter(({ source }) => source === 'story');
    expect(story.reduce((sum, { lines }) => sum + lines, 0)).toBe(8 * 600);
    expect((await replicas[1].night())?.faults).toEqual([]);
  });
});
