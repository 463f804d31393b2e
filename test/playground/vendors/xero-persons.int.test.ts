import { expect, test } from 'vitest';
import { call as context } from '../../connectors/kit.ts';
import { write } from '../../contract/stage.ts';
import { openXero, uuid } from '../../contract/xero.ts';
import { ask } from './kit.ts';
import { xero } from './xero-kit.ts';

const jane = { FirstName: 'Jane', LastName: 'Roe', EmailAddress: 'jane@x.example', IncludeInEmails: true };
const tom = { FirstName: 'Tom', LastName: '', EmailAddress: '', IncludeInEmails: false };

test('contact persons come with a page or for one contact; a list that is sent replaces them, an empty one or none does not', async () => {
  const { call, star } = await xero();
  const persons = async () => (await call(`/Contacts/${star}`)).json.Contacts[0].ContactPersons;
  const save = (change: object) => call('/Contacts', { ContactID: star, ...change });
  await save({ ContactPersons: [jane, tom] });
  await save({ TaxNumber: '1' });
  await save({ ContactPersons: [] });
  expect(await persons()).toEqual([jane, tom]);
  expect((await call(`/Contacts?IDs=${star}`)).json.Contacts[0]).not.toHaveProperty('ContactPersons');
  await save({ ContactPersons: [tom] });
  expect(await persons()).toEqual([tom]);
  const refused = await save({ ContactPersons: Array.from({ length: 6 }, () => jane) });
  expect(refused.json.Elements[0].ValidationErrors[0].Message).toContain('at most 5');
});

test('no write of the connector touches them', async () => {
  const { connector, vendor } = await openXero();
  const persons = async () => {
    const { authorization = '' } =
      vendor.log.findLast(({ path }) => path.endsWith('Contacts'))?.headers ?? {};
    const headers = { authorization, accept: 'application/json' };
    const { json } = await ask(`${vendor.baseUrl}/Contacts/${uuid(1)}`, { headers });
    return json.Contacts[0].ContactPersons;
  };
  const everything = {
    legal_name: 'ACME HOLDINGS PTY LTD',
    email: 'pay@x.example',
    phone: null,
    mobile: '0491 570 156',
    billing_address: null,
    payment_terms: { days: 14, from: 'invoice_date' },
    status: 'archived',
  };
  expect(await connector.write([write(uuid(1), everything)], context)).toMatchObject([{ kind: 'saved' }]);
  expect(await persons()).toMatchObject([{ EmailAddress: 'jane@example.com.au' }]);
});
