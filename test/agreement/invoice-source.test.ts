import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Agreement, ConnectionTerms } from '#src/agreement/agreement.ts';
import { completed } from '#src/agreement/complete.ts';
import { differencesOf } from '#src/agreement/differences.ts';
import { readAgreement } from '#src/agreement/read.ts';

const file = readFileSync(new URL('../../truce.yml', import.meta.url), 'utf8');
const [connections = '', flows = ''] = file.split('\nflows:\n');
const customers = flows.split(/\n {2}(?=[a-z])/)[0] ?? '';

const invoices = (createIn: string) => `
  ours:
    name: Invoices
    entity: invoice
    connections: [hubspot, xero]
    match_by: source
    unmatched: leave
    ${createIn}
    schedule: { cron: '*/5 * * * *', time_zone: Australia/Sydney }
    channel: sync-invoices
    owners: { business: priya, technical: tom }
    system_of_record: xero
    fields:
      lines: { rule: overwrite, system_of_record: hubspot }
      number: { rule: overwrite }
`;
const creating = invoices('create_in: { xero: [hubspot] }');
const reading = invoices('').replace(/ {6}lines: .*\n/, '');

/** An agreement in which Cin7 Core's connection says this of its invoices, with this further flow. */
function agreement(says: string, more = ''): string {
  const said = /^ +posts_invoices_to: nobody\n/m;
  if (!said.test(connections)) throw new Error('truce.yml does not say posts_invoices_to: nobody');
  const changed = connections.replace(said, says === '' ? '' : `    ${says}\n`);
  return `${changed}\nflows:\n${customers}\n${more}`;
}

type Cin7Terms = Extract<ConnectionTerms, { readonly system: 'cin7-core' }>;

function problems(text: string) {
  const read = readAgreement(text, 'truce.yml');
  return read.ok
    ? []
    : read.problems.map(({ line, ...rest }) => ({ ...rest, at: text.split('\n')[(line ?? 0) - 1]?.trim() }));
}

function terms(text: string): Agreement {
  const read = readAgreement(text, 'truce.yml');
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.agreement;
}

describe('one source of invoices', () => {
  test('a flow that makes invoices where Cin7 Core posts them is refused, with line and remedy', () => {
    expect(problems(agreement('posts_invoices_to: xero', creating))).toEqual([
      {
        at: 'create_in: { xero: [hubspot] }',
        message: expect.stringContaining('every sale would be in the books twice'),
        remedy: expect.stringContaining('Take “xero” out of create_in'),
      },
    ]);
  });

  test('where Cin7 Core is connected and invoices are made, it has to be said whether it posts any', () => {
    expect(problems(agreement('', creating))).toEqual([
      {
        at: 'cin7-core:',
        message: expect.stringContaining('does not say whether Cin7 Core posts invoices into “xero”'),
        remedy: expect.stringContaining('“posts_invoices_to: nobody”'),
      },
    ]);
  });

  test('what only their maker says of them is refused where Cin7 Core posts them, with line and remedy', () => {
    const more = '      deal_link: { rule: overwrite, between: [hubspot, xero] }\n';
    expect(problems(agreement('posts_invoices_to: xero', `${invoices('')}${more}`))).toEqual(
      ['lines: { rule: overwrite, system_of_record: hubspot }', more.trim()].map((at) => ({
        at,
        message: expect.stringContaining('where “cin7-core” posts its own invoices'),
        remedy: 'Take “lines” and “deal_link” out of the fields of “ours”, and match by number.',
      })),
    );
  });

  test.each([
    ['nobody posts any, and a flow makes them', 'posts_invoices_to: nobody', creating],
    ['Cin7 Core posts them, and a flow only reads them', 'posts_invoices_to: xero', reading],
    ['nothing is said, and a flow only reads them', '', reading],
    [
      'nobody posts any, and a flow corrects those that it has made',
      'posts_invoices_to: nobody',
      invoices(''),
    ],
    ['nothing is said, and there is no flow of invoices', '', ''],
  ])('is fine where %s', (_, says, flow) => {
    expect(problems(agreement(says, flow))).toEqual([]);
  });

  test.each([
    ['posts_invoices_to: xerro', 'is “xerro”, which is no connection', 'Did you mean “xero”?'],
    ['posts_invoices_to: hubspot', 'whose system keeps no books', 'Use one of: xero, nobody.'],
  ])('names an account: not “%s”', (says, message, remedy) => {
    expect(problems(agreement(says))).toEqual([
      { at: says, message: expect.stringContaining(message), remedy },
    ]);
  });

  test('an older agreement said nothing of it, and saying it sets no record apart', () => {
    const now = terms(agreement('posts_invoices_to: nobody'));
    const { postsInvoicesTo: _, newProducts: __, ...older } = now.connections['cin7-core'] as Cin7Terms;
    const stored = {
      ...now,
      connections: { ...now.connections, 'cin7-core': older },
    } as unknown as Agreement;
    expect(completed(stored).connections['cin7-core']).toMatchObject({
      postsInvoicesTo: null,
      newProducts: null,
    });
    expect([...differencesOf(completed(stored), now)]).toEqual([]);
  });
});

describe('new products in Cin7 Core', () => {
  const products = `
  goods:
    name: Products
    entity: product
    connections: [cin7-core, hubspot]
    match_by: sku
    create_in: { cin7-core: [hubspot] }
    schedule: { cron: '*/5 * * * *', time_zone: Australia/Sydney }
    channel: sync-products
    owners: { business: priya, technical: tom }
    system_of_record: cin7-core
    fields: { name: { rule: overwrite } }
`;
  const made = '\n    new_products: { category: Other, unit: Item, costing_method: FIFO, type: Stock }';

  test('are made only where it is said what Cin7 Core demands of them', () => {
    expect(problems(agreement('posts_invoices_to: nobody', products))).toEqual([
      {
        at: 'create_in: { cin7-core: [hubspot] }',
        message: expect.stringContaining('demands of a new product'),
        remedy: expect.stringContaining('“new_products:”'),
      },
    ]);
    expect(
      terms(agreement(`posts_invoices_to: nobody${made}`, products)).connections['cin7-core'],
    ).toMatchObject({
      newProducts: { category: 'Other', unit: 'Item', costingMethod: 'FIFO', type: 'Stock' },
    });
  });

  test('have a costing method that there is', () => {
    const wrong = made.replace('FIFO', 'LIFO');
    expect(problems(agreement(`posts_invoices_to: nobody${wrong}`))).toMatchObject([
      { message: expect.stringContaining('costing_method'), remedy: 'Did you mean “FIFO”?' },
    ]);
  });
});
