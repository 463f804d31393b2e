import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { manualClock, systemClock } from '#src/clock.ts';
import { openStore } from '#src/playground/store.ts';
import { boltApp, buttons, PRIYA, SAM, SYNC, start, until, webClient, workspace } from './workspace.ts';

const sync = (text: string, more: object = {}) => ({
  as: PRIYA,
  channel: SYNC,
  threadTs: null,
  text,
  ...more,
});

test('each envelope goes to exactly one of the open sockets', async () => {
  const { slack } = await workspace();
  const took = [0, 0];
  for (const at of [0, 1])
    await boltApp(slack, (app) => {
      app.command('/sync', async ({ ack }) => {
        took[at] = (took[at] ?? 0) + 1;
        await ack();
      });
    });
  expect(slack.socketCount).toBe(2);
  for (let at = 0; at < 6; at += 1) await slack.command(sync('/sync status'));
  expect(took).toEqual([3, 3]);
});

test('an unacknowledged event comes again, with its number, until it is acknowledged', async () => {
  const { slack } = await workspace({ ackMs: 40, eventRetriesMs: [0, 0, 0], events: ['app_home_opened'] });
  const { url = '' } = await webClient(slack, slack.appToken).apps.connections.open({});
  const socket = new WebSocket(url);
  const frames: { [key: string]: string | number | { event: { type: string }; event_id: string } }[] = [];
  socket.addEventListener('message', ({ data }) => {
    const frame = JSON.parse(data);
    frames.push(frame);
    if (frame.retry_attempt === 2) socket.send(JSON.stringify({ envelope_id: frame.envelope_id }));
  });
  await until(() => frames.length === 1);
  await slack.openHome(PRIYA);
  await slack.say(PRIYA, SYNC, 'Nobody subscribed to this');
  await until(() => frames.length === 4);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const events = frames.slice(1);
  expect(events).toMatchObject([
    {
      type: 'events_api',
      retry_attempt: 0,
      retry_reason: '',
      payload: { event: { type: 'app_home_opened' } },
    },
    { retry_attempt: 1, retry_reason: 'timeout' },
    { retry_attempt: 2 },
  ]);
  const ids = events.map((one) => (typeof one.payload === 'object' ? one.payload.event_id : ''));
  expect(new Set(ids).size).toBe(1);
  expect(new Set(events.map((one) => one.envelope_id)).size).toBe(3);
  socket.close();
});

test('sockets that are asked to leave come back, and are cut while Slack is down', async () => {
  const { slack } = await workspace();
  const ran = vi.fn();
  await boltApp(slack, (app) => {
    app.command('/sync', async ({ ack }) => {
      ran();
      await ack();
    });
  });
  slack.refreshSockets();
  expect(slack.socketCount).toBe(0);
  await until(() => slack.socketCount === 1);
  await slack.command(sync('/sync status'));
  expect(ran).toHaveBeenCalledTimes(1);
  slack.down(true);
  await until(() => slack.socketCount === 0);
  slack.down(false);
  await until(() => slack.socketCount === 1);
  await slack.command(sync('/sync status'));
  expect(ran).toHaveBeenCalledTimes(2);
});

test('a socket address is good once', async () => {
  const { slack } = await workspace();
  const { url = '' } = await webClient(slack, slack.appToken).apps.connections.open({});
  const first = new WebSocket(url);
  const hello = await new Promise<string>((resolve) =>
    first.addEventListener('message', ({ data }) => resolve(data)),
  );
  expect(JSON.parse(hello)).toMatchObject({
    type: 'hello',
    num_connections: 1,
    connection_info: { app_id: 'A0TRUCE001' },
  });
  const second = new WebSocket(url);
  expect(await new Promise((resolve) => second.addEventListener('error', () => resolve('refused')))).toBe(
    'refused',
  );
  first.close();
});

test('what was written survives a restart; ephemeral messages and modals do not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'practice-slack-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const store = openStore(folder);
  const before = await start(manualClock(new Date('2026-11-21T00:00:00Z')), { store });
  const client = webClient(before);
  const metadata = { event_type: 'truce', event_payload: { key: 'a' } };
  const { ts = '' } = await client.chat.postMessage({
    channel: SYNC,
    text: `<@${PRIYA}> Which?`,
    blocks: buttons(),
    metadata,
  });
  await client.chat.postMessage({ channel: SYNC, text: 'A reply', thread_ts: ts });
  await client.chat.postMessage({ channel: SAM, text: 'Direct' });
  await client.chat.postEphemeral({ channel: SYNC, user: PRIYA, text: 'Only you' });
  before.changeChannel('C0GENERAL1', { isArchived: true });
  const seen = [PRIYA, SAM].map((user) => [
    before.messagesFor(user),
    before.channelsFor(user),
    before.notificationsFor(user),
  ]);
  await before.close();
  store.close();

  const after = await start(systemClock, { store: openStore(folder) });
  expect(
    [PRIYA, SAM].map((user) => [
      after.messagesFor(user),
      after.channelsFor(user),
      after.notificationsFor(user),
    ]),
  ).toEqual(seen);
  const found = await webClient(after).conversations.replies({
    channel: SYNC,
    ts,
    include_all_metadata: true,
  });
  expect(found.messages?.map((one) => one.text)).toEqual([`<@${PRIYA}> Which?`, 'A reply']);
  expect(found.messages?.[0]).toMatchObject({ metadata });
  expect(after.channelsFor(PRIYA).map((one) => one.name)).not.toContain('general');
});

test('a taken port is an error', async () => {
  const { slack } = await workspace();
  await expect(start(systemClock, { port: slack.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
