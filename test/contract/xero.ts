import { type PracticeXero, startXero } from '#src/playground/vendors/xero/server.ts';
import type { ContactSeed } from '#src/playground/vendors/xero/state.ts';
import { type Practice, practiceStage } from './practice-stage.ts';
import type { OpenOptions, Subject } from './subject.ts';

export const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(11, '0')}e`;

export const seeded = (n: number, Name: string, more: Partial<ContactSeed> = {}): ContactSeed => ({
  ContactID: uuid(n),
  ContactStatus: 'ACTIVE',
  addresses: {},
  phones: {},
  terms: {},
  updatedAt: '2026-11-19T00:00:00.000Z',
  ...more,
  texts: { Name, ...more.texts },
});

const acme = seeded(1, 'ACME PTY LTD', {
  texts: {
    TaxNumber: '51824753556',
    CompanyNumber: '824753556',
    EmailAddress: 'accounts@example.com.au',
    AccountsReceivableTaxType: 'OUTPUT',
  },
  addresses: {
    POBOX: { AddressLine1: '8 Example Rd', City: 'Sydney', AttentionTo: 'Jane' },
    STREET: { AddressLine1: '1 Dock St', City: 'Sydney' },
  },
  phones: {
    DEFAULT: { PhoneAreaCode: '02', PhoneNumber: '5550 1234' },
    MOBILE: { PhoneCountryCode: '61', PhoneAreaCode: '491', PhoneNumber: '570 156' },
    FAX: { PhoneNumber: '5550 0000' },
  },
  terms: { Sales: { Day: 30, Type: 'DAYSAFTERBILLDATE' }, Bills: { Day: 7, Type: 'DAYSAFTERBILLDATE' } },
  persons: [
    { FirstName: 'Jane', LastName: 'Roe', EmailAddress: 'jane@example.com.au', IncludeInEmails: true },
  ],
});

export const customConnection = {
  client_id: 'XERO_CLIENT_ID',
  client_secret: 'XERO_CLIENT_SECRET',
  webhook_key: 'XERO_WEBHOOK_KEY',
};

const practice: Practice<'xero'> = {
  system: 'xero',
  start: (store, clock, count) =>
    startXero({
      store,
      clock,
      seed: [
        acme,
        seeded(2, 'BETA PTY LTD'),
        seeded(3, 'GAMMA PTY LTD'),
        ...Array.from({ length: count }, (_, n) => seeded(100 + n, `Customer ${n}`)),
      ],
    }),
  more: 1_001,
  moreIds: (count) => Array.from({ length: count }, (_, n) => uuid(100 + n)),
  terms: {
    credentials: customConnection,
    taxCodes: { gst: 'OUTPUT', gst_free: 'EXEMPTOUTPUT', export: 'EXEMPTEXPORT' },
  },
  probeEdit: (PhoneNumber) => ({ PhoneNumber }),
  renamed: { expected: 'EmailAddress', found: 'PrimaryEmailAddress' },
  archive: async (vendor, id) => (vendor as PracticeXero).archive(id),
  expire: (vendor) => (vendor as PracticeXero).revokeTokens(),
};

export const openXero = async (how?: OpenOptions, terms: Practice<'xero'>['terms'] = {}) => {
  const stage = await practiceStage({ ...practice, terms: { ...practice.terms, ...terms } }, how);
  return { ...stage, vendor: stage.vendor as PracticeXero };
};

const delivery = {
  line1: '3 Loading Dock Lane',
  line2: null,
  city: 'Fremantle',
  state: 'WA',
  postcode: '6160',
  country: 'Australia',
};

export const xero: Subject = {
  system: 'xero',
  open: openXero,
  ids: [uuid(1), uuid(2), uuid(3)],
  absentId: uuid(9),
  fields: {
    legal_name: 'ACME HOLDINGS PTY LTD',
    abn: '53 004 085 616',
    acn: '004 085 616',
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
    payment_terms: { days: 14, from: 'end_of_month' },
    tax_treatment: 'gst_free',
  },
  clearable: ['abn', 'acn', 'email', 'phone', 'mobile', 'billing_address', 'delivery_address'],
  refused: { fields: { legal_name: 'Beta Pty Ltd' }, reason: /already assigned to another contact/ },
  fresh: {
    legal_name: 'DELTA PTY LTD',
    abn: '51824753556',
    acn: '824753556',
    email: 'pay@delta.example',
    phone: '02 5550 7777',
    mobile: '0491 570 157',
    billing_address: delivery,
    delivery_address: { ...delivery, line1: '4 Back Lane' },
    payment_terms: { days: 14, from: 'invoice_date' },
    tax_treatment: 'gst',
    status: 'active',
  },
  account: 'Example Trading Co Pty Ltd',
  cannot: {
    'late listing': 'it lists from its database at once',
    removal: 'contacts cannot be deleted',
  },
};
