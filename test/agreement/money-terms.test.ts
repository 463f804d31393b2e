import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Agreement } from '#src/agreement/agreement.ts';
import { completed } from '#src/agreement/complete.ts';
import { readAgreement } from '#src/agreement/read.ts';

const file = readFileSync(new URL('../../truce.yml', import.meta.url), 'utf8');
const [connections = '', flows = ''] = file.split('\nflows:\n');
const customers = flows.split(/\n {2}(?=[a-z])/)[0] ?? '';

/** The customers as they are agreed, with a further term; and a flow of invoices, with one of its own. */
const text = (ofCustomers: string, ofInvoices: string) => `${connections}
flows:
${customers.replace(/\n {4}channel:/, `\n    ${ofCustomers}\n    channel:`)}
  ours:
    name: Invoices
    entity: invoice
    connections: [hubspot, xero]
    match_by: source
    unmatched: leave
    ${ofInvoices}
    schedule: { cron: '*/15 * * * *', time_zone: Australia/Sydney }
    channel: sync-invoices
    owners: { business: priya, technical: tom }
    system_of_record: xero
    fields:
      number: { rule: overwrite }
`;

function agreed(ofCustomers: string, ofInvoices: string): Agreement {
  const read = readAgreement(text(ofCustomers, ofInvoices), 'truce.yml');
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.agreement;
}

test('the money is proved each morning where there are invoices, unless something else is agreed', () => {
  const { flows: as } = agreed('', '');
  expect([as.customers?.moneyProof, as.ours?.moneyProof]).toEqual([null, '0 6 * * *']);
  expect(agreed('', 'money_proof: never').flows.ours?.moneyProof).toBeNull();
  expect(agreed('', 'money_proof: 30 5 * * 1').flows.ours?.moneyProof).toBe('30 5 * * 1');
});

test('the proof in a flow of customers is refused, with line and remedy', () => {
  const written = text('money_proof: 0 6 * * *', '');
  const read = readAgreement(written, 'truce.yml');
  expect(read.ok ? [] : read.problems).toEqual([
    {
      line: written.split('\n').findIndex((line) => line.includes('money_proof')) + 1,
      message: expect.stringContaining('does nothing in a flow of customers'),
      remedy: 'Take it out, or say it in the flow of invoices.',
    },
  ]);
});

test('an amount of which people are told at once is nobody’s unless it is agreed', () => {
  expect(agreed('', '').flows.customers?.moneyAtOnce).toBeNull();
  expect(agreed('money_at_once: 2500.50', '').flows.customers?.moneyAtOnce).toBe(2500.5);
  expect(readAgreement(text('money_at_once: 0', ''), 'truce.yml').ok).toBe(false);
});

test('an agreement that an older Truce stored has neither', () => {
  const old = JSON.parse(JSON.stringify(agreed('', ''))) as {
    flows: Record<string, Record<string, unknown>>;
  };
  for (const flow of Object.values(old.flows)) {
    delete flow.moneyProof;
    delete flow.moneyAtOnce;
  }
  expect(completed(old as never as Agreement).flows.customers).toMatchObject({
    moneyProof: null,
    moneyAtOnce: null,
  });
});
