import { pino } from 'pino';
import { expect, it } from 'vitest';
import { manualClock } from '#src/clock.ts';
import type { AccountReport, Connection } from '#src/connectors/connection.ts';
import { checkConnection, setUpConnection } from '#src/jobs/check-connections.ts';
import { approveFirstLoad } from '#src/ledger/runs/runs.ts';
import { incidents, links, markings, records } from '#src/ledger/tables/index.ts';
import { agreement, noon } from '#test/slack/stage.ts';
import { connectionOf } from '#test/support/connections.ts';
import { describeOn, type TestDatabase } from '#test/support/database.ts';
import { memorySystem } from '#test/support/memory-system.ts';

const well: AccountReport = {
  account: 'Example Trading Co',
  scopes: null,
  missingScopes: [],
  expiresAt: null,
  problems: [],
  steps: [],
};

/** A connection with linked customers, whose account says what the test wants it to say. */
async function stage({ db }: TestDatabase, customers: number) {
  const clock = manualClock(noon);
  const says = { report: well };
  const done: string[] = [];
  const system = memorySystem({ id: 'xero', clock });
  const connection: Connection = {
    ...connectionOf('xero', { customer: system.connector }),
    account: async () => says.report,
    setUp: async (step) => void done.push(step),
  };
  const parts = {
    db,
    clock,
    log: pino({ level: 'silent' }),
    connections: new Map([['xero', connection]]),
    agreement: () => agreement(),
  };
  for (let n = 0; n < customers; n++) {
    const id = `record-${n}`;
    await db
      .insert(records)
      .values({ id, entity: 'customer', title: id, keyValue: `key-${n}`, createdAt: noon });
    const link = { recordId: id, connection: 'xero', role: 'customer', externalId: `xero-${n}` };
    await db.insert(links).values({ ...link, how: 'key:abn', linkedAt: noon });
  }
  const look = async () => (await checkConnection(parts, 'xero')).report?.steps ?? [];
  return { db, parts, clock, says, done, look };
}

describeOn('PGlite', 'the step that writes our ids into records that are there', (open) => {
  it('is offered once the first load was approved, with how many records and how many calls at most', async () => {
    const { db, clock, look } = await stage(await open(), 123);
    expect(await look()).toEqual([]);
    await approveFirstLoad(db, { flow: 'customers', by: 'U0PRIYA001', now: clock.now() });
    const [step, ...others] = await look();
    expect(others).toEqual([]);
    expect(step).toMatchObject({
      id: 'marks:customer',
      label: 'Mark customers with Truce’s id',
      optional: true,
    });
    expect(step?.details[0]).toBe(
      'Up to 130 customers that are linked get Truce’s own id in its mark; nothing else of them is changed',
    );
    // Three a call: read, written, and read once more.
    expect(step?.details[1]).toMatch(/^Up to 140 calls, some with each run: at most half of a day’s/);
    // Nobody is called for its sake.
    expect(await db.select().from(incidents)).toEqual([]);
  });

  it('stays what it was while somebody reads it, though a few records come', async () => {
    const { db, clock, look } = await stage(await open(), 5);
    await approveFirstLoad(db, { flow: 'customers', by: 'U0PRIYA001', now: clock.now() });
    const before = await look();
    await db
      .insert(records)
      .values({ id: 'more', entity: 'customer', title: 'more', keyValue: 'more', createdAt: noon });
    const link = { recordId: 'more', connection: 'xero', role: 'customer', externalId: 'more' };
    await db.insert(links).values({ ...link, how: 'key:abn', linkedAt: noon });
    expect(await look()).toEqual(before);
  });

  it('waits while the account lacks something that is needed', async () => {
    const { db, clock, says, look } = await stage(await open(), 3);
    await approveFirstLoad(db, { flow: 'customers', by: 'U0PRIYA001', now: clock.now() });
    says.report = { ...well, steps: [{ id: 'properties', label: 'Create 2 properties', details: [] }] };
    expect((await look()).map(({ id }) => id)).toEqual(['properties']);
    says.report = { ...well, missingScopes: ['write'] };
    expect(await look()).toEqual([]);
  });

  it('is kept with who approved it, asks the vendor for nothing, and is not offered again', async () => {
    const { db, clock, parts, done, look } = await stage(await open(), 3);
    await approveFirstLoad(db, { flow: 'customers', by: 'U0PRIYA001', now: clock.now() });
    const step = { connection: 'xero', step: 'marks:customer', by: 'U0TOMW0001' };
    await setUpConnection(parts, step);
    await setUpConnection(parts, { ...step, by: 'U0PRIYA001' });
    expect(done).toEqual([]);
    expect(await db.select().from(markings)).toMatchObject([
      { connection: 'xero', entity: 'customer', approvedBy: 'U0TOMW0001', approvedAt: noon, doneAt: null },
    ]);
    expect(await look()).toEqual([]);
  });
});
