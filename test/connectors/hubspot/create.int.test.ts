import { describe, expect, test } from 'vitest';
import { fieldsOf, tinyVendor } from '../kit.ts';
import { call, company, create, practiceAccount, sam, write } from './practice-account.ts';

const marker = '7d0e9a52-3d3a-4b8e-9a53-0c5f0a1d2e3f';
const other = '11111111-2222-4333-8444-555555555555';
const fields = {
  legal_name: 'Fairy Wren Interiors Pty Ltd',
  trading_name: 'Fairy Wren',
  abn: '48910000065',
  email: 'hello@fairywren.example',
  payment_terms: { days: 7, from: 'invoice_date' as const },
  status: 'active',
};

test('what was made is read back with all it was made from, and with our mark', async () => {
  const { connector, observed } = await practiceAccount();
  const [outcome] = await connector.create([create(marker, fields)], call);
  if (outcome?.kind !== 'created') throw new Error(`not created: ${JSON.stringify(outcome)}`);
  const observation = await observed(outcome.externalId);
  expect(observation.marker).toBe(marker);
  for (const [field, value] of Object.entries(fields))
    expect(observation.fields[field]).toEqual({ state: 'value', value });
});

test('the same create twice is one company, and a hundred and fifty are as many', async () => {
  const { connector, crm } = await practiceAccount();
  const [first] = await connector.create([create(marker, fields)], call);
  const [second] = await connector.create([create(marker, fields, 'intent-2')], call);
  expect(second).toMatchObject({ kind: 'created', externalId: (first as { externalId: string }).externalId });
  const many = Array.from({ length: 150 }, (_, n) =>
    create(`00000000-0000-4000-8000-${String(n).padStart(12, '0')}`, { trading_name: `C${n}` }, `k${n}`),
  );
  const outcomes = await connector.create(many, call);
  expect(new Set(outcomes.map((one) => (one.kind === 'created' ? one.externalId : one.kind))).size).toBe(150);
  expect(crm.companies.all()).toHaveLength(153);
});

test('a create without an answer is found again by our mark, and by nothing else', async () => {
  const { connector, crm, vendor } = await practiceAccount();
  vendor.setFault({ kind: 'cut_after_write', times: 9 });
  const [outcome] = await connector.create([create(marker, fields)], call);
  expect(outcome).toMatchObject({ kind: 'unknown' });
  vendor.setFault(null);
  const found = await connector.findMade([create(marker, fields), create(other, fields)], call);
  const made = crm.companies.holder('truce_id', marker);
  expect([...found]).toEqual([[marker, made?.id]]);
  expect(crm.companies.all()).toHaveLength(3);
  expect(vendor.log.some(({ path }) => path.endsWith('/search'))).toBe(false);
});

test('one bad create among good ones is refused with the reason; the others are made', async () => {
  const { connector, vendor } = await practiceAccount();
  const outcomes = await connector.create(
    [create(marker, fields, 'good'), create(other, { trading_name: 'B', tax_treatment: 'OUTPUT' }, 'bad')],
    call,
  );
  expect(outcomes).toMatchObject([
    { key: 'good', kind: 'created' },
    {
      key: 'bad',
      kind: 'refused',
      taken: false,
      reason: expect.stringContaining('OUTPUT was not one of the allowed options'),
    },
  ]);
  expect(vendor.log.filter(({ path }) => path.endsWith('/batch/upsert')).map(({ status }) => status)).toEqual(
    [207],
  );
});

test('without the property for our mark nothing is made, and the refusal names the step that makes it', async () => {
  const { connector, crm } = await practiceAccount({ installed: false });
  const outcomes = await connector.create([create(marker, {}), create(other, {}, 'intent-2')], call);
  for (const outcome of outcomes)
    expect(outcome).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('no property truce_id yet: the step “properties”'),
    });
  expect(crm.companies.all()).toHaveLength(2);
});

test('takes 200, 201 and 207 alike, and answers without trace ids too', async () => {
  for (const status of [200, 201, 207]) {
    const tiny = await tinyVendor((seen) => {
      const { inputs } = JSON.parse(seen.body) as { inputs: { id: string }[] };
      const results = inputs.map(({ id }, at) => ({
        id: String(at + 5),
        new: true,
        properties: { truce_id: id },
      }));
      return { status, json: { status: 'COMPLETE', results } };
    });
    const { connectTo } = await practiceAccount();
    expect(
      await connectTo(tiny.url).create([create(marker, {}), create(other, {}, 'b')], call),
    ).toMatchObject([
      { kind: 'created', externalId: '5' },
      { kind: 'created', externalId: '6' },
    ]);
  }
});

test('a company is made with its billing contact; where that cannot be, the company is there all the same', async () => {
  const billing = { kind: 'label', label: 'Billing contact' } as const;
  const { connector, observed, contact } = await practiceAccount({ billing });
  const [outcome] = await connector.create([create(marker, fields)], call);
  const id = outcome?.kind === 'created' ? outcome.externalId : 'none';
  expect((await observed(id)).fields.email).toEqual({ state: 'value', value: 'hello@fairywren.example' });
  contact({ email: 'books@keeper.example' }, ['901'], 'Billing contact');
  const shared = { trading_name: 'B', email: 'books@keeper.example', mobile: '0491 570 156' };
  const [second] = await connector.create([create(other, shared)], call);
  expect(second).toMatchObject({ kind: 'created' });
  const made = await observed(second?.kind === 'created' ? second.externalId : 'none');
  expect(made.fields.email).toEqual({ state: 'no_place' });
});

describe('merged and thrown away', () => {
  test('an id that was merged says into which, alone or beside the other', async () => {
    const { read, crm } = await practiceAccount({ seed: ['901', '902', '903'].map((id) => company(id)) });
    crm.companies.merge('902', '901', sam);
    crm.companies.merge('903', '902', sam);
    const kinds = (await read('901', '903', '902')).map((item) =>
      item.kind === 'merged' ? `${item.externalId} into ${item.into}` : `${item.kind}`,
    );
    expect(kinds).toEqual(['901 into 903', 'read', '902 into 903']);
    expect(await read('901')).toMatchObject([{ kind: 'merged', into: '903' }]);
  });

  test('a company in the recycle bin is archived without a status; one that is out of use says so in its status', async () => {
    const { read, crm, connector } = await practiceAccount();
    crm.companies.archive('901', sam);
    await connector.write([write('902', { status: 'archived' })], call);
    const [binned, retired] = await read('901', '902');
    expect(binned).toMatchObject({
      observation: { archived: true, fields: { status: { state: 'not_read' } } },
    });
    expect(retired).toMatchObject({
      observation: { archived: true, fields: { status: { state: 'value', value: 'archived' } } },
    });
    await connector.write([write('902', { status: 'active' })], call);
    expect((await read('902'))[0]).toMatchObject({ observation: { archived: false } });
  });
});

test('a property that the account lacks is not read and told as drift, not taken for blank', async () => {
  const { read } = await practiceAccount({ installed: false });
  const [item] = await read('901');
  expect(fieldsOf(item)).toMatchObject({
    trading_name: { state: 'value', value: 'Acme' },
    phone: { state: 'blank' },
    abn: { state: 'not_read' },
    tax_treatment: { state: 'not_read' },
  });
  expect(item?.kind === 'read' && item.observation.drift).toContainEqual({
    field: 'abn',
    expected: 'abn',
    found: [],
  });
});
