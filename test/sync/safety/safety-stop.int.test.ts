import { expect, it } from 'vitest';
import { decideConflict } from '#src/ledger/questions/decisions.ts';
import { answerStop, type StopAnswer } from '#src/ledger/runs/safety-stops.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import type { MemoryEngineOptions } from '#test/support/memory-engine.ts';
import { stage, valuesOf } from '../absence/absence-stage.ts';

const priya = 'U0PRIYA001';
const day = 24 * 3_600_000;
const terms = { records: 5, percent: 10 };

describeOnBothDatabases('the safety stop', (open) => {
  const begin = async (count = 20, options: MemoryEngineOptions = {}) => {
    const all = await stage(await open(), count, {
      ...options,
      flow: { safetyStop: terms, ...options.flow },
    });
    const { engine, db, stops } = all;
    const answer = async (what: StopAnswer, revision?: number) => {
      const stop = (await stops()).at(-1);
      if (!stop) throw new Error('nothing was stopped');
      const now = engine.clock.now();
      const input = { id: stop.id, revision: revision ?? stop.revision, answer: what, by: priya, now };
      return db.transaction((tx) => answerStop(tx, input));
    };
    const change = (from: number, to: number, values: (n: number) => Record<string, string | null>) => {
      for (let n = from; n <= to; n++) engine.systems.xero.edit(`xero-${n}`, values(n));
    };
    const phones = (from: number, to: number) => change(from, to, (n) => ({ phone: `+6128020${1000 + n}` }));
    const arrived = () =>
      [...engine.systems.hubspot.records.values()].filter(({ values }) =>
        String(values.phone).startsWith('+6128020'),
      ).length;
    return { ...all, answer, change, phones, arrived };
  };

  it('lets pass what is not more than the agreement says', async () => {
    const { engine, stops, phones, arrived } = await begin();
    phones(1, 5);
    await engine.run();
    await engine.run();
    expect(arrived()).toBe(5);
    expect(await stops()).toEqual([]);
  });

  it('writes nothing of a mass change before a person approved it, and then exactly that', async () => {
    const { engine, stops, phones, arrived, answer, open: changes, cards } = await begin();
    phones(1, 12);
    for (let i = 0; i < 3; i++) await engine.run();
    expect(arrived()).toBe(0);
    expect(await stops()).toMatchObject([
      { kind: 'writes', state: 'open', counts: { records: 12, usual: 0, of: 20 } },
    ]);
    expect(await cards()).toContain('safety_stop:1');
    expect((await changes()).every(({ hold, state }) => hold === 'safety_stop' && state === 'held')).toBe(
      true,
    );
    expect(await answer('approve', 0)).toEqual({ kind: 'outdated' });
    expect((await answer('approve')).kind).toBe('answered');
    expect((await answer('refuse')).kind).toBe('already');
    await engine.run({ trigger: 'decision' });
    await engine.run();
    expect(arrived()).toBe(12);
    expect(await changes()).toEqual([]);
    expect(await stops()).toMatchObject([{ state: 'approved', decidedBy: priya }]);
  });

  it('is not got around drop by drop', async () => {
    const { engine, stops, phones, arrived } = await begin();
    for (let n = 1; n <= 9; n += 3) {
      phones(n, n + 2);
      await engine.run();
    }
    expect(arrived()).toBeLessThanOrEqual(5);
    expect(await stops()).toMatchObject([{ state: 'open' }]);
  });

  it('while it is open, takes in whatever else is of that kind; an approval of what was shown before is refused', async () => {
    const { engine, stops, phones, arrived, answer } = await begin();
    phones(1, 8);
    await engine.run();
    const shown = (await stops())[0]?.revision ?? 0;
    phones(15, 15);
    await engine.run();
    expect((await stops()).map(({ covers }) => covers.length)).toEqual([9]);
    expect(await answer('approve', shown)).toEqual({ kind: 'outdated' });
    await answer('approve');
    await engine.run();
    expect(arrived()).toBe(9);
    // What comes later was approved by nobody.
    phones(16, 20);
    phones(10, 14);
    await engine.run();
    expect(arrived()).toBe(9);
    expect((await stops()).map(({ state, covers }) => [state, covers.length])).toEqual([
      ['approved', 9],
      ['open', 10],
    ]);
  });

  it('refused, what it covers stays as it is until its values change or somebody approves after all', async () => {
    const { engine, stops, phones, change, arrived, answer, open: changes } = await begin();
    phones(1, 8);
    await engine.run();
    await answer('refuse');
    for (let i = 0; i < 3; i++) await engine.run();
    expect(arrived()).toBe(0);
    expect((await changes()).length).toBe(8);
    // One moves on: that is a single change now, and as usual as any.
    change(1, 1, () => ({ phone: '+61280209999' }));
    await engine.run();
    await engine.run();
    expect(arrived()).toBe(1);
    expect((await stops()).map(({ state }) => state)).toEqual(['refused']);
    await answer('approve');
    await engine.run();
    expect(arrived()).toBe(8);
  });

  it('goes away by itself once the values went back', async () => {
    const { engine, stops, phones, change, open: changes } = await begin();
    phones(1, 8);
    await engine.run();
    change(1, 8, (n) => ({ phone: valuesOf(n).phone }));
    await engine.run();
    await engine.run();
    expect(await stops()).toMatchObject([{ state: 'over' }]);
    expect(await changes()).toEqual([]);
  });

  it('is sooner reached by values that are cleared', async () => {
    const { engine, stops, change } = await begin(40, { flow: { safetyStop: { records: 20, percent: 10 } } });
    change(1, 5, () => ({ phone: null }));
    change(6, 8, (n) => ({ legal_name: `Renamed ${n}` }));
    await engine.run();
    await engine.run();
    expect(await stops()).toMatchObject([{ kind: 'blanks', state: 'open', counts: { records: 5 } }]);
    const { records } = engine.systems.hubspot;
    expect(records.get('hubspot-1')?.values.phone).toBe(valuesOf(1).phone);
    expect(records.get('hubspot-7')?.values.legal_name).toBe('Renamed 7');
  });

  it('lets go what a person decided, also of a record that it keeps something back of', async () => {
    const { engine, db, phones, arrived } = await begin();
    phones(1, 8);
    engine.systems.hubspot.edit('hubspot-1', { email: 'one@sample.example' });
    engine.systems.xero.edit('xero-1', { email: 'two@sample.example' });
    await engine.run();
    const [question] = (await engine.ledger()).conflicts;
    if (!question) throw new Error('nobody is asked');
    await decideConflict(db, {
      changeId: question.changeId,
      field: 'email',
      from: 'xero',
      revision: 99,
      by: priya,
      now: engine.clock.now(),
      agreementVersion: engine.agreement.version,
    });
    await engine.run();
    await engine.run();
    expect(engine.systems.hubspot.records.get('hubspot-1')?.values.email).toBe('two@sample.example');
    expect(arrived()).toBe(0);
  });

  it('makes no mass of records, but those of the approved first load, without being asked', async () => {
    const { engine, stops, answer, open: changes } = await begin();
    for (let n = 50; n < 60; n++) engine.systems.xero.add(valuesOf(n));
    for (let i = 0; i < 3; i++) await engine.run();
    expect(engine.systems.hubspot.records.size).toBe(20);
    expect(await stops()).toMatchObject([{ kind: 'makes', state: 'open', counts: { records: 10 } }]);
    // One of them somebody makes there meanwhile.
    engine.systems.hubspot.add(valuesOf(50));
    engine.systems['cin7-core'].add(valuesOf(50));
    await engine.run();
    await engine.run();
    await answer('approve');
    for (let i = 0; i < 2; i++) await engine.run();
    expect(engine.systems.hubspot.records.size).toBe(30);
    expect(await changes()).toEqual([]);
  });

  it('stops nothing of the first load, which has an approval of its own', async () => {
    const { engine, stops } = await begin(0, { approved: false });
    for (let n = 1; n <= 20; n++) engine.systems.xero.add(valuesOf(n));
    for (let n = 1; n <= 10; n++) engine.systems.hubspot.add({ ...valuesOf(n), phone: '+61280200000' });
    await engine.run();
    await engine.approve();
    for (let i = 0; i < 3; i++) await engine.run();
    expect(await stops()).toEqual([]);
    expect(engine.systems.hubspot.records.size).toBe(20);
    expect(engine.systems['cin7-core'].records.size).toBe(20);
    expect(engine.systems.hubspot.records.get('hubspot-1')?.values.phone).toBe(valuesOf(1).phone);
  });

  it('takes no mass of records for gone, and asks nobody twenty times', async () => {
    const { engine, stops, sweep, answer, absences, open: changes } = await begin();
    for (let n = 1; n <= 8; n++) engine.systems.hubspot.remove(`hubspot-${n}`);
    await sweep();
    await engine.run();
    expect(await stops()).toMatchObject([{ kind: 'gone', state: 'open', counts: { records: 8 } }]);
    expect((await absences()).every(({ state }) => state === 'confirmed')).toBe(true);
    expect((await changes()).every(({ hold }) => hold === 'safety_stop')).toBe(true);
    await answer('approve');
    await engine.run();
    expect((await absences()).every(({ state }) => state === 'asked')).toBe(true);
  });

  it('a mass of records that was only hidden comes back without a trace', async () => {
    const { engine, stops, sweep, absences, open: changes } = await begin();
    const { hubspot } = engine.systems;
    const kept = new Map(hubspot.records);
    for (let n = 1; n <= 8; n++) hubspot.remove(`hubspot-${n}`);
    await sweep();
    for (const [id, record] of kept)
      (hubspot.records as Map<string, unknown>).set(id, { ...record, changedAt: engine.clock.now() });
    await engine.run();
    await engine.run();
    expect((await absences()).every(({ state, ended }) => state === 'over' && ended === 'back')).toBe(true);
    expect(await stops()).toMatchObject([{ state: 'over' }]);
    expect(await changes()).toEqual([]);
  });

  it('lets a flow that comes back after a week catch up', async () => {
    const { engine, stops, phones, arrived } = await begin();
    engine.clock.advance(7 * day);
    phones(1, 20);
    await engine.run();
    await engine.run();
    expect(arrived()).toBe(20);
    expect(await stops()).toEqual([]);
  });

  it.each(['decided', 'stopped'])('killed once it had “%s”, goes on to the same end', async (where) => {
    const { engine, stops, phones, arrived, answer, cards } = await begin();
    phones(1, 12);
    let killed = false;
    await engine.run({}, async (point) => {
      if (point !== where || killed) return;
      killed = true;
      throw new Error('killed');
    });
    expect(killed).toBe(true);
    for (let i = 0; i < 2; i++) await engine.run();
    expect(arrived()).toBe(0);
    expect((await stops()).map(({ covers }) => covers.length)).toEqual([12]);
    expect(await cards()).toContain('safety_stop:1');
    await answer('approve');
    await engine.run();
    expect(arrived()).toBe(12);
  });
});
