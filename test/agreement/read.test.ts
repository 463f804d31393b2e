import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Agreement } from '#src/agreement/agreement.ts';
import type { Problem } from '#src/agreement/problem.ts';
import { type Overlay, readAgreement } from '#src/agreement/read.ts';
import { customersOnly } from '#test/support/customers-only.ts';

const written = customersOnly();

function agreed(text: string, overlay?: Overlay): Agreement {
  const read = readAgreement(text, 'truce.yml', overlay);
  if (!read.ok) throw new Error(JSON.stringify(read.problems, null, 2));
  return read.agreement;
}
function problems(text: string): Problem[] {
  const read = readAgreement(text, 'truce.yml');
  return read.ok ? [] : read.problems;
}
/** The agreement at the root with one thing replaced; fails when it is not there to replace. */
function having(part: string, instead: string): string {
  if (!written.includes(part)) throw new Error(`truce.yml does not hold: ${part}`);
  return written.replace(part, () => instead);
}
/** With two more who may decide. */
const threeDeciders = (text: string) =>
  text
    .replace('  tom: {', '  mei: { name: Mei Tran, slack: U0MEIT0001 }\n  tom: {')
    .replace('deciders: [priya]', 'deciders: [tom, mei]');
const lineOf = (text: string, part: string) => text.slice(0, text.lastIndexOf(part)).split('\n').length;

describe('the agreement at the root', () => {
  test('has the flows between customer, product and money, each with its owners, channel and schedule', () => {
    const { flows } = agreed(readFileSync('truce.yml', 'utf8'));
    expect(Object.values(flows).map(({ name, entity, channel }) => [name, entity, channel])).toEqual([
      ['Customers', 'customer', 'sync-customers'],
      ['Products', 'product', 'sync-products'],
      ['Stock', 'stock_level', 'sync-products'],
      ['Invoices', 'invoice', 'sync-invoices'],
      ['Payments', 'payment', 'sync-invoices'],
    ]);
    for (const { owners, schedule } of Object.values(flows))
      expect([owners.business.id, owners.technical.id, schedule.timeZone]).toEqual([
        'priya',
        'tom',
        'Australia/Sydney',
      ]);
  });

  test('is read, its owners and winners filled in', () => {
    const { flows, connections, ...rest } = agreed(written);
    expect(rest).toEqual({
      company: 'Example Trading Co',
      timeZone: 'Australia/Sydney',
      command: '/sync',
      outside: { heartbeat: null, fallback: null },
      hours: { days: [1, 2, 3, 4, 5, 6, 7], from: 0, to: 1440 },
      people: {
        priya: { id: 'priya', name: 'Priya Nair', slack: 'U0PRIYA001', knownAs: [] },
        tom: { id: 'tom', name: 'Tom Walsh', slack: 'U0TOMW0001', knownAs: [] },
      },
    });
    expect(connections.xero).toEqual({
      id: 'xero',
      system: 'xero',
      baseUrl: null,
      authUrl: null,
      credentials: {
        client_id: 'XERO_CLIENT_ID',
        client_secret: 'XERO_CLIENT_SECRET',
        webhook_key: 'XERO_WEBHOOK_KEY',
      },
      callsPerMinute: 60,
      callsPerDay: 5000,
      callsForPeople: 250,
      timeoutSeconds: 10,
      signIn: 'custom_connection',
      organisation: null,
      newInvoices: { status: 'draft', account: '200', dueDays: 30 },
      taxCodes: {
        gst: 'OUTPUT',
        gst_free: 'EXEMPTOUTPUT',
        export: 'EXEMPTEXPORT',
        input_taxed: 'INPUTTAXED',
        out_of_scope: 'BASEXCLUDED',
      },
    });
    expect(flows.customers).toMatchObject({
      id: 'customers',
      name: 'Customers',
      connections: ['hubspot', 'xero', 'cin7-core'],
      matchBy: 'abn',
      schedule: { cron: '* * * * *', timeZone: 'Australia/Sydney' },
      channel: 'sync-customers',
      owners: { business: { id: 'priya' }, technical: { id: 'tom' } },
      deciders: [{ id: 'priya' }],
      lateAfterMinutes: 3,
      alertAfterFailures: 1,
    });
    expect(flows.customers?.fields).toMatchObject({
      legal_name: {
        rule: 'overwrite',
        systemOfRecord: 'xero',
        decideWithinHours: null,
        ifNobodyChooses: 'hold',
      },
      trading_name: { rule: 'overwrite', systemOfRecord: 'hubspot' },
      billing_address: { rule: 'review', decideWithinHours: 24, ifNobodyChooses: 'keep' },
    });
  });

  test('lets the business owner decide, also where only others are listed', () => {
    const text = having('deciders: [priya]', 'deciders: [tom]');
    expect(agreed(text).flows.customers?.deciders.map(({ id }) => id)).toEqual(['priya', 'tom']);
  });

  test('takes two people for a field where three may decide, and a field that only some systems have', () => {
    const terms = 'rule: approve, two_people: true, between: [hubspot, xero]';
    const text = threeDeciders(having('abn: { rule: approve }', `abn: { ${terms} }`));
    expect(agreed(text).flows.customers?.fields.abn).toMatchObject({
      twoPeople: true,
      between: ['hubspot', 'xero'],
    });
    expect(agreed(written).flows.customers?.fields.abn).toMatchObject({
      twoPeople: false,
      between: ['hubspot', 'xero', 'cin7-core'],
    });
  });

  test('refuses a field in two flows also between other systems: one customer has one agreed value', () => {
    const [first = '', second = ''] = flowTwice('clients').split('  clients:');
    const rule = 'legal_name: { rule: overwrite }';
    const text = `${first.replace(rule, rule.replace(' }', ', between: [hubspot, xero] }'))}  clients:${second.replaceAll('[hubspot, xero, cin7-core]', '[cin7-core, shop]')}`;
    const clash = problems(text).find(({ message }) =>
      message.startsWith('The field “legal_name” of the flow “clients”'),
    );
    expect(clash?.message).toContain(
      'is already kept in step by the flow “customers”: one customer has one agreed value.',
    );
  });

  test('sees two flows write one field only where both take part with it', () => {
    const [first = '', second = ''] = flowTwice('clients').split('  clients:');
    const rule = 'email: { rule: review }';
    const between = (...ids: string[]) => rule.replace(' }', `, between: [${ids.join(', ')}] }`);
    const text = `${first.replace(rule, between('hubspot', 'xero'))}  clients:${second.replace(rule, between('xero', 'cin7-core'))}`;
    const clash = problems(text).find(({ message }) =>
      message.startsWith('The field “email” of the flow “clients”'),
    );
    expect(clash?.message).toContain('is already written to “xero” by the flow “customers”');
  });

  test('takes the places of stand-ins, unless the file names its own', () => {
    const overlay = { xero: { baseUrl: 'http://127.0.0.1:1', authUrl: 'http://127.0.0.1:2' } };
    expect(agreed(written, overlay).connections.xero).toMatchObject({
      baseUrl: 'http://127.0.0.1:1',
      authUrl: 'http://127.0.0.1:2',
    });
    const own = having('    system: xero\n', '    system: xero\n    base_url: https://xero.test/\n');
    expect(agreed(own, overlay).connections.xero).toMatchObject({
      baseUrl: 'https://xero.test',
      authUrl: null,
    });
  });

  test('takes a channel with its #, if it is in quotes', () => {
    expect(
      agreed(having('channel: sync-customers', "channel: '#sync-customers'")).flows.customers?.channel,
    ).toBe('sync-customers');
  });
});

const flowTwice = (name: string) => {
  const flow = written.slice(written.indexOf('  customers:\n'));
  return `${written}${flow.replace('  customers:', `  ${name}:`)}`;
};

// What is wrong | the text | the part on whose line it is (its last place) | what the message says | what the remedy says
const cases: readonly (readonly [string, string, string | null, string, string])[] = [
  ['a tab', having('  priya: {', '\tpriya: {'), '\tpriya', 'starts with a tab', 'Replace the tab by spaces'],
  [
    'a bracket left open',
    having('connections: [hubspot, xero, cin7-core]', 'connections: [hubspot, xero'),
    'match_by',
    '',
    '',
  ],
  [
    'a text that YAML cannot read',
    having('name: Customers', 'name: @customers'),
    'name: @customers',
    'not valid YAML',
    'in quotes',
  ],
  ['a second document', `${written}---\na: 1\n`, '---\na', 'second document', 'one agreement'],
  [
    'a reference to nowhere',
    having('name: Customers', 'name: *there'),
    null,
    'leads nowhere',
    'Write the value out',
  ],
  ['an empty file', '# nothing\n', null, 'nothing in truce.yml', 'Start from the example'],
  ['a list', '- a\n', null, 'must be a group of settings', ''],
  [
    'a flow twice',
    flowTwice('customers'),
    '  customers:',
    'The flow “customers” is there twice, in lines',
    'another name',
  ],
  [
    'a flow’s name twice',
    flowTwice('clients'),
    'name: Customers',
    '“Customers” is already the name of “customers”',
    'a name of its own',
  ],
  [
    'a connection twice',
    having('  cin7-core:\n', '  xero:\n'),
    '  xero:\n',
    'The connection “xero” is there twice',
    'another name',
  ],
  [
    'a person twice',
    having('  tom: {', '  priya: {'),
    '  priya: {',
    'The person “priya” is there twice',
    'another name',
  ],
  [
    'a setting twice',
    having('    match_by: abn\n', '    match_by: abn\n    match_by: abn\n'),
    'match_by',
    'says “match_by” twice',
    'Keep one',
  ],
  [
    'an unknown field in a rule',
    having('email: { rule: review }', 'email: { rul: review, rule: review }'),
    'email:',
    'The field “email” of the flow “customers” has a setting that Truce does not know: rul',
    'Did you mean “rule”?',
  ],
  [
    'an unknown setting of a flow',
    having('    match_by:', '    matchby: abn\n    match_by:'),
    'matchby',
    'does not know: matchby',
    'Did you mean “match_by”?',
  ],
  [
    'an unknown setting at the top',
    `${written}peoples: {}\n`,
    'peoples',
    'The agreement has a setting that Truce does not know: peoples',
    'Did you mean “people”?',
  ],
  [
    'a field that a customer does not have',
    having('email: { rule: review }', 'e_mail: { rule: review }'),
    'e_mail',
    'The field “e_mail” of the flow “customers” is not a field of a customer',
    'Did you mean “email”?',
  ],
  [
    'an unknown rule',
    having('email: { rule: review }', 'email: { rule: reviews }'),
    'email:',
    'rule has a value that Truce does not know',
    'Did you mean “review”?',
  ],
  [
    'no rule',
    having('email: { rule: review }', 'email: {}'),
    'email:',
    'The field “email” of the flow “customers” has no rule',
    'Write overwrite',
  ],
  [
    'a winner that the flow does not have',
    having(
      'phone: { rule: overwrite, system_of_record: hubspot }',
      'phone: { rule: overwrite, system_of_record: hubspt }',
    ),
    'phone:',
    'system_of_record is “hubspt”, which is not a connection of this flow',
    'Did you mean “hubspot”?',
  ],
  [
    'no owners',
    having('    owners: { business: priya, technical: tom }\n', ''),
    '  customers:',
    'The flow “customers” has no owners',
    'Name two owners',
  ],
  [
    'no technical owner',
    having(', technical: tom }', ' }'),
    'owners:',
    'has no owners.technical',
    'looks after the sync',
  ],
  [
    'no channel',
    having('    channel: sync-customers\n', ''),
    '  customers:',
    'The flow “customers” has no channel',
    'channel: sync-customers',
  ],
  [
    'a channel that became a comment',
    having('channel: sync-customers', 'channel: #sync-customers'),
    'channel:',
    'has no channel',
    'without #',
  ],
  [
    'no time zone',
    having(', time_zone: Australia/Sydney }', ' }'),
    'schedule:',
    'has no schedule.time_zone',
    'Australia/Sydney',
  ],
  [
    'an unknown time zone',
    having('time_zone: Australia/Sydney\n', 'time_zone: AEST\n'),
    'time_zone: AEST',
    'The agreement: time_zone is not a time zone',
    'Australia/Sydney',
  ],
  [
    'no schedule',
    having("    schedule: { cron: '* * * * *', time_zone: Australia/Sydney }\n", ''),
    '  customers:',
    'has no schedule',
    '*/5',
  ],
  [
    'no system of record',
    having('    system_of_record: xero\n', ''),
    '  customers:',
    'has no system_of_record',
    'wins',
  ],
  [
    'an unknown person',
    having('business: priya', 'business: pria'),
    'owners:',
    'owners.business names “pria”, who is not in the list',
    'Did you mean “priya”?',
  ],
  [
    'an unknown decider',
    having('deciders: [priya]', 'deciders: [priya, zoe]'),
    'deciders:',
    'deciders names “zoe”',
    'Use one of: priya, tom',
  ],
  [
    'one Slack ID for two people',
    having('U0TOMW0001', 'U0PRIYA001'),
    '  tom:',
    'The person “tom”: slack is the same as that of “priya”',
    'their own',
  ],
  [
    'a person pinned by name',
    having('slack: U0TOMW0001', 'slack: tom.walsh'),
    '  tom:',
    'slack is not a Slack member ID',
    'Copy member ID',
  ],
  [
    'an impossible cron',
    having("'* * * * *'", "'61 * * * *'"),
    'schedule:',
    'schedule.cron cannot be read',
    'every five minutes',
  ],
  [
    'more runs than calls',
    having('per_day: 5000', 'per_day: 1000'),
    'schedule:',
    'at least 1,440 calls a day to xero, whose budget is 1,000',
    'Run it less often',
  ],
  [
    'more runs than the calls that are not kept back for people',
    having('per_day: 5000', 'per_day: 1500, for_people: 100'),
    'schedule:',
    'at least 1,440 calls a day to xero, whose budget is 1,500, 100 of them kept for what people ask for',
    'Run it less often',
  ],
  [
    'every call kept back for people',
    having('per_day: 5000', 'per_day: 5000, for_people: 5000'),
    'per_day: 5000, for_people',
    'calls.for_people keeps every call of the day for people',
    'Keep fewer than the 5,000',
  ],
  [
    'more runs than calls in a minute',
    having("'* * * * *'", "'* * * * * *'")
      .replaceAll('per_minute: 60', 'per_minute: 59')
      .replace('per_day: 5000', 'per_day: 100000')
      .replace('per_day: 20000', 'per_day: 100000'),
    'schedule:',
    'at least 60 calls a minute',
    'Run it less often',
  ],
  [
    'no credential',
    having('token: HUBSPOT_TOKEN, ', ''),
    'credentials: { webhook_secret: HUBSPOT',
    'credentials has no token, which hubspot needs',
    'Add “token:”',
  ],
  [
    'an unknown credential',
    having('webhook_key:', 'webhook_secret:'),
    'credentials: { client_id',
    'credentials has “webhook_secret”, which xero does not take',
    'client_id',
  ],
  [
    'a value that names no variable',
    having('token: HUBSPOT_TOKEN', 'token: hubspot token'),
    'credentials: { token',
    'credentials.token is not the name of an environment variable',
    'HUBSPOT_TOKEN',
  ],
  [
    'an unknown system',
    having('system: xero', 'system: zero'),
    'system: zero',
    'system has a value that Truce does not know',
    'Did you mean “xero”?',
  ],
  [
    'an unknown connection',
    having('[hubspot, xero, cin7-core]', '[hubspot, xero, cin7]'),
    'connections: [',
    'connections names “cin7”, which is not in the list',
    '',
  ],
  [
    'a connection twice in a flow',
    having('[hubspot, xero, cin7-core]', '[hubspot, xero, xero]'),
    'connections: [',
    'names “xero” twice',
    'Keep one',
  ],
  [
    'one connection alone',
    having('[hubspot, xero, cin7-core]', '[xero]'),
    'connections: [',
    'must name at least two',
    '',
  ],
  [
    'matching by what is not unique',
    having('match_by: abn', 'match_by: legal_name'),
    'match_by',
    'is “legal_name”, which cannot tell one customer from another',
    'Use abn',
  ],
  [
    'two people where only one may decide',
    having('abn: { rule: approve }', 'abn: { rule: approve, two_people: true }'),
    'abn: {',
    'two_people needs three people who may decide, since whoever made a change does not approve it; here only one person may.',
    'Add people to the deciders',
  ],
  [
    'two people where nobody is asked',
    threeDeciders(having('abn: { rule: approve }', 'abn: { rule: overwrite, two_people: true }')),
    'abn: {',
    'two_people does nothing with the rule overwrite',
    'Use the rule approve or review',
  ],
  [
    'two people whose choice the clock would make',
    threeDeciders(
      having(
        'abn: { rule: approve }',
        'abn: { rule: approve, two_people: true, decide_within_hours: 4, if_nobody_chooses: owner_wins }',
      ),
    ),
    'abn: {',
    'if_nobody_chooses would let the clock choose what two people have to',
    'Write keep',
  ],
  [
    'one name in the systems for two people',
    having('slack: U0TOMW0001 }', 'slack: U0TOMW0001, known_as: [priya nair] }'),
    '  tom:',
    'The person “tom”: known_as has “priya nair”, and so has “priya”',
    'under the one person',
  ],
  [
    'a field kept in step with a connection that the flow does not have',
    having('abn: { rule: approve }', 'abn: { rule: approve, between: [hubspot, xero, shop] }'),
    'abn: {',
    'between names “shop”, which is not a connection of this flow',
    'Use one of: hubspot, xero, cin7-core',
  ],
  [
    'a field kept in step with one connection twice',
    having('abn: { rule: approve }', 'abn: { rule: approve, between: [xero, xero] }'),
    'abn: {',
    'between names “xero” twice',
    'Keep one',
  ],
  [
    'a field kept in step with one connection alone',
    having('abn: { rule: approve }', 'abn: { rule: approve, between: [xero] }'),
    'abn: {',
    'between must name at least two',
    'between: [hubspot, xero]',
  ],
  [
    'a field kept in step without its winner',
    having('abn: { rule: approve }', 'abn: { rule: approve, between: [hubspot, cin7-core] }'),
    'abn: {',
    'between leaves out “xero”, which decides',
    'Add “xero”',
  ],
  [
    'records made where none of their names goes',
    having(
      'legal_name: { rule: overwrite }\n      trading_name: { rule: overwrite, system_of_record: hubspot }',
      'legal_name: { rule: overwrite, between: [hubspot, xero] }\n      trading_name: { rule: overwrite, system_of_record: hubspot, between: [hubspot, xero] }',
    ),
    'cin7-core: [hubspot, xero]',
    'create_in.cin7-core cannot be: no name of a customer goes there',
    'Add “cin7-core” to “between” of legal_name or trading_name',
  ],
  [
    'a limit where nobody is asked',
    having(
      'payment_terms: { rule: read_only }',
      'payment_terms: { rule: read_only, decide_within_hours: 4 }',
    ),
    'payment_terms',
    'does nothing with the rule read_only',
    'review or approve',
  ],
  [
    'an outcome without a limit',
    having('email: { rule: review }', 'email: { rule: review, if_nobody_chooses: keep }'),
    'email:',
    'needs a limit',
    'decide_within_hours',
  ],
  [
    'a number as text',
    having('per_minute: 500', 'per_minute: "500"'),
    'per_minute: "500"',
    'calls.per_minute must be a number',
    '',
  ],
  [
    'no flows',
    written.slice(0, written.indexOf('\nflows:')),
    null,
    'The agreement has no flows',
    'at least one flow',
  ],
  [
    'a name with capitals',
    having('  tom: {', '  Tom: {'),
    '  Tom: {',
    'The person “Tom” cannot be called that',
    'another short name',
  ],
  [
    'a password in an address',
    having('    system: xero\n', '    system: xero\n    base_url: https://me:pw@xero.test\n'),
    'base_url',
    'base_url holds a user name or password',
    '',
  ],
];

describe('an agreement with', () => {
  test('no working hours: they are those of most offices', () => {
    expect(agreed(written.replace(/^hours: .*$/m, '')).hours).toEqual({
      days: [1, 2, 3, 4, 5],
      from: 480,
      to: 1080,
    });
  });

  test('terms of alerts, of working hours and of who watches from outside: they are read', () => {
    const escalate = '[{ after_minutes: 20, ask: [business] }, { after_minutes: 60, ask: [tom, S0FINANCE] }]';
    const text = having(
      'alert: { after_failures: 1 }',
      `alert: { after_minutes: 10, after_percent: 2.5, urgent: true, escalate: ${escalate} }`,
    )
      .replace(/^hours: .*$/m, 'hours: { days: [sat, mon], from: 7:30, to: 24:00 }')
      .replace('people:\n', 'outside: { heartbeat: BEAT_URL, fallback: HOOK_URL }\npeople:\n');
    const { flows, hours, outside } = agreed(text);
    expect(hours).toEqual({ days: [1, 6], from: 450, to: 1440 });
    expect(outside).toEqual({ heartbeat: 'BEAT_URL', fallback: { variable: 'HOOK_URL', afterMinutes: 10 } });
    expect(flows.customers).toMatchObject({
      urgent: true,
      alertAfterFailures: null,
      alertAfterMinutes: 10,
      alertAfterPercent: 2.5,
      escalate: [
        { afterMinutes: 20, ask: [{ slack: 'U0PRIYA001', name: 'the business owner' }] },
        { afterMinutes: 60, ask: [{ slack: 'U0TOMW0001', name: 'Tom Walsh' }, { slack: 'S0FINANCE' }] },
      ],
    });
  });

  test.each([
    ['escalate: [{ after_minutes: 20, ask: [nobody] }]', /asks “nobody”, whom the agreement does not know/],
    [
      'escalate: [{ after_minutes: 20, ask: [tom] }, { after_minutes: 5, ask: [tom] }]',
      /not later than the one before/,
    ],
  ])('%s: says what is wrong', (terms, words) => {
    const found = problems(having('alert: { after_failures: 1 }', `alert: { ${terms} }`));
    expect(found).toMatchObject([{ message: expect.stringMatching(words), line: expect.any(Number) }]);
  });

  test('working hours that end before they begin, and an address where a name belongs: says so', () => {
    const writing = (instead: string) => problems(written.replace(/^hours: .*$/m, instead));
    expect(writing('hours: { from: 9:00, to: 8:00 }')).toMatchObject([
      { message: expect.stringContaining('not later than hours.from') },
    ]);
    const [address] = writing('outside: { heartbeat: https://example.com/secret }');
    expect(address?.message).toMatch(/not the name of an environment variable/);
    expect(JSON.stringify(address)).not.toContain('secret');
  });

  test.each(cases)('%s says so, where, and what to do', (_, text, place, message, remedy) => {
    const found = problems(text);
    const here = found.find((problem) => problem.message.includes(message)) ?? found[0];
    expect(here).toBeDefined();
    expect(here?.message).toContain(message);
    expect(here?.remedy).toContain(remedy);
    expect(here?.remedy).toMatch(/[.?]$/);
    expect(here?.line).toBe(place === null ? null : lineOf(text, place));
  });

  test('a field in two flows refuses the second', () => {
    const text = flowTwice('clients').replace(/name: Customers(?![\s\S]*name: Customers)/, 'name: Clients');
    const found = problems(text);
    expect(found[0]?.message).toBe(
      'The field “legal_name” of the flow “clients” is already written to “hubspot” by the flow “customers”.',
    );
    expect(found).toHaveLength(Object.keys(agreed(written).flows.customers?.fields ?? {}).length);
  });

  test('two flows that share a connection adds up their calls', () => {
    const text = flowTwice('clients').replace('per_day: 5000', 'per_day: 2879');
    const found = problems(text).find(({ message }) => message.includes('too many calls'));
    expect(found?.message).toContain('at least 2,880 calls a day to xero, whose budget is 2,879');
    expect(found?.line).toBe(lineOf(text, 'per_day: 2879'));
  });

  test.each([
    'pat-na1-11111111-2222-3333-4444-555555555555',
    'xoxb-123-abc',
    '0123456789ABCDEF0123456789ABCDEF',
    '3f2504e0-4f89-11d3-9a0c-0305e82c3301',
    'eyJhbGciOiJIUzI1NiJ9.e30.abc',
    'q8Zr5T1mX9vB3nK7wL2pD4sF6',
    'K7Q2M9X4T8R5W3Z6Y1P0N8B4',
  ])('the secret %s itself says so without repeating it', (secret) => {
    const [problem] = problems(having('token: HUBSPOT_TOKEN', `token: ${secret}`));
    expect(problem?.message).toBe(
      'The connection “hubspot”: credentials.token looks like the secret itself.',
    );
    expect(JSON.stringify(problem)).not.toContain(secret);
  });

  test('several things wrong says all of them, from the top down', () => {
    const text = having('channel: sync-customers', 'chanel: x').replace('slack: U0TOMW0001', 'slack: 7');
    const found = problems(text);
    expect(found.map(({ message }) => message)).toEqual([
      'The person “tom”: slack must be a text.',
      'The flow “customers” has no channel.',
      'The flow “customers” has a setting that Truce does not know: chanel.',
    ]);
    expect(found.map(({ line }) => line)).toEqual([
      lineOf(text, '  tom:'),
      lineOf(text, '  customers:'),
      lineOf(text, 'chanel'),
    ]);
  });

  test('any line missing, doubled or cut short never throws', () => {
    const lines = written.split('\n');
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i] ?? '';
      if (/^\s*#/.test(line)) continue;
      for (const instead of [
        [],
        [line, line],
        [line.slice(0, line.length / 2)],
        [`\t${line}`],
        [line.replace(':', '')],
      ]) {
        const text = [...lines.slice(0, i), ...instead, ...lines.slice(i + 1)].join('\n');
        const read = readAgreement(text, 'truce.yml');
        if (!read.ok) expect(read.problems.length).toBeGreaterThan(0);
      }
    }
  });
});
