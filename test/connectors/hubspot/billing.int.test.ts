import { describe, expect, test } from 'vitest';
import { propertyOf } from '#src/playground/vendors/hubspot/state.ts';
import { call, noon, practiceAccount, sam, write } from './practice-account.ts';

const byLabel = { kind: 'label', label: 'Billing contact' } as const;
const only = { kind: 'only' } as const;
const labelled = () => practiceAccount({ billing: byLabel });
const value = (text: string) => ({ state: 'value', value: text });

describe('the contact under the label', () => {
  test('holds e-mail and mobile; the company holds the rest, and the newer of the two says when', async () => {
    const { contact, observed, clock } = await labelled();
    clock.advance(60_000);
    contact({ email: 'sales@acme.example', mobilephone: '0491 570 110' }, ['901']);
    const id = contact(
      { email: 'Pay@Acme.example', mobilephone: '0491 570 156' },
      ['901'],
      'Billing contact',
    );
    clock.advance(60_000);
    const observation = await observed('901');
    expect(observation.fields).toMatchObject({
      trading_name: value('Acme'),
      email: value('pay@acme.example'),
      mobile: value('0491 570 156'),
    });
    expect(observation.also).toEqual([
      { role: 'billing_contact', externalId: id, url: expect.stringContaining(`/record/0-1/${id}`) },
    ]);
    expect(observation.vendorAt).toBe(new Date(noon.getTime() + 60_000).toISOString());
    expect(observation.editors.mobile).toEqual({
      by: 'Sam Okafor',
      at: new Date(noon.getTime() + 60_000).toISOString(),
    });
  });

  test('is nobody where there is none, and not known where there are several', async () => {
    const { contact, read } = await labelled();
    contact({ email: 'a@acme.example' }, ['901'], 'Billing contact');
    contact({ email: 'b@acme.example' }, ['901'], 'Billing contact');
    contact({ email: 'c@beta.example' }, ['902']);
    const [several, none] = await read('901', '902');
    expect(several).toMatchObject({ observation: { fields: { email: { state: 'not_read' } }, also: [] } });
    expect(none).toMatchObject({ observation: { fields: { mobile: { state: 'no_place' } }, also: [] } });
  });

  test('is asked for by its label once', async () => {
    const { read, vendor } = await labelled();
    await read('901');
    await read('902');
    expect(vendor.log.filter(({ path }) => path.endsWith('/labels'))).toHaveLength(1);
  });

  test('without such a label in the account nothing is read or written, and the account says so', async () => {
    const { connector, observed, crm } = await practiceAccount({
      billing: { kind: 'label', label: 'Invoices to' },
    });
    expect((await observed('901')).fields.email).toEqual({ state: 'not_read' });
    const outcomes = await connector.write([write('901', { email: 'a@acme.example' })], call);
    expect(outcomes).toMatchObject([
      { kind: 'refused', reason: 'HubSpot has no association label “Invoices to”' },
    ]);
    expect((await connector.account(call)).problems).toEqual([
      expect.stringContaining('no association label “Invoices to”'),
    ]);
    crm.associations.addLabel('Invoices to');
    expect((await observed('901')).fields.email).toEqual({ state: 'no_place' });
  });
});

test('the only contact is the billing contact; with two it is not known, and a write says why', async () => {
  const { contact, connector, observed } = await practiceAccount({ billing: only });
  contact({ email: 'one@acme.example' }, ['901']);
  expect((await observed('901')).fields.email).toEqual(value('one@acme.example'));
  contact({ email: 'two@acme.example' }, ['901']);
  expect((await observed('901')).fields.email).toEqual({ state: 'not_read' });
  expect(await connector.write([write('901', { email: 'three@acme.example' })], call)).toMatchObject([
    { kind: 'refused', reason: expect.stringContaining('this company has several contacts') },
  ]);
});

test('a company is found as changed by its billing contact alone, once, and not where nothing of it changed', async () => {
  const { contact, changedSince, crm, clock } = await labelled();
  const id = contact({ email: 'pay@acme.example' }, ['901'], 'Billing contact');
  clock.advance(600_000);
  const before = clock.now();
  clock.advance(1_000);
  expect(await changedSince(before)).toEqual([]);
  crm.contacts.update(id, { mobilephone: '0491 570 156' }, sam);
  clock.advance(5_000);
  expect(await changedSince(before)).toEqual(['901']);
  crm.companies.update('901', { phone: '1300 975 707' }, sam);
  clock.advance(5_000);
  expect(await changedSince(before)).toEqual(['901']);
});

describe('writing', () => {
  test('changes the contact and the company, and nothing else', async () => {
    const { contact, connector, observed, crm } = await labelled();
    const id = contact({ email: 'pay@acme.example', jobtitle: 'Accounts' }, ['901'], 'Billing contact');
    const fields = { email: 'New@Acme.example', mobile: '0491 570 157', acn: '004085616' };
    expect(await connector.write([write('901', fields)], call)).toMatchObject([{ kind: 'saved' }]);
    expect((await observed('901')).fields).toMatchObject({
      email: value('new@acme.example'),
      mobile: value('0491 570 157'),
      acn: value('004085616'),
    });
    const held = crm.contacts.get(id);
    expect(held && propertyOf('contacts', held, 'jobtitle')).toBe('Accounts');
    expect(await connector.write([write('901', { mobile: null })], call)).toMatchObject([{ kind: 'saved' }]);
    expect((await observed('901')).fields.mobile).toEqual({ state: 'blank' });
    expect(crm.contacts.all()).toHaveLength(1);
  });

  test('makes a contact where there is none, associates it under the label, and does so once', async () => {
    const { connector, observed, crm, vendor } = await labelled();
    vendor.setFault({ kind: 'cut_after_write', times: 1 });
    const fields = { email: 'pay@acme.example', mobile: '0491 570 156' };
    expect(await connector.write([write('901', fields)], call)).toMatchObject([{ kind: 'saved' }]);
    expect(await connector.write([write('901', fields)], call)).toMatchObject([{ kind: 'saved' }]);
    const { also, fields: read } = await observed('901');
    expect([also.length, read.email, crm.contacts.all().length]).toEqual([1, value('pay@acme.example'), 1]);
  });

  test('takes on the contact that has the address already, as it is', async () => {
    const { contact, connector, observed, crm } = await labelled();
    const id = contact({ email: 'pay@acme.example', mobilephone: '0491 570 110' }, []);
    await connector.write([write('901', { email: 'PAY@acme.example' })], call);
    expect(await observed('901')).toMatchObject({
      also: [{ externalId: id }],
      fields: { mobile: value('0491 570 110') },
    });
    expect(crm.contacts.all()).toHaveLength(1);
  });

  test('a contact that two companies share is not changed for one of them; the other writes go on', async () => {
    const { contact, connector, crm } = await labelled();
    const id = contact({ email: 'books@keeper.example' }, ['901', '902'], 'Billing contact');
    const outcomes = await connector.write(
      [
        write('901', { email: 'new@acme.example', phone: '1' }, 'a'),
        write('902', { phone: '1300 975 707' }, 'b'),
      ],
      call,
    );
    expect(outcomes).toMatchObject([
      {
        key: 'a',
        kind: 'refused',
        reason: 'the billing contact is also that of Beta: changing it would change both',
      },
      { key: 'b', kind: 'saved' },
    ]);
    const held = crm.contacts.get(id);
    expect(held && propertyOf('contacts', held, 'email')).toBe('books@keeper.example');
    const acme = crm.companies.get('901');
    expect(acme && propertyOf('companies', acme, 'phone')).toBeNull();
  });

  test('taking on a shared contact is refused only where it would have to change', async () => {
    const { contact, connector, observed } = await labelled();
    contact({ email: 'books@keeper.example' }, ['902'], 'Billing contact');
    const both = { email: 'books@keeper.example', mobile: '0491 570 158' };
    expect(await connector.write([write('901', both)], call)).toMatchObject([
      { kind: 'refused', reason: expect.stringContaining('also that of Beta') },
    ]);
    expect((await observed('901')).also).toEqual([]);
    const same = { email: 'books@keeper.example' };
    expect(await connector.write([write('901', same)], call)).toMatchObject([{ kind: 'saved' }]);
    expect((await observed('901')).fields.email).toEqual(value('books@keeper.example'));
  });

  test('an address that another contact has is refused in HubSpot’s words, without the address', async () => {
    const { contact, connector } = await labelled();
    const other = contact({ email: 'taken@acme.example' }, []);
    contact({ email: 'pay@acme.example' }, ['901'], 'Billing contact');
    expect(await connector.write([write('901', { email: 'taken@acme.example' })], call)).toMatchObject([
      { kind: 'refused', reason: `Contact already exists. Existing ID: ${other}` },
    ]);
    expect(await connector.write([write('901', { email: 'nonsense' })], call)).toMatchObject([
      { kind: 'refused', reason: 'Email address nonsense is invalid' },
    ]);
  });

  test('a further address of a contact is never made into a second contact', async () => {
    const { contact, connector, crm, observed } = await labelled();
    const winner = contact({ email: 'main@acme.example' }, []);
    const loser = contact({ email: 'old@acme.example' }, []);
    crm.contacts.merge(winner, loser, sam);
    expect(await connector.write([write('901', { email: 'old@acme.example' })], call)).toMatchObject([
      { kind: 'refused', reason: expect.stringContaining(`contact ${winner} has this as a further e-mail`) },
    ]);
    expect([crm.contacts.all().length, (await observed('901')).also]).toEqual([1, []]);
  });

  test('a mobile alone makes nobody, and clearing what nobody has is done', async () => {
    const { connector, crm } = await labelled();
    expect(await connector.write([write('901', { mobile: '0491 570 156' })], call)).toMatchObject([
      { kind: 'refused', reason: expect.stringContaining('made by its e-mail address') },
    ]);
    expect(await connector.write([write('901', { email: null, mobile: null })], call)).toMatchObject([
      { kind: 'saved' },
    ]);
    expect(crm.contacts.all()).toEqual([]);
  });
});

test('a hint about a contact stands for its companies; other hints stay', async () => {
  const { contact, connector } = await labelled();
  const id = contact({ email: 'pay@acme.example' }, ['901', '902'], 'Billing contact');
  const lone = contact({ email: 'lone@x.example' }, []);
  const ids = await connector.resolve?.(['77', `contact:${id}`, `contact:${lone}`], call);
  expect([...(ids ?? [])].sort()).toEqual(['77', '901', '902']);
});
