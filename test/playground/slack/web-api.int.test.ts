import { ErrorCode } from '@slack/web-api';
import { expect, test } from 'vitest';
import {
  buttons,
  error,
  FOREIGN,
  GONE,
  PRIYA,
  SAM,
  SYNC,
  TOM,
  watch,
  webClient,
  workspace,
} from './workspace.ts';

const hello = { channel: SYNC, text: 'Hello' };
test('says who the app is, to the bot’s token only', async () => {
  const { slack, client } = await workspace();
  expect(await client.auth.test()).toMatchObject({
    ok: true,
    team_id: 'T0PRACTICE',
    user_id: 'U0TRUCE001',
    bot_id: 'B0TRUCE001',
  });
  expect(await error(webClient(slack, 'xoxb-wrong').auth.test())).toBe('invalid_auth');
  const bare = await fetch(`${slack.apiUrl}auth.test`, { method: 'POST' });
  expect(await bare.json()).toEqual({ ok: false, error: 'not_authed' });
  expect(await error(webClient(slack, slack.appToken).auth.test())).toBe('not_allowed_token_type');
  expect(await error(client.apps.connections.open({}))).toBe('not_allowed_token_type');
  const opened = await webClient(slack, slack.appToken).apps.connections.open({});
  expect(opened.url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/link\/\?ticket=/);
});

test('takes a token in the body, JSON, and forms with a team_id', async () => {
  const { slack } = await workspace();
  const json = await fetch(`${slack.apiUrl}chat.postMessage`, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8', authorization: `Bearer ${slack.botToken}` },
    body: JSON.stringify({ ...hello, blocks: buttons(), team_id: 'T0PRACTICE' }),
  });
  expect(await json.json()).toMatchObject({ ok: true, channel: SYNC, message: { bot_id: 'B0TRUCE001' } });
  const form = await fetch(`${slack.apiUrl}auth.test`, {
    method: 'POST',
    body: new URLSearchParams({ token: slack.botToken }),
  });
  expect(await form.json()).toMatchObject({ ok: true });
});

test('posts a burst per channel, then one a second; others are not held up', async () => {
  const { client, clock } = await workspace();
  const outcomes = [];
  for (let at = 0; at < 6; at += 1) outcomes.push(await error(client.chat.postMessage(hello)));
  expect(outcomes).toEqual(['ok', 'ok', 'ok', 'ok', ErrorCode.RateLimitedError, ErrorCode.RateLimitedError]);
  const thrown = await client.chat.postMessage(hello).catch((it) => it);
  expect(thrown.retryAfter).toBe(1);
  expect(await error(client.chat.postMessage({ ...hello, channel: 'C0GENERAL1' }))).toBe('ok');
  clock.advance(1000);
  expect(await error(client.chat.postMessage(hello))).toBe('ok');
  expect(await error(client.chat.postMessage(hello))).toBe(ErrorCode.RateLimitedError);
});

test('edits are limited to 50 a minute', async () => {
  const { client, clock } = await workspace();
  const { ts = '' } = await client.chat.postMessage(hello);
  const change = () => error(client.chat.update({ channel: SYNC, ts, text: 'b' }));
  for (let at = 0; at < 50; at += 1) expect(await change()).toBe('ok');
  expect(await change()).toBe(ErrorCode.RateLimitedError);
  clock.advance(2000);
  expect(await change()).toBe('ok');
});

test('finds a post again by its metadata, only when asked for it', async () => {
  const { client } = await workspace();
  const metadata = { event_type: 'truce', event_payload: { key: 'card:1' } };
  const { ts = '' } = await client.chat.postMessage({ ...hello, metadata });
  await client.chat.update({ channel: SYNC, ts, text: 'Changed' });
  const found = await client.conversations.history({ channel: SYNC, include_all_metadata: true });
  expect(found.messages?.[0]).toMatchObject({ ts, text: 'Changed', metadata });
  const bare = await client.conversations.history({ channel: SYNC });
  expect(bare.messages?.[0]).not.toHaveProperty('metadata');
});

test('history is newest first, in pages, without replies; a thread begins with its parent', async () => {
  const { slack, client, clock } = await workspace();
  const posted: string[] = [];
  for (const text of ['one', 'two', 'three']) {
    posted.push((await client.chat.postMessage({ channel: SYNC, text })).ts ?? '');
    clock.advance(1000);
  }
  const [first = '', second = '', third = ''] = posted;
  await client.chat.postMessage({ channel: SYNC, text: 'a reply', thread_ts: second });
  clock.advance(1000);
  await client.chat.postMessage({ channel: SYNC, text: 'for all', thread_ts: second, reply_broadcast: true });
  const all = await client.conversations.history({ channel: SYNC });
  expect(all.messages?.map((one) => one.text)).toEqual(['for all', 'three', 'two', 'one']);
  expect(all.messages?.[2]).toMatchObject({ reply_count: 2, thread_ts: second });
  const since = await client.conversations.history({ channel: SYNC, oldest: first, latest: third });
  expect(since.messages?.map((one) => one.text)).toEqual(['two']);
  const page = await client.conversations.history({ channel: SYNC, limit: 2 });
  expect(page.has_more).toBe(true);
  const rest = await client.conversations.history({
    channel: SYNC,
    limit: 2,
    cursor: page.response_metadata?.next_cursor ?? '',
  });
  expect(rest.messages?.map((one) => one.text)).toEqual(['two', 'one']);
  const thread = await client.conversations.replies({ channel: SYNC, ts: second });
  expect(thread.messages?.map((one) => one.text)).toEqual(['two', 'a reply', 'for all']);
  expect(slack.messagesFor(PRIYA).find((one) => one.ts === second)?.replyCount).toBe(2);
});

test('knows members, guests, deactivated and foreign users, and groups', async () => {
  const { client } = await workspace();
  const user = async (id: string) => (await client.users.info({ user: id })).user;
  expect(await user(PRIYA)).toMatchObject({
    real_name: 'Priya Nair',
    deleted: false,
    is_restricted: false,
    tz: 'Australia/Sydney',
  });
  expect(await user('U0GREG0001')).toMatchObject({ is_restricted: true });
  expect(await user(GONE)).toMatchObject({ deleted: true });
  expect(await user(FOREIGN)).toMatchObject({ is_stranger: true, team_id: 'T0FREIGHT0' });
  expect(await user('U0TRUCE001')).toMatchObject({ is_bot: true });
  expect((await client.usergroups.users.list({ usergroup: 'S0OWNERS01' })).users).toEqual([PRIYA, TOM]);
  const members = await client.conversations.members({ channel: SYNC });
  expect(members.members).toContain(SAM);
  const info = await client.conversations.info({ channel: 'C0FREIGHT1' });
  expect(info.channel).toMatchObject({ is_ext_shared: true, is_member: true, is_archived: false });
  const list = await client.conversations.list({ exclude_archived: true });
  expect(list.channels?.map((one) => one.name)).toEqual([
    'sync-customers',
    'sync-products',
    'sync-invoices',
    'general',
    'finance',
    'freight-partner',
  ]);
});

test('opens direct messages on posting to a person, and notifies them', async () => {
  const { slack, client } = await workspace();
  const window = watch(slack, PRIYA);
  const { channel } = await client.chat.postMessage({ channel: PRIYA, text: 'For you' });
  expect(channel).toBe('D0PRIYA001');
  expect(window.notifications()).toMatchObject([{ where: 'Truce', text: 'For you', to: PRIYA }]);
  expect(slack.channelsFor(PRIYA).at(-1)).toMatchObject({ id: 'D0PRIYA001', name: 'Truce', isDirect: true });
  expect((await client.conversations.open({ users: PRIYA })).channel?.id).toBe('D0PRIYA001');
  expect(slack.messagesFor(TOM)).toEqual([]);
});

test('a new message notifies whom it mentions; an edit notifies nobody', async () => {
  const { slack, client } = await workspace();
  const priya = watch(slack, PRIYA);
  const { ts = '' } = await client.chat.postMessage({ channel: SYNC, text: 'Waiting' });
  await client.chat.update({ channel: SYNC, ts, text: `<@${PRIYA}> decide` });
  expect(priya.notifications()).toEqual([]);
  await client.chat.postMessage({ channel: SYNC, thread_ts: ts, text: `<@${PRIYA}> decide` });
  expect(slack.notificationsFor(PRIYA)).toMatchObject([
    { where: '#sync-customers', text: '@Priya Nair decide' },
  ]);
  expect(slack.notificationsFor(TOM)).toEqual([]);
});

test('ephemeral messages reach the open windows of one person, and no reload', async () => {
  const { slack, client } = await workspace();
  const [priya, sam] = [watch(slack, PRIYA), watch(slack, SAM)];
  await client.chat.postEphemeral({ ...hello, user: PRIYA, blocks: buttons() });
  expect(priya.messages()).toMatchObject([{ text: 'Hello', ephemeral: true }]);
  expect(sam.events).toEqual([]);
  expect(priya.notifications()).toEqual([]);
  expect(slack.messagesFor(PRIYA)).toEqual([]);
  const ts = priya.messages()[0]?.ts ?? '';
  expect(await error(client.chat.update({ channel: SYNC, ts, text: 'b' }))).toBe('message_not_found');
});

test('permalinks lead to where people see this workspace', async () => {
  const { client } = await workspace({ siteUrl: 'http://localhost:3000' });
  const { ts = '' } = await client.chat.postMessage(hello);
  const { permalink } = await client.chat.getPermalink({ channel: SYNC, message_ts: ts });
  expect(permalink).toBe(`http://localhost:3000/archives/${SYNC}/p${ts.replace('.', '')}`);
});

test('a home tab is published per person and guarded by its hash', async () => {
  const { slack, client } = await workspace();
  const view = { type: 'home' as const, blocks: buttons() };
  const { view: published } = await client.views.publish({ user_id: PRIYA, view });
  expect(slack.homeFor(PRIYA)?.view.blocks).toHaveLength(2);
  expect(slack.homeFor(SAM)).toBeNull();
  expect(await error(client.views.publish({ user_id: PRIYA, view, hash: 'old' }))).toBe('hash_conflict');
  expect(await error(client.views.publish({ user_id: PRIYA, view, hash: published?.hash ?? '' }))).toBe('ok');
});

test('faults: an answer lost after the post, a refusal, a wait, an outage', async () => {
  const { slack, client } = await workspace();
  slack.loseNextAnswer('chat.postMessage');
  expect(await error(client.chat.postMessage(hello))).toBe(ErrorCode.RequestError);
  expect(slack.messagesFor(PRIYA)).toHaveLength(1);
  slack.failNext('chat.postMessage', 'fatal_error');
  expect(await error(client.chat.postMessage(hello))).toBe('fatal_error');
  slack.rateLimitNext('chat.postMessage', 7);
  expect((await client.chat.postMessage(hello).catch((it) => it)).retryAfter).toBe(7);
  slack.down(true);
  expect((await client.chat.postMessage(hello).catch((it) => it)).statusCode).toBe(503);
  slack.down(false);
  expect(await error(client.chat.postMessage(hello))).toBe('ok');
  expect(slack.messagesFor(PRIYA)).toHaveLength(2);
  expect(slack.calls.map(({ status, error: named }) => [status, named])).toEqual([
    [200, null],
    [200, 'fatal_error'],
    [429, 'ratelimited'],
    [200, null],
  ]);
});

test('takes a file: an address, the bytes, and one message with it', async () => {
  const { slack, client } = await workspace();
  const upload = { channel_id: SYNC, filename: 'log.json', initial_comment: 'The log' };
  await client.files.uploadV2({ ...upload, content: '{"a":"ä"}' });
  const [message] = slack.messagesFor(PRIYA);
  expect(message).toMatchObject({ text: 'The log', files: [{ name: 'log.json', content: '{"a":"ä"}' }] });
  const length = 3;
  const { upload_url: url = '', file_id: id = '' } = await client.files.getUploadURLExternal({
    filename: 'log.json',
    length,
  });
  expect((await fetch(url, { method: 'POST', body: 'too long' })).status).toBe(400);
  expect(await error(client.files.completeUploadExternal({ files: [{ id }], channel_id: SYNC }))).toContain(
    'file_not_found',
  );
});
