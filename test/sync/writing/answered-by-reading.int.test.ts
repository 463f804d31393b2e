import { expect, it } from 'vitest';
import { intents } from '#src/ledger/tables/index.ts';
import { describeOn } from '#test/support/database.ts';
import { openMemoryEngine } from '#test/support/memory-engine.ts';

const wren = { legal_name: 'Fairy Wren Interiors Pty Ltd', abn: '48910000065', email: 'hello@wren.example' };

describeOn('PGlite', 'promise 6, a write whose answer was lost', (open) => {
  it('is known as carried out once its value is read, though its change waits for what another system has locked', async () => {
    const engine = await openMemoryEngine(await open());
    const { hubspot, xero, 'cin7-core': cin7 } = engine.systems;
    for (const system of [hubspot, xero, cin7]) system.add(wren);
    await engine.run();
    xero.lock('xero-1', 'the period is closed');
    hubspot.edit('hubspot-1', { email: 'new@wren.example' });
    await engine.run({}, async (point) => {
      if (point === 'sent') throw new Error('the process stumbled');
    });
    const { db } = engine.database;
    expect(cin7.records.get('cin7-core-1')?.values.email).toBe('new@wren.example');
    expect(await db.select().from(intents)).toMatchObject([{ state: 'in_flight', connection: 'cin7-core' }]);
    await engine.run();
    expect(await db.select().from(intents)).toMatchObject([{ state: 'done', connection: 'cin7-core' }]);
    expect((await engine.ledger()).changes).toMatchObject([{ hold: 'locked' }]);
  });
});
