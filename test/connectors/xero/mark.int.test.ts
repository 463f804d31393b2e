import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Mark } from '#src/connectors/connector.ts';
import { contactNumberOf } from '#src/connectors/xero/contacts/marker.ts';
import { createXero } from '#src/connectors/xero/index.ts';
import { customersOf } from '#test/support/connections.ts';
import { uuid } from '../../contract/xero.ts';
import { call, clockAtNoon, memoryBudgets, memoryLog, memoryTokens, terms, tinyVendor } from '../kit.ts';

const old = randomUUID();
const markers = [1, 2, 3, 4, 5].map(() => randomUUID());
const wanted = markers.map(
  (marker, i): Mark => ({
    key: `key-${i}`,
    externalId: uuid(i + 1),
    marker,
    instead: i === 2 ? old : null,
  }),
);
const contacts = [
  { ContactNumber: undefined },
  { ContactNumber: 'ERP-0007' },
  { ContactNumber: contactNumberOf(old).toUpperCase() },
  { ContactNumber: contactNumberOf(randomUUID()) },
  { ContactStatus: 'ARCHIVED' },
].map((more, i) => ({
  ContactID: uuid(i + 1),
  Name: `Contact ${i}`,
  EmailAddress: '',
  Addresses: [],
  Phones: [],
  ContactStatus: 'ACTIVE',
  ...more,
}));

test('our id goes into an empty number, or one of ours that gives way; by ContactID, and with nothing else', async () => {
  const vendor = await tinyVendor(({ url, method, body }) => {
    if (url === '/connect/token') return { json: { access_token: 't', expires_in: 1800 } };
    if (method === 'GET') return { json: { Contacts: contacts } };
    const sent = JSON.parse(body) as { readonly Contacts: readonly object[] };
    return { json: { Contacts: sent.Contacts.map((one) => ({ ...one, StatusAttributeString: 'OK' })) } };
  });
  const { marking } = customersOf(
    createXero({
      terms: terms('xero', { baseUrl: vendor.url, authUrl: vendor.url }),
      credential: (name) => name,
      tokens: memoryTokens(),
      http: { log: memoryLog(), budgets: memoryBudgets() },
      clock: clockAtNoon(),
    }),
  );
  const outcomes = new Map((await marking?.mark(wanted, call))?.map((one) => [one.key, one]));
  expect(wanted.map(({ key }) => outcomes.get(key))).toMatchObject([
    { kind: 'saved' },
    { kind: 'refused', reason: 'another program’s number is there' },
    { kind: 'saved' },
    { kind: 'refused', reason: 'another program’s number is there' },
    { kind: 'refused', reason: 'it is archived in Xero' },
  ]);
  const [post, ...others] = vendor.seen.filter(
    ({ method, url }) => method !== 'GET' && url !== '/connect/token',
  );
  expect(others).toEqual([]);
  expect(post?.method).toBe('POST');
  expect(JSON.parse(post?.body ?? '')).toEqual({
    Contacts: [0, 2].map((i) => ({
      ContactID: uuid(i + 1),
      ContactNumber: contactNumberOf(markers[i] ?? ''),
    })),
  });
});
