import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { budgetLedger } from '#src/ledger/connections/budgets.ts';
import { answerLikeness, undoLikeness } from '#src/ledger/questions/likenesses.ts';
import { approveMarking } from '#src/ledger/records/markings.ts';
import { markCounts } from '#src/ledger/records/marks.ts';
import { likenesses, links, markings, outbox } from '#src/ledger/tables/index.ts';
import { describeOn, describeOnBothDatabases, type Open } from '#test/support/database.ts';
import {
  type MemoryEngine,
  type MemoryEngineOptions,
  openMemoryEngine,
  type SystemId,
} from '#test/support/memory-engine.ts';
import { markingPoints } from './points.ts';

const minute = 60_000;
const tom = 'U0TOMW0001';
const abns = ['51824753556', '53004085616', '33531321789', '48910000065', '83914571673', '41952957336'];
const customer = (n: number) => ({
  legal_name: `Customer ${n} Pty Ltd`,
  abn: abns[n] ?? null,
  email: `pay${n}@example.com.au`,
  phone: `049157015${n}`,
});

/** So many customers, each in all three systems before Truce came. */
async function begin(open: Open, n = 6, options: MemoryEngineOptions = {}): Promise<MemoryEngine> {
  const engine = await openMemoryEngine(await open(), { createIn: {}, ...options });
  for (let i = 0; i < n; i++) for (const system of Object.values(engine.systems)) system.add(customer(i));
  await engine.run();
  return engine;
}

const approve = (engine: MemoryEngine, connection: SystemId = 'xero') =>
  approveMarking(engine.database.db, { connection, entity: 'customer', by: tom, now: engine.clock.now() });

/** The next run of the schedule. */
async function round(engine: MemoryEngine, at?: (point: string) => Promise<void>): Promise<void> {
  engine.clock.advance(5 * minute);
  expect(await engine.run({ trigger: 'schedule' }, at)).toMatchObject({ kind: 'ran' });
}

const counts = (engine: MemoryEngine, connection: SystemId = 'xero') =>
  markCounts(engine.database.db, { connection, entity: 'customer' }, engine.clock.now());

/** What each of a system's records bears, and what our ledger says that it is. */
async function markers(engine: MemoryEngine, system: SystemId = 'xero') {
  const rows = await engine.database.db.select().from(links).where(eq(links.connection, system));
  return rows.map(({ externalId, recordId }) => ({
    bears: engine.systems[system].records.get(externalId)?.marker ?? null,
    is: recordId,
  }));
}

const ended = async (engine: MemoryEngine) => {
  const { changes } = await engine.ledger();
  return { changes: changes.length, open: changes.filter(({ closedAt }) => closedAt === null).length };
};

describeOnBothDatabases('our id in records that were there before', (open) => {
  it('is written once it was approved, and not before; nothing else of them is, and nothing is made of its coming back', async () => {
    const engine = await begin(open);
    const { xero, hubspot } = engine.systems;
    await round(engine);
    expect(xero.marks).toEqual([]);
    const before = await ended(engine);
    const values = [...xero.records.values()].map((record) => record.values);
    await approve(engine);
    expect(await counts(engine)).toMatchObject({ marked: 0, due: 6, left: 0 });
    await round(engine);
    expect(xero.marks).toHaveLength(6);
    for (const { bears, is } of await markers(engine)) expect(bears).toBe(is);
    engine.clock.advance(4 * minute);
    // They come back changed, and nothing of theirs did.
    expect(await engine.run({ trigger: 'schedule' })).toMatchObject({
      result: { state: 'done', counts: { read: 6, changed: 0, written: 0 } },
    });
    expect(await counts(engine)).toEqual({ marked: 6, due: 0, left: 0, reasons: [] });
    await round(engine);
    await round(engine);
    expect(xero.marks).toHaveLength(6);
    expect([hubspot.marks, xero.writes, hubspot.writes]).toEqual([[], [], []]);
    expect([...xero.records.values()].map((record) => record.values)).toEqual(values);
    expect(await ended(engine)).toEqual(before);
    // Read the same once more they need no look: the mark is part of what was seen.
    const { links: known } = await engine.ledger();
    expect(known.filter(({ print }) => print === null)).toEqual([]);
  });

  it('is said to be everywhere, once', async () => {
    const engine = await begin(open);
    await approve(engine);
    for (let n = 0; n < 4; n++) await round(engine);
    const { db } = engine.database;
    const said = await db.select().from(outbox).where(eq(outbox.template, 'marks_done'));
    expect(said.map(({ params, flow }) => [flow, params])).toEqual([
      ['customers', { system: 'xero', marked: 6, left: 0, reasons: [] }],
    ]);
    expect((await db.select().from(markings)).map(({ doneAt }) => doneAt === null)).toEqual([false]);
  });

  it('goes on where a run died, at whichever step, and is written once', async () => {
    for (const step of markingPoints) {
      const engine = await begin(open);
      await approve(engine);
      await round(engine, async (point) => {
        if (point === step) throw new Error('killed');
      });
      await round(engine);
      await round(engine);
      expect(await counts(engine)).toMatchObject({ marked: 6, due: 0, left: 0 });
      expect(engine.systems.xero.marks.map(({ externalId }) => externalId).sort()).toEqual(
        [...engine.systems.xero.records.keys()].sort(),
      );
    }
  });
});

describeOn('PGlite', 'our id in records that were there before', (open) => {
  it('whose writing was not answered is read again: written once more only where it is not there', async () => {
    const engine = await begin(open, 3);
    await approve(engine);
    engine.systems.xero.answers.push('unheard', 'lost', 'heard');
    await round(engine);
    await round(engine);
    await round(engine);
    expect(await counts(engine)).toMatchObject({ marked: 3, due: 0, left: 0 });
    expect(engine.systems.xero.marks.map(({ externalId }) => externalId).sort()).toEqual([
      'xero-1',
      'xero-2',
      'xero-3',
    ]);
  });

  it('takes no more calls than are to spare, and none while a person waits for a run', async () => {
    const engine = await begin(open);
    const { xero } = engine.systems;
    await approve(engine);
    await engine.run({ trigger: 'command' });
    expect(xero.marks).toEqual([]);
    const budgets = budgetLedger(engine.database.db);
    const { callsPerMinute = 60 } = engine.agreement.connections.xero ?? {};
    const limits = [{ name: 'minute', calls: callsPerMinute, perMs: minute }];
    engine.clock.advance(5 * minute);
    const soon = new Date(engine.clock.now().getTime() + 59_000);
    await budgets.feed({ connection: 'xero', limits, remaining: { minute: 5 }, now: soon });
    expect(await engine.run({ trigger: 'schedule' })).toMatchObject({ result: { state: 'done' } });
    expect(xero.marks).toHaveLength(3);
    await budgets.close('xero', new Date(engine.clock.now().getTime() + 9 * minute));
    await round(engine);
    expect(xero.marks).toHaveLength(3);
    await round(engine);
    expect(xero.marks).toHaveLength(6);
  });

  it('is no failure of a run where the system cannot be had for it', async () => {
    const engine = await begin(open, 3);
    await approve(engine);
    await round(engine, async (point) => {
      engine.systems.xero.isDown = point === 'marks_read';
    });
    const [last] = (await engine.ledger()).changes.filter(({ closedAt }) => closedAt === null);
    expect([last, engine.systems.xero.marks]).toEqual([undefined, []]);
    engine.systems.xero.isDown = false;
    await round(engine);
    expect(engine.systems.xero.marks).toHaveLength(3);
  });

  it('never takes the place of anything else, and what was left is counted', async () => {
    const engine = await begin(open, 3);
    const { xero } = engine.systems;
    xero.remark('xero-2', 'ERP-0007');
    await approve(engine);
    await round(engine);
    await round(engine);
    expect(xero.records.get('xero-2')?.marker).toBe('ERP-0007');
    expect(await counts(engine)).toEqual({
      marked: 2,
      due: 0,
      left: 1,
      reasons: [{ reason: 'an id that is not Truce’s is there', records: 1 }],
    });
    await round(engine);
    // Somebody makes room: it is seen like any edit, and filled.
    xero.remark('xero-2', null);
    for (let n = 0; n < 4; n++) await round(engine);
    expect(await counts(engine)).toMatchObject({ marked: 3, left: 0 });
  });

  it('is written again where somebody took it away, and not for ever', async () => {
    const engine = await begin(open, 1);
    const { xero } = engine.systems;
    await approve(engine);
    const before = await ended(engine);
    for (let n = 0; n < 14; n++) {
      await round(engine);
      if (xero.records.get('xero-1')?.marker) xero.remark('xero-1', null);
    }
    expect(xero.marks).toHaveLength(3);
    expect((await counts(engine)).reasons).toEqual([
      { reason: 'what Truce wrote there did not stay', records: 1 },
    ]);
    expect(await ended(engine)).toEqual(before);
  });

  it('comes to those that are linked later too', async () => {
    const engine = await begin(open, 1);
    await approve(engine);
    await round(engine);
    await round(engine);
    for (const system of Object.values(engine.systems)) system.add(customer(1));
    for (let n = 0; n < 4; n++) await round(engine);
    expect(engine.systems.xero.marks.map(({ externalId }) => externalId)).toEqual(['xero-1', 'xero-2']);
  });

  it('is not written into what is archived, or of which nobody knows whose it is', async () => {
    const engine = await begin(open, 1);
    const { xero } = engine.systems;
    xero.add({ legal_name: 'No Number Pty Ltd', abn: null });
    xero.add({ ...customer(0), legal_name: 'The Same Number Pty Ltd' });
    await approve(engine);
    await round(engine);
    await round(engine);
    expect(xero.marks.map(({ externalId }) => externalId)).toEqual(['xero-1']);
  });

  it('tells whose a record is whose key was typed away and whose link was lost', async () => {
    const engine = await begin(open, 2);
    const { db } = engine.database;
    await approve(engine);
    await round(engine);
    await round(engine);
    const [before] = await db.select().from(links).where(eq(links.externalId, 'xero-1'));
    await db.execute(`delete from bases where connection = 'xero'`);
    await db.delete(links).where(eq(links.connection, 'xero'));
    engine.systems.xero.edit('xero-1', { abn: null });
    await engine.run();
    const [after] = await db.select().from(links).where(eq(links.externalId, 'xero-1'));
    expect(after).toMatchObject({ recordId: before?.recordId, how: 'marker' });
  });

  it('that was copied takes nobody’s place, and is corrected in the copy once that is somebody', async () => {
    const engine = await begin(open, 1);
    const { xero, hubspot } = engine.systems;
    await approve(engine);
    await round(engine);
    await round(engine);
    const bears = xero.records.get('xero-1')?.marker ?? '';
    const copy = xero.add({ ...customer(1), legal_name: 'Copied Pty Ltd' }, { marker: bears });
    hubspot.add(customer(1));
    for (let n = 0; n < 4; n++) await round(engine);
    for (const { bears: mark, is } of await markers(engine)) expect(mark).toBe(is);
    expect(xero.records.get('xero-1')?.marker).toBe(bears);
    expect(xero.records.get(copy)?.marker).not.toBe(bears);
  });
});

const wren = { ...customer(3), legal_name: 'Fairy Wren Interiors Pty Ltd' };

async function last(engine: MemoryEngine) {
  const rows = await engine.database.db.select().from(likenesses).orderBy(likenesses.id);
  const row = rows.at(-1);
  if (!row) throw new Error('nothing was asked');
  return { id: row.id, revision: row.revision, by: tom, now: engine.clock.now() };
}
const say = async (engine: MemoryEngine, answer: 'same' | 'different') =>
  expect(await answerLikeness(engine.database.db, { ...(await last(engine)), answer })).toMatchObject({
    kind: 'taken',
  });

/** HubSpot has the customer without its ABN; a person said that it is the one of the others; all of HubSpot was marked. */
async function joined(open: Open, options: MemoryEngineOptions = {}): Promise<MemoryEngine> {
  const engine = await openMemoryEngine(await open(), { createIn: {}, ...options });
  engine.systems.hubspot.add({ ...wren, legal_name: 'Fairy Wren Interiors', abn: null });
  for (const id of ['xero', 'cin7-core'] as const) engine.systems[id].add(wren);
  await engine.run();
  await approve(engine, 'hubspot');
  await round(engine);
  expect(engine.systems.hubspot.marks).toEqual([]);
  await say(engine, 'same');
  for (let n = 0; n < 3; n++) await round(engine);
  return engine;
}

describeOn('PGlite', 'our id in a record that becomes another one', (open) => {
  it('is that of the record that it is one with', async () => {
    const engine = await joined(open);
    const [mark] = await markers(engine, 'hubspot');
    expect(mark?.bears).toBe(mark?.is);
    expect(new Set((await engine.ledger()).links.map(({ recordId }) => recordId)).size).toBe(1);
  });

  it('follows where it is taken apart: it does not bring the two together again', async () => {
    const engine = await joined(open);
    const one = (await markers(engine, 'hubspot'))[0]?.is;
    expect((await undoLikeness(engine.database.db, await last(engine))).kind).toBe('taken');
    for (let n = 0; n < 4; n++) await round(engine);
    const [mark] = await markers(engine, 'hubspot');
    expect(mark?.is).not.toBe(one);
    expect(mark?.bears).toBe(mark?.is);
    const { changes } = await engine.ledger();
    expect(changes.filter(({ hold }) => hold === 'mark_contradicts')).toEqual([]);
  });

  it('never makes what is to be made beside it out of the one that bears it', async () => {
    const engine = await joined(open, { createIn: { hubspot: ['xero', 'cin7-core'] } });
    const { hubspot } = engine.systems;
    const [before] = await markers(engine, 'hubspot');
    const values = hubspot.records.get('hubspot-1')?.values;
    expect((await undoLikeness(engine.database.db, await last(engine))).kind).toBe('taken');
    // Somebody waits for these runs, so that nothing is marked.
    await engine.run();
    await say(engine, 'different');
    await engine.run();
    await engine.run();
    // A system that knows a record by our id would take the old one for the new.
    expect([...hubspot.records.keys()]).toEqual(['hubspot-1']);
    const apart = async (point: string) => {
      const bears = [...hubspot.records.values()].flatMap(({ marker }) => marker ?? []);
      if (point === 'made') expect(new Set(bears).size).toBe(bears.length);
    };
    for (let n = 0; n < 4; n++) await round(engine, apart);
    expect(hubspot.records.get('hubspot-1')?.values).toEqual(values);
    expect(hubspot.records.get('hubspot-2')).toMatchObject({ marker: before?.is, values: { abn: wren.abn } });
    for (const { bears, is } of await markers(engine, 'hubspot')) expect(bears).toBe(is);
  });
});
