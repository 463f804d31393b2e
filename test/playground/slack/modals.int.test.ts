import { expect, test, vi } from 'vitest';
import { boltApp, modal, PRIYA, SYNC, until, watch, workspace } from './workspace.ts';

const sync = (text: string, more: object = {}) => ({
  as: PRIYA,
  channel: SYNC,
  threadTs: null,
  text,
  ...more,
});

test('a trigger opens one modal, within three seconds', async () => {
  const { slack, clock, client } = await workspace();
  const triggers: string[] = [];
  await boltApp(slack, (app) => {
    app.command('/sync', async ({ ack, command }) => {
      triggers.push(command.trigger_id);
      await ack();
    });
  });
  await slack.command(sync('/sync a'));
  await slack.command(sync('/sync b'));
  const open = (trigger_id = '') =>
    client.views.open({ trigger_id, view: modal() }).then(
      () => 'ok',
      (it) => it.data.error,
    );
  expect([await open(triggers[0]), await open(triggers[0])]).toEqual(['ok', 'exchanged_trigger_id']);
  clock.advance(3001);
  expect(await open(triggers[1])).toBe('expired_trigger_id');
});

test('a modal: opened, refused by Slack, refused by the app, changed, pushed, cleared', async () => {
  const { slack } = await workspace();
  const answers: object[] = [
    { response_action: 'errors', errors: { why: 'Say more' } },
    { response_action: 'push', view: modal({ callback_id: 'why', clear_on_close: true }) },
    { response_action: 'update', view: modal({ callback_id: 'why', private_metadata: 'd-2' }) },
    { response_action: 'clear' },
  ];
  const values: unknown[] = [];
  await boltApp(slack, (app) => {
    app.command('/sync', async ({ ack, command, client }) => {
      await ack();
      await client.views.open({ trigger_id: command.trigger_id, view: modal() });
    });
    app.view('why', async ({ ack, view }) => {
      values.push([view.private_metadata, view.state.values]);
      await ack(answers.shift() as never);
    });
  });
  const priya = watch(slack, PRIYA);
  await slack.command(sync('/sync a'));
  await until(() => priya.opened().length === 1);
  const submit = (at: number, words: string | null) =>
    slack.submit({ as: PRIYA, viewId: priya.opened()[at]?.id ?? '', values: { why: { words } } });
  await submit(0, null);
  expect(priya.redrawn().at(-1)?.errors).toEqual({ why: 'Please fill in this field' });
  expect(values).toEqual([]);
  await submit(0, 'x');
  expect(priya.redrawn().at(-1)?.errors).toEqual({ why: 'Say more' });
  await submit(0, 'More');
  expect(priya.opened()).toHaveLength(2);
  await submit(1, 'Again');
  expect(priya.redrawn().at(-1)).toMatchObject({ view: { private_metadata: 'd-2' }, errors: {} });
  await submit(1, 'Last');
  expect(priya.closed()).toEqual([priya.opened()[1]?.id, priya.opened()[0]?.id]);
  expect(values.at(-1)).toEqual(['d-2', { why: { words: { type: 'plain_text_input', value: 'Last' } } }]);
  expect(await submit(1, 'Gone')).toMatchObject({ ok: false });
});

test('a bare acknowledgement closes the modal; none keeps it open and says so', async () => {
  const { slack } = await workspace({ ackMs: 60 });
  let acks = false;
  await boltApp(slack, (app) => {
    app.command('/sync', async ({ ack, command, client }) => {
      await ack();
      await client.views.open({ trigger_id: command.trigger_id, view: modal() });
    });
    app.view('why', async ({ ack }) => {
      if (acks) await ack();
    });
  });
  const priya = watch(slack, PRIYA);
  await slack.command(sync('/sync a'));
  await until(() => priya.opened().length === 1);
  const input = { as: PRIYA, viewId: priya.opened()[0]?.id ?? '', values: { why: { words: 'x' } } };
  await slack.submit(input);
  expect([priya.closed(), priya.said()]).toEqual([[], ['We had some trouble connecting. Try again?']]);
  acks = true;
  await slack.submit(input);
  expect(priya.closed()).toHaveLength(1);
});

test('closing a modal is told only to an app that asked to hear of it', async () => {
  const { slack } = await workspace();
  const closed = vi.fn();
  let notify_on_close = true;
  await boltApp(slack, (app) => {
    app.command('/sync', async ({ ack, command, client }) => {
      await ack();
      await client.views.open({ trigger_id: command.trigger_id, view: modal({ notify_on_close }) });
    });
    app.view({ callback_id: 'why', type: 'view_closed' }, async ({ ack, body }) => {
      closed(body);
      await ack();
    });
  });
  const priya = watch(slack, PRIYA);
  for (const at of [0, 1]) {
    await slack.command(sync('/sync a'));
    await until(() => priya.opened().length === at + 1);
    await slack.dismiss({ as: PRIYA, viewId: priya.opened()[at]?.id ?? '', values: {} });
    notify_on_close = false;
  }
  expect(priya.closed()).toHaveLength(2);
  expect(closed).toHaveBeenCalledTimes(1);
  expect(closed.mock.calls[0]?.[0]).toMatchObject({ type: 'view_closed', is_cleared: false });
});
