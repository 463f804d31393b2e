import { expect, it } from 'vitest';
import type { Flow } from '#src/agreement/agreement.ts';
import { type AbsenceAnswer, answerAbsence } from '#src/ledger/questions/absence-answers.ts';
import { addHints } from '#src/ledger/runs/hints.ts';
import { describeOnBothDatabases, type TestDatabase } from '#test/support/database.ts';
import { stage, valuesOf } from './absence-stage.ts';

const rules = {
  legal_name: 'overwrite',
  abn: 'approve',
  email: 'review',
  phone: 'overwrite',
  status: 'approve',
} as const;
const priya = 'U0PRIYA001';

describeOnBothDatabases('absence is suspicion, not a delete', (open) => {
  const begin = async (flow: Partial<Flow> = {}, database?: TestDatabase) => {
    const stagedAll = await stage(database ?? (await open()), 3, { rules, flow });
    const { engine, db } = stagedAll;
    const answer = (id: number, revision: number, what: AbsenceAnswer) =>
      db.transaction((tx) =>
        answerAbsence(tx, {
          id,
          revision,
          answer: what,
          by: priya,
          agreementVersion: engine.agreement.version,
          now: engine.clock.now(),
        }),
      );
    const hint = async (connection: string, externalId: string) => {
      await addHints(db, { connection, externalIds: [externalId], now: engine.clock.now() });
      return engine.run({ trigger: 'hint' });
    };
    const statusIn = (system: 'xero' | 'cin7-core' | 'hubspot', id: string) =>
      engine.systems[system].records.get(id)?.archived;
    return { ...stagedAll, answer, hint, statusIn };
  };

  it('a list that leaves a record out proves nothing: it is asked for by its id, and is still there', async () => {
    const { engine, absences, sweep, open: changes } = await begin();
    engine.systems.hubspot.unlisted.add('hubspot-2');
    await sweep();
    expect(engine.systems.hubspot.asked.byId).toContain('hubspot-2');
    expect(await absences()).toEqual([]);
    expect(await changes()).toEqual([]);
  });

  it('and one that was archived, or merged, is archived, or merged', async () => {
    const { engine, absences, sweep } = await begin();
    const { hubspot } = engine.systems;
    hubspot.archive('hubspot-1');
    hubspot.merge('hubspot-2', 'hubspot-3');
    for (const id of ['hubspot-1', 'hubspot-2']) hubspot.unlisted.add(id);
    await sweep();
    // What was merged away is followed as what is gone, and says where it lives on; what is archived is neither.
    expect(await absences()).toMatchObject([{ externalId: 'hubspot-2', mergedInto: expect.any(String) }]);
    const { links } = await engine.ledger();
    expect(links.find((link) => link.externalId === 'hubspot-1')?.archived).toBe(true);
    expect(links.find((link) => link.externalId === 'hubspot-2')?.how).toBe('gone');
  });

  it('asks a person, says so in the story, and neither deletes nor archives nor makes anything meanwhile', async () => {
    const { engine, absences, hint, open: changes, cards } = await begin();
    engine.systems.hubspot.remove('hubspot-1');
    await hint('hubspot', 'hubspot-1');
    const [absence] = await absences();
    expect(absence).toMatchObject({ connection: 'hubspot', state: 'asked', externalId: 'hubspot-1' });
    expect(await changes()).toMatchObject([{ state: 'held', hold: 'gone', holdDetail: 'gone from hubspot' }]);
    expect(await cards()).toContain(`gone:${absence?.id}`);
    const { story } = await engine.ledger();
    expect(story.filter(({ kind }) => kind === 'gone')).toMatchObject([{ connection: 'hubspot' }]);
    for (let i = 0; i < 3; i++) await engine.run();
    for (const { records } of [engine.systems.xero, engine.systems['cin7-core']]) {
      expect([...records.values()].map(({ archived }) => archived)).toEqual([false, false, false]);
    }
    expect(engine.systems.hubspot.records.size).toBe(2);
  });

  it('lets the other systems go on among themselves, and the question stay', async () => {
    const { engine, hint, open: changes } = await begin();
    engine.systems.hubspot.remove('hubspot-1');
    await hint('hubspot', 'hubspot-1');
    engine.systems.xero.edit('xero-1', { phone: '+61270109999' });
    await engine.run();
    await engine.run();
    expect(engine.systems['cin7-core'].records.get('cin7-core-1')?.values.phone).toBe('+61270109999');
    await engine.run();
    expect(await changes()).toMatchObject([{ hold: 'gone', state: 'held' }]);
  });

  it('found when a value was about to be written: the other systems get it, and a person is asked', async () => {
    const { engine, absences, open: changes } = await begin();
    engine.systems['cin7-core'].remove('cin7-core-2');
    engine.systems.xero.edit('xero-2', { phone: '+61270108888' });
    await engine.run();
    await engine.run();
    expect(engine.systems.hubspot.records.get('hubspot-2')?.values.phone).toBe('+61270108888');
    expect(await absences()).toMatchObject([{ externalId: 'cin7-core-2', state: 'asked' }]);
    await engine.run();
    expect(await changes()).toMatchObject([{ hold: 'gone', state: 'held' }]);
  });

  it('archived elsewhere once a person says so; a press made on an older message is refused, and one counts once', async () => {
    const { engine, absences, hint, answer, statusIn, open: changes } = await begin();
    engine.systems.hubspot.remove('hubspot-1');
    await hint('hubspot', 'hubspot-1');
    const [asked] = await absences();
    if (!asked) throw new Error('nobody is asked');
    expect(await answer(asked.id, asked.revision - 1, 'archive')).toEqual({ kind: 'outdated' });
    const both = [
      await answer(asked.id, asked.revision, 'archive'),
      await answer(asked.id, asked.revision, 'keep'),
    ];
    expect(both.map(({ kind }) => kind)).toEqual(['answered', 'already']);
    await engine.run({ trigger: 'decision', targets: [asked.recordId] });
    await engine.run();
    expect([statusIn('xero', 'xero-1'), statusIn('cin7-core', 'cin7-core-1')]).toEqual([true, true]);
    expect(await changes()).toEqual([]);
    expect(await absences()).toMatchObject([{ state: 'answered', ended: 'archive', endedBy: priya }]);
  });

  it('kept as it is; that can be taken back, and then the record made there again', async () => {
    const { engine, absences, hint, answer, open: changes } = await begin();
    engine.systems.hubspot.remove('hubspot-1');
    await hint('hubspot', 'hubspot-1');
    const revision = async () => (await absences())[0]?.revision ?? 0;
    const id = (await absences())[0]?.id ?? 0;
    await answer(id, await revision(), 'keep');
    await engine.run();
    expect(await changes()).toEqual([]);
    expect(engine.systems.hubspot.records.size).toBe(2);
    expect(await answer(id, await revision(), 'ask')).toMatchObject({ kind: 'answered' });
    expect(await changes()).toMatchObject([{ hold: 'gone' }]);
    await answer(id, await revision(), 'make');
    for (let i = 0; i < 3; i++) await engine.run();
    const again = [...engine.systems.hubspot.records.values()].find(
      ({ values }) => values.abn === valuesOf(1).abn,
    );
    expect(again?.values.email).toBe(valuesOf(1).email);
    expect(await absences()).toMatchObject([{ state: 'over', ended: 'make' }]);
    expect(await changes()).toEqual([]);
    expect(engine.systems.hubspot.records.size).toBe(3);
  });

  it('archives elsewhere by itself where the agreement says so', async () => {
    const { engine, absences, sweep, statusIn, open: changes } = await begin({ whenGone: 'archive' });
    engine.systems.hubspot.remove('hubspot-3');
    await sweep();
    await engine.run();
    expect([statusIn('xero', 'xero-3'), statusIn('cin7-core', 'cin7-core-3')]).toEqual([true, true]);
    expect(await absences()).toMatchObject([
      { state: 'answered', ended: 'archive', endedBy: 'rule:when_gone' },
    ]);
    expect(await changes()).toEqual([]);
  });

  it('does nothing where the agreement says so, and lookup tells of it', async () => {
    const { engine, absences, sweep, open: changes } = await begin({ whenGone: 'ignore' });
    engine.systems.hubspot.remove('hubspot-3');
    await sweep();
    await engine.run();
    await engine.run();
    expect(await absences()).toMatchObject([{ state: 'answered', ended: 'ignore' }]);
    expect(await changes()).toEqual([]);
    const { story, changes: all } = await engine.ledger();
    expect(story.find(({ kind }) => kind === 'gone')?.changeId).toBe(all.at(-1)?.id);
    expect(engine.systems.hubspot.records.size).toBe(2);
  });

  it('ends when it comes back: it gets what was agreed meanwhile, and nobody is asked any more', async () => {
    const { engine, absences, hint, open: changes } = await begin();
    const { hubspot, xero } = engine.systems;
    const before = hubspot.records.get('hubspot-1');
    hubspot.remove('hubspot-1');
    await hint('hubspot', 'hubspot-1');
    xero.edit('xero-1', { phone: '+61270107777' });
    await engine.run();
    await engine.run();
    (hubspot.records as Map<string, unknown>).set('hubspot-1', { ...before, changedAt: engine.clock.now() });
    await engine.run();
    await engine.run();
    await engine.run();
    expect(await absences()).toMatchObject([{ state: 'over', ended: 'back' }]);
    expect(await changes()).toEqual([]);
    expect(hubspot.records.get('hubspot-1')?.values.phone).toBe('+61270107777');
  });

  it('that was archived elsewhere and comes back is asked about, not archived without a word', async () => {
    const { engine, open: changes } = await begin({ whenGone: 'archive' });
    const { hubspot } = engine.systems;
    const before = hubspot.records.get('hubspot-1');
    hubspot.remove('hubspot-1');
    await engine.run({ trigger: 'hint' });
    const { db } = engine.database;
    await addHints(db, { connection: 'hubspot', externalIds: ['hubspot-1'], now: engine.clock.now() });
    await engine.run();
    await engine.run();
    expect(engine.systems.xero.records.get('xero-1')?.archived).toBe(true);
    (hubspot.records as Map<string, unknown>).set('hubspot-1', { ...before, changedAt: engine.clock.now() });
    await engine.run();
    await engine.run();
    expect(hubspot.records.get('hubspot-1')?.archived).toBe(false);
    expect(await changes()).toMatchObject([{ state: 'asking' }]);
    expect((await engine.ledger()).conflicts.at(-1)).toMatchObject({ field: 'status', state: 'open' });
  });

  it('ends when somebody makes it there by hand', async () => {
    const { engine, absences, hint, open: changes } = await begin();
    engine.systems.hubspot.remove('hubspot-1');
    await hint('hubspot', 'hubspot-1');
    engine.systems.hubspot.add(valuesOf(1));
    await engine.run();
    await engine.run();
    expect(await absences()).toMatchObject([{ state: 'over', ended: 'back' }]);
    expect(await changes()).toEqual([]);
  });

  it('gone everywhere asks nobody', async () => {
    const { engine, absences, sweep, open: changes } = await begin();
    for (const id of ['hubspot', 'xero', 'cin7-core'] as const) engine.systems[id].remove(`${id}-2`);
    await sweep();
    await engine.run();
    expect((await absences()).map(({ state }) => state)).toEqual(['answered', 'answered', 'answered']);
    expect(await changes()).toEqual([]);
  });
});
