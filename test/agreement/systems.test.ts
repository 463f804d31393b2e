import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Agreement } from '#src/agreement/agreement.ts';
import { completed } from '#src/agreement/complete.ts';
import { readAgreement } from '#src/agreement/read.ts';
import { missingCredentials } from '#src/agreement/readiness.ts';

const example = readFileSync(new URL('../../docs/examples/own-systems.yml', import.meta.url), 'utf8');

function agreed(text: string, path = 'truce.yml'): Agreement {
  const read = readAgreement(text, path);
  if (!read.ok) throw new Error(JSON.stringify(read.problems, null, 2));
  return read.agreement;
}
/** The example with one thing replaced; fails when it is not there to replace. */
function having(part: string, instead: string, text = example): string {
  if (!text.includes(part)) throw new Error(`the example does not hold: ${part}`);
  return text.replace(part, () => instead);
}
const withCin7 = having(
  'flows:\n',
  `  cin7-core:
    system: cin7-core
    credentials: { account_id: CIN7_ACCOUNT_ID, application_key: CIN7_APPLICATION_KEY }
    calls: { per_minute: 60, per_day: 20000 }
flows:
`,
  having('connections: [hubspot, xero,', 'connections: [hubspot, xero, cin7-core,'),
);
const cin7Creates = having('shop-database: [hubspot, xero] }', 'cin7-core: [xero] }', withCin7);

describe('an agreement with systems of the company’s own', () => {
  test('is read, with the table, the file and the new records', () => {
    const { connections, flows } = agreed(example);
    expect(connections['shop-database']).toMatchObject({
      system: 'postgresql',
      baseUrl: null,
      table: 'crm.customers',
      key: 'id',
      changes: { kind: 'column', column: 'updated_at' },
      marker: 'truce_id',
    });
    expect(connections['customers-2019']).toMatchObject({
      system: 'csv',
      credentials: {},
      key: 'Customer No',
      columns: { billing_address: { line1: 'Street', postcode: 'Postcode' }, payment_terms: 'Terms' },
    });
    expect(flows.customers?.createIn).toEqual({ 'shop-database': ['hubspot', 'xero'] });
  });

  test.each([
    ['truce.yml', 'customers-2019.csv', 'customers-2019.csv'],
    ['/etc/truce/truce.yml', 'customers-2019.csv', '/etc/truce/customers-2019.csv'],
    ['setup/truce.yml', '../lists/old.xlsx', 'lists/old.xlsx'],
    ['/etc/truce/truce.yml', '/srv/old.csv', '/srv/old.csv'],
  ])('sees from %s the file %s at %s', (path, file, at) => {
    const { connections } = agreed(having('file: customers-2019.csv', `file: ${file}`), path);
    expect(connections['customers-2019']).toMatchObject({ file: at });
  });

  test('may find changes by triggers, and make no rows', () => {
    const text = having('changes: { column: updated_at }', 'changes: trigger');
    expect(
      agreed(having('    marker: truce_id\n', '', having('create_in:', '#', text))).connections,
    ).toMatchObject({
      'shop-database': { changes: { kind: 'trigger' }, marker: null },
    });
  });

  test('may say of HubSpot, Xero and Cin7 Core what is theirs alone', () => {
    const text = having(
      'calls: { per_minute: 60, per_day: 20000 }',
      `calls: { per_minute: 60, per_day: 20000 }
    tax_codes: { gst: GST on Income, gst_free: GST Free Income }
    new_customers:
      { currency: AUD, payment_term: 30 days, account_receivable: "610", revenue_account: "200", tax_rule: GST on Income }`,
      cin7Creates,
    );
    const oauth = having(
      'credentials: { token: HUBSPOT_TOKEN }',
      'sign_in: oauth\n    billing_contact: { label: Billing contact }\n    won_stages: [closedwon, "187302"]\n    credentials: { client_id: HS_ID, client_secret: HS_SECRET }',
      text,
    );
    expect(agreed(oauth).connections).toMatchObject({
      hubspot: {
        signIn: 'oauth',
        billingContact: { kind: 'label', label: 'Billing contact' },
        wonStages: ['closedwon', '187302'],
      },
      'cin7-core': {
        taxCodes: { gst: 'GST on Income', gst_free: 'GST Free Income' },
        newCustomers: { accountReceivable: '610', taxRule: 'GST on Income' },
      },
    });
  });

  test('an older agreement that named no stages meant HubSpot’s own, and to name that one changes nothing', () => {
    const now = agreed(example);
    const { wonStages: _, ...older } = now.connections.hubspot as unknown as Record<string, unknown>;
    const stored = { ...now, connections: { ...now.connections, hubspot: older } } as unknown as Agreement;
    expect(completed(stored)).toEqual(now);
  });

  test('says what a variable is for that is not set', () => {
    const text = having(
      'credentials: { client_id: XERO_CLIENT_ID',
      'sign_in: oauth\n    credentials: { client_id: XERO_CLIENT_ID',
    );
    expect(missingCredentials(agreed(text), (name) => !/SECRET|SHOP/.test(name))).toEqual([
      'XERO_CLIENT_SECRET is not set: the connection “xero” signs in with it. Set it, or take client_secret out of the agreement.',
      'SHOP_DATABASE_URL is not set: the connection “shop-database” needs it as its url. Set it in the environment.',
    ]);
  });
});

const lineOf = (text: string, part: string) => text.slice(0, text.lastIndexOf(part)).split('\n').length;

// What is wrong | the text | the part on whose line it is (its last place) | what the message says | what the remedy says
const cases: readonly (readonly [string, string, string, string, string])[] = [
  [
    'deals that are never won',
    having(
      'credentials: { token: HUBSPOT_TOKEN }',
      'won_stages: []\n    credentials: { token: HUBSPOT_TOKEN }',
    ),
    'won_stages:',
    'won_stages',
    'such as “won_stages: [closedwon]”',
  ],
  [
    'a column for what is not a field',
    having('legal_name: company_name', 'legal_nam: company_name'),
    'legal_nam:',
    'The connection “shop-database”: columns.legal_nam is not a field of a customer.',
    'Did you mean “legal_name”?',
  ],
  [
    'an address in one column',
    having(
      'delivery_address: { line1: ship_street, city: ship_suburb, state: ship_state, postcode: ship_postcode }',
      'delivery_address: ship_to',
    ),
    'delivery_address: ship_to',
    'columns.delivery_address needs a column for each of its parts',
    '“delivery_address: { line1: …, line2: …',
  ],
  [
    'an unknown part of an address',
    having('postcode: ship_postcode', 'post_code: ship_postcode'),
    'delivery_address: { line1',
    'columns.delivery_address.post_code is not a part of delivery_address',
    'Did you mean “postcode”?',
  ],
  [
    'terms without days',
    having('{ days: terms_days, from: terms_from }', '{ from: terms_from }'),
    'payment_terms: { from: terms_from }',
    'columns.payment_terms has no column for days',
    'days: …, from: …',
  ],
  [
    'parts of what has none',
    having('      abn: abn\n', '      abn: { line1: abn }\n'),
    'abn: { line1',
    'columns.abn has parts, but is one value',
    'column alone',
  ],
  [
    'two fields in one column',
    having('mobile: mobile', 'mobile: phone'),
    'mobile: phone',
    'columns.mobile is the column “phone”, and so is columns.phone',
    'of its own',
  ],
  [
    'a field in the column of the marker',
    having('marker: truce_id', 'marker: abn'),
    'abn: abn',
    'columns.abn is the column “abn”, and so is marker',
    'of its own',
  ],
  [
    'a column that is a number',
    having('legal_name: Company', 'legal_name: 4'),
    'legal_name: 4',
    'columns.legal_name must be a text',
    'columns: { legal_name: name',
  ],
  [
    'no column for what is matched by',
    having('      abn: ABN\n', ''),
    'columns:\n      legal_name: Company',
    'The connection “customers-2019”: columns has none for abn, by which “Customers” matches records.',
    'Add “abn:”',
  ],
  [
    'a winner that has no column for it',
    having('email: { rule: review }', 'email: { rule: review, system_of_record: customers-2019 }'),
    'email: {',
    'The field “email” of the flow “customers” is decided by “customers-2019”, which has no column for it.',
    'Name another system_of_record',
  ],
  [
    'changes by nobody knows what',
    having('changes: { column: updated_at }', 'changes: triggers'),
    'changes: triggers',
    'changes has a value that Truce does not know',
    'Did you mean “trigger”?',
  ],
  [
    'changes by a misspelt setting',
    having('changes: { column: updated_at }', 'changes: { colum: updated_at }'),
    'changes: {',
    'has a setting that Truce does not know: changes.colum',
    'Did you mean “column”?',
  ],
  [
    'no word on changes',
    having('changes: { column: updated_at }', ''),
    'shop-database:\n',
    'The connection “shop-database” has no changes',
    '“changes: trigger”',
  ],
  [
    'a setting of another system',
    having('    marker: truce_id\n', '    markr: truce_id\n'),
    'markr',
    'does not know: markr',
    'Did you mean “marker”?',
  ],
  [
    'an address of an API for a database',
    having('    marker: truce_id\n', '    marker: truce_id\n    base_url: https://db.example.com\n'),
    'base_url',
    'does not know: base_url',
    'Use one of: system, calls, timeout_seconds',
  ],
  [
    'a table with two dots',
    having('table: crm.customers', 'table: shop.crm.customers'),
    'table: shop',
    'table is not the name of a table',
    'table: crm.customers',
  ],
  [
    'a database without its address',
    having('credentials: { url: SHOP_DATABASE_URL }', 'credentials: {}'),
    'credentials: {}',
    'credentials has no url, which postgresql needs',
    'Add “url:”',
  ],
  [
    'credentials for a file',
    having('    file: customers', '    credentials: { token: A_B }\n    file: customers'),
    'credentials: { token',
    'credentials has “token”, which csv does not take',
    'Take it out',
  ],
  [
    'a token where people sign in',
    having(
      'credentials: { token: HUBSPOT_TOKEN }',
      'sign_in: oauth\n    credentials: { token: HUBSPOT_TOKEN }',
    ),
    'credentials: { token',
    'credentials has no client_id, which hubspot with sign_in: oauth needs',
    'Add “client_id:”',
  ],
  [
    'an unknown way to sign in',
    having('credentials: { client_id', 'sign_in: oauth2\n    credentials: { client_id'),
    'sign_in',
    'sign_in has a value that Truce does not know',
    'Did you mean “oauth”?',
  ],
  [
    'a billing contact by nobody knows what',
    having('credentials: { token', 'billing_contact: { name: Mia }\n    credentials: { token'),
    'billing_contact',
    'has a setting that Truce does not know: billing_contact.name',
    'label',
  ],
  [
    'a billing contact by a label without a name',
    having('credentials: { token', 'billing_contact: { label: }\n    credentials: { token'),
    'billing_contact',
    'has no billing_contact.label',
    'Billing contact',
  ],
  [
    'an unknown treatment',
    having('credentials: { client_id', 'tax_codes: { gstfree: EXEMPTOUTPUT }\n    credentials: { client_id'),
    'tax_codes',
    'tax_codes.gstfree is not a tax treatment that Truce knows',
    'Did you mean “gst_free”?',
  ],
  [
    'two treatments under one code',
    having(
      'credentials: { client_id',
      'tax_codes: { gst: OUTPUT, export: Output }\n    credentials: { client_id',
    ),
    'tax_codes',
    'tax_codes.export is “Output”, and so is gst',
    'its own code',
  ],
  [
    'half of what Cin7 Core demands',
    having(
      '    calls: { per_minute: 60, per_day: 20000 }',
      '    new_customers: { currency: AUD }\n    calls: { per_minute: 60, per_day: 20000 }',
      withCin7,
    ),
    'new_customers',
    'has no new_customers.payment_term',
    'payment_term',
  ],
  [
    'a file of another kind',
    having('file: customers-2019.csv', 'file: customers-2019.xls'),
    'file: customers',
    'file is neither a .csv nor an .xlsx file',
    'file: customers.csv',
  ],
  [
    'records made in a file',
    having('create_in: { shop-database: [hubspot, xero] }', 'create_in: { customers-2019: [xero] }'),
    'create_in',
    'create_in.customers-2019 cannot be: a file is only ever read',
    'Take it out',
  ],
  [
    'records made in an unknown connection',
    having('create_in: { shop-database:', 'create_in: { shop-databse:'),
    'create_in',
    'names “shop-databse”, which is not a connection of this flow',
    'Did you mean “shop-database”?',
  ],
  [
    'records made from an unknown connection',
    having('create_in: { shop-database: [hubspot, xero]', 'create_in: { shop-database: [hubspot, xeroo]'),
    'create_in',
    'create_in.shop-database names “xeroo”',
    'Did you mean “xero”?',
  ],
  [
    'records made from themselves',
    having('create_in: { shop-database: [hubspot, xero]', 'create_in: { xero: [hubspot, xero]'),
    'create_in',
    'create_in.xero names itself',
    'from which the records come',
  ],
  [
    'records made from one twice',
    having('create_in: { shop-database: [hubspot, xero]', 'create_in: { xero: [hubspot, hubspot]'),
    'create_in',
    'names “hubspot” twice',
    'Keep one',
  ],
  [
    'records made from nothing',
    having('create_in: { shop-database: [hubspot, xero]', 'create_in: { xero: []'),
    'create_in',
    'create_in.xero names no connection',
    'create_in: { xero: [hubspot] }',
  ],
  [
    'records made in Cin7 Core without what it demands',
    cin7Creates,
    'create_in',
    'create_in.cin7-core needs to know what Cin7 Core demands of a new customer',
    'new_customers',
  ],
  [
    'rows made without a marker',
    having('    marker: truce_id\n', ''),
    'create_in',
    'create_in.shop-database needs a column that tells which rows Truce made',
    'marker: truce_id',
  ],
];

describe('an agreement with', () => {
  test.each(cases)('%s says so, where, and what to do', (_, text, place, message, remedy) => {
    const read = readAgreement(text, 'truce.yml');
    const found = read.ok ? [] : read.problems;
    expect(found.map((problem) => problem.message).join('\n')).toContain(message);
    const here = found.find((problem) => problem.message.includes(message));
    expect(here?.remedy).toContain(remedy);
    expect(here?.remedy).toMatch(/[.?]$/);
    expect(here?.line).toBe(lineOf(text, place));
  });

  test('any line of it missing, doubled or cut short never throws', () => {
    const lines = example.split('\n');
    const at = lines.findIndex((line) => line.startsWith('connections:'));
    for (let i = at; i < lines.length; i++) {
      const line = lines[i] ?? '';
      for (const instead of [[], [line, line], [line.slice(0, line.length / 2)], [line.replace(':', '')]]) {
        const text = [...lines.slice(0, i), ...instead, ...lines.slice(i + 1)].join('\n');
        const read = readAgreement(text, 'truce.yml');
        if (!read.ok) expect(read.problems.length).toBeGreaterThan(0);
      }
    }
  });
});
