import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { Hono } from 'hono';
import { pino } from 'pino';
import { beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import type { ActiveAgreement } from '#src/agreement/agreement.ts';
import { readAgreement } from '#src/agreement/read.ts';
import { type ManualClock, manualClock } from '#src/clock.ts';
import { createConnections } from '#src/connectors/registry.ts';
import type { Wake } from '#src/jobs/wake.ts';
import { budgetLedger } from '#src/ledger/connections/budgets.ts';
import { exchangeLog } from '#src/ledger/connections/exchanges.ts';
import { announceCard } from '#src/ledger/posts/outbox.ts';
import { putInLine, rowSent } from '#src/ledger/posts/outbox-sending.ts';
import { addHints, waitingHints } from '#src/ledger/runs/hints.ts';
import { runs } from '#src/ledger/tables/index.ts';
import { createWeb, type Web } from '#src/web/server.ts';
import { memoryTokens } from '#test/connectors/kit.ts';
import { customersOnly } from '#test/support/customers-only.ts';
import { describeOnBothDatabases, type TestDatabase } from '#test/support/database.ts';

const publicUrl = 'https://truce.example.com';
const noon = new Date('2026-11-20T01:00:00Z');
const secrets: Readonly<Record<string, string>> = {
  HUBSPOT_CLIENT_SECRET: 'hubspot-secret',
  XERO_WEBHOOK_KEY: 'xero-key',
  CIN7_WEBHOOK_SECRET: 'cin7-secret',
};
const sign = (key: string, text: string) => createHmac('sha256', key).update(text).digest('base64');

function activeAgreement(): ActiveAgreement {
  const read = readAgreement(customersOnly(), 'truce.yml');
  if (!read.ok) throw new Error('the agreement at the root is broken');
  return { ...read.agreement, version: 1 };
}

interface Stage {
  readonly database: TestDatabase;
  readonly clock: ManualClock;
  readonly web: Web;
  readonly wakes: Wake[];
  readonly logged: string[];
  url: string;
  post(
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers?: Record<string, string>,
  ): Promise<Response>;
}

async function stage(
  database: TestDatabase,
  more: { wake?: () => Promise<void>; extra?: Hono } = {},
): Promise<Stage> {
  const clock = manualClock(noon);
  const wakes: Wake[] = [];
  const logged: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => logged.push(line) });
  const agreement = activeAgreement();
  const { db } = database;
  const http = { log: exchangeLog(db), budgets: budgetLedger(db) };
  const connections = createConnections({
    agreement,
    credential: (name) => secrets[name],
    http,
    tokens: memoryTokens(),
    clock,
  });
  const wake = async (one: Wake) => {
    wakes.push(one);
    await more.wake?.();
  };
  const extra = more.extra ? { extra: more.extra } : {};
  const web = createWeb({
    db,
    clock,
    log,
    connections,
    agreement: () => agreement,
    wake,
    publicUrl,
    secretKeys: [],
    tokens: memoryTokens(),
    check: async () => ({ report: null, error: 'nobody asks' }),
    ...extra,
  });
  const port = await web.listen(0, '127.0.0.1');
  onTestFinished(() => web.close());
  const url = `http://127.0.0.1:${port}`;
  const post: Stage['post'] = (path, body, headers = {}) =>
    fetch(url + path, { method: 'POST', body, headers });
  return { database, clock, web, wakes, logged, url, post };
}

const hubspotEvents = (...ids: number[]) =>
  JSON.stringify(
    ids.map((objectId) => ({ subscriptionType: 'company.propertyChange', objectId, portalId: 1 })),
  );
function hubspotHeaders(body: string, path = '/webhooks/hubspot'): Record<string, string> {
  const stamp = String(noon.getTime());
  const signature = sign('hubspot-secret', `POST${publicUrl}${path}${body}${stamp}`);
  return { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': stamp };
}
const xeroEvents = (...ids: string[]) =>
  JSON.stringify({
    events: ids.map((resourceId) => ({ resourceId, eventCategory: 'CONTACT', eventType: 'UPDATE' })),
    firstEventSequence: 1,
    lastEventSequence: 1,
    entropy: 'S0m3',
  });

describeOnBothDatabases('a webhook', (open) => {
  let database: TestDatabase;
  let on: Stage;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(async () => {
    await database.empty();
    on = await stage(database);
  });
  const ids = async (connection: string) =>
    (
      await waitingHints(
        on.database.db,
        { connection, flow: 'customers', entity: 'customer' },
        { limit: 100 },
      )
    )
      .map(({ externalId }) => externalId)
      .sort();

  it('that HubSpot signed over the public address is stored, wakes the flow, and is answered', async () => {
    const body = hubspotEvents(11, 12, 11);
    const answer = await on.post('/webhooks/hubspot', body, hubspotHeaders(body));
    expect(answer.status).toBe(200);
    expect(await ids('hubspot')).toEqual(['11', '12']);
    expect(on.wakes).toEqual([{ flow: 'customers', trigger: 'hint' }]);
  });

  it('of Xero is answered with an empty body and no cookie, the test of the address too', async () => {
    const body = xeroEvents('c-1');
    const answer = await on.post('/webhooks/xero', body, { 'x-xero-signature': sign('xero-key', body) });
    expect([answer.status, await answer.text(), answer.headers.get('set-cookie')]).toEqual([200, '', null]);
    const empty = xeroEvents();
    const test = await on.post('/webhooks/xero', empty, { 'x-xero-signature': sign('xero-key', empty) });
    expect(test.status).toBe(200);
    expect(await ids('xero')).toEqual(['c-1']);
    expect(on.wakes).toHaveLength(1);
  });

  it('of Cin7 Core brings its secret as bearer token or at the end of the path, which is not logged', async () => {
    const body = JSON.stringify({ CustomerID: 'k-1', EventType: 'Customer/Updated' });
    const bearer = await on.post('/webhooks/cin7-core', body, { authorization: 'Bearer cin7-secret' });
    const path = await on.post('/webhooks/cin7-core/cin7-secret', body.replace('k-1', 'k-2'));
    expect([bearer.status, path.status]).toEqual([200, 200]);
    expect(await ids('cin7-core')).toEqual(['k-1', 'k-2']);
    const wrong = await on.post('/webhooks/cin7-core/guessed-secret', body);
    expect(wrong.status).toBe(401);
    expect(on.logged.join()).not.toMatch(/guessed-secret|cin7-secret/);
  });

  it('with a bad signature is refused with a clear word, and nothing is stored', async () => {
    const body = hubspotEvents(11);
    const headers = hubspotHeaders(hubspotEvents(12));
    const answer = await on.post('/webhooks/hubspot', body, headers);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual({ error: 'Refused: the signature does not fit.' });
    expect(on.logged.join()).toContain('A webhook of HubSpot was refused');
    expect(await ids('hubspot')).toEqual([]);
    expect(on.wakes).toEqual([]);
  });

  it('for an unknown connection, of another method, or without a name is refused', async () => {
    expect((await on.post('/webhooks/salesforce', '[]')).status).toBe(404);
    expect((await on.post('/webhooks/constructor', '[]')).status).toBe(404);
    expect((await fetch(`${on.url}/webhooks/hubspot`)).status).toBe(405);
    expect((await on.post('/webhooks', '[]')).status).toBe(405);
  });

  it.each([
    ['half JSON', '[{"objectId": 1'],
    ['HTML', '<html>busy</html>'],
    ['nothing', ''],
    ['another shape', '{"hello": 1}'],
  ])('that is %s is unreadable', async (_, body) => {
    const answer = await on.post('/webhooks/hubspot', body, hubspotHeaders(body));
    expect(answer.status).toBe(400);
  });

  it('that is no text is unreadable', async () => {
    const answer = await on.post('/webhooks/hubspot', new Uint8Array([0x5b, 0xff, 0x5d]));
    expect([answer.status, await answer.json()]).toEqual([400, { error: 'The body is not text in UTF-8.' }]);
  });

  it('of more than 1 MB is refused, whether it says so or streams', async () => {
    const large = 'x'.repeat(1024 * 1024 + 1);
    expect((await on.post('/webhooks/hubspot', large)).status).toBe(413);
    const stream = new Blob([large]).stream();
    const streamed = await fetch(`${on.url}/webhooks/hubspot`, {
      method: 'POST',
      body: stream,
      duplex: 'half',
    } as RequestInit);
    expect(streamed.status).toBe(413);
  });

  it('that cannot be stored is asked for again', async () => {
    await on.database.db.execute('alter table hints rename to hints_away');
    const body = hubspotEvents(11);
    const answer = await on.post('/webhooks/hubspot', body, hubspotHeaders(body));
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('30');
    await on.database.db.execute('alter table hints_away rename to hints');
    expect((await on.post('/webhooks/hubspot', body, hubspotHeaders(body))).status).toBe(200);
    expect(await ids('hubspot')).toEqual(['11']);
  });
});

describeOnBothDatabases('a webhook whose flow cannot be woken', (open) => {
  it('is answered at once and stored all the same', async () => {
    const on = await stage(await open(), { wake: () => Promise.reject(new Error('the queue is away')) });
    const body = hubspotEvents(11);
    expect((await on.post('/webhooks/hubspot', body, hubspotHeaders(body))).status).toBe(200);
    expect(
      await waitingHints(
        on.database.db,
        { connection: 'hubspot', flow: 'customers', entity: 'customer' },
        { limit: 100 },
      ),
    ).toHaveLength(1);
    expect(on.logged.join()).toContain('could not be woken');
  });
});

describeOnBothDatabases('the health page', (open) => {
  const health = async (on: Stage) => {
    const answer = await fetch(`${on.url}/health`);
    return [answer.status, await answer.json()];
  };
  const slotRun = (slot: Date) => ({
    flow: 'customers',
    slot,
    trigger: 'schedule' as const,
    state: 'done' as const,
    epoch: 1,
    owner: 'test',
    correlationId: 'tr-0000000001',
    agreementVersion: 1,
    startedAt: slot,
    finishedAt: new Date(slot.getTime() + 800),
  });

  const nothing = { hints: 0, staged: 0, writing: 0, oldest: null, retries: 0, mostTries: 0 };

  it('is well after the start, unwell once a run is late, and well again after it', async () => {
    const on = await stage(await open());
    expect(await health(on)).toEqual([
      200,
      {
        ok: true,
        alive: true,
        database: 'reachable',
        slack: null,
        posts: { waiting: 0 },
        flows: { customers: { paused: false, late: false, lastRun: null, backlog: nothing } },
      },
    ]);
    on.clock.advance(3 * 60_000);
    expect(await health(on)).toMatchObject([200, { ok: true }]);
    on.clock.advance(60_000);
    expect(await health(on)).toMatchObject([503, { ok: false, flows: { customers: { late: true } } }]);
    await on.database.db.insert(runs).values(slotRun(new Date(noon.getTime() + 4 * 60_000)));
    expect(await health(on)).toEqual([
      200,
      {
        ok: true,
        alive: true,
        database: 'reachable',
        slack: null,
        posts: { waiting: 0 },
        flows: {
          customers: {
            paused: false,
            late: false,
            lastRun: {
              state: 'done',
              startedAt: '2026-11-20T01:04:00.000Z',
              finishedAt: '2026-11-20T01:04:00.800Z',
            },
            backlog: nothing,
          },
        },
      },
    ]);
  });

  it('counts what waits to be worked off, and since when', async () => {
    const on = await stage(await open());
    await addHints(on.database.db, { connection: 'xero', externalIds: ['a', 'b'], now: noon });
    expect(await health(on)).toMatchObject([
      200,
      { flows: { customers: { backlog: { ...nothing, hints: 2, oldest: noon.toISOString() } } } },
    ]);
  });

  it('counts the messages that are due and not out, and none that wait for their turn', async () => {
    const on = await stage(await open());
    const { db } = on.database;
    const about = { flow: 'customers', rank: 1, now: on.clock.now() };
    await announceCard(db, { ...about, subject: 'change:tr-0000000001' });
    await announceCard(db, { ...about, subject: 'change:tr-0000000002' });
    await putInLine(db, 'card:change:tr-0000000002', new Date(noon.getTime() + 600_000));
    expect(await health(on)).toMatchObject([200, { posts: { waiting: 1 } }]);
    const key = 'card:change:tr-0000000001';
    await rowSent(db, key, { wanted: 1, channel: null, ts: null, now: noon });
    expect(await health(on)).toMatchObject([200, { posts: { waiting: 0 } }]);
  });

  it('is unwell without its database, and says so', async () => {
    const database = await open();
    const on = await stage(database);
    await database.close();
    expect(await health(on)).toEqual([
      503,
      { ok: false, alive: true, database: 'unreachable', slack: null, posts: null, flows: {} },
    ]);
  });
});

describeOnBothDatabases('the server', (open) => {
  it('says in one plain line that its port is taken, and by what name to choose another', async () => {
    const on = await stage(await open());
    const port = Number(new URL(on.url).port);
    const second = await stage(on.database);
    await second.web.close();
    await expect(second.web.listen(port, '127.0.0.1')).rejects.toThrow(
      `Port ${port} is already in use. Stop what uses it or set PORT to another.`,
    );
  });

  it('shows more pages where it is given them, and keeps its own', async () => {
    const extra = new Hono();
    extra.get('/', (c) => c.text('practice'));
    extra.get('/boom', () => {
      throw new Error('a page fell over');
    });
    extra.all('*', (c) => c.text('somewhere'));
    const on = await stage(await open(), { extra });
    const page = (path: string) =>
      fetch(on.url + path).then(async (answer) => [answer.status, await answer.text()]);
    expect(await page('/')).toEqual([200, 'practice']);
    expect(await page('/else')).toEqual([200, 'somewhere']);
    expect((await page('/health'))[1]).toContain('"alive":true');
    expect(await page('/boom')).toEqual([500, '{"error":"Truce itself stumbled over this request."}']);
    expect(on.logged.join()).toContain('a page fell over');
  });

  it('ends connections that stay open when it closes', async () => {
    const on = await stage(await open());
    const socket = connect(Number(new URL(on.url).port), '127.0.0.1');
    const ended = new Promise((resolve) => socket.once('close', resolve));
    socket.write('GET /health HTTP/1.1\r\nhost: x\r\n\r\n');
    await new Promise((resolve) => socket.once('data', resolve));
    await on.web.close();
    await ended;
    await on.web.close();
  });
});
