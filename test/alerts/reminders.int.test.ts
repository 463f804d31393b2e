import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import type { Flow } from '#src/agreement/agreement.ts';
import { remind } from '#src/alerts/reminders.ts';
import { waitingFor } from '#src/alerts/waiting-for.ts';
import { openChange } from '#src/ledger/changes/changes.ts';
import type { Db } from '#src/ledger/db.ts';
import { announceCard } from '#src/ledger/posts/outbox.ts';
import { putOff } from '#src/ledger/questions/laters.ts';
import { approveFirstLoad } from '#src/ledger/runs/runs.ts';
import {
  absences,
  agreementVersions,
  approvals,
  conflicts,
  incidents,
  interruptions,
  likenesses,
  outbox,
  records,
} from '#src/ledger/tables/index.ts';
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
    const look = (now: Date) => db.transaction((tx) => remind(tx, agreement, now));
    await look(minutes(0));
    expect(await db.select().from(outbox)).toEqual([]);
    await ask(db, 'asked after nine', minutes(5));
    await look(minutes(6));
    expect(await db.select().from(outbox)).toEqual([]);
    await ask(db, 'first', minutes(-60));
    await ask(db, 'second', minutes(-30));
    await look(minutes(7));
    await look(minutes(50));
    const said = await db.select().from(outbox);
    expect(said).toMatchObject([
      { kind: 'note', template: 'digest', params: { to: 'U0PRIYA001', morning: true } },
    ]);
    expect(
      await waitingFor(db, agreement, { person: 'U0PRIYA001', morning: true, now: minutes(50) }),
    ).toMatchObject([
      { decisions: [{ title: 'first' }, { title: 'second' }, { title: 'asked after nine' }] },
    ]);
    await look(minutes(5 * 60));
    expect(await db.select().from(outbox)).toMatchObject([{}, { params: { morning: false } }]);
    expect(await db.select().from(interruptions)).toHaveLength(2);
  });

  it('goes out for what the clock decided alone, once, and for what was put off and is not needed any more', async () => {
    const { db } = await open();
    const look = (now: Date) => db.transaction((tx) => remind(tx, agreement, now));
    await ask(db, 'out of time', minutes(-30 * 60));
    await db.update(conflicts).set({ state: 'expired', closedAt: minutes(-6 * 60) });
    await look(minutes(1));
    await look(minutes(30));
    const told = async () =>
      (await db.select().from(outbox)).map(({ template, params }) => [template, params.to]);
    expect(await told()).toEqual([['digest', 'U0PRIYA001']]);
    await look(minutes(5 * 60 + 1));
    expect(await told()).toHaveLength(1);
    await ask(db, 'put off', minutes(-60));
    const [late] = await db.select().from(conflicts).where(eq(conflicts.recordId, 'put off'));
    const later = {
      changeId: late?.changeId ?? '',
      by: 'U0PRIYA001',
      until: minutes(60_000),
      now: minutes(0),
    };
    await putOff(db, later);
    await db
      .update(conflicts)
      .set({ state: 'withdrawn', closedAt: minutes(10) })
      .where(eq(conflicts.recordId, 'put off'));
    await look(minutes(5 * 60 + 2));
    expect(await told()).toHaveLength(2);
    await look(minutes(24 * 60));
    expect(await told()).toHaveLength(2);
  });

  it('is one message for all flows, and tells owners of problems: in the morning of all, later of those nobody took', async () => {
    const { db } = await open();
    const orders = { ...flow, id: 'orders', name: 'Orders' };
    const both = { ...agreement, flows: { customers: flow, orders } };
    const raise = (flowId: string, state: 'open' | 'acknowledged', cause: 'auth' | 'busy') =>
      db.insert(incidents).values({
        flow: flowId,
        cause,
        key: `${flowId}/${cause}`,
        state,
        revision: 1,
        correlationId: 'tr-0000000001',
        openedAt: minutes(-600),
        lastAt: minutes(-600),
        events: 1,
        message: 'Xero has refused our sign-in.',
        data: { waiting: 3 },
      });
    await raise('customers', 'acknowledged', 'auth');
    await raise('orders', 'open', 'busy');
    const look = (now: Date) => db.transaction((tx) => remind(tx, both, now));
    await look(minutes(1));
    const told = await db.select().from(outbox);
    expect(told.map(({ params }) => params.to).sort()).toEqual(['U0PRIYA001', 'U0TOMW0001']);
    await look(minutes(5 * 60 + 1));
    expect(await db.select().from(outbox)).toHaveLength(2);
    await raise('orders', 'open', 'auth');
    await look(minutes(5 * 60 + 2));
    expect(await db.select().from(outbox)).toHaveLength(4);
  });

  it('tells who may answer of questions that are about no value: a first load, new rules, who is who, what is gone', async () => {
    const { db } = await open();
    const asked = { flow: 'customers', leftRecord: 'a', rightRecord: 'b', leftTitle: 'A', rightTitle: 'B' };
    const places = { leftPlaces: [], rightPlaces: [], evidence: [], points: 3, revision: 1 };
    const times = { askedAt: minutes(-60), checkedAt: minutes(-60) };
    await db.insert(likenesses).values({ ...asked, ...places, ...times, state: 'open' });
    const gone = { flow: 'customers', recordId: 'c', connection: 'xero', externalId: 'x' };
    await db.insert(absences).values({ ...gone, state: 'asked', since: minutes(-90) });
    await announceCard(db, {
      subject: 'first_load:customers',
      flow: 'customers',
      rank: 1,
      now: minutes(-30),
    });
    const words = { customers: { writes: 0, asks: 0, fields: [], examples: [] } };
    await db.insert(agreementVersions).values({
      version: 4,
      hash: 'new',
      body: {},
      importedAt: minutes(-10),
      source: 'a test',
      active: false,
      state: 'proposed',
      preview: { flows: words } as never,
      approvals: { customers: { by: 'U0PRIYA001', at: minutes(-5).toISOString() } },
      proposes: { flow: 'customers', field: 'email' } as never,
    });
    const asks = async (person: string) =>
      (await waitingFor(db, agreement, { person, morning: true, now: minutes(1) })).flatMap((one) =>
        one.asks.map(({ kind }) => kind),
      );
    expect(await asks('U0PRIYA001')).toEqual(['first_load', 'same', 'gone']);
    expect(await asks('U0TOMW0001')).toEqual(['agreement']);
    expect(await asks('U0SAM00001')).toEqual([]);
    await db.transaction((tx) => remind(tx, agreement, minutes(1)));
    const told = (await db.select().from(outbox)).filter(({ template }) => template === 'digest');
    expect(told.map(({ params }) => params.to).sort()).toEqual(['U0PRIYA001', 'U0TOMW0001']);

    await approveFirstLoad(db, { flow: 'customers', by: 'U0PRIYA001', now: minutes(2) });
    await db.update(likenesses).set({ state: 'different' });
    await db.update(absences).set({ state: 'over' });
    await db.update(agreementVersions).set({ state: 'refused' });
    expect([await asks('U0PRIYA001'), await asks('U0TOMW0001')]).toEqual([[], []]);
  });

  it('goes to who stands in for somebody who is away, and not for what that person approved first', async () => {
    const { db } = await open();
    const standIn = { id: 'dana', name: 'Dana', slack: 'U0DANAL001', knownAs: [] };
    const away = { ...flow.owners.business, standIn };
    const flows = { customers: { ...flow, owners: { ...flow.owners, business: away }, deciders: [away] } };
    const look = (now: Date) => db.transaction((tx) => remind(tx, { ...agreement, flows }, now));
    await ask(db, 'first', minutes(-60));
    const [question] = await db.select().from(conflicts);
    if (!question) throw new Error('nothing was asked');
    const { id: conflictId, changeId, field } = question;
    await db.insert(approvals).values({
      ...{ conflictId, changeId, field, by: 'U0PRIYA001', at: minutes(-50), from: 'xero' },
      ...{ value: 'x', revision: 1, agreementVersion: 1 },
    });
    await look(minutes(1));
    expect(await db.select().from(outbox)).toEqual([]);
    await ask(db, 'second', minutes(-30));
    await look(minutes(2));
    expect(await db.select().from(outbox)).toMatchObject([
      { template: 'digest', params: { to: 'U0DANAL001' } },
    ]);
  });
});
