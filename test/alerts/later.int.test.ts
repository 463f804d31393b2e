import { expect, it } from 'vitest';
import type { Person } from '#src/agreement/agreement.ts';
import { remind } from '#src/alerts/reminders.ts';
import { waitingFor } from '#src/alerts/waiting-for.ts';
import { openChange } from '#src/ledger/changes/changes.ts';
import { putOff, takeUpAgain } from '#src/ledger/questions/laters.ts';
import { noLongerFor } from '#src/ledger/questions/withdrawals.ts';
import { conflicts, outbox, records } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { agreement as practice } from './practice-flow.ts';

const monday9 = new Date('2026-11-23T09:00:00+11:00');
const hours = (n: number) => new Date(monday9.getTime() + n * 3_600_000);
const tom: Person = { ...(practice.people.tom as Person) };
const flow = practice.flows.customers;
const agreement = {
  ...practice,
  flows: flow ? { customers: { ...flow, deciders: [...flow.deciders, tom] } } : {},
};

describeOnBothDatabases('Later', (open) => {
  it('quiets the reminders of one person, of one decision, and the chosen time brings it back', async () => {
    const { db } = await open();
    const openedAt = hours(-5);
    await db
      .insert(records)
      .values({ id: 'r1', entity: 'customer', title: 'Bunya Glass', createdAt: openedAt });
    const opening = {
      recordId: 'r1',
      flow: 'customers',
      subject: 'Bunya Glass',
      runId: 1,
      agreementVersion: 1,
    };
    const { id: changeId } = await openChange(db, { ...opening, now: openedAt });
    const shown = { options: [], optionsRevision: 1, openedAt, fallback: 'keep' as const };
    const question = { id: 'q1', changeId, recordId: 'r1', flow: 'customers', field: 'email' };
    await db.insert(conflicts).values({ ...question, ...shown, state: 'open' });
    const of = (person: string, now: Date) => waitingFor(db, agreement, { person, morning: true, now });
    const later = { changeId, by: 'U0PRIYA001', now: hours(-1) };

    await putOff(db, { ...later, until: hours(24) });
    expect(await of('U0PRIYA001', hours(0))).toEqual([]);
    expect(await of(tom.slack, hours(0))).toMatchObject([{ decisions: [{ title: 'Bunya Glass' }] }]);
    await db.transaction((tx) => remind(tx, agreement, hours(0)));
    expect((await db.select().from(outbox)).map(({ params }) => params.to)).toEqual([tom.slack]);
    expect(await of('U0PRIYA001', hours(24))).toMatchObject([{ decisions: [{ title: 'Bunya Glass' }] }]);

    await putOff(db, { ...later, until: hours(5) });
    expect(await of('U0PRIYA001', hours(5))).toHaveLength(1);
    await putOff(db, { ...later, until: hours(48) });
    await takeUpAgain(db, later);
    expect(await of('U0PRIYA001', hours(1))).toHaveLength(1);
  });

  it('is told of what needs no decision any more, to who put it off and nobody else', async () => {
    const { db } = await open();
    const openedAt = hours(-5);
    await db
      .insert(records)
      .values({ id: 'r2', entity: 'customer', title: 'Wattle Cycles', createdAt: openedAt });
    const opening = {
      recordId: 'r2',
      flow: 'customers',
      subject: 'Wattle Cycles',
      runId: 1,
      agreementVersion: 1,
    };
    const { id: changeId } = await openChange(db, { ...opening, now: openedAt });
    const shown = { options: [], optionsRevision: 1, openedAt, fallback: 'keep' as const };
    const question = { id: 'q2', changeId, recordId: 'r2', flow: 'customers', field: 'email' };
    await db.insert(conflicts).values({ ...question, ...shown, state: 'withdrawn', closedAt: hours(1) });
    await putOff(db, { changeId, by: 'U0PRIYA001', until: hours(24), now: hours(-1) });
    const since = (from: Date, person = 'U0PRIYA001') =>
      noLongerFor(db, { flow: 'customers', person, since: from, until: hours(5) });
    expect(await since(hours(0))).toEqual([{ changeId, title: 'Wattle Cycles', fields: ['email'] }]);
    expect(await since(hours(1))).toEqual([]);
    expect(await since(hours(0), tom.slack)).toEqual([]);
    await db.insert(conflicts).values({ ...question, ...shown, id: 'q3', state: 'open', optionsRevision: 2 });
    expect(await since(hours(0))).toEqual([]);
  });
});
