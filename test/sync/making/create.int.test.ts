import { isNull } from 'drizzle-orm';
import { expect, it } from 'vitest';
import type { RunFlowOutcome } from '#src/jobs/run-flow.ts';
import { reopen } from '#src/ledger/changes/reprocess.ts';
import { decideConflict } from '#src/ledger/questions/decisions.ts';
import { conflicts, intents } from '#src/ledger/tables/index.ts';
import { describeOn } from '#test/support/database.ts';
import { type MemoryEngine, openMemoryEngine } from '#test/support/memory-engine.ts';
import type { MemorySystem } from '#test/support/memory-system.ts';

const wren = { legal_name: 'Fairy Wren Interiors Pty Ltd', abn: '48910000065', email: 'hello@wren.example' };
const owl = { legal_name: 'Boobook Books Pty Ltd', abn: '50910000074', email: 'hello@boobook.example' };

const namesIn = ({ records }: MemorySystem) =>
  [...records.values()].map(({ values }) => values.legal_name).sort();
const againAt = (outcome: RunFlowOutcome) => (outcome.kind === 'ran' ? outcome.result.againAt : outcome.kind);
const minute = 60_000;
const openChanges = async (engine: MemoryEngine) =>
  (await engine.ledger()).changes.filter(({ closedAt }) => closedAt === null);

describeOn('PGlite', 'a record that is missing', (open) => {
  it('is made where the agreement says so, with what is agreed, under our mark, and settles once read back', async () => {
    const engine = await openMemoryEngine(await open());
    const { hubspot, xero, 'cin7-core': cin7 } = engine.systems;
    hubspot.add({ ...wren, phone: null });
    await engine.run();
    await engine.run();
    const { links, changes, records, story } = await engine.ledger();
    for (const system of [xero, cin7]) {
      const [made] = [...system.records.values()];
      expect(made).toMatchObject({ values: wren, marker: records[0]?.id });
      expect(Object.keys(made?.values ?? {})).not.toContain('phone');
    }
    expect(links.map(({ connection, how }) => [connection, how]).sort()).toEqual([
      ['cin7-core', 'made'],
      ['hubspot', 'key:abn'],
      ['xero', 'made'],
    ]);
    expect(changes.map(({ state, hold }) => [state, hold])).toEqual([['settled', null]]);
    expect(story.map(({ kind, connection }) => `${kind} ${connection ?? ''}`.trim())).toEqual([
      'sent xero',
      'sent cin7-core',
      'made xero',
      'made cin7-core',
      'read_back xero',
      'read_back cin7-core',
      'settled',
    ]);
    // What comes back of it, at the next looks, is no change.
    await engine.run();
    await engine.run();
    expect((await engine.ledger()).changes).toHaveLength(1);
    expect([hubspot, xero, cin7].map(namesIn)).toEqual([
      [wren.legal_name],
      [wren.legal_name],
      [wren.legal_name],
    ]);
  });

  it('is waited for by the run that saw it first, no longer than the lists of the others run late', async () => {
    const engine = await openMemoryEngine(await open());
    await engine.run();
    engine.systems.hubspot.add(wren);
    const saw = await engine.run();
    const [record] = (await engine.ledger()).records;
    const listed = (record?.createdAt.getTime() ?? 0) + 10_000;
    expect(againAt(saw)).toEqual(new Date(listed));
    expect(engine.systems.xero.records.size).toBe(0);

    engine.clock.advance(listed - engine.clock.now().getTime() - minute);
    expect(againAt(await engine.run({ trigger: 'recovery' }))).toBe(null);
    expect(namesIn(engine.systems.xero)).toEqual([wren.legal_name]);
  });

  it('brings about no other run where it is to be made nowhere, or nobody has approved that', async () => {
    const apart = await openMemoryEngine(await open(), { createIn: { xero: ['cin7-core'] } });
    const asked = await openMemoryEngine(await open(), { approved: false });
    for (const engine of [apart, asked]) {
      await engine.run();
      engine.systems.hubspot.add(wren);
      expect(againAt(await engine.run())).toBe(null);
    }
  });

  it('waits, saying where it is missing, in a system that the agreement does not name', async () => {
    const engine = await openMemoryEngine(await open(), { createIn: { xero: ['cin7-core'] } });
    engine.systems.hubspot.add(wren);
    await engine.run();
    await engine.run();
    expect(await openChanges(engine)).toMatchObject([
      { hold: 'not_linked', holdDetail: 'not in xero or cin7-core' },
    ]);
    expect(engine.systems.xero.records.size).toBe(0);
  });

  it('is not made before the owner approved the counts, and counted until then', async () => {
    const engine = await openMemoryEngine(await open(), { approved: false });
    engine.systems.hubspot.add(wren);
    await engine.run();
    engine.systems.hubspot.edit('hubspot-1', { email: 'new@wren.example' });
    await engine.run();
    await engine.run();
    expect(engine.systems.xero.records.size).toBe(0);
    const [held, ...others] = await openChanges(engine);
    expect([held?.hold, others]).toEqual(['first_load', []]);
    const told = (await engine.ledger()).story.filter(({ kind }) => kind === 'held');
    expect(told.map(({ connection }) => connection).sort()).toEqual(['cin7-core', 'xero']);
    await engine.approve();
    await engine.run();
    expect(namesIn(engine.systems.xero)).toEqual([wren.legal_name]);
    expect(await openChanges(engine)).toEqual([]);
  });

  it('is not made in a system that was not read in this run', async () => {
    const engine = await openMemoryEngine(await open());
    const { hubspot, xero, 'cin7-core': cin7 } = engine.systems;
    await engine.run();
    hubspot.add(wren);
    xero.isDown = true;
    await engine.run();
    await engine.run();
    expect([xero.records.size, cin7.records.size]).toEqual([0, 0]);
    // A webhook's run reads what was named and nothing else.
    xero.isDown = false;
    await engine.run({ trigger: 'hint' });
    expect([xero.records.size, cin7.records.size]).toEqual([0, 0]);
    await engine.run();
    expect([xero.records.size, cin7.records.size]).toEqual([1, 1]);
  });

  it('is linked, not made, where a person made it meanwhile', async () => {
    const engine = await openMemoryEngine(await open());
    const { hubspot, xero } = engine.systems;
    hubspot.add(wren);
    await engine.run({}, async (point) => {
      // While the others are being made.
      if (point === 'creates') throw new Error('killed');
    });
    await engine.run();
    expect(namesIn(xero)).toEqual([wren.legal_name]);
    hubspot.add(owl);
    xero.add({ ...owl, email: null });
    await engine.run();
    expect(namesIn(xero)).toEqual([owl.legal_name, wren.legal_name].sort());
    const { links } = await engine.ledger();
    expect(links.filter(({ connection }) => connection === 'xero').map(({ how }) => how)).toEqual([
      'made',
      'key:abn',
    ]);
  });

  it('is not made beside another of the same name whose number nobody knows, until that one is known', async () => {
    const engine = await openMemoryEngine(await open());
    const { hubspot, xero } = engine.systems;
    xero.add({ legal_name: 'FAIRY WREN INTERIORS P/L' });
    hubspot.add(wren);
    await engine.run();
    await engine.run();
    expect(xero.records.size).toBe(1);
    const waiting = (await openChanges(engine)).find(({ hold }) => hold === 'name_taken');
    expect(waiting?.holdDetail).toBe('xero has “FAIRY WREN INTERIORS P/L” already, without a valid ABN');
    // Everywhere else it goes on.
    expect(namesIn(engine.systems['cin7-core'])).toEqual([wren.legal_name]);
    xero.edit('xero-1', { abn: wren.abn });
    await engine.run();
    await engine.run();
    expect(xero.records.size).toBe(1);
    expect(await openChanges(engine)).toEqual([]);
  });

  it('waits where the system says that the name is taken, and tries again once a person asks', async () => {
    const engine = await openMemoryEngine(await open(), { createIn: { xero: ['hubspot'] } });
    const { hubspot, xero } = engine.systems;
    hubspot.add(wren);
    xero.answers.push('taken');
    await engine.run();
    await engine.run();
    await engine.run();
    const [held] = await openChanges(engine);
    expect(held).toMatchObject({ state: 'held', hold: 'name_taken', holdDetail: 'as the test says' });
    expect(xero.records.size).toBe(0);
    await reopen(engine.database.db, { changeId: held?.id ?? '', by: 'U0TOMW0001', now: engine.clock.now() });
    await engine.run({ trigger: 'reprocess', targets: [held?.recordId ?? ''] });
    expect(namesIn(xero)).toEqual([wren.legal_name]);
    expect(await openChanges(engine)).toEqual([]);
  });

  it('that is refused says so where people see it, and is made when they try again', async () => {
    const engine = await openMemoryEngine(await open(), { createIn: { xero: ['hubspot'] } });
    const { hubspot, xero } = engine.systems;
    hubspot.add(wren);
    xero.answers.push('refused');
    await engine.run();
    await engine.run();
    await engine.run();
    const [failed] = await openChanges(engine);
    expect(failed).toMatchObject({ state: 'failed', holdDetail: 'as the test says' });
    expect(xero.records.size).toBe(0);
    await reopen(engine.database.db, {
      changeId: failed?.id ?? '',
      by: 'U0TOMW0001',
      now: engine.clock.now(),
    });
    await engine.run({ trigger: 'reprocess', targets: [failed?.recordId ?? ''] });
    expect(namesIn(xero)).toEqual([wren.legal_name]);
    expect((await engine.ledger()).changes.map(({ state }) => state)).toEqual(['settled']);
  });

  it('is one problem of the system where it refuses them all for one reason', async () => {
    const engine = await openMemoryEngine(await open(), { createIn: { xero: ['hubspot'] } });
    const { hubspot, xero } = engine.systems;
    hubspot.add(wren);
    hubspot.add(owl);
    xero.answers.push('refused', 'refused');
    await engine.run();
    const outcome = await engine.run();
    expect(outcome).toMatchObject({
      result: {
        state: 'failed',
        failures: [
          {
            cause: 'refused',
            connection: 'xero',
            message: 'xero made none of 2 customers: as the test says',
          },
        ],
      },
    });
    expect((await openChanges(engine)).filter(({ state }) => state === 'failed')).toEqual([]);
    await engine.run();
    expect(namesIn(xero)).toEqual([owl.legal_name, wren.legal_name].sort());
    expect(await openChanges(engine)).toEqual([]);
  });

  it('is each record’s own matter where they all lack the same', async () => {
    const engine = await openMemoryEngine(await open(), { createIn: { xero: ['hubspot'] } });
    const { hubspot, xero } = engine.systems;
    hubspot.add(wren);
    hubspot.add(owl);
    xero.answers.push('lacking', 'lacking');
    await engine.run();
    expect(await engine.run()).toMatchObject({ result: { state: 'done', failures: [] } });
    const failed = await openChanges(engine);
    expect(failed.map(({ state, holdDetail }) => [state, holdDetail])).toEqual([
      ['failed', 'as the test says'],
      ['failed', 'as the test says'],
    ]);
  });

  it('that is gone before it could be read says so', async () => {
    const engine = await openMemoryEngine(await open(), { createIn: { xero: ['hubspot'] } });
    const { hubspot, xero } = engine.systems;
    hubspot.add(wren);
    await engine.run();
    await engine.run({}, async (point) => {
      if (point === 'linked') xero.remove('xero-1');
    });
    await engine.run();
    expect(await openChanges(engine)).toMatchObject([
      { state: 'failed', holdDetail: 'xero made the record, but no longer has it.' },
    ]);
  });

  it('that was refused is at peace once somebody made it by hand', async () => {
    const engine = await openMemoryEngine(await open(), { createIn: { xero: ['hubspot'] } });
    const { hubspot, xero } = engine.systems;
    hubspot.add(wren);
    xero.answers.push('refused');
    await engine.run();
    await engine.run();
    xero.add(wren);
    await engine.run();
    expect(await openChanges(engine)).toEqual([]);
    expect(xero.records.size).toBe(1);
  });

  it('without an answer is looked for first: linked where it was made, made where it was not', async () => {
    const engine = await openMemoryEngine(await open(), { createIn: { xero: ['hubspot'] } });
    const { hubspot, xero } = engine.systems;
    hubspot.add(wren);
    hubspot.add(owl);
    await engine.run();
    xero.answers.push('unheard', 'lost');
    // Its list of changes tells nothing of what was made, so that only the question can.
    const changed = xero.connector.changed;
    Object.assign(xero.connector, {
      async *changed() {
        yield [];
      },
    });
    await engine.run();
    expect(xero.records.size).toBe(1);
    expect(await openChanges(engine)).toMatchObject([{ state: 'writing' }, { state: 'writing' }]);
    await engine.run();
    expect(namesIn(xero)).toEqual([owl.legal_name, wren.legal_name].sort());
    Object.assign(xero.connector, { changed });
    await engine.run();
    expect(await openChanges(engine)).toEqual([]);
    expect(xero.records.size).toBe(2);
    const { db } = engine.database;
    expect(await db.select().from(intents).where(isNull(intents.finishedAt))).toEqual([]);
  });

  it('carries no field about which a person is being asked, and gets it once they chose', async () => {
    const engine = await openMemoryEngine(await open(), { createIn: { 'cin7-core': ['hubspot'] } });
    const { hubspot, xero, 'cin7-core': cin7 } = engine.systems;
    hubspot.add(wren);
    xero.add({ ...wren, email: 'bills@wren.example' });
    await engine.run();
    await engine.run();
    const [made] = [...cin7.records.values()];
    expect(made?.values).toMatchObject({ legal_name: wren.legal_name, abn: wren.abn });
    expect(made?.values).not.toHaveProperty('email');
    const { db } = engine.database;
    const [question] = await db.select().from(conflicts).where(isNull(conflicts.closedAt));
    expect(question?.field).toBe('email');
    const { changeId = '', optionsRevision: revision = 0 } = question ?? {};
    const how = { changeId, field: 'email', revision, from: 'xero', by: 'U0PRIYA001' };
    await decideConflict(db, { ...how, now: engine.clock.now(), agreementVersion: 1 });
    await engine.run();
    await engine.run();
    expect([...cin7.records.values()][0]?.values.email).toBe('bills@wren.example');
    expect(await openChanges(engine)).toEqual([]);
  });

  it('is not made from one that is archived', async () => {
    const engine = await openMemoryEngine(await open());
    engine.systems.hubspot.add(wren, { archived: true });
    await engine.run();
    await engine.run();
    expect(engine.systems.xero.records.size).toBe(0);
    expect(await openChanges(engine)).toEqual([]);
  });

  it('that comes back under our mark is ours, whatever key it lost', async () => {
    const engine = await openMemoryEngine(await open(), { createIn: {} });
    const { hubspot, xero } = engine.systems;
    hubspot.add(wren);
    await engine.run();
    const [record] = (await engine.ledger()).records;
    xero.add({ legal_name: wren.legal_name }, { marker: record?.id ?? '' });
    await engine.run();
    const { links } = await engine.ledger();
    expect(links.map(({ connection, how }) => [connection, how]).sort()).toEqual([
      ['hubspot', 'key:abn'],
      ['xero', 'marker'],
    ]);
    expect(await openChanges(engine)).toMatchObject([{ state: 'asking', hold: null }]);
  });

  it('that was copied with our mark, and has no key, takes nobody’s place', async () => {
    const engine = await openMemoryEngine(await open(), { createIn: { 'cin7-core': ['hubspot'] } });
    const { hubspot, 'cin7-core': cin7 } = engine.systems;
    hubspot.add(wren);
    await engine.run();
    await engine.run();
    const [made] = [...cin7.records.values()];
    const copy = cin7.add({ legal_name: owl.legal_name }, { marker: made?.marker ?? '' });
    await engine.run();
    cin7.archive(made?.id ?? '');
    await engine.run();
    cin7.edit(copy, { email: owl.email });
    await engine.run();
    await engine.run();
    expect(cin7.records.get(copy)?.values).toEqual({ legal_name: owl.legal_name, email: owl.email });
    const { links, records } = await engine.ledger();
    const own = records.find(({ keyValue }) => keyValue === wren.abn);
    expect(links.find(({ externalId }) => externalId === copy)?.recordId).not.toBe(own?.id);
  });

  it('that was copied with our mark, and was given a key of its own, is a customer of its own', async () => {
    const engine = await openMemoryEngine(await open());
    const { hubspot, xero, 'cin7-core': cin7 } = engine.systems;
    hubspot.add(wren);
    await engine.run();
    await engine.run();
    const [made] = cin7.records.values();
    const copy = cin7.add(owl, { marker: made?.marker ?? '' });
    await engine.run();
    await engine.run();
    const { links, records } = await engine.ledger();
    const its = records.find(({ keyValue }) => keyValue === owl.abn);
    expect(links.find(({ externalId }) => externalId === copy)?.recordId).toBe(its?.id);
    // It is made elsewhere like any other.
    expect([...xero.records.values()].map(({ values }) => values.abn).sort()).toEqual(
      [wren.abn, owl.abn].sort(),
    );
    expect(await openChanges(engine)).toEqual([]);
  });

  it('that carries our mark and the key of another waits, and is never guessed', async () => {
    const engine = await openMemoryEngine(await open(), { createIn: {} });
    const { hubspot, xero } = engine.systems;
    hubspot.add(wren);
    hubspot.add(owl);
    await engine.run();
    const record = (await engine.ledger()).records.find(({ keyValue }) => keyValue === wren.abn);
    xero.add(owl, { marker: record?.id ?? '' });
    await engine.run();
    await engine.run();
    const held = (await openChanges(engine)).find(({ hold }) => hold === 'mark_contradicts');
    expect(held?.holdDetail).toBe(
      'in xero it carries Truce’s mark of “Fairy Wren Interiors Pty Ltd”, but another ABN',
    );
    xero.edit('xero-1', { abn: wren.abn });
    await engine.run();
    const { links } = await engine.ledger();
    expect(links.find(({ connection }) => connection === 'xero')?.recordId).toBe(record?.id);
  });
});
