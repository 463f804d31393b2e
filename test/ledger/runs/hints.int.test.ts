import { expect, it } from 'vitest';
import {
  addHints,
  countHints,
  forgetHints,
  hasHints,
  isHinted,
  waitingHints,
} from '#src/ledger/runs/hints.ts';
import { hints } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';

const at = (ms: number) => new Date(Date.UTC(2026, 10, 20) + ms);
const xero = (externalIds: readonly string[], ms: number) => ({
  connection: 'xero',
  externalIds,
  now: at(ms),
});

const flow = 'customers';
const entity = 'customer';
const customers = (id: string) => ({ id, entity });
const alone = { flow, flows: [customers(flow)] };
const waiting = (db: Parameters<typeof waitingHints>[0], of = flow) =>
  waitingHints(db, { connection: 'xero', flow: of, entity }, { limit: 1_000 });

describeOnBothDatabases('hints', (open) => {
  it('are one for each record, however often it is named', async () => {
    const { db } = await open();
    await addHints(db, xero(['b', 'a', 'a'], 0));
    await addHints(db, xero(['a'], 5));
    await addHints(db, { connection: 'hubspot', externalIds: ['a'], now: at(1) });
    await addHints(db, xero([], 9));
    expect(await waiting(db)).toEqual([
      { connection: 'xero', entity: '', externalId: 'b', receivedAt: at(0), events: 1, readBy: {} },
      { connection: 'xero', entity: '', externalId: 'a', receivedAt: at(5), events: 2, readBy: {} },
    ]);
    expect(await hasHints(db, { connections: ['cin7-core'], flow, entity })).toBe(false);
    expect(await hasHints(db, { connections: [], flow, entity })).toBe(false);
    expect(await hasHints(db, { connections: ['cin7-core', 'hubspot'], flow, entity })).toBe(true);
  });

  it('are forgotten once they were read, but not one that came again meanwhile', async () => {
    const { db } = await open();
    await addHints(db, xero(['later', 'same', 'behind', 'read'], 100));
    const taken = await waiting(db);
    await addHints(db, xero(['later'], 101));
    await addHints(db, xero(['same'], 100));
    // Another replica, whose clock is behind.
    await addHints(db, xero(['behind'], 50));
    await addHints(db, xero(['new'], 100));
    await forgetHints(db, taken, alone);
    const left = await waiting(db);
    expect(left.map(({ externalId }) => externalId).sort()).toEqual(['behind', 'later', 'new', 'same']);
    await forgetHints(db, left, alone);
    await forgetHints(db, [], alone);
    expect(await waiting(db)).toEqual([]);
  });

  it('of a connection that two flows read are forgotten once both have read them', async () => {
    const { db } = await open();
    const both = { flows: [customers(flow), customers('suppliers')] };
    await addHints(db, xero(['once', 'again'], 0));
    await forgetHints(db, await waiting(db), { ...both, flow });
    expect(await waiting(db)).toEqual([]);
    expect(await hasHints(db, { connections: ['xero'], flow, entity })).toBe(false);
    expect(await isHinted(db, { connection: 'xero', flow: 'suppliers', entity, externalId: 'once' })).toBe(
      true,
    );
    const taken = await waiting(db, 'suppliers');
    expect(taken.map(({ externalId }) => externalId)).toEqual(['again', 'once']);
    await addHints(db, xero(['again'], 5));
    await forgetHints(db, taken, { ...both, flow: 'suppliers' });
    // What came again waits for both, and the other is gone.
    for (const { id: one } of both.flows)
      expect((await waiting(db, one)).map(({ externalId }) => externalId)).toEqual(['again']);
    for (const { id: one } of both.flows)
      await forgetHints(db, await waiting(db, one), { ...both, flow: one });
    expect(await db.select().from(hints)).toEqual([]);
  });

  it('are read by the flows of their kind of record, and those of which nobody knows the kind by every one', async () => {
    const { db } = await open();
    const flows = [customers(flow), { id: 'invoices', entity: 'invoice' }];
    const invoices = { connection: 'xero', flow: 'invoices', entity: 'invoice' };
    const idsFor = async (reader: typeof invoices) =>
      (await waitingHints(db, reader, { limit: 10 })).map(({ externalId }) => externalId);
    await addHints(db, { ...xero(['5', 'c'], 0), entity });
    await addHints(db, { ...xero(['5', 'i'], 1), entity: 'invoice' });
    await addHints(db, xero(['?'], 2));
    expect(await waiting(db)).toHaveLength(3);
    expect(await idsFor(invoices)).toEqual(['5', 'i', '?']);
    await forgetHints(db, await waiting(db), { flow, flows });
    expect(await waiting(db)).toEqual([]);
    expect(await idsFor(invoices)).toEqual(['5', 'i', '?']);
    const taken = await waitingHints(db, invoices, { limit: 10 });
    await forgetHints(db, taken, { flow: 'invoices', flows });
    expect(await db.select().from(hints)).toEqual([]);
  });

  it('are taken oldest first, so many at a time, behind the last one taken', async () => {
    const { db } = await open();
    for (const [n, id] of ['d', 'a', 'c', 'b', 'e'].entries())
      await addHints(db, xero([id], Math.floor(n / 2)));
    const of = { connection: 'xero', flow, entity };
    expect(await countHints(db, of)).toBe(5);
    const first = await waitingHints(db, of, { limit: 2 });
    const second = await waitingHints(db, of, { limit: 2, after: first.at(-1) ?? null });
    const third = await waitingHints(db, of, { limit: 2, after: second.at(-1) ?? null });
    expect([first, second, third].map((some) => some.map(({ externalId }) => externalId))).toEqual([
      ['a', 'd'],
      ['b', 'c'],
      ['e'],
    ]);
  });

  it('of many webhooks at once are all kept', async () => {
    const { db } = await open();
    const ids = Array.from({ length: 30 }, (_, i) => `id ${i}`);
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => addHints(db, xero(i % 2 ? ids : ids.toReversed(), i))),
    );
    const kept = await waiting(db);
    expect(kept).toHaveLength(30);
    expect(
      kept.every(({ events, receivedAt }) => events === 20 && receivedAt.getTime() === at(19).getTime()),
    ).toBe(true);
  });
});
