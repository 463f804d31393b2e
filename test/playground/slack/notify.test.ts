import { expect, test } from 'vitest';
import { shownLabel } from '#src/playground/slack/labels.ts';
import type { Message } from '#src/playground/slack/messages.ts';
import { notificationText, whoIsNotified } from '#src/playground/slack/notify.ts';
import { APP, defaultWorkspace } from '#src/playground/slack/workspace.ts';

const PRIYA = 'U0PRIYA001';
const TOM = 'U0TOMW0001';
const SAM = 'U0SAML0001';
const people = new Map(defaultWorkspace.people.map((one) => [one.id, one]));
const groups = new Map(defaultWorkspace.groups.map((one) => [one.id, one]));
const room = defaultWorkspace.channels.find((one) => one.name === 'sync-customers') ?? raise();
function raise(): never {
  throw new Error('the practice company has no #sync-customers');
}

const message = (more: Partial<Message> = {}): Message => ({
  channel: room.id,
  ts: '2.000000',
  threadTs: null,
  user: APP.botUser,
  text: 'Hello',
  blocks: [],
  metadata: null,
  editedTs: null,
  broadcast: false,
  ...more,
});
const told = (one: Message, thread: Message[] = [], channel = room) =>
  whoIsNotified({
    message: one,
    channel,
    thread,
    person: (id) => people.get(id),
    group: (id) => groups.get(id),
  });

test('a message that mentions nobody tells nobody', () => {
  expect(told(message())).toEqual([]);
});

test.each([
  ['a mention in the text', message({ text: `<@${TOM}> look` }), [TOM]],
  ['a mention with a name', message({ text: `<@${TOM}|tom>` }), [TOM]],
  [
    'a mention in a section',
    message({ blocks: [{ type: 'section', text: { type: 'mrkdwn', text: `<@${SAM}>` } }] }),
    [SAM],
  ],
  [
    'a mention in rich text',
    message({
      blocks: [
        {
          type: 'rich_text',
          elements: [{ type: 'rich_text_section', elements: [{ type: 'user', user_id: SAM }] }],
        },
      ],
    }),
    [SAM],
  ],
  ['a user group', message({ text: '<!subteam^S0OWNERS01>' }), [PRIYA, TOM]],
  ['@here, without the app', message({ text: '<!here>' }), [PRIYA, TOM, SAM, 'U0GREG0001']],
  ['a mention of somebody who is not in the channel', message({ text: '<@U0FRANK001>' }), []],
  ['a mention of somebody deactivated', message({ text: '<@U0DANA0001>' }), []],
  ['oneself', message({ user: TOM, text: `<@${TOM}>` }), []],
])('%s', (_, one, expected) => {
  expect(told(one)).toEqual(expected);
});

test('a reply tells those who wrote in the thread or were mentioned in it, and nobody else', () => {
  const parent = message({ ts: '1.000000', text: `<@${PRIYA}> please decide` });
  const earlier = message({ ts: '1.500000', threadTs: '1.000000', user: SAM });
  expect(told(message({ threadTs: '1.000000' }), [parent, earlier])).toEqual([PRIYA, SAM]);
  expect(told(message({ threadTs: '1.000000', user: SAM }), [parent, earlier])).toEqual([PRIYA]);
});

test('direct messages always tell the other side', () => {
  const direct = { ...room, id: 'D0PRIYA001', isDirect: true, members: [PRIYA, APP.botUser] };
  expect(told(message(), [], direct)).toEqual([PRIYA]);
});

test.each([
  [`<@${PRIYA}> decide <https://a.example|this> &amp; that`, '@Priya Nair decide this & that'],
  ['by <!date^1700000000^{time}|9:00 am> in <#C0GENERAL1|general> <!here>', 'by 9:00 am in #general @here'],
  ['two\nlines', 'two lines'],
  ['', 'This content can’t be displayed.'],
])('a lock screen shows %j as %j', (text, shown) => {
  expect(notificationText(text, (id) => people.get(id)?.realName ?? id)).toBe(shown);
});

test('a lock screen shows 150 characters at most', () => {
  expect(notificationText('x'.repeat(150), String)).toHaveLength(150);
  expect(notificationText('x'.repeat(151), String)).toBe(`${'x'.repeat(149)}…`);
});

test('labels are cut at 30 for display', () => {
  expect(shownLabel('x'.repeat(30))).toBe('x'.repeat(30));
  expect(shownLabel('Keep what both systems had before today')).toBe('Keep what both systems had be…');
});
