import type { ManualClock } from '#src/clock.ts';
import type { Store } from '#src/playground/store.ts';
import { type Cin7CoreOptions, startCin7Core } from '#src/playground/vendors/cin7-core/server.ts';
import type { CustomerSeed } from '#src/playground/vendors/cin7-core/state.ts';
import type { PracticeVendor } from '#src/playground/vendors/vendor.ts';
import { terms } from '../connectors/kit.ts';
import { type Practice, practiceStage } from './practice-stage.ts';
import type { OpenOptions, Subject } from './subject.ts';

export const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(11, '0')}c`;

const seeded = (n: number, Name: string, more: Partial<CustomerSeed> = {}): CustomerSeed => ({
  ID: uuid(n),
  Addresses: [],
  Contacts: [],
  modifiedAt: '2026-11-19T00:00:00.000Z',
  ...more,
  fields: {
    Name,
    Status: 'ACTIVE',
    Currency: 'AUD',
    PaymentTerm: '30 days',
    AccountReceivable: '610',
    RevenueAccount: '200',
    TaxRule: 'GST on Income',
    TaxNumber: '',
    ...more.fields,
  },
});

const acme = seeded(1, 'Acme Pty Ltd', {
  fields: { TaxNumber: '51824753556' },
  Addresses: [
    {
      ID: uuid(4),
      Type: 'Billing',
      Line1: '8 Example Rd',
      City: 'Sydney',
      Country: 'Australia',
      DefaultForType: true,
    },
    { ID: uuid(5), Type: 'Shipping', Line1: '1 Dock St', Country: 'Australia', DefaultForType: true },
    { ID: uuid(7), Type: 'Business', Line1: '2 Head Office Rd', Country: 'Australia' },
  ],
  Contacts: [
    {
      ID: uuid(6),
      Name: 'Jane',
      Email: 'accounts@example.com.au',
      Phone: '02 5550 1234',
      MobilePhone: '0491 570 156',
      Default: true,
    },
  ],
});

const start = (
  store: Store,
  clock: ManualClock,
  count: number,
  vendor: Pick<Cin7CoreOptions, 'overLimit' | 'automation'> = {},
) =>
  startCin7Core({
    store,
    clock,
    seed: [
      acme,
      seeded(2, 'Beta Pty Ltd'),
      seeded(3, 'Gamma Pty Ltd'),
      ...Array.from({ length: count }, (_, n) => seeded(100 + n, `Customer ${n}`)),
    ],
    ...vendor,
  });

const more = 1_001;
const practice: Practice<'cin7-core'> = {
  system: 'cin7-core',
  start,
  more,
  moreIds: (count) => Array.from({ length: count }, (_, n) => uuid(100 + n)),
  terms: {
    credentials: {
      account_id: 'CIN7_ACCOUNT_ID',
      application_key: 'CIN7_APPLICATION_KEY',
      webhook_secret: 'CIN7_WEBHOOK_SECRET',
    },
    taxCodes: { gst: 'GST on Income', gst_free: 'GST Free Income', export: 'GST Free Exports' },
    newCustomers: {
      currency: 'AUD',
      paymentTerm: '30 days',
      accountReceivable: '610',
      revenueAccount: '200',
      taxRule: 'GST on Income',
    },
  },
  probeEdit: (Phone) => ({ Phone }),
  renamed: { expected: 'Contacts.Email', found: 'Contacts.EmailAddress' },
  archive: async (vendor, ID) => {
    await asCin7(vendor, '/customer', { method: 'PUT', body: { ID, Status: 'Deprecated' } });
  },
};

/** The suite's terms of a connection, for connectors that a test makes by itself. */
export const practiceTerms = (more: Practice<'cin7-core'>['terms']) =>
  terms('cin7-core', { ...practice.terms, ...more });

/** A call with the practice account's keys, as any other program of the account's would make it. */
export async function asCin7(
  { baseUrl, env }: PracticeVendor,
  path: string,
  how: { readonly method?: string; readonly body?: unknown } = {},
) {
  const response = await fetch(baseUrl + path, {
    method: how.method ?? 'GET',
    headers: {
      'api-auth-accountid': env.CIN7_ACCOUNT_ID ?? '',
      'api-auth-applicationkey': env.CIN7_APPLICATION_KEY ?? '',
      'content-type': 'application/json',
    },
    ...(how.body === undefined ? {} : { body: JSON.stringify(how.body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text };
}

export const openCin7Core = (
  how?: OpenOptions,
  changed: Practice<'cin7-core'>['terms'] = {},
  vendor: Pick<Cin7CoreOptions, 'overLimit' | 'automation'> = {},
) =>
  practiceStage(
    {
      ...practice,
      terms: { ...practice.terms, ...changed },
      start: (store, clock, count) => start(store, clock, count, vendor),
    },
    how,
  );

const delivery = {
  line1: '3 Loading Dock Lane',
  line2: null,
  city: 'Fremantle',
  state: 'WA',
  postcode: '6160',
  country: 'Australia',
};

export const cin7Core: Subject = {
  system: 'cin7-core',
  open: openCin7Core,
  ids: [uuid(1), uuid(2), uuid(3)],
  absentId: uuid(9),
  fields: {
    legal_name: 'Acme Holdings Pty Ltd',
    abn: '53 004 085 616',
    email: 'pay@example.com.au',
    phone: '+61 2 5550 9876',
    mobile: '0491 570 159',
    billing_address: {
      line1: 'PO Box 9',
      line2: 'Rear',
      city: 'Perth',
      state: 'WA',
      postcode: '6000',
      country: 'Australia',
    },
    delivery_address: delivery,
    payment_terms: { days: 30, from: 'end_of_month' },
    tax_treatment: 'gst_free',
  },
  clearable: ['abn', 'email', 'phone', 'mobile', 'billing_address', 'delivery_address'],
  refused: { fields: { legal_name: 'BETA PTY LTD' }, reason: /must be unique/ },
  fresh: {
    legal_name: 'Delta Pty Ltd',
    abn: '51824753556',
    email: 'pay@delta.example',
    phone: '02 5550 7777',
    mobile: '0491 570 157',
    billing_address: delivery,
    delivery_address: { ...delivery, line1: '4 Back Lane' },
    payment_terms: { days: 14, from: 'invoice_date' },
    tax_treatment: 'gst',
    status: 'active',
  },
  account: 'Example Trading Co (practice)',
  cannot: {
    'mark later': 'the comments, where it would stand, are what people write to each other',
    'late listing': 'it lists from its database at once',
    removal: 'customers cannot be deleted',
    'renewed sign-in': 'its keys do not end',
  },
};
