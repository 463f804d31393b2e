import { and, eq, isNull } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { answerAbsence } from '#src/ledger/questions/absence-answers.ts';
import { answerLikeness } from '#src/ledger/questions/likenesses.ts';
import { addHints } from '#src/ledger/runs/hints.ts';
import { absences, changes, intents, likenesses, links, pending, records } from '#src/ledger/tables/index.ts';
import { describeOn } from '#test/support/database.ts';
import { type Engine, openEngine } from '#test/support/engine.ts';
import {
  type MemoryEngine,
  type MemoryEngineOptions,
  openMemoryEngine,
  type SystemId,
} from '#test/support/memory-engine.ts';

const wren = { legal_name: 'Fairy Wren Interiors Pty Ltd', abn: '48910000065', email: 'hello@wren.example' };
const owl = { legal_name: 'Boobook Books Pty Ltd', abn: '50910000074', email: 'hello@boobook.example' };
const ids: readonly SystemId[] = ['hubspot', 'xero', 'cin7-core'];

async function begin(
  open: Parameters<Parameters<typeof describeOn>[2]>[0],
  options: MemoryEngineOptions = {},
): Promise<MemoryEngine> {
  const engine = await openMemoryEngine(await open(), options);
  for (const id of ids) for (const customer of [wren, owl]) engine.systems[id].add(customer);
  await engine.run();
  return engine;
}

const openChanges = async (engine: MemoryEngine) =>
  (await engine.ledger()).changes.filter(({ closedAt }) => closedAt === null);
async function linkOf(engine: MemoryEngine, abn: string, connection: string) {
  const { records, links } = await engine.ledger();
  const record = records.find(({ keyValue }) => keyValue === abn);
  return links.find((link) => link.recordId === record?.id && link.connection === connection);
}

describeOn('PGlite', 'a record that a system merged', (open) => {
  it('goes on under the id under which it lives on, and what changed there travels', async () => {
    const engine = await begin(open);
    const { xero, hubspot } = engine.systems;
    const survivor = xero.add({ ...wren, email: 'merged@wren.example' });
    xero.merge('xero-1', survivor);
    await engine.run();
    await engine.run();
    expect((await linkOf(engine, wren.abn, 'xero'))?.externalId).toBe(survivor);
    expect(hubspot.records.get('hubspot-1')?.values.email).toBe('merged@wren.example');
    expect(await openChanges(engine)).toEqual([]);
  });

  it('takes the place of its twin that nobody could tell apart', async () => {
    const engine = await begin(open);
    const { xero } = engine.systems;
    const twin = xero.add({ ...wren, legal_name: 'Fairy Wren Twin' });
    await engine.run();
    expect((await openChanges(engine)).map(({ hold }) => hold)).toEqual(['duplicate_key']);
    xero.merge('xero-1', twin);
    xero.edit(twin, { legal_name: wren.legal_name });
    await engine.run();
    await engine.run();
    expect((await linkOf(engine, wren.abn, 'xero'))?.externalId).toBe(twin);
    expect(await openChanges(engine)).toEqual([]);
  });

  it('into one that we know as another is let go there, asked about, never written to and never made again', async () => {
    const engine = await begin(open);
    const { xero, hubspot, 'cin7-core': cin7 } = engine.systems;
    xero.merge('xero-1', 'xero-2');
    await engine.run();
    await engine.run();
    const [held, ...others] = await openChanges(engine);
    expect([held?.subject, held?.hold, others]).toEqual([wren.legal_name, 'gone', []]);
    const { db } = engine.database;
    const [absence] = await db.select().from(absences);
    expect(absence).toMatchObject({ state: 'asked', connection: 'xero', mergedInto: owl.legal_name });
    const { story } = await engine.ledger();
    expect(story.filter(({ kind }) => kind === 'gone')[0]?.data.reason).toBe(
      `xero merged it into “${owl.legal_name}”`,
    );
    // Between the others it goes on.
    hubspot.edit('hubspot-1', { email: 'new@wren.example' });
    await engine.run();
    expect(cin7.records.get('cin7-core-1')?.values.email).toBe('new@wren.example');
    expect(await openChanges(engine)).toMatchObject([{ state: 'held', hold: 'gone' }]);
    expect(xero.records.size).toBe(2);
    expect(xero.writes).toEqual([]);
    const { id = 0, revision = 0 } = (await db.select().from(absences))[0] ?? {};
    const said = { id, revision, answer: 'keep' as const, by: 'U0PRIYA001', agreementVersion: 1 };
    await db.transaction((tx) => answerAbsence(tx, { ...said, now: engine.clock.now() }));
    await engine.run();
    await engine.run();
    expect(await openChanges(engine)).toEqual([]);
    expect(xero.records.size).toBe(2);
  });

  it('while something is on its way to it is followed before anything is written', async () => {
    const engine = await begin(open);
    const { xero, hubspot } = engine.systems;
    hubspot.edit('hubspot-1', { email: 'new@wren.example' });
    const survivor = xero.add(wren);
    await engine.run({}, async (point) => {
      // After the list was read, before the value goes out.
      if (point === 'decided') xero.merge('xero-1', survivor);
    });
    expect(xero.writes).toEqual([]);
    await engine.run();
    await engine.run();
    expect(xero.writes.map(({ id }) => id)).toEqual([survivor]);
    expect(xero.records.get(survivor)?.values.email).toBe('new@wren.example');
    expect(await openChanges(engine)).toEqual([]);
  });

  it('takes its word out of an open question: the others may come to agree without it', async () => {
    const engine = await begin(open);
    const { xero, hubspot, 'cin7-core': cin7 } = engine.systems;
    hubspot.edit('hubspot-1', { email: 'sales@wren.example' });
    xero.edit('xero-1', { email: 'bills@wren.example' });
    await engine.run();
    expect((await openChanges(engine)).map(({ state }) => state)).toEqual(['asking']);
    xero.merge('xero-1', 'xero-2');
    await engine.run();
    expect(await openChanges(engine)).toMatchObject([{ state: 'asking', hold: 'gone' }]);
    cin7.edit('cin7-core-1', { email: 'sales@wren.example' });
    await engine.run();
    expect(await openChanges(engine)).toMatchObject([{ state: 'held', hold: 'gone' }]);
    expect(xero.writes).toEqual([]);
    expect(xero.records.get('xero-2')?.values).toEqual(owl);
  });

  it('with a write on its way there that was never answered is settled between the others', async () => {
    const engine = await begin(open);
    const { xero, hubspot, 'cin7-core': cin7 } = engine.systems;
    hubspot.edit('hubspot-1', { email: 'new@wren.example' });
    xero.answers.push('lost');
    await engine.run();
    expect((await openChanges(engine)).map(({ state }) => state)).toEqual(['writing']);
    xero.merge('xero-1', 'xero-2');
    await engine.run();
    await engine.run();
    expect(cin7.records.get('cin7-core-1')?.values.email).toBe('new@wren.example');
    expect(await openChanges(engine)).toMatchObject([{ state: 'held', hold: 'gone' }]);
    expect(xero.writes).toEqual([]);
    const { db } = engine.database;
    expect(await db.select().from(intents).where(isNull(intents.finishedAt))).toEqual([]);
    expect(await db.select().from(pending)).toEqual([]);
  });

  it('waits no longer once it is archived, or merged, wherever it still was', async () => {
    const engine = await begin(open);
    const { xero, hubspot, 'cin7-core': cin7 } = engine.systems;
    xero.merge('xero-1', 'xero-2');
    await engine.run();
    hubspot.archive('hubspot-1');
    await engine.run();
    expect((await openChanges(engine)).map(({ hold }) => hold)).toEqual(['gone']);
    cin7.merge('cin7-core-1', 'cin7-core-2');
    await engine.run();
    await engine.run();
    expect(await openChanges(engine)).toEqual([]);
  });

  it('waits no longer once another record with its key has come into its place', async () => {
    const engine = await begin(open);
    const { xero, hubspot } = engine.systems;
    xero.merge('xero-1', 'xero-2');
    await engine.run();
    const anew = xero.add(wren);
    await engine.run();
    await engine.run();
    expect((await linkOf(engine, wren.abn, 'xero'))?.externalId).toBe(anew);
    expect(await openChanges(engine)).toEqual([]);
    hubspot.edit('hubspot-1', { email: 'new@wren.example' });
    await engine.run();
    await engine.run();
    expect(xero.records.get(anew)?.values.email).toBe('new@wren.example');
  });

  it('is archived elsewhere, or left alone, where the agreement says so', async () => {
    for (const whenGone of ['archive', 'ignore'] as const) {
      const rules = { legal_name: 'overwrite', abn: 'approve', email: 'review', status: 'review' } as const;
      const engine = await begin(open, { rules, flow: { whenGone } });
      const { xero, hubspot, 'cin7-core': cin7 } = engine.systems;
      xero.merge('xero-1', 'xero-2');
      await engine.run();
      await engine.run();
      const isArchived = whenGone === 'archive';
      expect([hubspot.records.get('hubspot-1')?.archived, cin7.records.get('cin7-core-1')?.archived]).toEqual(
        [isArchived, isArchived],
      );
      expect([hubspot.records.get('hubspot-2')?.archived, xero.records.get('xero-2')?.archived]).toEqual([
        false,
        false,
      ]);
      expect(await openChanges(engine)).toEqual([]);
      expect(xero.records.size).toBe(2);
    }
  });

  it('into one that no other system has asks whether they are one there too, and “same” makes them one', async () => {
    const engine = await openMemoryEngine(await open(), { createIn: {} });
    const { xero, hubspot, 'cin7-core': cin7 } = engine.systems;
    for (const system of [xero, hubspot, cin7]) system.add(wren);
    const other = xero.add(owl);
    await engine.run();
    xero.merge('xero-1', other);
    await engine.run();
    const { db } = engine.database;
    const [asked, ...more] = await db.select().from(likenesses);
    expect([asked?.state, more]).toEqual(['open', []]);
    expect(asked?.evidence[0]).toEqual({ field: 'merged', left: 'xero', right: 'xero', says: 'same' });
    const { id = 0, revision = 0 } = asked ?? {};
    await answerLikeness(db, { id, revision, by: 'U0PRIYA001', now: engine.clock.now(), answer: 'same' });
    await engine.run();
    await engine.run();
    const { links: all } = await engine.ledger();
    expect(new Set(all.map((link) => link.recordId)).size).toBe(1);
    expect(all.find((link) => link.connection === 'xero')?.externalId).toBe(other);
    // Two names and two numbers: the owner's name counts, a person says which number it is.
    expect(hubspot.records.get('hubspot-1')?.values.legal_name).toBe(owl.legal_name);
    expect((await engine.ledger()).conflicts.map(({ field }) => field).sort()).toEqual(['abn', 'email']);
  });

  it('into one that no other system has, and that a person says is another, is asked about like one that is gone', async () => {
    const engine = await openMemoryEngine(await open(), { createIn: {} });
    const { xero, hubspot, 'cin7-core': cin7 } = engine.systems;
    for (const system of [xero, hubspot, cin7]) system.add(wren);
    const other = xero.add(owl);
    await engine.run();
    xero.merge('xero-1', other);
    await engine.run();
    const { db } = engine.database;
    expect((await openChanges(engine)).map(({ hold }) => hold).sort()).toEqual(['merged', 'not_linked']);
    const [asked] = await db.select().from(likenesses);
    const { id = 0, revision = 0 } = asked ?? {};
    await answerLikeness(db, {
      id,
      revision,
      by: 'U0PRIYA001',
      now: engine.clock.now(),
      answer: 'different',
    });
    await engine.run();
    await engine.run();
    expect(await db.select().from(absences)).toMatchObject([{ state: 'asked', mergedInto: owl.legal_name }]);
    expect((await openChanges(engine)).map(({ hold }) => hold).sort()).toEqual(['gone', 'not_linked']);
  });

  it('in every system leaves nothing that waits', async () => {
    const engine = await begin(open);
    for (const id of ids) {
      engine.systems[id].merge(`${id}-1`, `${id}-2`);
      await engine.run();
    }
    await engine.run();
    expect(await openChanges(engine)).toEqual([]);
    for (const id of ids) expect(engine.systems[id].records.size).toBe(2);
  });
});

describeOn('PGlite', 'a company that was merged in HubSpot', (open) => {
  // A webhook of a merge names both; without one only asking for everything shows that the loser is no longer there.
  it.each(['webhook', 'sweep'] as const)(
    'lives on under its twin’s id, found by a %s, and what is changed there reaches the others',
    async (by) => {
      const engine = await openEngine(await open(), {
        plant: (world) => {
          const [first] = world.hubspot;
          return {
            ...world,
            hubspot: [...world.hubspot, ...(first ? [{ ...first, id: '30199999999' }] : [])],
          };
        },
      });
      const { db } = engine.database;
      const waiting = await db.select().from(changes).where(isNull(changes.closedAt));
      expect(waiting.map(({ hold }) => hold)).toEqual(['duplicate_key']);
      const loser = await linkedIn(engine, 'hubspot');
      await mergeCompanies(engine, '30199999999', loser);
      engine.vendors.hubspot.edit('30199999999', { billing_email: 'merged@hubspot.example' }, 'Mia Torres');
      if (by === 'webhook') {
        await addHints(db, { connection: 'hubspot', externalIds: [loser], now: engine.clock.now() });
        await engine.run();
      } else {
        await engine.run();
        expect(await linkedIn(engine, 'hubspot')).toBe(loser);
        await engine.agree((flow) => ({ ...flow, sweep: '* * * * *' }));
        await engine.run({ trigger: 'sweep' });
      }
      await engine.run();
      expect(await linkedIn(engine, 'hubspot')).toBe('30199999999');
      expect(engine.held('xero', 0, 'EmailAddress')).toBe('merged@hubspot.example');
      expect(await db.select().from(changes).where(isNull(changes.closedAt))).toEqual([]);
    },
  );
});

async function mergeCompanies(
  { vendors: { hubspot } }: Engine,
  winner: string,
  loser: string,
): Promise<void> {
  const answer = await fetch(`${hubspot.baseUrl}/crm/objects/2026-09/companies/merge`, {
    method: 'POST',
    headers: { authorization: `Bearer ${hubspot.env.HUBSPOT_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ primaryObjectId: winner, objectIdToMerge: loser }),
  });
  expect(answer.status).toBe(200);
}

/** Under which id a system has the first customer. */
async function linkedIn(engine: Engine, connection: string): Promise<string> {
  const [linked] = await engine.database.db
    .select()
    .from(links)
    .where(and(eq(links.connection, connection), eq(links.recordId, await recordOf(engine))));
  return linked?.externalId ?? '';
}

async function recordOf({ database: { db }, customers: [first] }: Engine): Promise<string> {
  const [record] = await db
    .select()
    .from(records)
    .where(eq(records.keyValue, first?.abn ?? ''));
  return record?.id ?? '';
}
