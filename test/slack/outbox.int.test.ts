import { eq, like } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createAlerts } from '#src/alerts/watch.ts';
import { announceCard, announceLine, announceNote, rank } from '#src/ledger/posts/outbox.ts';
import { dueRows, takeRow } from '#src/ledger/posts/outbox-sending.ts';
import { slackAway } from '#src/ledger/posts/slack-away.ts';
import { changes, conflicts, incidents, outbox } from '#src/ledger/tables/index.ts';
import { PRIYA, TOM, until } from '#test/playground/slack/workspace.ts';
import { describeOn, describeOnBothDatabases } from '#test/support/database.ts';
import { agreement, ask, noon, raise, type Stage, stage, wordsOf } from './stage.ts';

const posts = ({ slack }: Stage) => slack.calls.filter((call) => call.method === 'chat.postMessage');
const again = async ({ clock, side }: Stage, ms = 60_000) => {
  clock.advance(ms);
  await side.flush();
};

/** The watch beside the Slack side, by hand; and what was written to somebody directly. */
function watched(on: Stage, flow: Parameters<typeof agreement>[0] = {}) {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const alerts = createAlerts({ db: on.db, clock: on.clock, log, agreement: () => agreement(flow) });
  return {
    tick: async (ms = 2_000) => {
      on.clock.advance(ms);
      await on.side.flush();
      await alerts.tick();
      await on.side.flush();
    },
    directly: (who: string) =>
      on.slack
        .messagesFor(who)
        .filter(({ channel, threadTs }) => channel.startsWith('D') && threadTs === null),
  };
}

describeOnBothDatabases('the outbox', (open) => {
  test('draws ten changes in a second as one post', async () => {
    const on = await stage(open, { started: false });
    await ask(on.db, noon);
    for (let n = 0; n < 9; n++)
      await announceCard(on.db, { subject: 'change:tr-7F3K92QDXB', flow: 'customers', rank: 1, now: noon });
    await on.side.flush();
    expect(on.messages()).toHaveLength(1);
    expect(posts(on)).toHaveLength(1);
    await again(on);
    expect(posts(on)).toHaveLength(1);
  });

  test('sends an alert before the decisions that waited longer, each at the channel’s pace', async () => {
    const on = await stage(open, { started: false });
    for (let n = 0; n < 4; n++) await ask(on.db, noon, { id: `tr-000000000${n}` });
    await raise(on.db, noon);
    await on.side.flush();
    expect(on.messages()[0]?.text).toMatch(/^Customers: Xero refuses our sign-in/);
    expect(on.messages()).toHaveLength(5);
    expect(on.clock.now().getTime() - noon.getTime()).toBeGreaterThanOrEqual(4000);
  });

  test('finds a post again whose answer was lost, and does not post it twice', async () => {
    const on = await stage(open, { started: false });
    await ask(on.db, noon);
    on.slack.loseNextAnswer('chat.postMessage');
    await on.side.flush();
    const [unknown] = await on.db.select().from(outbox);
    expect(unknown?.state).toBe('unknown');
    await again(on);
    expect(on.messages()).toHaveLength(1);
    const [found] = await on.db.select().from(outbox);
    expect(found).toMatchObject({ state: 'sent', ts: on.messages()[0]?.ts });
  });

  test('posts what never arrived, and keeps out of the channel while Slack asks to wait', async () => {
    const on = await stage(open, { started: false });
    await ask(on.db, noon);
    on.slack.rateLimitNext('chat.postMessage', 30);
    await on.side.flush();
    expect(on.messages()).toHaveLength(0);
    await again(on, 10_000);
    expect(posts(on)).toHaveLength(1);
    await again(on, 25_000);
    expect(on.messages()).toHaveLength(1);
  });

  test('takes over what a dead sender had taken: looks first, then posts', async () => {
    const on = await stage(open, { started: false });
    await ask(on.db, noon);
    const [row] = await dueRows(on.db, noon);
    if (!row) throw new Error('nothing is due');
    expect(await takeRow(on.db, row, noon)).not.toBeNull();
    expect(await takeRow(on.db, row, noon)).toBeNull();
    await on.side.flush();
    expect(on.messages()).toHaveLength(0);
    await again(on);
    expect(on.slack.calls.map((call) => call.method)).toContain('conversations.history');
    expect(on.messages()).toHaveLength(1);
  });

  test('edits in place, and says a recovery in the thread', async () => {
    const on = await stage(open, { started: false });
    const number = await raise(on.db, noon);
    await on.side.flush();
    const now = new Date(noon.getTime() + 19 * 60_000);
    await on.db
      .update(incidents)
      .set({ state: 'recovered', recoveredAt: now, revision: 2, data: { waiting: 0, caughtUp: 14 } });
    const about = { subject: `incident:${number}`, flow: 'customers', rank: rank.alert, now };
    await announceCard(on.db, about);
    await announceLine(on.db, {
      ...about,
      key: 'x',
      template: 'incident_recovered',
      params: { at: now.toISOString(), caughtUp: 14 },
    });
    await again(on, 20 * 60_000);
    const [card, line] = on.messages();
    expect(card?.text).toBe('Recovered: Customers runs again. None lost, none doubled.');
    expect(line?.threadTs).toBe(card?.ts);
    expect(line?.text).toMatch(
      /^Recovered at .*14 customers have gone through since. None lost, none doubled.$/,
    );
    expect(on.slack.notificationsFor(TOM)[0]?.text).toMatch(
      /^Customers: Xero refuses our sign-in, since 12:00 pm AEDT\. 14 customers wait\./,
    );
  });

  test.each([
    ['archived', { isArchived: true }, { isArchived: false }],
    ['without the app', { members: ['U0PRIYA001'] }, { members: ['U0PRIYA001', 'U0TRUCE001'] }],
  ])(
    'opens one alert when the channel is %s, which goes to the technical owner, and ends it when a post goes through',
    async (_, broken, mended) => {
      const on = await stage(open, { started: false });
      const { tick, directly } = watched(on);
      await ask(on.db, noon);
      await ask(on.db, noon, { id: 'tr-0000000001' });
      const number = await raise(on.db, noon);
      on.slack.changeChannel('C0SYNCCUST', broken);
      await on.side.flush();
      for (let n = 0; n < 3; n++) await tick();
      const [alert] = directly(TOM);
      expect(directly(TOM)).toHaveLength(1);
      expect(alert?.text).toContain('Customers: nothing can be posted in #sync-customers');
      expect(wordsOf(alert?.blocks)).toContain(`Nobody has seen alert ${number} for that.`);
      expect(directly(PRIYA)).toEqual([]);
      const problems = () => on.db.select().from(incidents).where(eq(incidents.cause, 'room'));
      expect(await problems()).toMatchObject([{ state: 'open', flow: 'customers' }]);

      // Nobody takes it on: whom the ladder names hears of it directly, since the channel cannot say it.
      await tick(31 * 60_000);
      await tick();
      expect(directly(PRIYA).map(({ text }) => text)).toEqual([
        expect.stringMatching(/alert \d+: nobody has taken this on yet\. I cannot post in #sync-customers/),
      ]);

      on.slack.changeChannel('C0SYNCCUST', mended);
      await tick(11 * 60_000);
      await tick();
      const said = on.messages().map(({ text }) => text);
      expect(said.filter((text) => text.includes('Xero refuses our sign-in'))).toHaveLength(1);
      expect(said.length).toBeGreaterThanOrEqual(3);
      expect(await problems()).toMatchObject([{ state: 'recovered', returns: 0 }]);
      expect(directly(TOM)[0]?.text).toContain('Over: I can post in #sync-customers again');
    },
  );

  test('calls nobody at night for a channel that takes nothing: the alert stands, and is told in the morning', async () => {
    const on = await stage(open, { started: false });
    const { tick, directly } = watched(on);
    on.clock.advance(10 * 3_600_000);
    await ask(on.db, on.clock.now());
    on.slack.changeChannel('C0SYNCCUST', { isArchived: true });
    await on.side.flush();
    for (let n = 0; n < 3; n++) await tick();
    const problems = on.db.select().from(incidents).where(eq(incidents.cause, 'room'));
    expect(await problems).toMatchObject([{ state: 'open' }]);
    expect(directly(TOM)).toEqual([]);
    await tick(10 * 3_600_000);
    await tick(30 * 60_000);
    await tick(61_000);
    expect(directly(TOM)[0]?.text).toContain('nothing can be posted in #sync-customers');
  });

  test('finds out about a channel that is not there without posting anywhere else', async () => {
    const on = await stage(open, { started: false, flow: { channel: 'no-such-channel' } });
    const { tick } = watched(on, { channel: 'no-such-channel' });
    await ask(on.db, noon);
    await on.side.flush();
    await tick();
    expect(on.slack.messagesFor(TOM).map((message) => message.text)).toEqual([
      expect.stringContaining('nothing can be posted in #no-such-channel'),
    ]);
  });

  test('says its words alone when Slack does not take the blocks', async () => {
    const on = await stage(open, { started: false });
    await ask(on.db, noon);
    on.slack.failNext('chat.postMessage', 'invalid_blocks');
    await on.side.flush();
    expect(on.messages()[0]?.text).toMatch(/^Decision needed/);
    expect(on.messages()[0]?.blocks).toHaveLength(1);
  });

  test('posts an open question anew when its message was deleted', async () => {
    const on = await stage(open, { started: false });
    await ask(on.db, noon);
    await on.side.flush();
    on.slack.failNext('chat.update', 'message_not_found');
    await announceCard(on.db, {
      subject: 'change:tr-7F3K92QDXB',
      flow: 'customers',
      rank: 1,
      now: on.clock.now(),
    });
    await again(on);
    await again(on);
    expect(posts(on)).toHaveLength(2);
  });

  test('keeps silent about changes that flow by their rules', async () => {
    const on = await stage(open, { started: false });
    await ask(on.db, noon);
    await on.db.update(conflicts).set({ state: 'withdrawn', closedAt: noon });
    await on.db.update(changes).set({ state: 'settled', closedAt: noon });
    await on.side.flush();
    expect(on.messages()).toEqual([]);
    expect(await on.db.select().from(outbox).where(like(outbox.key, 'card:change:%'))).toMatchObject([
      { state: 'sent', ts: null },
    ]);
  });

  test('says a note of a person directly, once', async () => {
    const on = await stage(open, { started: false });
    const note = {
      key: 'n',
      subject: 'flow:customers',
      flow: 'customers',
      template: 'time_away',
      rank: 2,
      now: noon,
    };
    const params = { from: '2026-11-23T23:00:00Z', to: '2026-11-24T00:00:00Z', slots: 60 };
    await announceNote(on.db, { ...note, params });
    await announceNote(on.db, { ...note, params });
    await on.side.flush();
    expect(on.messages().map((message) => message.text)).toEqual([
      expect.stringMatching(/Truce was away from .* missed 60 runs/),
    ]);
  });
});

describeOn('PGlite', 'the outbox beside Slack’s troubles', (open) => {
  test('waits while Slack is down, and sends everything once it is back', async () => {
    const on = await stage(open, { started: false });
    await ask(on.db, noon);
    on.slack.down(true);
    await on.side.flush();
    await again(on);
    expect(on.messages()).toEqual([]);
    on.slack.down(false);
    await again(on, 10 * 60_000);
    await again(on, 10 * 60_000);
    expect(on.messages()).toHaveLength(1);
    expect(await on.db.select().from(outbox).where(eq(outbox.state, 'sent'))).toHaveLength(1);
  });

  test('survives being asked to reconnect, and then still hears a command', async () => {
    const on = await stage(open);
    on.slack.refreshSockets();
    await until(() => on.slack.socketCount === 0);
    await until(() => on.slack.socketCount === 1);
    expect(
      await on.slack.command({ as: PRIYA, channel: 'C0SYNCCUST', threadTs: null, text: '/sync help' }),
    ).toEqual({ ok: true });
    expect(on.fatal).toEqual([]);
  });

  test('comes back by itself after a refused reconnect, and keeps meanwhile that nobody is heard', async () => {
    const on = await stage(open);
    await ask(on.db, noon);
    await on.side.flush();
    on.slack.failNext('apps.connections.open', 'token_revoked');
    on.slack.refreshSockets();
    await expect
      .poll(() => slackAway(on.db), { timeout: 15_000 })
      .toMatchObject({ refused: 'SLACK_APP_TOKEN: token_revoked' });
    await until(() => on.slack.socketCount === 1);
    await expect.poll(() => slackAway(on.db), { timeout: 15_000 }).toBeNull();
    expect(on.fatal).toEqual([]);
    expect(
      await on.slack.command({ as: PRIYA, channel: 'C0SYNCCUST', threadTs: null, text: '/sync help' }),
    ).toEqual({ ok: true });
  });

  test('connects beside everything else where Slack is away at the start, and says what waited once it is there', async () => {
    const on = await stage(open, { started: false });
    await ask(on.db, noon);
    on.slack.down(true);
    await on.side.start();
    expect(on.side.trouble()).toEqual({ refused: null });
    expect(await slackAway(on.db)).toEqual({ since: on.clock.now(), refused: null });
    on.slack.down(false);
    await until(() => on.messages().length === 1);
    await expect.poll(() => slackAway(on.db), { timeout: 15_000 }).toBeNull();
    expect(on.side.trouble()).toBeNull();
  });

  test('goes on without Slack where it refuses a token that was good once', async () => {
    const on = await stage(open, { started: false });
    await ask(on.db, noon);
    await on.side.flush();
    on.slack.failNext('auth.test', 'account_inactive');
    await on.side.start();
    expect(on.side.trouble()).toEqual({ refused: 'SLACK_BOT_TOKEN: account_inactive' });
    expect(await slackAway(on.db)).toMatchObject({ refused: 'SLACK_BOT_TOKEN: account_inactive' });
    await until(() => on.side.trouble() === null && on.slack.socketCount === 1);
    expect(on.fatal).toEqual([]);
  });

  test('says at the start that the token for the way in is wrong', async () => {
    const on = await stage(open, { started: false });
    on.slack.failNext('apps.connections.open', 'invalid_auth');
    await expect(on.side.start()).rejects.toThrow(/^Slack refuses SLACK_APP_TOKEN \(invalid_auth\)\./);
  });

  test('says at the start that a token is wrong', async () => {
    const on = await stage(open, { started: false });
    on.slack.failNext('auth.test', 'invalid_auth');
    await expect(on.side.start()).rejects.toThrow(/invalid_auth/);
  });
});
