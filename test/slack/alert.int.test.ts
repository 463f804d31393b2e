import { expect, test } from 'vitest';
import { climb } from '#src/alerts/climb.ts';
import { announceCard, announceLine, rank } from '#src/ledger/posts/outbox.ts';
import { isFirstLoadApproved } from '#src/ledger/runs/runs.ts';
import { changes, incidents, story } from '#src/ledger/tables/index.ts';
import { PRIYA, SAM, TOM, until, watch } from '#test/playground/slack/workspace.ts';
import { describeOn } from '#test/support/database.ts';
import { until as soon } from '#test/support/until.ts';
import { agreement, ask, buttonOf, noon, press, raise, ran, stage, wordsOf } from './stage.ts';

describeOn('PGlite', 'an alert in Slack', (open) => {
  test('is taken by an owner, shown to all, and said in its thread', async () => {
    const on = await stage(open);
    await raise(on.db, noon);
    await on.side.flush();
    const [message] = on.messages();
    if (!message) throw new Error('no message');
    const bystander = watch(on.slack, SAM);
    await press(on.slack, SAM, message, 'I’m on it');
    await until(() => bystander.messages().length === 1);
    expect(bystander.messages()[0]?.text).toContain('Only <@U0PRIYA001> or <@U0TOMW0001> can do this');
    await press(on.slack, TOM, message, 'I’m on it');
    await until(() => on.slack.calls.length > 0);
    for (
      let tries = 0;
      tries < 100 && (await on.db.select().from(incidents))[0]?.state !== 'acknowledged';
      tries++
    ) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await on.side.flush();
    const [card, line] = on.messages();
    expect(wordsOf(card?.blocks)).toContain('*<@U0TOMW0001> is on it*');
    expect(line?.text).toMatch(/^The technical owner is on it, until/);
    expect(() => buttonOf(card ?? message, 'I’m on it')).toThrow();
  });

  test('names the alerts before it of the same sync and cause, with a link to the newest', async () => {
    const on = await stage(open);
    for (const days of [3, 2]) {
      await raise(on.db, new Date(noon.getTime() - days * 24 * 3_600_000));
      await on.db.update(incidents).set({ state: 'recovered', recoveredAt: noon });
      await on.side.flush();
    }
    await raise(on.db, noon);
    await on.db.update(incidents).set({ key: 'customers/auth/xero/-' });
    await on.side.flush();
    const [first, before, last] = on.messages();
    expect(wordsOf(first?.blocks)).not.toContain('time since');
    const words = wordsOf(last?.blocks).replace(/\s+/g, ' ');
    expect(words).toMatch(/Third time since .*; last time .*alert \d+/);
    expect(JSON.stringify(last?.blocks)).toContain(`/p${before?.ts.replace('.', '')}`);
  });

  test('runs the sync when asked to, and shows the log of its run', async () => {
    const on = await stage(open);
    await raise(on.db, noon);
    await ran(on.db, new Date(noon.getTime() - 60_000));
    await on.side.flush();
    const [message] = on.messages();
    if (!message) throw new Error('no message');
    on.onWake = () =>
      ran(on.db, on.clock.now(), { trigger: 'command', askedBy: PRIYA, correlationId: 'tr-0000000009' });
    const window = watch(on.slack, PRIYA);
    await press(on.slack, PRIYA, message, 'Run now');
    await until(() => window.messages().length === 2);
    expect(window.messages()[1]?.text).toContain('the run is done');
    await press(on.slack, PRIYA, message, 'Show log');
    await until(() => window.messages().length === 3);
    expect(window.messages()[2]?.text).toContain('a run of Customers');
  });
});

describeOn('PGlite', 'a failed decision', (open) => {
  test('tells who decided in the thread, once, and tries again when asked', async () => {
    const on = await stage(open);
    const id = await ask(on.db, noon);
    await on.side.flush();
    const [message] = on.messages();
    if (!message) throw new Error('no message');
    await press(on.slack, PRIYA, message, 'Use Xero');
    await until(() => on.wakes.length === 1);
    await on.db.update(changes).set({ state: 'failed', holdDetail: 'The contact is archived.', revision: 9 });
    await announceCard(on.db, { subject: `change:${id}`, flow: 'customers', rank: 1, now: on.clock.now() });
    await on.side.flush();
    const [card, line] = on.messages();
    expect(line?.threadTs).toBe(card?.ts);
    expect(line?.text).toMatch(/^<@U0PRIYA001> not saved everywhere: Example Timber Pty Ltd\./);
    expect(on.slack.notificationsFor(PRIYA)).toHaveLength(1);
    if (card) await press(on.slack, PRIYA, card, 'Try again');
    await until(() => on.wakes.length === 2);
    expect(on.wakes[1]).toMatchObject({ trigger: 'reprocess', targets: [`r-${id}`] });
    await on.side.flush();
    expect(on.messages().filter((one) => one.threadTs !== null)).toHaveLength(1);
  });
});

describeOn('PGlite', 'a first load', (open) => {
  test('shows its counts, and begins once the business owner approved them', async () => {
    const on = await stage(open);
    for (const id of ['tr-0000000001', 'tr-0000000002']) {
      await on.db.insert(changes).values({
        id,
        flow: 'customers',
        subject: id,
        state: 'held',
        hold: 'first_load',
        revision: 1,
        openedAt: noon,
        updatedAt: noon,
        agreementVersion: 7,
      });
      await on.db
        .insert(story)
        .values({ changeId: id, at: noon, kind: 'held', field: 'phone', data: { reason: 'first_load' } });
    }
    await announceCard(on.db, { subject: 'first_load:customers', flow: 'customers', rank: 1, now: noon });
    await on.side.flush();
    const [message] = on.messages();
    if (!message) throw new Error('no message');
    expect(wordsOf(message.blocks)).toContain('2 customers: the phone is missing somewhere or differs');
    await press(on.slack, TOM, message, 'Approve');
    await press(on.slack, PRIYA, message, 'Approve');
    await until(() => on.wakes.length === 1);
    expect(await isFirstLoadApproved(on.db, 'customers')).toBe(true);
    await on.side.flush();
    expect(wordsOf(on.messages()[0]?.blocks)).toContain('approved* by <@U0PRIYA001>');
  });
});

describeOn('PGlite', 'an alert that somebody puts off or hands over', (open) => {
  test('calls nobody until then, says until when, and can be woken', async () => {
    const on = await stage(open);
    await raise(on.db, noon);
    await on.side.flush();
    const card = () => {
      const [first] = on.messages();
      if (!first) throw new Error('no message');
      return first;
    };
    const tom = watch(on.slack, TOM);
    await press(on.slack, TOM, card(), 'Snooze…');
    await until(() => tom.messages().length === 1);
    const [ask] = tom.messages();
    if (!ask) throw new Error('no question');
    expect(buttonOf(ask, 'Until Wed, 9:00 am').actionId).toBe(
      `alert_snooze:${Date.parse('2026-11-25T09:00:00+11:00')}`,
    );
    await press(on.slack, TOM, ask, '1 hour');
    await soon(async () => (await on.db.select().from(incidents))[0]?.snoozedBy === TOM);
    await on.side.flush();
    expect(wordsOf(card().blocks)).toContain(`Snoozed by <@${TOM}> until`);
    await press(on.slack, PRIYA, card(), 'Wake');
    await soon(async () => (await on.db.select().from(incidents))[0]?.snoozedUntil === null);
    await on.side.flush();
    expect(wordsOf(card().blocks)).not.toContain('Snoozed by');
  });

  test('is handed over to the other owner, who is called in the thread', async () => {
    const on = await stage(open);
    await raise(on.db, noon);
    await on.side.flush();
    const card = () => on.messages()[0] ?? expect.fail('no message');
    await press(on.slack, TOM, card(), 'I’m on it');
    await soon(async () => (await on.db.select().from(incidents))[0]?.acknowledgedBy === TOM);
    await on.side.flush();
    const tom = watch(on.slack, TOM);
    await press(on.slack, TOM, card(), 'Hand over…');
    await until(() => tom.messages().some((one) => one.ephemeral));
    const ask = tom.messages().find((one) => one.ephemeral) ?? expect.fail('no question');
    await press(on.slack, TOM, ask, 'Priya Nair');
    await soon(async () => (await on.db.select().from(incidents))[0]?.acknowledgedBy === PRIYA);
    await on.side.flush();
    expect(wordsOf(card().blocks)).toContain(`*<@${PRIYA}> is on it*`);
    const said = on.messages().map(({ text }) => text);
    expect(said.at(-1)).toMatch(new RegExp(`^<@${PRIYA}> this is handed over to you, until `));
  });

  test('tells the whole channel where nobody took it on', async () => {
    const on = await stage(open, { started: false });
    const number = await raise(on.db, noon);
    await on.side.flush();
    await announceLine(on.db, {
      key: 'rung',
      subject: `incident:${number}`,
      flow: 'customers',
      template: 'incident_escalated',
      params: { called: [PRIYA], waiting: 14, openedAt: noon.toISOString(), broadcast: true },
      rank: rank.alert,
      now: noon,
    });
    await on.side.flush();
    const line = on.messages().at(-1);
    expect(line).toMatchObject({ broadcast: true, threadTs: on.messages()[0]?.ts });
    expect(line?.text).toMatch(/^<@U0PRIYA001> Customers has this problem since .*14 customers wait\./);
    expect(on.slack.notificationsFor(PRIYA)).toHaveLength(1);
  });

  test('calls everybody of a user group that the ladder names', async () => {
    const escalate = [{ afterMinutes: 30, ask: [{ slack: 'S0OWNERS01', name: 'the user group' }] }];
    const on = await stage(open, { started: false, flow: { escalate } });
    await raise(on.db, noon);
    await on.side.flush();
    const terms = agreement({ escalate });
    on.clock.advance(31 * 60_000);
    await on.db.transaction((tx) => climb(tx, terms.flows.customers ?? expect.fail(), terms, on.clock.now()));
    await on.side.flush();
    const line = on.messages().at(-1);
    expect(line?.text).toMatch(/^<!subteam\^S0OWNERS01> Customers has this problem since/);
    expect(on.slack.notificationsFor(PRIYA)).toHaveLength(1);
    expect(on.slack.notificationsFor(TOM).at(-1)?.text).toContain('nobody is on it yet');
  });
});
