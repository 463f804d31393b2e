import { expect, it } from 'vitest';
import type { Flow } from '#src/agreement/agreement.ts';
import { remind } from '#src/alerts/reminders.ts';
import { openChange } from '#src/ledger/changes.ts';
import type { Db } from '#src/ledger/db.ts';
import { conflicts, outbox, records } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { agreement } from './practice-flow.ts';

const flow = agreement.flows.customers as Flow;
const monday9 = new Date('2026-11-23T09:00:00+11:00');
const minutes = (n: number) => new Date(monday9.getTime() + n * 60_000);

async function ask(db: Db, recordId: string, openedAt: Date): Promise<void> {
  const about = { title: recordId, keyValue: recordId, createdAt: openedAt };
  await db.insert(records).values({ id: recordId, entity: 'customer', ...about });
  const { id } = await openChange(db, {
    recordId,
    flow: 'customers',
    subject: recordId,
    runId: 1,
    agreementVersion: 1,
    now: openedAt,
  });
  const question = { id: `${id}/email/1`, changeId: id, recordId, flow: 'customers', field: 'email' };
  const shown = { options: [], optionsRevision: 1, openedAt, fallback: 'keep' as const };
  await db.insert(conflicts).values({ ...question, ...shown, state: 'open' });
}

describeOnBothDatabases('a reminder', (open) => {
  it('goes once to each who may choose, however often anybody looks, and again at the next time of day', async () => {
    const { db } = await open();
    const look = (now: Date) => db.transaction((tx) => remind(tx, flow, agreement.timeZone, now));
    await look(minutes(0));
    expect(await db.select().from(outbox)).toEqual([]);
    await ask(db, 'first', minutes(-60));
    await ask(db, 'second', minutes(-30));
    await ask(db, 'asked after nine', minutes(5));
    await Promise.all([look(minutes(6)), look(minutes(7))]);
    await look(minutes(50));
    const said = await db.select().from(outbox);
    expect(said).toMatchObject([{ kind: 'note', params: { to: 'U0PRIYA001', decisions: 2 } }]);
    await look(minutes(5 * 60));
    expect(await db.select().from(outbox)).toHaveLength(2);
  });
});
