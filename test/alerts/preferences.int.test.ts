import { expect, it } from 'vitest';
import { mayCall } from '#src/alerts/call.ts';
import { remind } from '#src/alerts/reminders.ts';
import { openChange } from '#src/ledger/changes/changes.ts';
import { prefer, preferencesOf } from '#src/ledger/posts/preferences.ts';
import { conflicts, outbox, records } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { agreement } from './practice-flow.ts';

const priya = 'U0PRIYA001';
const at = (local: string) => new Date(`2026-11-23T${local}:00+11:00`);

describeOnBothDatabases('how somebody wants to be told', (open) => {
  it('is as everybody is until they say; the last word counts', async () => {
    const { db } = await open();
    expect(await preferencesOf(db, priya)).toEqual({ slots: 'twice', outside: 'urgent' });
    await prefer(db, { user: priya, slots: 'morning', outside: 'urgent', now: at('10:00') });
    await prefer(db, { user: priya, slots: 'morning', outside: 'never', now: at('10:01') });
    expect(await preferencesOf(db, priya)).toEqual({ slots: 'morning', outside: 'never' });
    expect(await preferencesOf(db, 'U0TOMW0001')).toEqual({ slots: 'twice', outside: 'urgent' });
  });

  it('in the morning only: what waits is told at nine, not at two; a second approval calls all the same', async () => {
    const { db } = await open();
    const now = at('08:00');
    await prefer(db, { user: priya, slots: 'morning', outside: 'urgent', now });
    await db.insert(records).values({ id: 'r1', entity: 'customer', title: 'Bunya Glass', createdAt: now });
    const { id: changeId } = await openChange(db, {
      recordId: 'r1',
      flow: 'customers',
      subject: 'Bunya Glass',
      runId: 1,
      agreementVersion: 1,
      now,
    });
    const shown = { options: [], optionsRevision: 1, openedAt: now, fallback: 'keep' as const };
    const question = { id: 'q1', changeId, recordId: 'r1', flow: 'customers', field: 'email' };
    await db.insert(conflicts).values({ ...question, ...shown, state: 'open' });
    const told = async (when: Date) => {
      await db.transaction((tx) => remind(tx, agreement, when));
      return (await db.select().from(outbox)).filter(({ params }) => params.to === priya).length;
    };
    expect([await told(at('09:01')), await told(at('14:01'))]).toEqual([1, 1]);
    const call = { person: priya, flow: 'customers', kind: 'second_approval' as const, now: at('14:02') };
    expect(await mayCall(db, agreement, { ...call, key: 'a', cause: 'a' })).toEqual({ kind: 'now' });
    await prefer(db, { user: priya, slots: 'twice', outside: 'urgent', now: at('14:03') });
    expect(await told(at('14:04'))).toBe(2);
  });

  it('in working hours only: an urgent problem waits, unless nobody has taken it on', async () => {
    const { db } = await open();
    const { customers } = agreement.flows;
    const urgent = { ...agreement, flows: customers ? { customers: { ...customers, urgent: true } } : {} };
    const call = { person: priya, flow: 'customers', cause: 'incident:1', now: at('03:00') };
    const ask = (kind: 'problem' | 'unclaimed', key: string) => mayCall(db, urgent, { ...call, kind, key });
    await prefer(db, { user: priya, slots: 'twice', outside: 'never', now: at('02:00') });
    expect(await ask('problem', 'a')).toMatchObject({ kind: 'later', because: 'hours', at: at('09:00') });
    expect(await ask('unclaimed', 'b')).toEqual({ kind: 'now' });
  });
});
