import { expect, test } from 'vitest';
import { contactNumberOf } from '#src/connectors/xero/contacts/marker.ts';
import { createXero } from '#src/connectors/xero/index.ts';
import { customersOf } from '#test/support/connections.ts';
import { create } from '../../contract/stage.ts';
import { uuid } from '../../contract/xero.ts';
import { call, clockAtNoon, memoryBudgets, memoryLog, memoryTokens, terms, tinyVendor } from '../kit.ts';

const one = create({ legal_name: 'ONE PTY LTD' }, uuid(1));
const two = create({ legal_name: 'TWO PTY LTD' }, uuid(2));

/** Outcomes of making two contacts, where Xero says this of them, and of a contact that is asked for by its number. */
async function outcomes(put: readonly object[], byNumber: { readonly status: number }) {
  const vendor = await tinyVendor(({ url, method }) => {
    if (url === '/connect/token') return { json: { access_token: 't', expires_in: 1800 } };
    return method === 'PUT' ? { json: { Contacts: put } } : { ...byNumber, json: {} };
  });
  const connector = customersOf(
    createXero({
      terms: terms('xero', { baseUrl: vendor.url, authUrl: vendor.url }),
      credential: (name) => name,
      tokens: memoryTokens(),
      http: { log: memoryLog(), budgets: memoryBudgets() },
      clock: clockAtNoon(),
    }),
  );
  return connector.create([one, two], call);
}

const made = { ContactID: uuid(11), ContactNumber: contactNumberOf(one.marker), StatusAttributeString: 'OK' };
const ofTwo = { ContactNumber: contactNumberOf(two.marker) };

test.each([400, 403, 500])(
  'what was made is told as made, though the question after a number that is taken ends in %i',
  async (status) => {
    const taken = {
      ...ofTwo,
      HasValidationErrors: true,
      ValidationErrors: [{ Message: 'The contact number x is already assigned to another contact.' }],
    };
    expect(await outcomes([made, taken], { status })).toMatchObject([
      { kind: 'created', key: one.key, externalId: uuid(11) },
      { kind: 'unknown', key: two.key },
    ]);
  },
);

test('an answer that says neither an id nor a reason refuses nothing: nobody knows', async () => {
  expect(await outcomes([made, ofTwo], { status: 404 })).toMatchObject([
    { kind: 'created' },
    { kind: 'unknown' },
  ]);
});
