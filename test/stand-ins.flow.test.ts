import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PracticeVendor } from '#src/playground/vendors/vendor.ts';
import { firstColumn } from './support/stand-ins-page.ts';
import { openTruce } from './support/truce.ts';

/** Calls of the page that this little story does not need, and what would; `test/contract/` and the connectors' tests make them. */
const elsewhere: Readonly<Record<string, string>> = {
  'POST /crm/associations/2026-09/line_items/deals/batch/read': 'a webhook about a line',
  'POST /crm/objects/2026-09/line_items/batch/read?archived': 'a line that was taken away',
  'GET /CreditNotes/<id>': 'a webhook about a credit note',
  'POST /Invoices?summarizeErrors&unitdp': 'a deal that changes while its invoice is a draft',
  'GET /product?Page&Limit&Sku&IncludeDeprecated': 'products that Cin7 Core is to be given',
  'GET /ref/category?Page&Limit': 'products that Cin7 Core is to be given',
  'GET /ref/unit?Page&Limit': 'products that Cin7 Core is to be given',
  'POST /product': 'products that Cin7 Core is to be given',
  'PUT /product': 'products over which another system decides',
};

/** Somebody who writes a stand-in from docs/stand-ins.md has written all that Truce calls, and nothing for nothing. */
describe('docs/stand-ins.md and a running Truce', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;

  beforeAll(async () => {
    truce = await openTruce('PGlite', { allFlows: true });
    truce.edit('hubspot', 'Bellbird', { 'Street address': '27 Foundry Lane' });
    truce.edit('xero', 'Bellbird', { 'Billing address': '4 Wharf Road' });
    truce.edit('xero', 'Platypus Windows', { 'Contact name': 'Platypus Windows Australia Pty Ltd' });
    const asked = await truce.message('Which is right? Bellbird');
    await truce.priya.press(asked, 'Other…');
    await truce.priya.view();
    await truce.priya.press(asked, 'Use HubSpot');
    await truce.message(/Settled: Bellbird/);
    for (const flow of Object.keys(truce.app.agreement().flows)) await truce.run(flow);
    const by = { runId: null, correlationId: 'tr-0000000000', changeIds: [] };
    for (const connection of truce.app.connections.values()) {
      await connection.account([...connection.keeps.keys()], by);
      for (const connector of connection.keeps.values()) {
        // What HubSpot does not find is asked after in its recycle bin.
        await connector.read([connection.system === 'hubspot' ? '999' : randomUUID()], by);
        const named = Object.entries({
          legal_name: 'New Pty Ltd',
          trading_name: 'New',
          name: 'New',
          sku: 'NEW-1',
        });
        const fields = Object.fromEntries(named.filter(([field]) => connector.supports(field)));
        const made = { marker: randomUUID(), fields };
        if (!connector.canCreate) continue;
        await connector.findMade([made], by);
        await connector.create([{ ...made, key: randomUUID(), changeId: 'tr-0000000000' }], by);
      }
    }
    await truce.app.connections.get('hubspot')?.setUp('properties', by);
  }, 180_000);
  afterAll(() => truce?.stop());

  it.each([
    ['HubSpot', 'hubspot', 'HubSpot, products and deals'],
    ['Xero', 'xero', 'Xero, items and invoices'],
    ['Cin7 Core', 'cin7-core', 'Cin7 Core, products and stock'],
  ] as const)('agree on the calls to %s', (chapter, system, further) => {
    const [customers, others] = [firstColumn(chapter), firstColumn(further)];
    expect([customers.length > 2, others.length > 5]).toEqual([true, true]);
    const called = callsTo(truce.vendor(system));
    expect(called.filter((call) => !others.includes(call))).toEqual(customers);
    const told = others.filter((call) => !called.includes(call) && !(call in elsewhere));
    expect(told, 'on the page, and never called').toEqual([]);
    expect(
      called.filter((call) => call in elsewhere),
      'called after all',
    ).toEqual([]);
  });

  it('agree on the methods of Slack', () => {
    const called = new Set(truce.practice.slack.calls.map(({ method }) => method));
    expect(called.size).toBeGreaterThan(5);
    const listed = firstColumn('Slack');
    expect([...called].filter((method) => !listed.includes(method))).toEqual([]);
  });
});

/** As the page writes them: the path below the base URL, and the names of the query. */
function callsTo({ log, baseUrl }: PracticeVendor): string[] {
  const base = new URL(baseUrl).pathname.replace(/\/$/, '');
  const calls = log.map(({ method, path, query }) => {
    const names = [...new URLSearchParams(query).keys()];
    const below = path.startsWith(base) ? path.slice(base.length) : path;
    const plain = below.replace(/truce-[0-9a-f-]+$/, '<our number>').replace(/\/[0-9a-f-]{36}$/, '/<id>');
    return `${method} ${plain}${names.length > 0 ? `?${names.join('&')}` : ''}`;
  });
  return [...new Set(calls)].sort();
}
