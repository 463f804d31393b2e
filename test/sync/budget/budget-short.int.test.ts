import { desc } from 'drizzle-orm';
import { expect, test } from 'vitest';
import type { Agreement } from '#src/agreement/agreement.ts';
import { runs } from '#src/ledger/tables/index.ts';
import { ordinaryCustomers } from '#src/playground/data/customers.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { cin7, type Engine, openEngine } from '#test/support/engine.ts';

/** Cin7 Core makes customers one by one: here so few calls a day that a first load of forty takes two. */
const tight = (agreement: Agreement): Agreement => {
  const terms = agreement.connections[cin7];
  if (!terms) throw new Error('the agreement has no Cin7 Core');
  return {
    ...agreement,
    connections: {
      ...agreement.connections,
      [cin7]: { ...terms, callsPerDay: 40, callsForPeople: 10 },
    },
  };
};

const open = async (database: Parameters<typeof openEngine>[0]) => {
  const engine = await openEngine(database, {
    customers: ordinaryCustomers(40),
    agreement: tight,
    loaded: false,
    plant: (world) => ({ ...world, cin7: [] }),
  });
  await engine.run({ trigger: 'recovery' });
  await engine.approve();
  return engine;
};
const lastRun = async ({ database }: Engine) =>
  (await database.db.select().from(runs).orderBy(desc(runs.id)).limit(1))[0];
const inCin7 = (engine: Engine) => engine.vendors['cin7-core'].cards().length;

describeOnBothDatabases('budgets: a run that cannot finish inside a day’s calls', (openDatabase) => {
  test('says so at its start with the number, does what it can, and goes on when there are calls again', async () => {
    const engine = await open(await openDatabase());
    let atStart: unknown = null;
    const outcome = await engine.run({ trigger: 'recovery' }, async (point) => {
      if (point === 'creates') atStart ??= { notes: (await lastRun(engine))?.notes, made: inCin7(engine) };
    });
    const message =
      'This run needs about 42 calls to Cin7 Core; 28 are left today. The rest follows on Saturday at 12:00 am.';
    const note = {
      kind: 'budget_short',
      connection: cin7,
      needs: 42,
      left: 28,
      resumeAt: '2026-11-20T13:00:00.000Z',
      message,
    };
    // While it was under way, and before anything was made.
    expect(atStart).toEqual({ notes: [note], made: 0 });
    expect(outcome).toMatchObject({
      kind: 'ran',
      result: { state: 'parked', failures: [{ cause: 'budget', connection: cin7, message }], notes: [note] },
    });
    const made = inCin7(engine);
    expect(made).toBeGreaterThan(20);
    expect(made).toBeLessThan(40);
    expect(await lastRun(engine)).toMatchObject({ notes: [note], resumeAt: new Date(note.resumeAt) });

    engine.clock.set(new Date('2026-11-20T13:00:00.000Z'));
    expect(await engine.run({ trigger: 'recovery' })).toMatchObject({ result: { state: 'done', notes: [] } });
    expect(inCin7(engine)).toBe(40);
  });

  test('what a person asks for may use the calls that were kept back for people', async () => {
    const engine = await open(await openDatabase());
    await engine.run({ trigger: 'recovery' });
    const before = inCin7(engine);
    expect(await engine.run({ trigger: 'recovery' })).toMatchObject({ result: { state: 'parked' } });
    expect(inCin7(engine)).toBe(before);
    await engine.run({ trigger: 'command' });
    expect(inCin7(engine)).toBeGreaterThan(before);
  });
});
