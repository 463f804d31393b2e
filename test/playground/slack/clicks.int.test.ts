import { expect, test, vi } from 'vitest';
import { boltApp, buttons, FOREIGN, GUEST, PRIYA, SAM, SYNC, until, watch, workspace } from './workspace.ts';

const press = (ts: string | null, more: object = {}) => ({
  as: PRIYA,
  channel: SYNC,
  ts,
  viewId: null,
  blockId: 'act',
  actionId: 'keep',
  value: null,
  values: {},
  ...more,
});

test('a click arrives with its message, and the app edits it in place', async () => {
  const { slack, client } = await workspace();
  const seen = vi.fn();
  await boltApp(slack, (app) => {
    app.action('keep', async ({ ack, body, client: ours }) => {
      await ack();
      seen(body);
      await ours.chat.update({
        channel: SYNC,
        ts: body.type === 'block_actions' ? (body.message?.ts ?? '') : '',
        text: 'Saving',
      });
    });
  });
  const { ts = '' } = await client.chat.postMessage({ channel: SYNC, text: 'Which?', blocks: buttons() });
  const sam = watch(slack, SAM);
  expect(await slack.action(press(ts))).toEqual({ ok: true });
  await until(() => sam.changed().length === 1);
  expect(sam.changed()).toMatchObject([{ ts, text: 'Saving' }]);
  expect(sam.notifications()).toEqual([]);
  expect(seen.mock.calls[0]?.[0]).toMatchObject({
    type: 'block_actions',
    user: { id: PRIYA, team_id: 'T0PRACTICE' },
    container: { type: 'message', message_ts: ts, channel_id: SYNC, is_ephemeral: false },
    channel: { id: SYNC, name: 'sync-customers' },
    message: { ts, bot_id: 'B0TRUCE001' },
    state: { values: {} },
    actions: [{ type: 'button', action_id: 'keep', block_id: 'act', value: 'd-1', style: 'primary' }],
  });
});

test('guests and people of other companies can press where they are in the channel', async () => {
  const { slack, client } = await workspace();
  const teams: unknown[] = [];
  await boltApp(slack, (app) => {
    app.action('keep', async ({ ack, body }) => {
      teams.push(body.user.team_id);
      await ack();
    });
  });
  const here = await client.chat.postMessage({ channel: SYNC, text: 'Which?', blocks: buttons() });
  const shared = await client.chat.postMessage({ channel: 'C0FREIGHT1', text: 'Which?', blocks: buttons() });
  await slack.action(press(here.ts ?? '', { as: GUEST }));
  await slack.action(press(shared.ts ?? '', { as: FOREIGN, channel: 'C0FREIGHT1' }));
  expect(teams).toEqual(['T0PRACTICE', 'T0FREIGHT0']);
  expect(await slack.action(press(here.ts ?? '', { as: FOREIGN }))).toMatchObject({ ok: false });
  expect(await slack.action(press(here.ts ?? '', { actionId: 'other' }))).toMatchObject({ ok: false });
});

test('a response_url replaces and deletes the ephemeral message that was pressed', async () => {
  const { slack, client } = await workspace();
  const bodies: object[] = [];
  await boltApp(slack, (app) => {
    app.action('keep', async ({ ack, body, respond }) => {
      await ack();
      bodies.push(body);
      await respond(
        bodies.length === 1 ? { replace_original: true, text: 'Done' } : { delete_original: true },
      );
    });
  });
  const priya = watch(slack, PRIYA);
  for (const at of [0, 1]) {
    await client.chat.postEphemeral({ channel: SYNC, user: PRIYA, text: 'Sure?', blocks: buttons() });
    await slack.action(press(priya.messages()[at]?.ts ?? ''));
    await until(() => priya.events.length === (at + 1) * 2);
  }
  expect(priya.changed()).toMatchObject([{ text: 'Done', ephemeral: true, blocks: [] }]);
  expect(priya.events.at(-1)).toEqual({
    type: 'message_deleted',
    channel: SYNC,
    ts: priya.messages()[1]?.ts,
  });
  expect(bodies[0]).toMatchObject({ container: { is_ephemeral: true } });
  expect(bodies[0]).not.toHaveProperty('message');
  expect(slack.messagesFor(SAM)).toEqual([]);
});

test('a message shortcut carries the message and a trigger', async () => {
  const { slack, client } = await workspace();
  const seen = vi.fn();
  await boltApp(slack, (app) => {
    app.shortcut('explain', async ({ ack, shortcut }) => {
      seen(shortcut);
      await ack();
    });
  });
  const { ts = '' } = await client.chat.postMessage({ channel: SYNC, text: 'Which?' });
  await slack.messageShortcut(PRIYA, SYNC, ts, 'explain');
  expect(seen.mock.calls[0]?.[0]).toMatchObject({
    type: 'message_action',
    message_ts: ts,
    message: { text: 'Which?' },
  });
});
