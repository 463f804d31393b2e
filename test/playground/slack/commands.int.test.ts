import { expect, test, vi } from 'vitest';
import { boltApp, FOREIGN, GONE, PRIYA, SAM, SYNC, until, watch, webClient, workspace } from './workspace.ts';

const sync = (text: string, more: object = {}) => ({
  as: PRIYA,
  channel: SYNC,
  threadTs: null,
  text,
  ...more,
});

test('a command reaches Bolt as Slack sends it; what it acknowledges is ephemeral', async () => {
  const { slack } = await workspace();
  const seen = vi.fn();
  await boltApp(slack, (app) => {
    app.command('/sync', async ({ command, ack }) => {
      seen(command);
      await ack({ text: 'All well' });
    });
  });
  const [priya, sam] = [watch(slack, PRIYA), watch(slack, SAM)];
  expect(await slack.command(sync('/sync status @sam.lee #general'))).toEqual({ ok: true });
  expect(priya.messages()).toMatchObject([{ text: 'All well', ephemeral: true, channel: SYNC }]);
  expect(sam.events).toEqual([]);
  expect(seen.mock.calls[0]?.[0]).toMatchObject({
    command: '/sync',
    text: `status <@${SAM}> <#C0GENERAL1|general>`,
    user_id: PRIYA,
    channel_id: SYNC,
    channel_name: 'sync-customers',
    is_enterprise_install: 'false',
    response_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/commands\//),
  });
});

test('an answer in the channel must be asked for', async () => {
  const { slack } = await workspace();
  await boltApp(slack, (app) => {
    app.command('/sync', ({ ack }) => ack({ text: 'For all', response_type: 'in_channel' }));
  });
  await slack.command(sync('/sync status'));
  expect(slack.messagesFor(SAM)).toMatchObject([{ text: 'For all', ephemeral: false }]);
});

test('commands are refused in threads; unknown ones, and those of strangers, always', async () => {
  const { slack } = await workspace();
  const ran = vi.fn();
  await boltApp(slack, (app) => {
    app.command('/sync', async ({ ack }) => {
      ran();
      await ack();
    });
  });
  const [priya, foreign] = [watch(slack, PRIYA), watch(slack, FOREIGN)];
  await slack.command(sync('/sync status', { threadTs: '1.000000' }));
  await slack.command(sync('/snyc status'));
  await slack.command(sync('/sync status', { as: FOREIGN, channel: 'C0FREIGHT1' }));
  expect(priya.said()).toEqual([
    '/sync is not supported in threads. Sorry!',
    '/snyc is not a command in this workspace.',
  ]);
  expect(foreign.said()).toEqual(['/sync is not a command in this workspace.']);
  expect(await slack.command(sync('/sync status', { as: GONE }))).toMatchObject({ ok: false });
  expect(await slack.command(sync('/sync status', { channel: 'C0NOWHERE1' }))).toMatchObject({ ok: false });
  expect(ran).not.toHaveBeenCalled();
});

test('plain words are a message of their own', async () => {
  const { slack } = await workspace();
  await slack.command(sync('Morning @sam.lee'));
  expect(slack.messagesFor(SAM)).toMatchObject([{ user: PRIYA, text: `Morning <@${SAM}>` }]);
  expect(slack.notificationsFor(SAM)).toMatchObject([{ text: 'Morning @Sam Lee' }]);
});

test('without an acknowledgement in time the person is told, and a late one is ignored', async () => {
  const { slack } = await workspace({ ackMs: 60 });
  let late: Promise<void> | undefined;
  await boltApp(slack, (app) => {
    app.command('/sync', async ({ ack }) => {
      await new Promise((resolve) => setTimeout(resolve, 120));
      late = ack({ text: 'Sorry, late' });
    });
  });
  const priya = watch(slack, PRIYA);
  await slack.command(sync('/sync status'));
  expect(priya.said()).toEqual(['/sync failed because the app did not respond in time']);
  await until(() => late !== undefined);
  await late;
  await webClient(slack).auth.test();
  expect(priya.messages()).toEqual([]);
});

test('with no socket open the person is told at once', async () => {
  const { slack } = await workspace();
  const priya = watch(slack, PRIYA);
  await slack.command(sync('/sync status'));
  expect(priya.said()).toEqual(['/sync failed because the app did not respond in time']);
});

test('a response_url takes five answers within 30 minutes', async () => {
  const { slack, clock } = await workspace();
  const urls: string[] = [];
  await boltApp(slack, (app) => {
    app.command('/sync', async ({ ack, command }) => {
      urls.push(command.response_url);
      await ack();
    });
  });
  const priya = watch(slack, PRIYA);
  await slack.command(sync('/sync a'));
  await slack.command(sync('/sync b'));
  const send = (url = '', body: object = { text: 'Here' }) =>
    fetch(url, { method: 'POST', body: JSON.stringify(body) });
  for (let at = 0; at < 5; at += 1) expect((await send(urls[0])).status).toBe(200);
  const sixth = await send(urls[0]);
  expect([sixth.status, await sixth.json()]).toEqual([404, { ok: false, error: 'used_url' }]);
  expect(priya.messages()).toHaveLength(5);
  clock.advance(30 * 60_000 + 1);
  expect(await (await send(urls[1])).json()).toEqual({ ok: false, error: 'expired_url' });
  expect((await send(`${urls[1]}x`)).status).toBe(404);
});
