import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PageEvent, PageRecords, PageState } from '#src/playground/page-server/api.ts';
import { customersChannel, openPracticeWorld, type PracticeWorld, priya, tom } from './practice-world.ts';

let world: PracticeWorld;
beforeAll(async () => {
  world = await openPracticeWorld();
});
afterAll(() => world.close());

const get = (path: string, headers: Record<string, string> = {}) => world.routes.request(path, { headers });
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  world.routes.request(`/practice/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const state = async (as?: string) =>
  (await get(`/practice/state${as ? `?as=${as}` : ''}`)).json() as Promise<PageState>;

/** Opens the stream and gives a reader of events that waits for the first one of a kind. */
async function listen(as: string) {
  const response = await get(`/practice/events?as=${as}`);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) throw new Error('no stream');
  const seen: PageEvent[] = [];
  let rest = (await reader.read()).value ?? '';
  const next = async (wanted: (event: PageEvent) => boolean): Promise<PageEvent> => {
    for (;;) {
      const found = seen.find(wanted);
      if (found) return found;
      rest += (await reader.read()).value ?? '';
      const parts = rest.split('\n\n');
      rest = parts.pop() ?? '';
      for (const part of parts) if (part.startsWith('data: ')) seen.push(JSON.parse(part.slice(6)));
    }
  };
  return { response, seen, next, close: () => reader.cancel() };
}

describe('the front-end’s files', () => {
  it('are served with their types taken out, and nothing beside them', async () => {
    const page = await get('/');
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const main = await get('/page/main.ts');
    expect(main.headers.get('content-type')).toContain('text/javascript');
    expect(await main.text()).not.toContain(': Promise<string');
    for (const path of [
      '/page/style/base.css',
      '/page/parts/cards.ts',
      '/page/mark.svg',
      '/lib/preact.js',
      '/lib/preact-hooks.js',
      '/lib/htm.js',
      '/lib/htm-preact.js',
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 200]);
    }
    for (const path of [
      '/page/tsconfig.json',
      '/page/../page-server.ts',
      '/page/%2e%2e/page-server.ts',
      '/page/nothing.ts',
      '/lib/zod.js',
      '/lib/..%2fpackage.json',
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
  });

  it('warn nobody on the terminal about taking types out', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on('warning', note);
    await get('/page/form.ts');
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });

  it('never turn a text into HTML', async () => {
    const folder = fileURLToPath(new URL('../../../src/playground/page/', import.meta.url));
    const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts'));
    expect(files.length).toBeGreaterThan(20);
    for (const file of files) {
      const source = await readFile(join(folder, file), 'utf8');
      expect([file, /innerHTML|outerHTML|insertAdjacentHTML|document\.write/.test(source)]).toEqual([
        file,
        false,
      ]);
    }
  });
});

describe('the state', () => {
  it('is the business owner’s when nobody is named', async () => {
    const { me, kind, cards, channels, commands } = await state();
    expect(kind).toBe('customer');
    expect(me).toBe(priya);
    expect(channels.map(({ name }) => name)).toContain('sync-customers');
    expect(commands[0]?.command).toBe('/sync');
    expect(cards.map(({ label, title }) => [label, title])).toEqual([
      ['HubSpot', 'Bellbird Timber'],
      ['Xero', 'Bellbird Timber Pty Ltd'],
      ['Cin7 Core', 'Bellbird Timber Pty Ltd'],
    ]);
    const { records } = (await (await get('/practice/records?kind=customer')).json()) as PageRecords;
    expect(records.map(({ title }) => title)).toEqual([
      'Bellbird Timber',
      'Example Hardware',
      'Sample Joinery',
      'Sample Joinery',
      'Specimen Fencing',
    ]);
  });

  it('is nobody’s for somebody unknown, or somebody whom one cannot be', async () => {
    for (const as of ['U0NOBODY', 'U0DANA0001', 'U0TRUCE001']) {
      const answer = await get(`/practice/state?as=${as}`);
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ ok: false });
    }
  });
});

describe('the records to choose from', () => {
  it('are there of each kind, the systems’ own, and of no other', async () => {
    const list = async (kind: string) => get(`/practice/records?kind=${kind}`);
    const { records } = (await (await list('customer')).json()) as PageRecords;
    expect(records[0]).toEqual({ id: 'hubspot:4711', title: 'Bellbird Timber', about: 'ABN 51 824 753 556' });
    expect(await (await list('sale')).json()).toEqual({ records: [] });
    expect((await list('ship')).status).toBe(400);
  });

  it('change for every page when another kind is chosen', async () => {
    const page = await listen(priya);
    await post('show', { kind: 'product' });
    expect(await page.next((event) => event.type === 'focus')).toEqual({
      ...{ type: 'focus', kind: 'product', cards: [] },
    });
    expect((await state()).kind).toBe('product');
    await post('show', { kind: 'customer' });
    expect((await state()).cards).toHaveLength(3);
    await page.close();
  });
});

describe('events', () => {
  it('bring messages, cards, faults and typing without asking again, until the page goes', async () => {
    const page = await listen(priya);
    expect(page.response.headers.get('content-type')).toContain('text/event-stream');
    await world.call('chat.postMessage', {
      channel: customersChannel,
      text: 'Decision needed: Bellbird Timber.',
    });
    expect(await page.next((event) => event.type === 'message')).toMatchObject({
      message: { text: 'Decision needed: Bellbird Timber.', channel: customersChannel },
    });

    await post('edit', { as: tom, system: 'xero', externalId: '0c1d-0', values: { City: 'Ballarat' } });
    expect(await page.next((event) => event.type === 'card')).toMatchObject({
      card: { system: 'xero', externalId: '0c1d-0' },
    });
    expect(world.vendors[1]?.edits.at(-1)).toEqual({
      externalId: '0c1d-0',
      values: { City: 'Ballarat' },
      editor: 'Tom Walsh',
    });

    await post('break', { system: 'xero', kind: 'busy' });
    expect(await page.next((event) => event.type === 'faults')).toEqual({
      type: 'faults',
      faults: { xero: 'busy' },
    });
    expect(world.vendors[1]?.fault).toEqual({ kind: 'busy', retryAfterSeconds: 30 });
    expect((await state()).faults).toEqual({ xero: 'busy' });
    await post('break', { system: 'xero', kind: null });
    expect((await state()).faults).toEqual({});

    world.stage.tell({ type: 'typing', system: 'hubspot', externalId: '4711', key: 'city', value: 'Foo' });
    expect(await page.next((event) => event.type === 'typing')).toMatchObject({ value: 'Foo' });
    await page.close();
  });

  it('tell one person nothing that is for another, and each their own line on top', async () => {
    const [mine, his] = [await listen(priya), await listen(tom)];
    await world.call('chat.postEphemeral', { channel: customersChannel, user: priya, text: 'Only for you' });
    world.stage.setGuide((user) => `Hello ${user.name}`);
    expect(await mine.next((event) => event.type === 'guide')).toEqual({
      type: 'guide',
      guide: 'Hello Priya Nair',
    });
    expect(await his.next((event) => event.type === 'guide')).toEqual({
      type: 'guide',
      guide: 'Hello Tom Walsh',
    });
    expect(mine.seen.some((event) => event.type === 'message' && event.message.ephemeral)).toBe(true);
    expect(his.seen.some((event) => event.type === 'message')).toBe(false);
    await Promise.all([mine.close(), his.close()]);
  });
});

describe('what the page posts', () => {
  it('becomes a message, or a command that the workspace knows or does not know', async () => {
    const page = await listen(tom);
    expect(
      await (
        await post('command', { as: tom, channel: customersChannel, threadTs: null, text: 'Morning all' })
      ).json(),
    ).toEqual({ ok: true });
    expect(await page.next((event) => event.type === 'message')).toMatchObject({
      message: { user: tom, text: 'Morning all' },
    });
    await post('command', { as: tom, channel: customersChannel, threadTs: null, text: '/nothing here' });
    expect(await page.next((event) => event.type === 'slackbot')).toMatchObject({
      channel: customersChannel,
    });
    await page.close();
  });

  it('moves every page to another customer', async () => {
    const page = await listen(priya);
    expect(await (await post('focus', { id: 'hubspot:4714' })).json()).toEqual({ ok: true });
    const focus = await page.next((event) => event.type === 'focus');
    expect(focus.type === 'focus' && focus.cards.map(({ system }) => system)).toEqual(['hubspot', 'xero']);
    expect((await state()).cards).toHaveLength(2);
    expect((await post('focus', { id: 'hubspot:1' })).status).toBe(400);
    await post('focus', { id: 'hubspot:4711' });
    await page.close();
  });

  it('sends a burst of other phone numbers, one for each customer', async () => {
    const edits = () => world.vendors[0]?.edits ?? [];
    const before = edits().length;
    await post('burst', { count: 2 });
    await post('burst', { count: 2 });
    const sent = edits().slice(before);
    expect(sent.map(({ externalId }) => externalId)).toEqual(['4711', '4712', '4711', '4712']);
    expect(sent[2]?.values.phone).not.toBe(sent[0]?.values.phone);
    expect(sent[3]?.values.phone).not.toBe(sent[1]?.values.phone);
    expect(sent.every(({ values }) => /^02 5550 \d{4}$/.test(values.phone ?? ''))).toBe(true);
  });

  it.each([
    ['a body that is no JSON', 'burst', '{', 400],
    ['a body of another shape', 'burst', { count: 'many' }, 400],
    ['a field that we do not know', 'focus', { id: 'hubspot:4711', more: 1 }, 400],
    ['an unknown kind of record', 'show', { kind: 'ship' }, 400],
    [
      'a press on a button that is not there',
      'press',
      { as: priya, system: 'xero', externalId: '0c1d-0', deed: 'fly', typed: {} },
      400,
    ],
    ['an unknown fault', 'break', { system: 'xero', kind: 'sulking' }, 400],
    ['an unknown system', 'break', { system: 'excel', kind: null }, 400],
    ['an edit of nothing', 'edit', { as: priya, system: 'xero', externalId: '0c1d-0', values: {} }, 400],
    [
      'an edit of a field that is not there',
      'edit',
      { as: priya, system: 'xero', externalId: '0c1d-0', values: { Colour: 'red' } },
      400,
    ],
    [
      'an edit of a record that is not there',
      'edit',
      { as: priya, system: 'xero', externalId: 'gone', values: { City: 'x' } },
      400,
    ],
    [
      'somebody unknown',
      'command',
      { as: 'U0NOBODY', channel: customersChannel, threadTs: null, text: 'hi' },
      404,
    ],
    [
      'a channel that one is not in',
      'command',
      { as: tom, channel: 'C0NOWHERE', threadTs: null, text: 'hi' },
      400,
    ],
  ])('is refused with the reason: %s', async (_, path, body, status) => {
    const answer = await post(path, body);
    expect(answer.status).toBe(status);
    const { ok, error } = (await answer.json()) as { ok: boolean; error: string };
    expect(ok).toBe(false);
    expect(error.length).toBeGreaterThan(10);
  });

  it('is refused from another site’s page, and as a form', async () => {
    const body = { count: 1 };
    expect((await post('burst', body, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await post('burst', body, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect(
      (await post('burst', 'count=1', { 'content-type': 'application/x-www-form-urlencoded' })).status,
    ).toBe(415);
    expect((await post('burst', body, { origin: 'http://localhost', host: 'localhost' })).status).toBe(200);
  });
});
