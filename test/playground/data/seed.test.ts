import { describe, expect, test } from 'vitest';
import { acnFitsAbn, acnOfAbn, checkAbn } from '#src/entities/abn.ts';
import { billingAddress } from '#src/entities/address.ts';
import { abnField, acnField } from '#src/entities/business-numbers.ts';
import { gstRegistered } from '#src/entities/gst-registered.ts';
import { legalName } from '#src/entities/names.ts';
import { mobile, phone } from '#src/entities/phone.ts';
import { taxTreatment } from '#src/entities/tax.ts';
import { abnOfAcn, inventAcn } from '#src/playground/data/business-numbers.ts';
import { bellbird, ordinaryCustomers, type PracticeCustomer } from '#src/playground/data/customers.ts';
import { seededRandom } from '#src/playground/data/random.ts';
import { seed } from '#src/playground/data/seed.ts';
import { specialCases } from '#src/playground/data/special-cases.ts';

const now = new Date('2026-11-21T01:00:00.000Z');
const planted = seed(now);
const calm = [bellbird, ...ordinaryCustomers(188)];
const addressOf = ({ street, city, state, postcode }: PracticeCustomer) => ({
  line1: street,
  line2: null,
  city,
  state,
  postcode,
  country: 'Australia',
});

test('the seed is the same every time, Bellbird Timber first', () => {
  expect(seed(now)).toEqual(planted);
  expect(planted.hubspot[0]?.properties).toMatchObject({
    name: 'Bellbird Timber',
    legal_name: 'Bellbird Timber Pty Ltd',
    abn: '77 912 345 674',
  });
  expect(planted.xero[0]?.texts.Name).toBe('Bellbird Timber Pty Ltd');
  expect(planted.cin7Core[0]?.fields.Name).toBe('Bellbird Timber Pty Ltd');
});

test('about two hundred customers, each with ids of its own, last touched about three weeks ago', () => {
  const { hubspot, xero, cin7Core } = planted;
  expect([hubspot.length, xero.length, cin7Core.length]).toEqual([205, 203, 203]);
  const ids = [
    ...hubspot.map(({ id }) => id),
    ...xero.map(({ ContactID }) => ContactID),
    ...cin7Core.flatMap(({ ID, Addresses, Contacts }) => [
      ID,
      ...[...Addresses, ...Contacts].map((item) => item.ID),
    ]),
  ];
  expect(new Set(ids).size).toBe(ids.length);
  const times = [
    ...hubspot.map(({ modifiedAt }) => modifiedAt),
    ...xero.map(({ updatedAt }) => updatedAt),
    ...cin7Core.map(({ modifiedAt }) => modifiedAt),
  ].map((time) => (now.getTime() - Date.parse(time)) / 86_400_000);
  expect(Math.min(...times)).toBeGreaterThanOrEqual(21);
  expect(Math.max(...times)).toBeLessThan(22);
});

test('names are unique where the vendors ask for it', () => {
  for (const names of [
    planted.xero.map(({ texts }) => texts.Name?.toLowerCase()),
    planted.cin7Core.map(({ fields }) => String(fields.Name).toLowerCase()),
  ]) {
    expect(new Set(names).size).toBe(names.length);
  }
});

test('calm customers have valid ABNs, phone numbers kept for fiction, and postcodes of their states', () => {
  for (const customer of calm) {
    expect(checkAbn(customer.abn)).toEqual({ ok: true, abn: customer.abn });
    expect(customer.phone).toMatch(/^0[2378](5550|7010)\d{4}$/);
    expect(phone.problem(customer.phone)).toBeNull();
    expect(customer.email).toMatch(/^accounts@[a-z]+\.example$/);
    expect(billingAddress.problem(addressOf(customer))).toBeNull();
    // The one town that telephones and writes as its neighbour state does.
    if (customer.city !== 'Broken Hill') expect(billingAddress.warning?.(addressOf(customer), {})).toBeNull();
  }
  expect(new Set(calm.map(({ abn }) => abn)).size).toBe(calm.length);
});

test('calm customers have what a business needs beside: an ACN in the ABN, a mobile, somewhere to deliver to, a tax treatment', () => {
  for (const customer of calm) {
    const { acn, abn, mobile: number, deliveryAddress: delivery, taxTreatment: tax, status } = customer;
    expect([acnField.problem(acn), abn.slice(2)]).toEqual([null, acn]);
    if (number !== '') expect(number).toMatch(/^0491570(006|110|15[6-9])$/);
    if (delivery) {
      expect(billingAddress.problem(addressOf({ ...customer, ...delivery }))).toBeNull();
      expect(delivery.state).toBe(customer.state);
    }
    expect([taxTreatment.problem(tax), status]).toEqual([null, 'active']);
    expect(gstRegistered.warning?.(customer.gstRegistered, { abn })).toBeNull();
  }
  const count = (which: (customer: PracticeCustomer) => boolean) => calm.filter(which).length;
  const elsewhere = count((one) => one.deliveryAddress !== null && one.deliveryAddress.street !== one.street);
  const nowhere = count((one) => one.deliveryAddress === null);
  expect([elsewhere, nowhere, count((one) => one.mobile === '')].map((n) => n > 10)).toEqual([
    true,
    true,
    true,
  ]);
  const unregistered = count((one) => !one.gstRegistered);
  expect(unregistered).toBeGreaterThan(10);
  expect(unregistered).toBeLessThan(calm.length / 4);
  expect(elsewhere + nowhere).toBeLessThan(calm.length / 2);
});

test('two check digits before any company number make a valid ABN', () => {
  const random = seededRandom(7);
  for (let i = 0; i < 200; i += 1) expect(checkAbn(abnOfAcn(inventAcn(random)))).toMatchObject({ ok: true });
  expect(abnOfAcn('004085616')).toBe('53004085616');
});

describe('the special cases are as special as they say', () => {
  const titled = (name: string) => {
    const found = specialCases.find(({ customer }) => customer.tradingName.includes(name));
    if (!found) throw new Error(`no special case ${name}`);
    return found;
  };

  test('ABNs: missing, wrong, a placeholder, one for two companies', () => {
    const verdicts = ['Nullarbor', 'Tanami', 'Mangrove'].map((name) => checkAbn(titled(name).customer.abn));
    expect(verdicts).toMatchObject([
      { reason: 'length' },
      { reason: 'check_digits' },
      { reason: 'suspicious' },
    ]);
    const twins = planted.hubspot.filter(({ properties }) => properties.abn === '67 910 000 145');
    expect(twins.map(({ properties }) => properties.name)).toEqual([
      'Kookaburra Bend Electrical',
      'Kookabura Bend Electrical Services',
    ]);
    const others = specialCases.filter(({ why }) => !/ABN/.test(why));
    for (const { customer } of others) expect(checkAbn(customer.abn)).toMatchObject({ ok: true });
  });

  test('spreadsheet rows look like it, and come from an import', () => {
    const rows = planted.hubspot.filter(({ source }) => source.sourceType === 'IMPORT');
    expect(rows.map(({ properties }) => [properties.zip, properties.phone])).toEqual([
      ['800', '855501188'],
      ['4350', '+61 (0)7 5550.6402'],
      ['7250', '03 7010 9031 (as at 03/04/2019)'],
    ]);
    expect(rows[1]?.properties.name).toBe('GIDGEE EARTHMOVING');
  });

  test('dirt in one system is the same thing as what the others hold', () => {
    for (const { customer, hubspot = [] } of specialCases) {
      for (const dirty of hubspot.slice(0, 1)) {
        const both = [customer, { ...customer, ...dirty }];
        const forms = (normal: (one: PracticeCustomer) => string) => new Set(both.map(normal)).size;
        expect([
          forms(({ abn }) => abnField.normal(abn)),
          forms(({ acn }) => acnField.normal(acn)),
          forms(({ mobile: number }) => mobile.normal(number)),
          forms((one) => billingAddress.normal(addressOf(one))),
          forms((one) => billingAddress.normal(addressOf({ ...one, ...one.deliveryAddress }))),
        ]).toEqual([1, 1, 1, 1, 1]);
      }
    }
    expect(titled('Gidgee').hubspot?.[0]).toMatchObject({
      abn: 'ABN 44.910.000.047',
      mobile: '0061 491.570.157',
    });
  });

  test('company numbers: none of a trust, two companies of one trading name', () => {
    const trust = titled('Bowerbird').customer;
    expect([checkAbn(trust.abn).ok, acnOfAbn(trust.abn), trust.acn]).toEqual([true, null, '']);
    const curlews = specialCases.filter(({ customer }) => customer.tradingName === 'Curlew Camping');
    expect(curlews.map(({ customer }) => customer.legalName)).toEqual([
      'Curlew Camping Pty Ltd',
      'Murray River Leisure P/L',
    ]);
    for (const { customer } of curlews) expect(acnFitsAbn(customer.acn, customer.abn)).toBe(true);
    expect(legalName.warning?.(titled('Pobblebonk').customer.legalName, {})).toContain(
      '“Pobblebonk Pools” is a trading name',
    );
  });

  test('one is in HubSpot only, one has a very long name, one would call everybody', () => {
    const only = planted.hubspot.find(({ properties }) => properties.name === 'Fairy Wren Interiors');
    expect(only).toBeDefined();
    expect(planted.xero.some(({ texts }) => texts.Name?.includes('Fairy Wren'))).toBe(false);
    expect(titled('Very Very').customer.tradingName).toHaveLength(300);
    expect(titled('<!channel>').customer.tradingName).toContain('🎉');
  });
});
