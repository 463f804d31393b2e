import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '#src/clock.ts';
import { chainOn } from '#test/jobs/chain-stage.ts';
import { referenceIn, textOf } from '#test/support/reading.ts';
import { openTruce } from '#test/support/truce.ts';
import { until } from '#test/support/until.ts';

describe('the chain over the log, in a working day', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;
  beforeAll(async () => {
    truce = await openTruce('PGlite');
  }, 120_000);
  afterAll(() => truce?.stop());

  const phone = (system: 'hubspot' | 'xero') => truce.held(system, 'Mallee Dairy', 'Phone');

  it('finds nothing wrong in what Truce itself goes on to do, and stands in the full log', async () => {
    const { priya, tom, database } = truce;
    const { settle, night, links } = chainOn(database.db, { clock: manualClock(truce.clock.now()) });
    truce.edit('hubspot', 'Platypus Windows', { 'Street address': '1 First St' });
    truce.edit('xero', 'Platypus Windows', { 'Billing address': '2 Second St' });
    const asked = await truce.message('Which is right? Platypus Windows');
    truce.edit('hubspot', 'Mallee Dairy', { Phone: '08 7010 1234' });
    await until(() => /1234/.test(phone('xero')));
    await settle();
    // Chained half-way: it is asked about, decided, saved, told, read again and undone only now.
    await priya.press(asked, 'Use Xero');
    const settled = await truce.message(/Settled: Platypus Windows/);
    await priya.command(`/sync rollback ${referenceIn(settled)}`);
    await priya.press(await priya.hears(/Undo \d+ values? of 1 customer/), /Undo th/);
    await priya.hears(/Customers: \d+ values? undone/);
    await truce.run();
    await settle();
    expect((await night())?.faults).toEqual([]);
    const reference = referenceIn(settled);
    await tom.pressAndRead(await tom.command(`/sync lookup ${reference}`), 'Full log to me');
    const [file] = tom.messages('D0TOMW0001').flatMap((message) => message.files ?? []);
    const { chain } = JSON.parse(file?.content ?? '') as { chain: unknown };
    const all = await links();
    const newest = all.at(-1);
    expect(chain).toMatchObject({ newest: { link: newest?.n, hash: newest?.hash } });
    const over = all.find(({ n }) => n === (chain as { over: { link: number } }).over.link);
    expect(chain).toMatchObject({ over: { hash: over?.hash } });
    expect(over?.source).toBe('story');
    expect(textOf(await tom.command('/sync doctor'))).toContain(
      `newest link ${newest?.n}: ${newest?.hash.slice(0, 8)}`,
    );
  });
});
