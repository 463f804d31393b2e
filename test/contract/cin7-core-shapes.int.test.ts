import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createCin7Core } from '#src/connectors/cin7-core/index.ts';
import { customersOf } from '#test/support/connections.ts';
import { call, memoryBudgets, memoryLog, memoryTokens } from '../connectors/kit.ts';
import { asCin7, cin7Core, openCin7Core, practiceTerms, uuid } from './cin7-core.ts';
import { misfits, operationOf } from './cin7-core-shapes.ts';
import type { Exchange } from './openapi.ts';
import { record } from './recorder.ts';
import { create, listed, write } from './stage.ts';

async function recorded() {
  const { vendor, clock } = await openCin7Core();
  const { origin, pathname } = new URL(vendor.baseUrl);
  const { url, kept } = await record(origin);
  const connector = customersOf(
    createCin7Core({
      terms: practiceTerms({ baseUrl: url + pathname }),
      credential: (name) => vendor.env[`CIN7_${name.toUpperCase()}`] ?? '',
      tokens: memoryTokens(),
      http: { log: memoryLog(), budgets: memoryBudgets() },
      clock,
    }),
  );
  return { connector, vendor, clock, kept };
}

test('whatever Truce and the practice Cin7 Core say to each other, the vendor’s description allows', async () => {
  const { connector, vendor, clock, kept } = await recorded();
  const [first, second, third] = cin7Core.ids;
  const nothing = Object.fromEntries(cin7Core.clearable.map((field) => [field, null]));
  vendor.setWebhookTarget('https://truce.example.com/webhooks/cin7-core');
  await listed(connector, null, clock.now());
  await listed(connector, clock.now(), clock.now());
  await connector.read([...cin7Core.ids, cin7Core.absentId], call);
  await connector.account(call);
  await connector.write(
    [
      write(first, cin7Core.fields),
      write(second, cin7Core.fields),
      write(third, { legal_name: 'Beta Pty Ltd', status: 'archived' }),
    ],
    call,
  );
  await connector.write([write(first, nothing), write(third, { status: 'archived' })], call);
  const made = create(cin7Core.fresh ?? {});
  await connector.create([made, create({ legal_name: 'GAMMA PTY LTD' })], call);
  await connector.findMade([made, { marker: randomUUID(), fields: { legal_name: 'Nobody' } }], call);
  for (let n = 0; n < 60; n += 1) await asCin7(vendor, '/me');
  await connector.read([first], { ...call, signal: AbortSignal.timeout(500) }).catch(() => undefined);
  clock.advance(60_000);
  vendor.setFault({ kind: 'revoked' });
  await connector.read([first], call).catch(() => undefined);

  expect(kept.flatMap(misfits)).toEqual([]);
  const met = new Set(kept.map((exchange) => `${operationOf(exchange)} ${exchange.status}`));
  expect([...met].sort()).toEqual([
    'GET /customer 200',
    'GET /customer 403',
    'GET /customer 503',
    'GET /me 200',
    'GET /ref/paymentterm 200',
    'GET /ref/tax 200',
    'GET /webhooks 200',
    'POST /customer 200',
    'PUT /customer 200',
    'PUT /customer 400',
  ]);
});

const exchange = (more: Partial<Exchange>): Exchange => ({
  method: 'PUT',
  url: '/ExternalApi/v2/customer',
  headers: {
    'api-auth-accountid': 'a',
    'api-auth-applicationkey': 'b',
    'content-type': 'application/json',
  },
  body: JSON.stringify({ ID: uuid(1), TaxNumber: '51824753556' }),
  status: 200,
  answerHeaders: {},
  answer: JSON.stringify({ Total: 0, Page: 1, CustomerList: [] }),
  ...more,
});

test.each<[string, Partial<Exchange>, string]>([
  ['a key that a customer has not', { body: JSON.stringify({ ID: uuid(1), Abn: '1' }) }, 'Abn'],
  ['an update without an id', { body: '{"Name":"x"}' }, 'body ID'],
  [
    'a new customer without a term',
    { method: 'POST', body: '{"Name":"x","Status":"Active"}' },
    'body PaymentTerm',
  ],
  ['a name that is too long', { body: JSON.stringify({ ID: uuid(1), Name: 'x'.repeat(257) }) }, 'body Name'],
  [
    'an address of no type',
    { body: JSON.stringify({ ID: uuid(1), Addresses: [{ Country: 'Australia', Type: 'Home' }] }) },
    'Addresses.0.Type',
  ],
  ['a parameter that is none', { method: 'GET', body: '', url: '/ExternalApi/v2/customer?Abn=1' }, 'Abn'],
  [
    'a page that is too large',
    { method: 'GET', body: '', url: '/ExternalApi/v2/customer?Limit=1001' },
    'query Limit',
  ],
  ['a call that is none', { method: 'DELETE' }, 'no such call'],
  ['a call without keys', { headers: {} }, 'api-auth-accountid'],
  ['an answer without its wrapper', { answer: '[]' }, 'PUT /customer 200'],
  ['a refusal without a reason', { status: 400, answer: '{}' }, 'PUT /customer 400'],
  ['a status that it never has', { status: 401, answer: '[]' }, 'no such status'],
])('the shapes refuse %s', (_, more, place) => {
  expect(misfits(exchange({}))).toEqual([]);
  expect(misfits(exchange(more)).join('\n')).toContain(place);
});
