import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { agreed, changes, pending, story } from '#src/ledger/tables/index.ts';
import { PRIYA, SAM, watch } from '#test/playground/slack/workspace.ts';
import { ask, noon, press, type Stage, stage, wordsOf } from '#test/slack/stage.ts';
import { describeOn } from '#test/support/database.ts';
import { until } from '#test/support/until.ts';

const id = 'tr-7F3K92QDXB';

/** A change whose trading name cannot be written to Xero, which lets nothing be written. */
async function locked(on: Stage): Promise<void> {
  await ask(on.db, noon, { id });
  await on.db.delete(pending);
  const holdDetail = 'Xero: it is paid, seen since 20 November 2026 at 12:03 pm';
  await on.db
    .update(changes)
    .set({ state: 'held', hold: 'locked', holdDetail, revision: 3 })
    .where(eq(changes.id, id));
  const place = { recordId: `r-${id}`, field: 'trading_name' };
  await on.db
    .insert(pending)
    .values({ ...place, changeId: id, value: 'Example Timber', by: 'rule:review', since: noon });
  await on.db
    .insert(agreed)
    .values({ ...place, value: 'Sample Timber', settledAt: noon, settledBy: 'same', agreementVersion: 7 });
  const data = { reason: 'locked', detail: holdDetail, fields: ['trading_name'] };
  await on.db.insert(story).values({ changeId: id, at: noon, kind: 'held', connection: 'xero', data });
}

function window({ slack }: Stage, as: string) {
  const seen = watch(slack, as);
  const heard = () => [...seen.messages(), ...seen.changed()].filter((message) => message.ephemeral);
  const found = (words: string) =>
    heard().findLast(({ text, blocks }) => `${text} ${wordsOf(blocks)}`.includes(words));
  return {
    type: (text: string) => slack.command({ as, channel: 'C0SYNCCUST', threadTs: null, text }),
    hears: (words: string) =>
      until(() => found(words) !== undefined).then(() => found(words) ?? expect.fail(words)),
  };
}

describeOn('PGlite', 'a locked record in Slack (money)', (open) => {
  test('is told by lookup, with which lock and since when; a decider keeps what is agreed, once', async () => {
    const on = await stage(open);
    await locked(on);
    const priya = window(on, PRIYA);
    await priya.type(`/sync lookup ${id}`);
    const answer = await priya.hears('Keep as agreed');
    const words = wordsOf(answer.blocks);
    expect(words).toContain('Waiting: nothing may be changed there any more');
    expect(words).toContain('Xero: it is paid, seen since 20 November 2026 at 12:03 pm.');
    await press(on.slack, PRIYA, answer, 'Keep as agreed');
    await priya.hears('Kept as agreed before: the trading name of Example Timber Pty Ltd.');
    await until(() => on.wakes.length === 1);
    expect(on.wakes).toEqual([
      { flow: 'customers', trigger: 'decision', askedBy: PRIYA, targets: [`r-${id}`] },
    ]);
    expect(await on.db.select().from(pending)).toMatchObject([{ value: 'Sample Timber', by: PRIYA }]);
    await press(on.slack, PRIYA, answer, 'Keep as agreed');
    await priya.hears('It is not waiting because of a lock any more.');
    expect(on.wakes).toHaveLength(1);
  });

  test('is kept for nobody who may not decide, nor on what was shown before it moved', async () => {
    const on = await stage(open);
    await locked(on);
    const priya = window(on, PRIYA);
    await priya.type(`/sync lookup ${id}`);
    const answer = await priya.hears('Keep as agreed');
    await press(on.slack, SAM, answer, 'Keep as agreed').catch(() => undefined);
    await on.db.update(changes).set({ revision: 4 }).where(eq(changes.id, id));
    await press(on.slack, PRIYA, answer, 'Keep as agreed');
    await priya.hears('Nothing was done');
    expect(await on.db.select().from(pending)).toMatchObject([
      { value: 'Example Timber', by: 'rule:review' },
    ]);
    expect(on.wakes).toEqual([]);
  });
});
