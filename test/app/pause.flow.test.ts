import { asc, desc, gt } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Wake } from '#src/jobs/wake.ts';
import { runs } from '#src/ledger/tables/index.ts';
import { textOf } from '#test/support/reading.ts';
import { flowId, openTruce } from '#test/support/truce.ts';
import { until } from '#test/support/until.ts';

describe('pause and resume', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;
  const newestRun = async () =>
    (await truce.database.db.select().from(runs).orderBy(desc(runs.id)).limit(1))[0];
  const runsSince = (id: number) =>
    truce.database.db.select().from(runs).where(gt(runs.id, id)).orderBy(asc(runs.id));

  const phone = () => truce.held('xero', 'Corella Irrigation', 'Phone').replace(/\D/g, '');

  /** A webhook's own wake-up may be looked at in the same moment. */
  const begins = (kind: 'nothing', wake: Omit<Wake, 'flow'>) =>
    until(async () => {
      const outcome = await truce.app.runNow({ flow: flowId, ...wake });
      if (outcome.kind === 'busy') return undefined;
      expect(outcome.kind).toBe(kind);
      return true;
    });

  beforeAll(async () => {
    truce = await openTruce('PGlite');
  }, 120_000);
  afterAll(() => truce?.stop());

  it('is refused to whoever may not run it, and to a time that cannot be read', async () => {
    expect(textOf(await truce.sam.command('/sync pause customers'))).toContain(
      'Only <@U0PRIYA001> or <@U0TOMW0001> can do this.',
    );
    expect(textOf(await truce.tom.command('/sync pause customers until the cows come home'))).toContain(
      'I cannot read “the cows come home” as a time to come.',
    );
    expect(textOf(await truce.tom.command('/sync resume customers'))).toContain('is not paused');
  });

  it('stops what would begin by itself, says so where people look, and takes decisions all the same', async () => {
    truce.edit('hubspot', 'Bellbird', { 'Street address': '27 Foundry Lane' });
    truce.edit('xero', 'Bellbird', { 'Billing address': '4 Wharf Road' });
    const question = await truce.message('Which is right? Bellbird');
    const asked = await truce.tom.command('/sync pause customers until tomorrow 9am');
    expect(textOf(asked)).toContain('Truce reads and writes nothing of it');
    expect(textOf(await truce.sam.command('/sync status'))).not.toContain('paused');
    await truce.tom.press(asked, 'Pause Customers');
    await truce.tom.hears(/Customers is paused.* until /);
    await truce.app.slack.flush();
    const card = await truce.message('Customers: paused by Tom Walsh since');
    expect(JSON.stringify(card.blocks)).not.toContain('<@');
    expect(textOf(await truce.sam.command('/sync status'))).toMatch(/Customers: paused.* by Tom Walsh since/);
    expect(textOf(await truce.priya.command('/sync run customers'))).toContain('Nothing was started.');

    // What is decided now is not being saved, and does not say so.
    await truce.priya.press(question, 'Use Xero');
    await truce.priya.hears(/Noted.*Customers is paused/s);
    const decided = await truce.message('Decided, and waits: Customers is paused. Bellbird');
    expect(decided.ts).toBe(question.ts);
    expect(textOf(decided)).toMatch(/saved in the systems once the sync goes on at the latest/);
    const [, reference = ''] = /(tr-\w{10})/.exec(textOf(decided)) ?? [];
    expect(textOf(await truce.priya.command(`/sync lookup ${reference}`))).toContain(
      'Waiting: Customers is paused',
    );

    const before = await newestRun();
    truce.edit('hubspot', 'Corella Irrigation', { Phone: '(08) 7010 4444' });
    // The webhook's word is kept; nothing reads for it.
    for (const wake of [
      { trigger: 'hint' },
      { trigger: 'schedule' },
      { trigger: 'decision', targets: ['r1'] },
    ] as const)
      await begins('nothing', wake);
    expect((await newestRun())?.id).toBe(before?.id);
    expect(phone()).not.toContain('70104444');
  });

  it('goes on when somebody says so, with a sweep that brings what changed meanwhile', async () => {
    const ask = await truce.priya.pressAndRead(await truce.message('Customers: paused by'), 'Let it go on…');
    expect(textOf(ask)).toContain('Let Customers go on?');
    const before = (await newestRun())?.id ?? 0;
    await truce.priya.press(ask, 'Let it go on');
    await truce.priya.hears('Customers goes on.');
    // What a webhook waited with may run right after it.
    const swept = await until(async () => (await runsSince(before)).find(({ state }) => state === 'done'));
    expect(swept).toMatchObject({ trigger: 'sweep', targets: null });
    expect(phone()).toContain('70104444');
    await truce.message('Settled: Bellbird');
    await truce.app.slack.flush();
    const card = await truce.message('Priya Nair let it go on');
    expect(truce.thread(card).map(({ text }) => text)).toEqual([
      'Customers goes on. The first run reads everything.',
    ]);
    // Pressed again on an old answer: nothing happens twice.
    await truce.priya.press(ask, 'Let it go on').catch(() => undefined);
    expect(textOf(await truce.priya.command('/sync status'))).not.toContain('paused');
  });
});
