import { expect, it } from 'vitest';
import type { Flow } from '#src/agreement/agreement.ts';
import { tellOfMoney } from '#src/alerts/money.ts';
import { moveChanges, openChange } from '#src/ledger/changes/changes.ts';
import type { Db } from '#src/ledger/db.ts';
import { bases, conflicts, links, outbox, records } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { agreement as practice } from './practice-flow.ts';

const customers = { ...(practice.flows.customers as Flow), moneyAtOnce: 1000 };
const invoices: Flow = { ...customers, id: 'invoices', entity: 'invoice', moneyAtOnce: null };
const agreement = { ...practice, flows: { customers, invoices } };
const person = 'U0PRIYA001';
const at = (time: string) => new Date(`2026-11-24T${time}:00+11:00`);

/** A customer whom Xero lacks, with an open decision. */
async function ask(db: Db, id: string): Promise<string> {
  const now = at('10:00');
  await db.insert(records).values({ id, entity: 'customer', title: id, createdAt: now });
  await link(db, id, []);
  const opening = { recordId: id, flow: 'customers', subject: id, runId: 1, agreementVersion: 1, now };
  const { id: changeId } = await openChange(db, opening);
  await moveChanges(db, [{ id: changeId, state: 'asking', hold: null, holdDetail: null, now }]);
  const about = { id, changeId, recordId: id, flow: 'customers', field: 'legal_name' };
  const shown = { options: [], optionsRevision: 1, openedAt: now, fallback: 'keep' as const };
  await db.insert(conflicts).values({ ...about, ...shown, state: 'open' });
  return changeId;
}

const link = (db: Db, recordId: string, needs: { entity: string; externalId: string }[]) =>
  db.insert(links).values({
    ...{
      recordId,
      connection: 'hubspot',
      externalId: `hubspot-${recordId}`,
      how: 'key',
      linkedAt: at('10:00'),
    },
    ...{ needs, role: recordId },
  });

/** An invoice that waits for that customer. */
async function bill(db: Db, id: string, customer: string, minor: number): Promise<void> {
  const now = at('10:00');
  await db.insert(records).values({ id, entity: 'invoice', title: id, createdAt: now });
  await link(db, id, [{ entity: 'customer', externalId: `hubspot-${customer}` }]);
  const total = { state: 'value' as const, value: { minor, currency: 'AUD' } };
  await db
    .insert(bases)
    .values({ recordId: id, connection: 'hubspot', role: id, fields: { total }, at: now });
  const opening = { recordId: id, flow: 'invoices', subject: id, runId: 1, agreementVersion: 1, now };
  const { id: changeId } = await openChange(db, opening);
  await moveChanges(db, [{ id: changeId, state: 'held', hold: 'waits_for_other', holdDetail: 'x', now }]);
}

describeOnBothDatabases('money over the flow’s amount', (open) => {
  it('calls at once each who may choose, once for each decision', async () => {
    const { db } = await open();
    const look = (time: string, flow: Flow = customers) =>
      db.transaction((tx) => tellOfMoney(tx, flow, agreement, at(time)));
    const [costly] = [await ask(db, 'Example Timber'), await ask(db, 'Sample Bakery')];
    await bill(db, 'INV-1', 'Example Timber', 60_000);
    await bill(db, 'INV-2', 'Sample Bakery', 100_000);
    await look('10:01');
    expect(await db.select().from(outbox)).toEqual([]);
    await bill(db, 'INV-3', 'Example Timber', 40_001);
    await look('10:02', { ...customers, moneyAtOnce: null });
    expect(await db.select().from(outbox)).toEqual([]);
    for (const time of ['10:03', '10:04', '12:00']) await look(time);
    expect(await db.select().from(outbox)).toMatchObject([
      { template: 'money_waits', params: { to: person, changes: [costly] } },
    ]);
  });
});
