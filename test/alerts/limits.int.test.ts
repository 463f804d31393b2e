import { expect, it } from 'vitest';
import type { Flow } from '#src/agreement/agreement.ts';
import { tellOfLimits } from '#src/alerts/limits.ts';
import { noteCall } from '#src/ledger/alerts/interruptions.ts';
import { openChange } from '#src/ledger/changes/changes.ts';
import { conflicts, interruptions, outbox, records } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { agreement } from './practice-flow.ts';

const flow = agreement.flows.customers as Flow;
const person = 'U0PRIYA001';
const at = (time: string) => new Date(`2026-11-24T${time}:00+11:00`);

describeOnBothDatabases('a limit that ends before the next slot', (open) => {
  it('is told at once, to each who may choose, once; what a slot tells of is not', async () => {
    const { db } = await open();
    const ask = async (title: string, opened: string, deadline: string) => {
      await db.insert(records).values({ id: title, entity: 'customer', title, createdAt: at(opened) });
      const opening = { recordId: title, flow: 'customers', subject: title, runId: 1, agreementVersion: 1 };
      const { id: changeId } = await openChange(db, { ...opening, now: at(opened) });
      const about = { id: title, changeId, recordId: title, flow: 'customers', field: 'email' };
      const shown = { options: [], optionsRevision: 1, openedAt: at(opened), fallback: 'keep' as const };
      await db.insert(conflicts).values({ ...about, ...shown, state: 'open', deadline: at(deadline) });
      return changeId;
    };
    const look = (time: string) => db.transaction((tx) => tellOfLimits(tx, flow, agreement, at(time)));
    await ask('told at nine', '08:00', '12:00');
    await noteCall(db, {
      key: 'digest',
      person,
      flow: 'customers',
      kind: 'digest',
      cause: 'digest',
      at: at('09:00'),
    });
    await ask('after the slot', '10:00', '15:00');
    await look('10:01');
    expect(await db.select().from(outbox)).toEqual([]);
    const soon = [await ask('soon', '10:00', '12:00'), await ask('sooner', '10:00', '11:30')];
    for (const time of ['10:02', '10:03', '11:10']) await look(time);
    const said = await db.select().from(outbox);
    expect(said).toMatchObject([{ template: 'limit_near', params: { to: person } }]);
    expect(said.flatMap(({ params }) => params.changes as string[]).sort()).toEqual(soon.sort());
    expect((await db.select().from(interruptions)).filter(({ kind }) => kind === 'limit')).toHaveLength(2);
  });
});
