import { expect, it } from 'vitest';
import { describeOn } from '#test/support/database.ts';
import { openMemoryEngine } from '#test/support/memory-engine.ts';
import { holdsOf, itemsOf, lastChange, openChanges, previewOf, undo } from './undoing.ts';

const abn = '51 824 753 556';

describeOn('PGlite', 'rollback of an archived record', (open) => {
  const begin = async () => {
    const engine = await openMemoryEngine(await open(), {
      rules: { legal_name: 'overwrite', abn: 'approve', email: 'review', status: 'overwrite' },
    });
    const values = { legal_name: 'Example Timber Pty Ltd', abn, email: 'a@example.com' };
    const ids = {
      hubspot: engine.systems.hubspot.add(values),
      xero: engine.systems.xero.add(values),
      'cin7-core': engine.systems['cin7-core'].add(values),
    };
    await engine.run();
    await engine.run();
    return { engine, ids };
  };

  it('brings it back to use where Truce archived it, and keeps it so', async () => {
    const { engine, ids } = await begin();
    const { hubspot, xero } = engine.systems;
    const cin7 = engine.systems['cin7-core'];
    xero.archive(ids.xero);
    await engine.run();
    await engine.run();
    const isArchived = () =>
      [hubspot.records.get(ids.hubspot), cin7.records.get(ids['cin7-core'])].map((one) => one?.archived);
    expect(isArchived()).toEqual([true, true]);
    const id = await undo(engine, await lastChange(engine));
    expect(await itemsOf(engine, id)).toEqual([
      'cin7-core status: goes_back → put_back',
      'hubspot status: goes_back → put_back',
    ]);
    expect(isArchived()).toEqual([false, false]);
    for (let i = 0; i < 3; i++) await engine.run();
    expect(isArchived()).toEqual([false, false]);
    expect(await holdsOf(engine)).toMatchObject([{ field: 'status' }]);
    // Its other details flow between those in use.
    hubspot.edit(ids.hubspot, { email: 'b@example.com' });
    await engine.run();
    await engine.run();
    expect(cin7.records.get(ids['cin7-core'])?.values.email).toBe('b@example.com');
    // Back in use in Xero too, nothing is apart any more.
    xero.archive(ids.xero, false);
    await engine.run();
    await engine.run();
    expect(await holdsOf(engine)).toEqual([]);
    expect(await openChanges(engine)).toEqual([]);
  });

  it('leaves alone what was made: a person archives that', async () => {
    const { engine } = await begin();
    engine.systems.hubspot.add({
      legal_name: 'Sample Cellars Pty Ltd',
      abn: '53 004 085 616',
      email: 'c@example.com',
    });
    await engine.run();
    engine.clock.advance(20_000);
    await engine.run();
    await engine.run();
    const { changes } = await engine.ledger();
    const made = changes.find(({ subject }) => subject.includes('Sample Cellars'));
    const id = await previewOf(engine, made?.id as string);
    expect(await itemsOf(engine, id)).toEqual(['cin7-core *: cannot (made)', 'xero *: cannot (made)']);
  });
});
