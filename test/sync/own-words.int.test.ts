import { expect, it } from 'vitest';
import type { FieldTerms, Rule } from '#src/agreement/agreement.ts';
import { describeOnBothDatabases, type Open } from '#test/support/database.ts';
import { aud } from '#test/support/invoice.ts';
import { openInvoiceEngine } from '#test/support/invoice-engine.ts';

const terms = (field: string, rule: Rule, systemOfRecord: string): FieldTerms => ({
  ...{ field, rule, systemOfRecord, between: ['hubspot', 'xero'] },
  ...{ decideWithinHours: null, ifNobodyChooses: 'hold', twoPeople: false },
});

/** An invoice that HubSpot alone has, made in Xero, which fills in the note by itself. Returns what HubSpot has of it then. */
async function noteAfterMaking(open: Open, note: FieldTerms, answer: 'heard' | 'unheard' = 'heard') {
  const fields = {
    number: terms('number', 'review', 'hubspot'),
    amount: terms('amount', 'overwrite', 'hubspot'),
    note,
  };
  const engine = await openInvoiceEngine(await open(), {
    fillsIn: { note: 'due on 20 December' },
    invoices: { fields },
  });
  const id = engine.invoices.hubspot.add({ number: 'D-1', amount: aud(100) });
  engine.invoices.xero.answers.push(answer);
  for (let run = 0; run < 4; run++) await engine.run('invoices');
  expect(engine.invoices.xero.records.size).toBe(1);
  expect(await engine.open()).toEqual([]);
  return engine.invoices.hubspot.records.get(id)?.values.note ?? null;
}

describeOnBothDatabases('what a system fills in by itself in a record that Truce made there', (open) => {
  it('goes to the others where that system decides it, as an invoice’s number', async () => {
    expect(await noteAfterMaking(open, terms('note', 'read_only', 'xero'))).toBe('due on 20 December');
    expect(await noteAfterMaking(open, terms('note', 'overwrite', 'xero'))).toBe('due on 20 December');
  });

  it('goes there too when the answer that it was made was lost', async () => {
    const note = terms('note', 'read_only', 'xero');
    expect(await noteAfterMaking(open, note, 'unheard')).toBe('due on 20 December');
  });

  it('is nobody’s word where another decides, or people do', async () => {
    expect(await noteAfterMaking(open, terms('note', 'overwrite', 'hubspot'))).toBeNull();
    expect(await noteAfterMaking(open, terms('note', 'review', 'xero'))).toBeNull();
  });
});
