import { type Crm, type HubSpotOptions, startHubSpot } from '#src/playground/vendors/hubspot/server.ts';
import type { CompanySeed } from '#src/playground/vendors/hubspot/state.ts';
import type { PracticeVendor } from '#src/playground/vendors/vendor.ts';
import { type Practice, practiceStage } from './practice-stage.ts';
import type { OpenOptions, Subject } from './subject.ts';

type HubSpot = PracticeVendor & { readonly crm: Crm };

const seeded = (id: number, properties: Readonly<Record<string, string>>): CompanySeed => ({
  id: String(id),
  createdAt: '2026-01-05T00:00:00.000Z',
  modifiedAt: '2026-11-19T00:00:00.000Z',
  source: { sourceType: 'IMPORT', sourceId: '1', sourceLabel: 'Old spreadsheet' },
  properties,
});

const acme = seeded(901, {
  name: 'Acme',
  legal_name: 'Acme Pty Ltd',
  abn: '51 824 753 556',
  acn: '824 753 556',
  billing_email: 'accounts@example.com.au',
  phone: '02 5550 1234',
  mobile_phone: '0491 570 156',
  address: '8 Example Rd',
  city: 'Sydney',
  zip: '2000',
  delivery_address: '1 Dock St',
  delivery_city: 'Botany',
  payment_terms: '30 days',
  tax_treatment: 'gst',
  gst_registered: 'true',
  customer_status: 'active',
});

const person = { sourceType: 'CRM_UI', sourceId: 'userId:1', sourceLabel: 'Priya Nair' } as const;

const practice: Practice<'hubspot'> = {
  system: 'hubspot',
  start: (store, clock, count) => start({ store, clock }, count),
  more: 201,
  moreIds: (count) => Array.from({ length: count }, (_, n) => String(2000 + n)),
  terms: { credentials: { token: 'HUBSPOT_TOKEN', webhook_secret: 'HUBSPOT_CLIENT_SECRET' } },
  probeEdit: (phone) => ({ phone }),
  renamed: { expected: 'billing_email', found: 'billing_email_address' },
  archive: async (vendor, id) => (vendor as HubSpot).crm.companies.archive(id, person),
};

const start = (options: HubSpotOptions, count = 0) =>
  startHubSpot({
    ...options,
    seed: [
      acme,
      seeded(902, { name: 'Beta', billing_email: 'b@example.com.au' }),
      seeded(903, { name: 'Gamma' }),
      ...Array.from({ length: count }, (_, n) => seeded(2000 + n, { name: `Customer ${n}` })),
    ],
  });

export const openHubSpot = async (how?: OpenOptions, terms: Practice<'hubspot'>['terms'] = {}) => {
  const stage = await practiceStage({ ...practice, terms: { ...practice.terms, ...terms } }, how);
  return { ...stage, vendor: stage.vendor as HubSpot };
};

const delivery = {
  line1: '4 Wharf Lane',
  line2: 'Dock 2',
  city: 'Fremantle',
  state: 'WA',
  postcode: '6160',
  country: 'Australia',
};

export const hubspot: Subject = {
  system: 'hubspot',
  open: openHubSpot,
  ids: ['901', '902', '903'],
  absentId: '999',
  fields: {
    legal_name: 'ACME Holdings Pty Ltd',
    trading_name: 'Acme & Sons',
    abn: '53004085616',
    acn: '004085616',
    email: 'pay@example.com.au',
    phone: '+61 2 5550 9876',
    mobile: '+61 491 570 006',
    billing_address: {
      line1: 'PO Box 9',
      line2: null,
      city: 'Perth',
      state: 'WA',
      postcode: '6000',
      country: null,
    },
    delivery_address: delivery,
    payment_terms: { days: 14, from: 'end_of_month' },
    tax_treatment: 'gst_free',
    gst_registered: false,
  },
  clearable: [
    'legal_name',
    'abn',
    'acn',
    'email',
    'phone',
    'mobile',
    'billing_address',
    'delivery_address',
    'gst_registered',
  ],
  refused: { fields: { tax_treatment: 'tax holiday' }, reason: /tax holiday|not a valid|INVALID_OPTION/ },
  fresh: {
    legal_name: 'Delta Pty Ltd',
    trading_name: 'Delta',
    abn: '51824753556',
    email: 'pay@delta.example',
    phone: '02 5550 7777',
    mobile: '0491 570 157',
    billing_address: delivery,
    delivery_address: { ...delivery, line1: '4 Back Lane' },
    payment_terms: { days: 14, from: 'invoice_date' },
    tax_treatment: 'gst',
    gst_registered: true,
    status: 'active',
  },
  account: 'Hub ID 44000001',
  cannot: {
    'late listing': 'its index runs behind by itself, and the practice one does',
    'unique names': 'companies may share a name',
    'archived in lists': 'its search knows nothing of the recycle bin',
    removal: 'a company in the recycle bin is archived, not gone',
    'renewed sign-in': 'a private app’s key does not end',
  },
};
