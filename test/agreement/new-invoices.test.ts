import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Agreement } from '#src/agreement/agreement.ts';
import { completed } from '#src/agreement/complete.ts';
import { readAgreement } from '#src/agreement/read.ts';

const file = readFileSync(new URL('../../truce.yml', import.meta.url), 'utf8');
const [connections = '', flows = ''] = file.split('\nflows:\n');
const customers = flows.split(/\n {2}(?=[a-z])/)[0] ?? '';
const line = /^ +new_invoices: .*\n/m;

const invoices = `
  ours:
    name: Invoices
    entity: invoice
    connections: [hubspot, xero]
    match_by: source
    unmatched: leave
    create_in: { xero: [hubspot] }
    schedule: { cron: '*/5 * * * *', time_zone: Australia/Sydney }
    channel: sync-invoices
    owners: { business: priya, technical: tom }
    system_of_record: xero
    fields:
      lines: { rule: overwrite, system_of_record: hubspot }
      number: { rule: overwrite }
`;

/** An agreement that makes invoices in Xero and says this of new ones. */
const read = (says: string) =>
  readAgreement(`${connections.replace(line, says)}\nflows:\n${customers}\n${invoices}`, 'truce.yml');

function agreed(says: string): Agreement {
  const found = read(says);
  if (!found.ok) throw new Error(JSON.stringify(found.problems));
  return found.agreement;
}

const newInvoices = ({ connections: { xero } }: Agreement) =>
  xero?.system === 'xero' ? xero.newInvoices : undefined;

describe('how an invoice begins in Xero', () => {
  test('has to be said where invoices are made there', () => {
    const found = read('');
    expect(found.ok ? [] : found.problems).toEqual([
      {
        line: expect.any(Number),
        message: expect.stringContaining('needs to know how an invoice begins in Xero'),
        remedy: expect.stringContaining('Add “new_invoices:'),
      },
    ]);
  });

  test('is a draft due after 30 days unless the agreement says otherwise', () => {
    expect(newInvoices(agreed("    new_invoices: { account: '200' }\n"))).toEqual({
      status: 'draft',
      account: '200',
      dueDays: 30,
    });
    expect(
      newInvoices(agreed("    new_invoices: { status: authorised, account: '260', due_days: 14 }\n")),
    ).toEqual({ status: 'authorised', account: '260', dueDays: 14 });
  });

  test.each([
    ["{ status: paid, account: '200' }", 'Use one of: draft, authorised'],
    ['{ status: draft }', 'account'],
    ["{ account: '200', due_days: 1.5 }", 'due_days'],
  ])('%s is refused', (says, message) => {
    const found = read(`    new_invoices: ${says}\n`);
    expect(JSON.stringify(found)).toContain(message);
    expect(found.ok).toBe(false);
  });

  test('an older agreement said nothing of it, and makes none', () => {
    const now = agreed("    new_invoices: { account: '200' }\n");
    const { newInvoices: _, ...older } = { newInvoices: null, ...now.connections.xero };
    const stored = { ...now, connections: { ...now.connections, xero: older } } as Agreement;
    expect(newInvoices(completed(stored))).toBeNull();
  });
});
