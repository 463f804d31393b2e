import { expect, test } from 'vitest';
import { againIncident } from '#src/ledger/alerts/incidents.ts';
import type { Db } from '#src/ledger/db.ts';
import { changes, incidents } from '#src/ledger/tables/index.ts';
import { SAM, SYNC, TOM, until, watch } from '#test/playground/slack/workspace.ts';
import { describeOn } from '#test/support/database.ts';
import { buttonOf, noon, press, raise, ran, type Stage, stage, wordsOf } from './stage.ts';

/** Changes of two records that a system refused, or that wait. */
const unsaved = (db: Db, more: Partial<typeof changes.$inferInsert> = { state: 'failed' }) =>
  db.insert(changes).values(
    ['tr-0000000001', 'tr-0000000002'].map((id) => ({
      id,
      flow: 'customers',
      subject: `Customer ${id.at(-1)}`,
      state: 'failed' as const,
      revision: 1,
      openedAt: noon,
      updatedAt: noon,
      agreementVersion: 7,
      ...more,
    })),
  );

async function raised(on: Stage, as: Partial<typeof incidents.$inferInsert>) {
  await raise(on.db, noon);
  await on.db.update(incidents).set(as);
  await on.side.flush();
  return on.messages()[0] ?? expect.fail('no message');
}

describeOn('PGlite', 'reprocess on an alert', (open) => {
  for (const cause of ['refusals', 'partial'] as const) {
    test(`is a button where records are what it is about (${cause}), and shows first what it will do`, async () => {
      const on = await stage(open);
      await unsaved(on.db);
      const message = await raised(on, { cause, connection: null });
      const [tom, sam] = [watch(on.slack, TOM), watch(on.slack, SAM)];
      await press(on.slack, TOM, message, 'Reprocess…');
      await until(() => tom.messages().length === 1);
      const question = tom.messages()[0] ?? expect.fail();
      expect(wordsOf(question.blocks)).toContain('Run 2 customers again?');
      expect(wordsOf(question.blocks)).toContain('Customer 1, Customer 2');
      expect(on.wakes).toEqual([]);
      await press(on.slack, SAM, message, 'Reprocess…');
      await until(() => sam.messages().length === 1);
      expect(sam.messages()[0]?.text).toContain('Nothing that you may see');
      await press(on.slack, TOM, question, 'Run 2 again');
      await until(() => on.wakes.length === 1);
      expect(on.wakes[0]).toMatchObject({ flow: 'customers', askedBy: TOM });
    });
  }

  test('offers what waits where nothing was refused', async () => {
    const on = await stage(open);
    await unsaved(on.db, { state: 'held', hold: 'waits_for_other' });
    const message = await raised(on, { cause: 'partial', connection: null });
    const tom = watch(on.slack, TOM);
    await press(on.slack, TOM, message, 'Reprocess…');
    await until(() => tom.messages().length === 1);
    expect(wordsOf(tom.messages()[0]?.blocks)).toContain('Run 2 customers again?');
  });

  test('in the message’s own menu runs again what failed in its sync, whatever it is about', async () => {
    const on = await stage(open);
    await unsaved(on.db);
    const message = await raised(on, { cause: 'auth' });
    const [tom, sam] = [watch(on.slack, TOM), watch(on.slack, SAM)];
    await on.slack.messageShortcut(TOM, SYNC, message.ts, 'reprocess');
    await until(() => tom.messages().length === 1);
    expect(wordsOf(tom.messages()[0]?.blocks)).toContain('Run 2 customers again?');
    await on.slack.messageShortcut(SAM, SYNC, message.ts, 'reprocess');
    await until(() => sam.messages().length === 1);
    expect(sam.messages()[0]?.text).toContain('Nothing that you may see');
    await on.db.delete(incidents);
    await ran(on.db, noon);
    await on.slack.command({ as: TOM, channel: SYNC, threadTs: null, text: '/sync reprocess tr-7F3KB04M1Z' });
    await until(() => tom.messages().length === 2);
    expect(wordsOf(tom.messages()[1]?.blocks)).toContain('Run 2 customers again?');
  });
});

describeOn('PGlite', 'a connection that needs something', (open) => {
  test('offers the connections, and no run, which could not end it', async () => {
    const on = await stage(open);
    const message = await raised(on, { cause: 'connection' });
    expect(() => buttonOf(message, 'Run now')).toThrow();
    const tom = watch(on.slack, TOM);
    await press(on.slack, TOM, message, 'See connections');
    await until(() => tom.messages().length === 1);
    expect(tom.messages()[0]?.text).toContain('Connections are shown to the owners');
  });
});

describeOn('PGlite', 'the log of an alert that no run raised', (open) => {
  test('tells what happened to it, from its menu and by its number', async () => {
    const on = await stage(open);
    const message = await raised(on, { cause: 'partial', connection: null });
    await on.db.transaction(async (tx) => {
      const [incident] = await tx.select().from(incidents);
      if (!incident) throw new Error('no alert');
      const happening = { id: incident.id, at: noon, message: '2 customers are in HubSpot only' };
      const more = { data: {}, shown: false };
      await againIncident(tx, { ...happening, ...more, worse: false });
      await againIncident(tx, { ...happening, ...more, worse: true });
    });
    const tom = watch(on.slack, TOM);
    const number = (await on.db.select().from(incidents))[0]?.id;
    await on.slack.messageShortcut(TOM, SYNC, message.ts, 'show_log');
    await until(() => tom.messages().length === 1);
    await on.slack.command({ as: TOM, channel: SYNC, threadTs: null, text: `/sync lookup alert ${number}` });
    await until(() => tom.messages().length === 2);
    for (const told of tom.messages()) {
      const words = wordsOf(told.blocks);
      expect(words).toContain(`Alert ${number}, Customers`);
      expect(words).toContain('became more: 2 customers are in HubSpot only.');
      expect(words).toContain('Met 1 time more');
    }
  });
});
