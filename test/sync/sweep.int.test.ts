import { expect, it } from 'vitest';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { stage, valuesOf } from './absence/absence-stage.ts';

const day = 24 * 3_600_000;

describeOnBothDatabases('webhooks are hints: the nightly sweep', (open) => {
  it('finds what no hint and no list of changes named', async () => {
    const { engine, sweep } = await stage(await open(), 3);
    const { hubspot, xero } = engine.systems;
    // Its list of changes never shows this one, nor does a webhook.
    const { changedAt } = hubspot.records.get('hubspot-2') ?? {};
    hubspot.edit('hubspot-2', { email: 'new@sample.example' });
    (hubspot.records as Map<string, object>).set('hubspot-2', {
      ...hubspot.records.get('hubspot-2'),
      changedAt: changedAt as Date,
    });
    engine.clock.advance(10 * 60_000);
    await engine.run();
    expect(xero.records.get('xero-2')?.values.email).toBe(valuesOf(2).email);
    await sweep();
    await engine.run();
    expect(xero.records.get('xero-2')?.values.email).toBe('new@sample.example');
  });

  it('happens once a night, whoever wakes it and however often, and a missed one is caught up once', async () => {
    const { engine, runs } = await stage(await open(), 2);
    const sweeps = async () => (await runs()).filter(({ trigger }) => trigger === 'sweep').length;
    expect(await engine.run({ trigger: 'sweep' })).toEqual({ kind: 'nothing' });
    engine.clock.advance(5 * day);
    const outcomes = await Promise.all([1, 2, 3].map(() => engine.run({ trigger: 'sweep' })));
    expect(outcomes.filter(({ kind }) => kind === 'ran')).toHaveLength(1);
    expect(await engine.run({ trigger: 'sweep' })).toEqual({ kind: 'nothing' });
    expect(await sweeps()).toBe(1);
    engine.clock.advance(day);
    expect((await engine.run({ trigger: 'sweep' })).kind).toBe('ran');
    expect(await sweeps()).toBe(2);
  });

  it('lists each system once, and costs no reading by id where everything is there', async () => {
    const { engine, sweep } = await stage(await open(), 3);
    const before = engine.systems.xero.asked.everything;
    engine.systems.xero.asked.byId.length = 0;
    await sweep();
    expect(engine.systems.xero.asked.everything).toBe(before + 1);
    expect(engine.systems.xero.asked.byId).toEqual([]);
  });

  it('that cannot list one system to its end proves nothing for that system, and comes again', async () => {
    const { engine, absences, sweep, runs } = await stage(await open(), 4);
    const { hubspot, xero } = engine.systems;
    hubspot.remove('hubspot-4');
    xero.remove('xero-3');
    hubspot.breaksOff = true;
    await sweep();
    expect(await absences()).toMatchObject([
      { connection: 'xero', externalId: 'xero-3', state: 'confirmed' },
    ]);
    expect(hubspot.asked.byId).not.toContain('hubspot-4');
    expect((await runs()).at(-1)?.state).toBe('failed');
    hubspot.breaksOff = false;
    expect((await engine.run({ trigger: 'sweep' })).kind).toBe('nothing');
    engine.clock.advance(16 * 60_000);
    expect((await engine.run({ trigger: 'sweep' })).kind).toBe('ran');
    expect((await absences()).map(({ externalId, state }) => [externalId, state])).toEqual([
      ['xero-3', 'asked'],
      ['hubspot-4', 'asked'],
    ]);
  });

  it('is taken up again where it was killed', async () => {
    const { engine, absences } = await stage(await open(), 3);
    engine.systems.hubspot.remove('hubspot-1');
    engine.clock.advance(day);
    const die = async (point: string) => {
      if (point === 'staged') throw new Error('killed');
    };
    await engine.run({ trigger: 'sweep' }, die);
    engine.clock.advance(20 * 60_000);
    expect((await engine.run({ trigger: 'sweep' })).kind).toBe('ran');
    expect(await absences()).toMatchObject([{ externalId: 'hubspot-1', state: 'asked' }]);
  });
});

describeOnBothDatabases('drift: a run that is shown nothing where much is usual', (open) => {
  it('is no green tick, and nothing is taken as deleted', async () => {
    const { engine, absences, sweep, runs } = await stage(await open(), 3);
    for (const id of engine.systems.xero.records.keys()) engine.systems.xero.unlisted.add(id);
    const outcome = await sweep();
    expect(outcome.kind === 'ran' && outcome.result.notes).toMatchObject([
      { kind: 'zero_rows', connection: 'xero', usual: 3 },
    ]);
    expect((await runs()).at(-1)?.notes).toMatchObject([{ kind: 'zero_rows', connection: 'xero' }]);
    expect(await absences()).toEqual([]);
    // It is not taken for a sweep that was done.
    engine.systems.xero.unlisted.clear();
    engine.clock.advance(16 * 60_000);
    const again = await engine.run({ trigger: 'sweep' });
    expect(again.kind === 'ran' && again.result.notes).toEqual([]);
  });

  it('makes nothing in a system that shows nothing', async () => {
    const { engine, sweep } = await stage(await open(), 3);
    const { xero, hubspot } = engine.systems;
    for (const id of xero.records.keys()) xero.unlisted.add(id);
    hubspot.add(valuesOf(9));
    await sweep();
    await engine.run({ trigger: 'sweep' });
    expect(xero.records.size).toBe(3);
  });

  it('for a whole day, where each such day brought many, is told of lists of changes too', async () => {
    const { engine } = await stage(await open(), 25);
    const { hubspot } = engine.systems;
    const week = async (edits: boolean) => {
      engine.clock.advance(7 * day - 60_000);
      if (edits) for (const id of [...hubspot.records.keys()]) hubspot.edit(id, {});
      engine.clock.advance(60_000);
      return engine.run();
    };
    for (let i = 0; i < 3; i++) await week(true);
    const outcome = await week(false);
    expect(outcome.kind === 'ran' && outcome.result.notes).toMatchObject([
      { kind: 'zero_rows', connection: 'hubspot', usual: 25 },
    ]);
  });
});
