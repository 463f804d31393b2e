import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { oneOf } from '#test/support/connections.ts';
import { allowInBrowser } from '../connectors/hubspot/browser.ts';
import { company, create, practiceAccount, sam, write } from '../connectors/hubspot/practice-account.ts';
import { call } from '../connectors/kit.ts';
import { check, operations } from './hubspot-shapes.ts';
import { record } from './recorder.ts';

const marker = (n: number) => `7d0e9a52-3d3a-4b8e-9a53-0c5f0a1d2e${n}f`;
const fields = {
  trading_name: 'Fairy Wren',
  abn: '48910000065',
  tax_treatment: 'gst',
  gst_registered: true,
  payment_terms: { days: 7, from: 'end_of_month' },
  delivery_address: { line1: '4 Wharf Lane', city: 'Fremantle', postcode: '6160' },
} as const;

test('all that the connector sends, and all that the practice HubSpot answers, is as HubSpot describes it', async () => {
  const seen = new Set<string>();
  const problems: string[] = [];
  const take = (kept: Awaited<ReturnType<typeof record>>['kept']) => {
    for (const exchange of kept) {
      const checked = check(exchange);
      if (checked.name) seen.add(checked.name);
      problems.push(...checked.problems);
    }
  };
  take(await byKey());
  take(await byOAuth());
  take(await withContacts());
  take(await withSales());
  expect(problems).toEqual([]);
  expect([...seen].sort()).toEqual(
    operations
      .map(({ name }) => name)
      .filter((name) => name !== 'list')
      .sort(),
  );
});

/** A bare account: set up, filled, read, changed, merged, thrown away, refused. */
async function byKey() {
  const seed = Array.from({ length: 120 }, (_, n) => company(String(1001 + n)));
  const { vendor, connectTo, crm, clock } = await practiceAccount({ installed: false, seed });
  const { url, kept } = await record(vendor.baseUrl);
  const connector = connectTo(url);
  await connector.account(call);
  await connector.create([create(marker(0), fields)], call);
  await connector.setUp('properties', call);
  await connector.setUp('properties', call);
  await connector.create([create(marker(0), fields), create(marker(1), { tax_treatment: 'no' }, 'b')], call);
  await connector.create([create(marker(2), fields, 'c')], call);
  await connector.findMade([create(marker(0), {}), create(marker(9), {})], call);
  clock.advance(60_000);
  for await (const _ of connector.changed(null, clock.now(), call));
  await connector.write(
    [write('1001', fields, 'a'), write('1002', { tax_treatment: 'no' }, 'b'), write('7', fields, 'c')],
    call,
  );
  crm.companies.merge('1003', '1004', sam);
  crm.companies.archive('1005', sam);
  await connector.read(['1001', '1004', '1005', '7'], call);
  return kept;
}

async function byOAuth() {
  const { vendor, connectTo, tokens, clock } = await practiceAccount({ signIn: 'oauth' });
  const { url, kept } = await record(vendor.baseUrl);
  const connector = connectTo(url);
  const redirectUri = 'http://localhost:3000/oauth/hubspot';
  const verifier = 'a-verifier-of-at-least-forty-three-characters-0123';
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const page = connector.oauth?.authoriseUrl({ redirectUri, state: 's', challenge }) ?? '';
  const code = (await allowInBrowser(page)).back.searchParams.get('code') ?? '';
  const set = await connector.oauth?.exchange({ code, verifier, redirectUri }, call);
  if (!set) throw new Error('nobody signed in');
  await tokens.connect('hubspot', set, 'Tom Walsh');
  await connector.oauth?.exchange({ code, verifier, redirectUri }, call).catch(() => undefined);
  clock.advance(1_800_000);
  await connector.read(['901'], call);
  return kept;
}

async function withContacts() {
  const world = await practiceAccount({ billing: { kind: 'label', label: 'Billing contact' } });
  const { url, kept } = await record(world.vendor.baseUrl);
  const connector = world.connectTo(url);
  const mail = { email: 'pay@acme.example', mobile: '0491 570 156' };
  await connector.write([write('901', mail), write('902', { email: 'pay@beta.example' }, 'b')], call);
  await connector.write([write('901', { email: 'pay@beta.example' })], call);
  await connector.write([write('901', { mobile: null })], call);
  world.clock.advance(60_000);
  for await (const _ of connector.changed(new Date(0), world.clock.now(), call));
  const only = await practiceAccount({ billing: { kind: 'only' } });
  const second = await record(only.vendor.baseUrl);
  await only.connectTo(second.url).write([write('901', mail)], call);
  await only.connectTo(second.url).resolve?.(['contact:151000000001', 'contact:7'], call);
  return [...kept, ...second.kept];
}

/** Products, their stock, deals with lines, invoices and payments: in a bare account, set up, listed, read, written, refused. */
async function withSales() {
  const { vendor, connectionTo, crm, clock } = await practiceAccount({ installed: false });
  const { url, kept } = await record(vendor.baseUrl);
  const connection = connectionTo(url);
  const entities = ['product', 'stock_level', 'invoice', 'payment'];
  const { steps } = await connection.account(entities, call);
  for (const { id } of steps) await connection.setUp(id, call);
  await connection.account(entities, call);
  const of = (entity: string) => oneOf(connection, entity);
  const goods = {
    sku: 'DK-1',
    name: 'Decking',
    sell_price: '11.4550',
    tax_treatment: 'gst',
    status: 'active',
  };
  const [made] = await of('product').create([create(marker(0), goods)], call);
  if (made?.kind !== 'created') throw new Error(JSON.stringify(made));
  await of('product').findMade([create(marker(0), {}), create(marker(1), {})], call);
  const stock = { on_hand: '5.25', allocated: '1', available: '4.25', locations: 'Melbourne: 5.25 on hand' };
  await of('stock_level').write([write(made.externalId, stock), write('7', stock, 'b')], call);
  const [won, open] = ['closedwon', 'contractsent'].map(
    (dealstage) => crm.deals.create({ dealname: 'Deck', dealstage }, sam).id,
  );
  if (!won || !open) throw new Error('no deals');
  crm.associations.add({ deals: won, companies: '901' }, [], sam);
  const line = crm.line_items.create({ hs_product_id: made.externalId, quantity: '2' }, sam).id;
  crm.associations.add({ deals: won, line_items: line }, [], sam);
  const total = { minor: 2_520, currency: 'AUD' };
  const invoice = { number: 'INV-1', issued_on: '2026-06-30', total, invoice_status: 'draft' };
  await of('invoice').write([write(won, invoice), write(open, { invoice_status: 'lost' }, 'b')], call);
  await of('payment').write([write(won, { payment_status: 'paid', amount_paid: total })], call);
  await of('invoice').resolve?.([`line_item:${line}`, 'line_item:7'], call);
  clock.advance(60_000);
  for (const entity of entities) {
    for (const since of [null, new Date(0)])
      for await (const _ of of(entity).changed(since, clock.now(), call));
    await of(entity).read([won, made.externalId], call);
  }
  return kept;
}

test('what is not as HubSpot describes it is found', () => {
  const good = {
    method: 'POST',
    url: '/crm/objects/2026-09/companies/batch/read',
    headers: { authorization: 'Bearer x', 'content-type': 'application/json' },
    body: JSON.stringify({ inputs: [{ id: '1' }], properties: ['name'] }),
    status: 200,
    answerHeaders: {},
    answer: JSON.stringify({
      status: 'COMPLETE',
      results: [],
      startedAt: '2026-11-20T01:00:00.000Z',
      completedAt: '2026-11-20T01:00:00.000Z',
    }),
  };
  expect(check(good).problems).toEqual([]);
  const many = Array.from({ length: 51 }, (_, n) => ({ id: String(n) }));
  for (const [wrong, problem] of [
    [{ url: '/crm/objects/2026-09/quotes/batch/read' }, 'no such call'],
    [{ url: `${good.url}?hapikey=1` }, 'Unrecognized key: "hapikey"'],
    [{ headers: {} }, 'no bearer token'],
    [{ body: JSON.stringify({ inputs: [], properties: ['name'] }) }, 'request inputs'],
    [
      { body: JSON.stringify({ inputs: many, properties: ['name'], propertiesWithHistory: ['name'] }) },
      '50 inputs at most',
    ],
    [{ answer: '{"status":"COMPLETE"}' }, 'answer results'],
    [{ status: 204, answer: '' }, 'answer'],
    [{ status: 404, answer: '{}' }, 'answer correlationId'],
  ] as const) {
    expect(check({ ...good, ...wrong }).problems.join('; ')).toContain(problem);
  }
});
