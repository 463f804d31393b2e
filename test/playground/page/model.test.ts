import { describe, expect, it } from 'vitest';
import {
  emptyModel,
  inChannel,
  inThread,
  type Model,
  reduce,
  typingKey,
  unread,
} from '#src/playground/page/model.ts';
import type { PageEvent, PageMessage, PageState } from '#src/playground/page-server/api.ts';

const message = (ts: string, more: Partial<PageMessage> = {}): PageMessage => ({
  channel: 'C1',
  ts,
  threadTs: null,
  user: 'UBOT',
  text: `at ${ts}`,
  blocks: [],
  edited: false,
  ephemeral: false,
  broadcast: false,
  replyCount: 0,
  ...more,
});
const room = (id: string, name: string) => ({ id, name, topic: '', isDirect: false });
const state: PageState = {
  me: 'U1',
  users: [{ id: 'UBOT', name: 'Truce', part: null, isBot: true }],
  channels: [room('C2', 'general'), room('C1', 'sync-customers')],
  messages: [message('100.000000'), message('50.000000', { channel: 'C2' })],
  notifications: [],
  home: null,
  commands: [],
  subcommands: [],
  shortcuts: [],
  cards: [
    {
      system: 'xero',
      label: 'Xero',
      externalId: 'x1',
      title: 'Bellbird',
      abn: '',
      fields: [],
      updatedAt: '',
    },
  ],
  kind: 'customer',
  faults: {},
  guide: 'Watch',
};
const opened = reduce(emptyModel, { type: 'state', state, at: '200.000000' });
const following = (model: Model, ...events: PageEvent[]) =>
  events.reduce((now, event) => reduce(now, { type: 'event', event, at: '300.000000' }), model);

describe('the page’s picture', () => {
  it('opens where decisions arrive, with everything read', () => {
    expect(opened.channel).toBe('C1');
    expect([unread(opened, 'C1'), unread(opened, 'C2')]).toEqual([0, 0]);
  });

  it('counts what arrives elsewhere until it is looked at', () => {
    const later = following(
      opened,
      { type: 'message', message: message('201.0', { channel: 'C2' }) },
      { type: 'message', message: message('202.0') },
    );
    expect([unread(later, 'C1'), unread(later, 'C2')]).toEqual([0, 1]);
    expect(unread(reduce(later, { type: 'open_channel', channel: 'C2' }), 'C2')).toBe(0);
    expect(later.said).toBe('New message from Truce in sync-customers: at 202.0');
  });

  it('takes back that the server is away once it is there again, and nothing else', () => {
    const problem = (from: Model, text: string) => reduce(from, { type: 'problem', problem: text });
    const connected = (from: Model, is: boolean) => reduce(from, { type: 'connected', connected: is });
    const here = connected(opened, true);
    expect(connected(problem(connected(here, false), 'away'), true).problem).toBeNull();
    expect(connected(problem(here, 'refused'), true).problem).toBe('refused');
  });

  it('edits in place and forgets what was deleted', () => {
    const edited = following(opened, {
      type: 'message_changed',
      message: message('100.000000', { text: 'Settled', edited: true }),
    });
    expect(inChannel(edited, 'C1').map(({ text }) => text)).toEqual(['Settled']);
    expect(
      inChannel(following(edited, { type: 'message_deleted', channel: 'C1', ts: '100.000000' }), 'C1'),
    ).toEqual([]);
  });

  it('keeps replies in their thread unless they are meant for the channel too', () => {
    const reply = { threadTs: '100.000000' };
    const replied = following(
      opened,
      { type: 'message', message: message('101.0', reply) },
      { type: 'message', message: message('102.0', { ...reply, broadcast: true }) },
    );
    expect(inChannel(replied, 'C1').map(({ ts }) => ts)).toEqual(['100.000000', '102.0']);
    expect(inThread(replied, { channel: 'C1', ts: '100.000000' })).toHaveLength(3);
  });

  it('keeps what only this person sees over a reconnect, and loses it with the person', () => {
    const whispered = following(opened, { type: 'message', message: message('150.0', { ephemeral: true }) });
    const again = reduce(whispered, { type: 'state', state, at: '400.0' });
    expect(inChannel(again, 'C1').map(({ ts }) => ts)).toEqual(['100.000000', '150.0']);
    expect(inChannel(reduce(again, { type: 'become', user: 'U2' }), 'C1')).toHaveLength(1);
  });

  it('says the workspace’s own lines below everything else', () => {
    const told = following(opened, { type: 'slackbot', channel: 'C1', text: '/sync failed' });
    expect(inChannel(told, 'C1').at(-1)).toMatchObject({
      text: '/sync failed',
      ephemeral: true,
      ts: '300.000000',
    });
  });

  it('says them in the open thread too, and counts none of them as unread', () => {
    const thread = { channel: 'C1', ts: '100.000000' };
    const inIt = reduce(opened, { type: 'open_thread', thread });
    const told = following(inIt, { type: 'slackbot', channel: 'C1', text: '/sync does not work in threads' });
    expect(inThread(told, thread).at(-1)?.text).toBe('/sync does not work in threads');
    expect(inChannel(told, 'C1').at(-1)?.text).toBe('/sync does not work in threads');
    expect(unread(told, 'C1')).toBe(0);
  });

  it('shows typing until the card is saved', () => {
    const typing = following(opened, {
      type: 'typing',
      system: 'xero',
      externalId: 'x1',
      key: 'City',
      value: 'Foo',
    });
    expect(typing.typing).toEqual({ [typingKey('xero', 'x1', 'City')]: 'Foo' });
    const [card] = state.cards;
    if (!card) throw new Error('no card');
    expect(following(typing, { type: 'card', card: { ...card, title: 'New' } })).toMatchObject({
      typing: {},
      cards: [{ title: 'New' }],
    });
  });

  it('stacks modals, renews them and takes them away', () => {
    const view = (id: string, errors = {}) => ({
      id,
      errors,
      view: { type: 'modal' as const, title: { type: 'plain_text' as const, text: id }, blocks: [] },
    });
    const two = following(
      opened,
      { type: 'view_opened', view: view('V1') },
      { type: 'view_opened', view: view('V2') },
    );
    const refused = following(two, { type: 'view_changed', view: view('V2', { why: 'Say more' }) });
    expect(refused.views.map(({ id, errors }) => [id, errors])).toEqual([
      ['V1', {}],
      ['V2', { why: 'Say more' }],
    ]);
    expect(following(refused, { type: 'view_closed', id: 'V2' }).views.map(({ id }) => id)).toEqual(['V1']);
    expect(following(opened, { type: 'view_changed', view: view('V9') }).views).toEqual([]);
  });
});
