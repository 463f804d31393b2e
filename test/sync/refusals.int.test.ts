import { expect, it } from 'vitest';
import type { Connector } from '#src/connectors/connector.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { stage } from './absence/absence-stage.ts';

describeOnBothDatabases('partial work: a refusal', (open) => {
  it('of one detail keeps no other detail waiting', async () => {
    const { engine, open: changes } = await stage(await open(), 2);
    const { xero, hubspot } = engine.systems;
    refuse(hubspot.connector, 'phone');
    xero.edit('xero-1', { phone: '+61280003333', legal_name: 'Renamed Pty Ltd' });
    await engine.run();
    expect(hubspot.records.get('hubspot-1')?.values).toMatchObject({ legal_name: 'Renamed Pty Ltd' });
    expect(hubspot.records.get('hubspot-1')?.values.phone).not.toBe('+61280003333');
    expect(await changes()).toMatchObject([{ state: 'failed', holdDetail: 'no phone today' }]);
    expect(engine.systems['cin7-core'].records.get('cin7-core-1')?.values).toMatchObject({
      phone: '+61280003333',
      legal_name: 'Renamed Pty Ltd',
    });
    const { story } = await engine.ledger();
    const read = story.filter(({ kind, connection }) => kind === 'read_back' && connection === 'hubspot');
    expect(read.map(({ data }) => data.fields)).toEqual([['legal_name']]);
  });

  it('of everything by a system is not asked of it field by field for every record', async () => {
    const { engine } = await stage(await open(), 14, { flow: { safetyStop: { records: 99, percent: 99 } } });
    const { xero, hubspot } = engine.systems;
    const calls = refuse(hubspot.connector, null);
    for (let n = 1; n <= 14; n++)
      xero.edit(`xero-${n}`, { phone: `+6128000444${n % 10}`, legal_name: `Renamed ${n}` });
    await engine.run();
    expect(calls.writes).toBe(1);
  });

  it('by one system keeps no other system waiting', async () => {
    const { engine, open: changes } = await stage(await open(), 2);
    const { xero, hubspot, 'cin7-core': cin7 } = engine.systems;
    const calls = refuse(hubspot.connector, 'phone');
    cin7.answers.push('lost');
    xero.edit('xero-1', { phone: '+61280005555' });
    await engine.run();
    expect(cin7.records.get('cin7-core-1')?.values.phone).not.toBe('+61280005555');
    const before = calls.writes;
    await engine.run();
    expect(cin7.records.get('cin7-core-1')?.values.phone).toBe('+61280005555');
    expect(await changes()).toMatchObject([{ state: 'failed' }]);
    // The one that refused is left alone until its time has come.
    expect(calls.writes).toBe(before);
    await engine.run();
    expect(calls.writes).toBe(before);
  });
});

/** From here on it refuses every write of this field; null = every write. */
function refuse(connector: Connector, field: string | null): { writes: number } {
  const calls = { writes: 0 };
  const { write } = connector;
  Object.assign(connector, {
    write: async (...[writes, call]: Parameters<Connector['write']>) => {
      calls.writes += 1;
      const isRefused = ({ fields }: (typeof writes)[number]) => field === null || field in fields;
      const refused = writes.filter(isRefused);
      const reason = field === null ? 'nothing today' : `no ${field} today`;
      return [
        ...(await write(
          writes.filter((one) => !isRefused(one)),
          call,
        )),
        ...refused.map(({ key }) => ({ kind: 'refused' as const, key, reason, exchangeId: null })),
      ];
    },
  });
  return calls;
}
