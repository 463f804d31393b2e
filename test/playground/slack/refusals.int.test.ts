import type { WebClient } from '@slack/web-api';
import { expect, test } from 'vitest';
import { error, FOREIGN, GONE, PRIYA, SYNC, workspace } from './workspace.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const hello = { channel: SYNC, text: 'Hello' };

const long = { type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(2900) } };
const refusals: [string, (client: WebClient, ts: string) => Promise<unknown>, string][] = [
  ['an unknown method', (it) => it.apiCall('chat.shout'), 'unknown_method'],
  ['a method named as every object’s', (it) => it.apiCall('constructor'), 'unknown_method'],
  [
    'an unknown channel',
    (it) => it.chat.postMessage({ ...hello, channel: 'C0NOWHERE1' }),
    'channel_not_found',
  ],
  [
    'a channel without the app',
    (it) => it.chat.postMessage({ ...hello, channel: 'C0FINANCE1' }),
    'not_in_channel',
  ],
  ['an archived channel', (it) => it.chat.postMessage({ ...hello, channel: '#sync-2019' }), 'is_archived'],
  ['somebody deactivated', (it) => it.chat.postMessage({ ...hello, channel: GONE }), 'channel_not_found'],
  ['nothing to say', (it) => it.chat.postMessage({ channel: SYNC, text: '' }), 'no_text'],
  [
    'a reply to nothing',
    (it) => it.chat.postMessage({ ...hello, thread_ts: '1.000000' }),
    'thread_not_found',
  ],
  [
    '51 blocks',
    (it) =>
      it.chat.postMessage({
        ...hello,
        blocks: Array.from({ length: 51 }, () => ({ type: 'divider' as const })),
      }),
    'invalid_blocks',
  ],
  [
    'too much text in blocks',
    (it) => it.chat.postMessage({ ...hello, blocks: [long, long, long, long] as never }),
    'msg_blocks_too_long',
  ],
  [
    'blocks that are no JSON',
    (it) => it.apiCall('chat.postMessage', { ...hello, blocks: '[{' }),
    'invalid_blocks_format',
  ],
  [
    'metadata without a type',
    (it) => it.apiCall('chat.postMessage', { ...hello, metadata: { a: 1 } }),
    'invalid_metadata_format',
  ],
  [
    'an edit of 4,001 characters',
    (it, ts) => it.chat.update({ channel: SYNC, ts, text: 'x'.repeat(4001) }),
    'msg_too_long',
  ],
  [
    'an edit of nothing',
    (it) => it.chat.update({ channel: SYNC, ts: '1.000000', text: 'a' }),
    'message_not_found',
  ],
  [
    'an edit in an archived channel',
    (it) => it.chat.update({ channel: 'C0OLDSYNC1', ts: '1.000000', text: 'a' }),
    'is_inactive',
  ],
  [
    'a whisper to somebody elsewhere',
    (it) => it.chat.postEphemeral({ ...hello, user: FOREIGN }),
    'user_not_in_channel',
  ],
  [
    'a whisper in a channel without the app',
    (it) => it.chat.postEphemeral({ ...hello, channel: 'C0FINANCE1', user: PRIYA }),
    'not_in_channel',
  ],
  [
    'a whisper in no channel',
    (it) => it.chat.postEphemeral({ ...hello, channel: '', user: PRIYA }),
    'channel_not_found',
  ],
  [
    'a permalink to nothing',
    (it) => it.chat.getPermalink({ channel: SYNC, message_ts: '1.000000' }),
    'message_not_found',
  ],
  [
    'the history of a channel without the app',
    (it) => it.conversations.history({ channel: 'C0FINANCE1' }),
    'not_in_channel',
  ],
  [
    'a thread of nothing',
    (it) => it.conversations.replies({ channel: SYNC, ts: '1.000000' }),
    'thread_not_found',
  ],
  [
    'a channel that is not there',
    (it) => it.conversations.info({ channel: 'C0NOWHERE1' }),
    'channel_not_found',
  ],
  ['a user that is not there', (it) => it.users.info({ user: 'U0NOBODY01' }), 'user_not_found'],
  [
    'a group that is not there',
    (it) => it.usergroups.users.list({ usergroup: 'S0NOBODY01' }),
    'no_such_subteam',
  ],
  [
    'direct messages with somebody deactivated',
    (it) => it.conversations.open({ users: GONE }),
    'user_disabled',
  ],
  [
    'a trigger that was never given',
    (it) =>
      it.views.open({ trigger_id: '1.1.a', view: { type: 'modal', title: plain('a') as never, blocks: [] } }),
    'invalid_trigger_id',
  ],
  [
    'a modal with a long title',
    (it) =>
      it.views.open({
        trigger_id: '1.1.a',
        view: { type: 'modal', title: plain('x'.repeat(25)) as never, blocks: [] },
      }),
    'invalid_arguments',
  ],
  [
    'an update of no view',
    (it) =>
      it.views.update({ view_id: 'V1', view: { type: 'modal', title: plain('a') as never, blocks: [] } }),
    'not_found',
  ],
];
test.each(refusals)('refuses %s', async (_, call, expected) => {
  const { client } = await workspace();
  const { ts = '' } = await client.chat.postMessage(hello);
  expect(await error(call(client, ts))).toBe(expected);
});

test('refuses to edit what a person wrote', async () => {
  const { slack, client } = await workspace();
  await slack.say(PRIYA, SYNC, 'Mine');
  const ts = slack.messagesFor(PRIYA)[0]?.ts ?? '';
  expect(await error(client.chat.update({ channel: SYNC, ts, text: 'Yours' }))).toBe('cant_update_message');
});

test('names each fault of refused blocks by its place', async () => {
  const { client } = await workspace();
  const thrown = await client.chat.postMessage({ ...hello, blocks: [{ type: 'section' }] }).catch((it) => it);
  expect(thrown.data.response_metadata.messages).toContain(
    '[ERROR] either text or fields is required [json-pointer:/blocks/0]',
  );
});

test('scopes are those of the manifest', async () => {
  const { client } = await workspace({ scopes: ['chat:write', 'channels:read'] });
  expect(await error(client.chat.postMessage(hello))).toBe('ok');
  expect(await error(client.conversations.info({ channel: SYNC }))).toBe('ok');
  const thrown = await client.conversations.history({ channel: SYNC }).catch((it) => it);
  expect(thrown.data).toMatchObject({
    error: 'missing_scope',
    needed: 'channels:history',
    provided: 'chat:write,channels:read',
  });
  expect(await error(client.users.info({ user: PRIYA }))).toBe('missing_scope');
});
