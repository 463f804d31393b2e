import { expect, test } from 'vitest';
import { startCin7Core } from '#src/playground/vendors/cin7-core/server.ts';
import { startHubSpot } from '#src/playground/vendors/hubspot/server.ts';
import type { PracticeVendor } from '#src/playground/vendors/vendor.ts';
import { shown, started } from './kit.ts';
import { xero } from './xero-kit.ts';

const hubspot = () => started(startHubSpot, (all) => all.hubspot);
const cin7Core = () => started(startCin7Core, (all) => all.cin7Core);
const starOf = (vendor: PracticeVendor) =>
  vendor.cards().find(({ title }) => title.startsWith('Bellbird Timber'))?.externalId ?? '';

const wharf = { street: '5 Wharf Lane', city: 'Melbourne', state: 'VIC', postcode: '3000' };
const delivery = ([street, city, state, postcode]: readonly [string, string, string, string]) => ({
  [street]: wharf.street,
  [city]: wharf.city,
  [state]: wharf.state,
  [postcode]: wharf.postcode,
});

test.each([
  {
    label: 'HubSpot',
    start: hubspot,
    typed: {
      acn: '004085616',
      mobile_phone: '0491 570 006',
      ...delivery(['delivery_address', 'delivery_city', 'delivery_state', 'delivery_zip']),
      tax_treatment: 'Out of scope',
      gst_registered: 'No',
      customer_status: 'Archived',
    },
  },
  {
    label: 'Xero',
    start: xero,
    typed: {
      CompanyNumber: '004085616',
      MobileNumber: '0491 570 006',
      ...delivery(['DeliveryAddressLine1', 'DeliveryCity', 'DeliveryRegion', 'DeliveryPostalCode']),
      AccountsReceivableTaxType: 'BAS Excluded',
      ContactStatus: 'ARCHIVED',
    },
  },
  {
    label: 'Cin7 Core',
    start: cin7Core,
    typed: {
      MobilePhone: '0491 570 006',
      ...delivery(['ShippingLine1', 'ShippingCity', 'ShippingState', 'ShippingPostcode']),
      TaxRule: 'BAS Excluded',
      Status: 'DEPRECATED',
    },
  },
])('a person changes every further detail in $label, and nothing else changes', async ({ start, typed }) => {
  const { vendor } = await start();
  const star = starOf(vendor);
  const before = vendor.card(star)?.fields ?? [];
  for (const [key, value] of Object.entries(typed)) {
    expect(shown(vendor, star, key)).not.toBe(value);
    vendor.edit(star, { [key]: value }, 'Priya Nair');
  }
  expect(vendor.card(star)?.fields).toEqual(
    before.map((field) => ({
      ...field,
      value: new Map(Object.entries(typed)).get(field.key) ?? field.value,
    })),
  );
});

test('HubSpot keeps the value of an option, shows its name, and has no others; a new street takes both lines', async () => {
  const { vendor } = await hubspot();
  const star = starOf(vendor);
  const read = async () => {
    const names = 'tax_treatment,gst_registered,customer_status,delivery_address,delivery_address2';
    const answer = await fetch(
      `${vendor.baseUrl}/crm/objects/2026-09/companies/${star}?properties=${names}`,
      {
        headers: { authorization: `Bearer ${vendor.env.HUBSPOT_TOKEN}` },
      },
    );
    return ((await answer.json()) as { properties: Record<string, string | null> }).properties;
  };
  vendor.edit(star, { tax_treatment: 'gst free', delivery_address: '5 Wharf Lane' }, 'Priya Nair');
  expect(await read()).toMatchObject({ tax_treatment: 'gst_free', delivery_address: '5 Wharf Lane' });
  expect(shown(vendor, star, 'tax_treatment')).toBe('GST free');
  vendor.edit(star, { gst_registered: 'no' }, 'Priya Nair');
  expect(await read()).toMatchObject({ gst_registered: 'false' });
  vendor.edit(star, { customer_status: '' }, 'Priya Nair');
  expect((await read()).customer_status || null).toBeNull();
  expect(() => vendor.edit(star, { customer_status: 'Gone' }, 'Priya Nair')).toThrow(
    'Choose Active, Archived.',
  );
});

test('Xero: archived and restored on its screen, and its tax rates by name or by code', async () => {
  const { vendor, call, star, other } = await xero();
  const contact = async () => (await call(`/Contacts/${star}`)).json.Contacts[0];
  vendor.edit(star, { ContactStatus: 'archived', AccountsReceivableTaxType: 'exemptexport' }, 'Tom Walsh');
  expect(await contact()).toMatchObject({
    ContactStatus: 'ARCHIVED',
    AccountsReceivableTaxType: 'EXEMPTEXPORT',
  });
  expect(vendor.cards().map(({ externalId }) => externalId)).not.toContain(star);
  expect(shown(vendor, star, 'AccountsReceivableTaxType')).toBe('GST Free Exports');
  vendor.edit(star, { ContactStatus: 'ACTIVE' }, 'Tom Walsh');
  expect((await contact()).ContactStatus).toBe('ACTIVE');

  const refused = (values: Record<string, string>, id = star) =>
    expect(() => vendor.edit(id, values, 'Tom Walsh'));
  refused({ ContactStatus: 'DEPRECATED' }).toThrow('Type ACTIVE or ARCHIVED.');
  refused({ AccountsReceivableTaxType: 'VAT' }).toThrow("The TaxType code 'VAT' does not exist");
  vendor.erase(other);
  refused({ ContactStatus: 'ACTIVE' }, other).toThrow('erased on request');
});

test('Cin7 Core: a customer is deprecated and taken back; other words are no status', async () => {
  const { vendor } = await cin7Core();
  const star = starOf(vendor);
  vendor.edit(star, { Status: 'Deprecated' }, 'Kim Doyle');
  expect(shown(vendor, star, 'Status')).toBe('DEPRECATED');
  expect(starOf(vendor)).toBe('');
  vendor.edit(star, { Status: 'Active' }, 'Kim Doyle');
  expect(starOf(vendor)).toBe(star);
  expect(() => vendor.edit(star, { Status: 'Archived' }, 'Kim Doyle')).toThrow('Status is not valid');
});
