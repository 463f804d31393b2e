import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { answerLikeness, type Likeness, undoLikeness } from '#src/ledger/questions/likenesses.ts';
import { likenesses, story } from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import {
  type MemoryEngine,
  type MemoryEngineOptions,
  openMemoryEngine,
} from '#test/support/memory-engine.ts';

const abn = '48910000065';
const wren = {
  legal_name: 'Fairy Wren Interiors Pty Ltd',
  abn,
  email: 'hello@wren.example',
  phone: '0491570156',
};
/** As a CRM has it: nobody asked for the ABN. */
const crm = { ...wren, legal_name: 'Fairy Wren Interiors', abn: null };
const priya = 'U0PRIYA001';
const tom = 'U0TOMW0001';

type Opened = Parameters<Parameters<typeof describeOnBothDatabases>[1]>[0];

/** HubSpot has the customer without an ABN, Xero and Cin7 Core have it with one. */
async function begin(open: Opened, options: MemoryEngineOptions = {}): Promise<MemoryEngine> {
  const engine = await openMemoryEngine(await open(), options);
  const { hubspot, xero, 'cin7-core': cin7 } = engine.systems;
  hubspot.add(crm);
  for (const system of [xero, cin7]) system.add(wren);
  await engine.run();
  return engine;
}

const asked = ({ database: { db } }: MemoryEngine): Promise<Likeness[]> =>
  db.select().from(likenesses).orderBy(likenesses.id);
const openOf = async (engine: MemoryEngine) => (await asked(engine)).filter((row) => row.state === 'open');
const openChanges = async (engine: MemoryEngine) =>
  (await engine.ledger()).changes.filter(({ closedAt }) => closedAt === null);

async function answer(engine: MemoryEngine, what: 'same' | 'different', by = priya): Promise<void> {
  const [row] = await openOf(engine);
  if (!row) throw new Error('nothing is asked');
  const { db } = engine.database;
  const { id, revision } = row;
  const result = await answerLikeness(db, { id, revision, by, now: engine.clock.now(), answer: what });
  expect(result.kind).toBe('taken');
}

async function undo(engine: MemoryEngine, by = priya): Promise<void> {
  const last = (await asked(engine)).filter((row) => row.answeredAt !== null).at(-1);
  if (!last) throw new Error('nothing was answered');
  const { id, revision } = last;
  const result = await undoLikeness(engine.database.db, { id, revision, by, now: engine.clock.now() });
  expect(result.kind).toBe('taken');
}

describeOnBothDatabases('identity: “same customer?”', (open) => {
  it('is asked once where enough speaks for it, and nothing is linked, made or written meanwhile', async () => {
    const engine = await begin(open);
    await engine.run();
    await engine.run();
    const [row, ...others] = await openOf(engine);
    expect(others).toEqual([]);
    expect(row?.evidence.filter(({ says }) => says === 'same').map(({ field }) => field)).toEqual([
      'name',
      'email',
      'phone',
    ]);
    const { records, links } = await engine.ledger();
    expect(records).toHaveLength(2);
    expect(links).toHaveLength(3);
    for (const system of Object.values(engine.systems)) {
      expect(system.records.size).toBe(1);
      expect(system.writes).toEqual([]);
    }
    const told = await engine.database.db.select().from(story).where(eq(story.kind, 'held'));
    expect(told.filter(({ data }) => data.reason === 'maybe_same').length).toBeGreaterThan(0);
  });

  it('“same” links them: the strong key, the blanks and what is apart go by the rules of a first meeting', async () => {
    const engine = await begin(open);
    const { hubspot, xero } = engine.systems;
    hubspot.edit('hubspot-1', { email: 'sales@wren.example' });
    await engine.run();
    await answer(engine, 'same');
    await engine.run();
    await engine.run();
    const { records, links, conflicts } = await engine.ledger();
    const [kept] = records.filter(({ keyValue }) => keyValue === abn);
    expect(links.map(({ recordId }) => recordId)).toEqual([kept?.id, kept?.id, kept?.id]);
    // The owner's name and the missing ABN went to HubSpot; the addresses are a person's to choose.
    expect(hubspot.records.get('hubspot-1')?.values).toMatchObject({ abn, legal_name: wren.legal_name });
    expect(conflicts.map(({ field, state }) => [field, state])).toEqual([['email', 'open']]);
    expect(xero.records.get('xero-1')?.values).toEqual(wren);
    expect(await openChanges(engine)).toMatchObject([{ state: 'asking' }]);
    const [row] = await asked(engine);
    expect(row).toMatchObject({ state: 'same', answeredBy: priya, joined: { kept: kept?.id } });
    const lines = await engine.database.db.select().from(story).where(eq(story.kind, 'same'));
    expect(lines.length).toBeGreaterThan(0);
  });

  it('“different” is never asked again, in whichever order they come, and each goes its way', async () => {
    const engine = await begin(open);
    await answer(engine, 'different');
    await engine.run();
    engine.systems.hubspot.edit('hubspot-1', { phone: '0491570157' });
    engine.systems.xero.edit('xero-1', { phone: '0491570157' });
    engine.clock.advance(25 * 3_600_000);
    await engine.run();
    await engine.run();
    expect(await openOf(engine)).toEqual([]);
    expect(await asked(engine)).toHaveLength(1);
  });

  it('an undone “different” may be asked again, unless both are in one system by then', async () => {
    const made = await begin(open);
    await answer(made, 'different');
    await made.run();
    expect(made.systems.hubspot.records.size).toBe(2);
    await undo(made);
    await made.run();
    expect(await openOf(made)).toEqual([]);
    const engine = await begin(open, { createIn: {} });
    await answer(engine, 'different');
    await engine.run();
    await undo(engine);
    await engine.run();
    expect(await openOf(engine)).toHaveLength(1);
  });

  it('an undone “same” takes them apart again; what was written stays, and the ABN that it brought links nothing by itself', async () => {
    const engine = await begin(open);
    const { hubspot } = engine.systems;
    await answer(engine, 'same');
    await engine.run();
    await engine.run();
    expect(hubspot.records.get('hubspot-1')?.values.abn).toBe(abn);
    await undo(engine, tom);
    await engine.run();
    await engine.run();
    const { records, links } = await engine.ledger();
    const keyed = records.find(({ keyValue }) => keyValue === abn);
    expect(
      links
        .filter((link) => link.recordId === keyed?.id)
        .map((link) => link.connection)
        .sort(),
    ).toEqual(['cin7-core', 'xero']);
    expect(links.find((link) => link.connection === 'hubspot')?.recordId).not.toBe(keyed?.id);
    expect(hubspot.records.get('hubspot-1')?.values.abn).toBe(abn);
    expect(await openChanges(engine)).toContainEqual(
      expect.objectContaining({ state: 'held', hold: 'maybe_same' }),
    );
    const [first, again] = await asked(engine);
    expect(first).toMatchObject({ state: 'same', undoneBy: tom });
    expect(first?.apartAt).not.toBeNull();
    // It is asked anew, and nothing is made beside it meanwhile.
    expect(again).toMatchObject({ state: 'open' });
    expect(hubspot.records.size).toBe(1);
    await answer(engine, 'same');
    await engine.run();
    await engine.run();
    expect(await openChanges(engine)).toEqual([]);
    const after = await engine.ledger();
    expect(new Set(after.links.map((link) => link.recordId)).size).toBe(1);
  });

  it('an undone “same” that nobody has carried out yet changes nothing', async () => {
    const engine = await begin(open);
    await answer(engine, 'same');
    await undo(engine);
    await engine.run();
    const { links } = await engine.ledger();
    expect(new Set(links.map((link) => link.recordId)).size).toBe(2);
  });

  it('two people at once: the first counts, and the other hears who it was', async () => {
    const engine = await begin(open);
    const [row] = await openOf(engine);
    const press = (by: string, what: 'same' | 'different') =>
      answerLikeness(engine.database.db, {
        id: row?.id ?? 0,
        revision: row?.revision ?? 0,
        by,
        now: engine.clock.now(),
        answer: what,
      });
    const results = await Promise.all([press(priya, 'same'), press(tom, 'different')]);
    expect(results.map(({ kind }) => kind).sort()).toEqual(['already', 'taken']);
  });

  it('is refused on evidence that has moved since', async () => {
    const engine = await begin(open);
    const [before] = await openOf(engine);
    engine.systems.hubspot.edit('hubspot-1', { phone: '0491570157' });
    await engine.run();
    const { db } = engine.database;
    const late = { id: before?.id ?? 0, revision: before?.revision ?? 0, by: priya, now: engine.clock.now() };
    expect((await answerLikeness(db, { ...late, answer: 'same' })).kind).toBe('outdated');
    expect((await openOf(engine))[0]?.evidence).toContainEqual(
      expect.objectContaining({ field: 'phone', says: 'different' }),
    );
  });

  it('is withdrawn once one of them has its ABN: the strong key links them', async () => {
    const engine = await begin(open);
    engine.systems.hubspot.edit('hubspot-1', { abn });
    await engine.run();
    expect((await asked(engine)).map(({ state }) => state)).toEqual(['withdrawn']);
    const { links } = await engine.ledger();
    expect(new Set(links.map((link) => link.recordId)).size).toBe(1);
  });

  it('is withdrawn once one of them is archived, also where “same” was pressed in the same moment', async () => {
    const engine = await begin(open);
    engine.systems.hubspot.archive('hubspot-1');
    await engine.run({}, async (point) => {
      if (point === 'matched' && (await openOf(engine)).length > 0) await answer(engine, 'same');
    });
    await engine.run();
    expect((await asked(engine)).map(({ state, note }) => [state, note])).toEqual([
      ['withdrawn', `“${crm.legal_name}” is archived by now`],
    ]);
    const { links } = await engine.ledger();
    expect(new Set(links.map((link) => link.recordId)).size).toBe(2);
  });

  it('pressed while a run is under way is carried out by the next', async () => {
    const engine = await begin(open);
    engine.systems.xero.edit('xero-1', { phone: '0491570157' });
    const points: string[] = [];
    await engine.run({}, async (point) => {
      points.push(point);
      if (point === 'matched') await answer(engine, 'same');
    });
    expect(points).toContain('matched');
    expect((await asked(engine))[0]).toMatchObject({ state: 'same', joined: null });
    await engine.run();
    await engine.run();
    expect((await asked(engine))[0]?.joined).not.toBeNull();
    expect(engine.systems.hubspot.records.get('hubspot-1')?.values.phone).toBe('0491570157');
    expect(await openChanges(engine)).toEqual([]);
  });

  it('“same” while a record of theirs is being made, without an answer, waits for that: nothing is doubled', async () => {
    const engine = await openMemoryEngine(await open());
    const { hubspot, xero, 'cin7-core': cin7 } = engine.systems;
    hubspot.add(wren);
    cin7.add({ ...crm, email: 'other@wren.example' });
    await engine.run();
    xero.answers.push('unheard');
    await engine.run();
    expect(xero.records.size).toBe(1);
    await answer(engine, 'same');
    await engine.run();
    expect((await asked(engine))[0]).toMatchObject({ state: 'same', joined: null });
    await engine.run();
    await engine.run();
    expect((await asked(engine))[0]?.joined).not.toBeNull();
    const { links } = await engine.ledger();
    expect(links.map((link) => link.connection).sort()).toEqual(['cin7-core', 'hubspot', 'xero']);
    expect(new Set(links.map((link) => link.recordId)).size).toBe(1);
    for (const system of Object.values(engine.systems)) expect(system.records.size).toBe(1);
  });

  it('keeps a record from being made where its name is taken: “same” links it, “different” makes it', async () => {
    for (const what of ['same', 'different'] as const) {
      const engine = await openMemoryEngine(await open());
      const { hubspot, xero } = engine.systems;
      // Only the name is known there: too little to ask, were it not in the way.
      hubspot.add(wren);
      xero.add({ legal_name: 'FAIRY WREN INTERIORS P/L' });
      await engine.run();
      await engine.run();
      expect(xero.records.size).toBe(1);
      expect((await openChanges(engine)).map(({ hold }) => hold).sort()).toEqual(['name_taken', 'no_key']);
      await answer(engine, what);
      await engine.run();
      await engine.run();
      expect(xero.records.size).toBe(what === 'same' ? 1 : 2);
      const { links } = await engine.ledger();
      const of = links.find((link) => link.connection === 'hubspot')?.recordId;
      const inXero = links.find((link) => link.connection === 'xero' && link.recordId === of);
      expect(inXero?.externalId).toBe(what === 'same' ? 'xero-1' : 'xero-2');
    }
  });

  it('a vendor that wants names to be unique refuses after “different”: it waits, and says what to do', async () => {
    const engine = await openMemoryEngine(await open(), { createIn: { xero: ['hubspot'] } });
    const { hubspot, xero } = engine.systems;
    hubspot.add(wren);
    xero.add({ legal_name: wren.legal_name });
    await engine.run();
    await answer(engine, 'different');
    xero.answers.push('taken');
    await engine.run();
    await engine.run();
    const held = (await openChanges(engine)).find(({ hold }) => hold === 'name_taken');
    expect(held?.holdDetail).toMatch(/as the test says/);
    expect(xero.records.size).toBe(1);
  });

  it('without any strong key two become one by a person’s word, are kept in step, and the third is asked about next', async () => {
    const engine = await openMemoryEngine(await open());
    const { hubspot, xero, 'cin7-core': cin7 } = engine.systems;
    for (const system of [hubspot, xero, cin7]) system.add(crm);
    await engine.run();
    await engine.run();
    expect(await openOf(engine)).toHaveLength(1);
    await answer(engine, 'same');
    await engine.run();
    await engine.run();
    expect(await openOf(engine)).toHaveLength(1);
    await answer(engine, 'same');
    await engine.run();
    await engine.run();
    expect(await openOf(engine)).toEqual([]);
    const { links } = await engine.ledger();
    expect(new Set(links.map((link) => link.recordId)).size).toBe(1);
    xero.edit('xero-1', { phone: '0491570157' });
    await engine.run();
    await engine.run();
    expect(cin7.records.get('cin7-core-1')?.values.phone).toBe('0491570157');
    expect(await openChanges(engine)).toEqual([]);
  });

  it('two with valid, other ABNs are not asked about by name and email alone', async () => {
    const engine = await openMemoryEngine(await open(), { createIn: {} });
    const { hubspot, xero } = engine.systems;
    hubspot.add({ legal_name: 'Curlew Camping', abn, email: 'hello@curlew.example' });
    xero.add({ legal_name: 'Curlew Camping', abn: '50910000074', email: 'hello@curlew.example' });
    await engine.run();
    await engine.run();
    expect(await asked(engine)).toEqual([]);
  });

  it('what many share says nothing: no flood of questions', async () => {
    const engine = await openMemoryEngine(await open());
    const { hubspot, xero } = engine.systems;
    for (let n = 0; n < 20; n++) {
      hubspot.add({ legal_name: 'Cash sale', email: 'none@none.example', phone: '0491570156' });
      xero.add({ legal_name: 'Cash sale', email: 'none@none.example', phone: '0491570156' });
    }
    await engine.run();
    await engine.run();
    expect(await asked(engine)).toEqual([]);
  });
});
