import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { App } from '#src/app.ts';
import { changes, decisions } from '#src/ledger/tables/index.ts';
import { describeOn } from '#test/support/database.ts';
import { textOf } from '#test/support/reading.ts';
import { openTruce } from '#test/support/truce.ts';
import { until } from '#test/support/until.ts';

describeOn('PostgreSQL', 'two replicas on one app token, and sockets that go and come back', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;
  let other: App;
  beforeAll(async () => {
    truce = await openTruce('PostgreSQL');
    other = await truce.another();
    await until(() => truce.practice.slack.socketCount === 2);
  }, 120_000);
  afterAll(async () => {
    await other?.stop();
    await truce?.stop();
  });

  const { setTimeout: later } = globalThis;
  const settle = (ms: number) => new Promise((resolve) => later(resolve, ms));
  const isBack = () => until(() => truce.practice.slack.socketCount === 2);
  const disagree = async (name: string) => {
    truce.edit('hubspot', name, { 'Street address': '1 First St' });
    truce.edit('xero', name, { 'Billing address': '2 Second St' });
    return truce.message(`Which is right? ${name}`);
  };
  const decisionsOn = async (name: string) => {
    const { db } = truce.database;
    const [change] = await db.select().from(changes).where(eq(changes.subject, name));
    return db
      .select()
      .from(decisions)
      .where(eq(decisions.changeId, change?.id ?? ''));
  };
  const postsAbout = (name: string) => truce.channelMessages().filter((one) => textOf(one).includes(name));

  it('answer each command once, whichever of them it reaches', async () => {
    for (let i = 1; i <= 4; i++) {
      const before = truce.priya.whispers.length;
      expect(textOf(await truce.priya.command('/sync status'))).toContain('Customers');
      await Promise.all([truce.app.slack.flush(), other.slack.flush()]);
      expect(truce.priya.whispers).toHaveLength(before + 1);
    }
  });

  it('answer a mention once, though Slack sends it to the other one again because it heard nothing', async () => {
    truce.practice.slack.loseNextAck();
    await truce.priya.says('@truce status customers');
    const answer = await truce.message('Customers: fine');
    // Slack waits three seconds for the acknowledgement.
    await settle(3_500);
    await Promise.all([truce.app.slack.flush(), other.slack.flush()]);
    const thread = truce.priya
      .messages(answer.channel)
      .filter(({ threadTs }) => threadTs === answer.threadTs);
    expect(thread.filter(({ ts }) => ts !== answer.threadTs).map(({ ts }) => ts)).toEqual([answer.ts]);
  });

  it('take a click once whose socket is asked to leave in the same moment, if only when it is pressed again', async () => {
    const asked = await disagree('Platypus Windows');
    const pressing = truce.priya.press(asked, 'Use Xero');
    truce.practice.slack.refreshSockets();
    await pressing;
    await isBack();
    // What could not be acknowledged any more was not done either, and Slack says so to whoever pressed.
    if ((await decisionsOn('Platypus Windows')).length === 0) await truce.priya.press(asked, 'Use Xero');
    const settled = await truce.message('Settled: Platypus Windows');
    expect(settled.ts).toBe(asked.ts);
    expect(await decisionsOn('Platypus Windows')).toHaveLength(1);
    expect(textOf(await truce.tom.command('/sync status'))).toContain('Customers');
    expect(postsAbout('Platypus Windows')).toHaveLength(1);
  });

  it('lose nothing when Slack is gone in the middle of a click, and count it once when it is pressed again', async () => {
    const asked = await disagree('Currawong Printing');
    const pressing = truce.priya.press(asked, 'Use HubSpot');
    truce.practice.slack.down(true);
    await pressing;
    await settle(300);
    truce.practice.slack.down(false);
    await isBack();
    // It reached Truce or it did not; whoever pressed sees it, and presses again where nothing changed.
    await truce.priya.press(asked, 'Use HubSpot').catch(() => undefined);
    await truce.message('Settled: Currawong Printing');
    expect(await decisionsOn('Currawong Printing')).toHaveLength(1);
    expect(postsAbout('Currawong Printing').map(({ ts }) => ts)).toEqual([asked.ts]);
    expect(truce.held('xero', 'Currawong Printing', 'Billing address')).toBe('1 First St');
  });

  it('answer a command that is typed while nobody is connected as soon as it is typed again', async () => {
    truce.practice.slack.refreshSockets();
    expect(await truce.priya.slackbotOn('/sync status', null)).toMatch(
      /did not respond|dispatch_failed|failed/i,
    );
    await isBack();
    const before = truce.priya.whispers.length;
    await truce.priya.command('/sync status');
    await settle(200);
    expect(truce.priya.whispers).toHaveLength(before + 1);
  });
});
