import { expect, test } from 'vitest';
import type { ReadItem } from '#src/connectors/connector.ts';
import { createHubSpot } from '#src/connectors/hubspot/index.ts';
import { customersOf } from '#test/support/connections.ts';
import {
  call,
  clockAtNoon,
  memoryBudgets,
  memoryLog,
  memoryTokens,
  noon,
  terms,
  tinyVendor,
} from '../kit.ts';
import { write } from './practice-account.ts';

/** What a 207 says of an input that HubSpot stumbled over: it is neither there nor missing. */
const stumbled = (ids: object) => ({ status: 'error', category: 'INTERNAL_ERROR', message: 'oops', ...ids });
const none = (id: string) => ({
  status: 'error',
  category: 'OBJECT_NOT_FOUND',
  subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
  context: { fromObjectId: [id] },
});

type Answers = Readonly<Record<string, { results: readonly unknown[]; errors?: readonly unknown[] }>>;

/** A HubSpot whose only contacts are billing contacts, with an answer for each call by the end of its path. */
async function hubSpot(answers: Answers) {
  const vendor = await tinyVendor(({ url }) => {
    const [, answer] = Object.entries(answers).find(([end]) => url.endsWith(end)) ?? [];
    return answer ? { status: answer.errors ? 207 : 200, json: answer } : { status: 404, json: {} };
  });
  const connector = customersOf(
    createHubSpot({
      terms: terms('hubspot', { baseUrl: vendor.url, billingContact: { kind: 'only' } }),
      credential: () => 'token',
      tokens: memoryTokens(),
      http: { log: memoryLog(), budgets: memoryBudgets() },
      clock: clockAtNoon(),
    }),
  );
  return { connector, seen: vendor.seen };
}

const company = (id: string) => ({ id, properties: {}, archived: false });
const emails = (items: readonly ReadItem[]) =>
  items.map((item) => (item.kind === 'read' ? item.observation.fields.email?.state : item.kind));

test('a company whose contacts HubSpot could not name has no empty e-mail address: it is not read', async () => {
  const read = async (error: object) => {
    const { connector } = await hubSpot({
      'companies/batch/read': { results: [company('1'), company('2')] },
      'companies/contacts/batch/read': { results: [], errors: [none('1'), error] },
    });
    return emails(await connector.read(['1', '2'], call));
  };
  expect(await read(none('2'))).toEqual(['no_place', 'no_place']);
  expect(await read(stumbled({ context: { fromObjectId: ['2'] } }))).toEqual(['no_place', 'not_read']);
  expect(await read(stumbled({}))).toEqual(['not_read', 'not_read']);
});

test('a company that HubSpot stumbled over is not gone', async () => {
  const { connector } = await hubSpot({
    'companies/batch/read': { results: [], errors: [stumbled({ context: { ids: ['7'] } })] },
    'companies/batch/read?archived=true': { results: [] },
  });
  expect(await connector.read(['7', '8'], call)).toMatchObject([
    { kind: 'malformed', externalId: '7' },
    { kind: 'gone', externalId: '8' },
  ]);
});

test('no contact is made or changed while it is not known whose it is', async () => {
  const trouble = [stumbled({})];
  const unknownContacts = await hubSpot({
    'companies/contacts/batch/read': { results: [], errors: trouble },
  });
  const unknownAddress = await hubSpot({
    'companies/contacts/batch/read': { results: [], errors: [none('1')] },
    'objects/2026-09/contacts/batch/read': { results: [], errors: trouble },
  });
  for (const { connector, seen } of [unknownContacts, unknownAddress]) {
    await expect(connector.write([write('1', { email: 'a@b.example' })], call)).rejects.toThrow(
      'HubSpot could not say',
    );
    expect(seen.every(({ url }) => url.endsWith('/read'))).toBe(true);
  }
});

test('a contact that HubSpot did not associate is nobody’s: the write is refused, in its words', async () => {
  const { connector } = await hubSpot({
    'companies/contacts/batch/read': { results: [], errors: [none('1')] },
    'objects/2026-09/contacts/batch/read': { results: [] },
    'contacts/batch/upsert': { results: [{ id: '5', objectWriteTraceId: 'intent-1' }] },
    'batch/associate/default': {
      results: [],
      errors: [{ category: 'VALIDATION_ERROR', message: 'One company has too many contacts', context: {} }],
    },
  });
  expect(await connector.write([write('1', { email: 'a@b.example' })], call)).toMatchObject([
    { kind: 'refused', reason: 'One company has too many contacts' },
  ]);
});

test('a changed contact whose companies are not known stops the pull: its company would be passed over', async () => {
  const { connector } = await hubSpot({
    'companies/search': { results: [], total: 0 } as never,
    'contacts/search': { results: [{ id: '5' }], total: 1 } as never,
    'contacts/companies/batch/read': {
      results: [],
      errors: [stumbled({ context: { fromObjectId: ['5'] } })],
    },
  });
  const pull = async () => {
    for await (const _ of connector.changed(new Date(0), noon, call));
  };
  await expect(pull()).rejects.toThrow('which companies belong to 1 of 1 contacts');
});
