import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referenceIn, textOf } from '#test/support/reading.ts';
import { openTruce } from '#test/support/truce.ts';
import { until } from '#test/support/until.ts';

describe('rollback, from Slack', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;

  beforeAll(async () => {
    truce = await openTruce('PGlite');
  }, 120_000);
  afterAll(() => truce?.stop());

  const phone = (system: 'hubspot' | 'xero' | 'cin7-core') =>
    truce.held(system, 'Mallee Dairy', system === 'cin7-core' ? 'Contact phone' : 'Phone');

  it('shows what goes back and what cannot, does it once approved, and puts it aside until somebody lets it go on', async () => {
    const { priya, sam } = truce;
    const old = { xero: phone('xero'), cin7: phone('cin7-core') };
    truce.edit('hubspot', 'Mallee Dairy', { Phone: '08 7010 1234' });
    await until(() => /1234/.test(phone('xero')) && /1234/.test(phone('cin7-core')));
    const reference = await newestChange('Mallee Dairy');
    await until(async () =>
      textOf(await priya.command(`/sync lookup ${reference}`)).startsWith('Settled: Mallee'),
    );

    const looked = await priya.command(`/sync lookup ${reference}`);
    expect(textOf(looked)).toContain(`/sync rollback ${reference}`);
    expect((await sam.command(`/sync rollback ${reference}`)).text).toContain('Nothing that you may see');

    await priya.command(`/sync rollback ${reference}`);
    const asked = await priya.hears('Undo 2 values of 1 customer?');
    expect(textOf(asked)).toContain('until their value changes in HubSpot, or somebody lets the sync go on');
    expect(phone('xero')).toMatch(/1234/);
    await priya.press(asked, 'Undo these 2 values');
    const report = await priya.hears('Customers: 2 values undone');
    expect({ xero: phone('xero'), cin7: phone('cin7-core') }).toEqual(old);
    expect(phone('hubspot')).toMatch(/1234/);

    const told = await truce.message('Customers: 2 values undone');
    expect(textOf(told)).toContain('Priya Nair undid what a change of Mallee Dairy');
    expect(textOf(told)).toContain('1 detail of 1 customer is put aside');
    await truce.run();
    await truce.run();
    expect({ xero: phone('xero'), cin7: phone('cin7-core') }).toEqual(old);
    expect(textOf(await priya.command('/sync status'))).toContain(
      '1 detail of 1 customer put aside after an undo',
    );

    const undoing = referenceIn(told);
    expect(textOf(report)).toContain(`/sync rollback ${undoing}`);
    const story = textOf(await priya.command(`/sync lookup ${undoing}`));
    expect(story).toContain('Priya Nair asked for it');
    expect(story).toContain('1 detail of 1 customer is put aside');
    expect(textOf(await priya.command(`/sync lookup ${reference}`))).toMatch(/undone by/);

    await priya.press(told, 'Let the sync go on');
    await priya.hears('the sync goes on with 1 detail');
    await until(() => /1234/.test(phone('xero')) && /1234/.test(phone('cin7-core')));
    await until(() =>
      textOf(truce.channelMessages().find(({ ts }) => ts === told.ts) ?? told).includes(
        'Nothing is put aside',
      ),
    );
  });

  it('can be cancelled, undone itself, and is released by command', async () => {
    const { priya, tom } = truce;
    truce.edit('hubspot', 'Mallee Dairy', { Phone: '08 7010 4321' });
    await until(() => /4321/.test(phone('xero')) && /4321/.test(phone('cin7-core')));
    const reference = await newestChange('Mallee Dairy');
    await tom.command(`/sync rollback ${reference} Xero`);
    await tom.press(await tom.hears('Undo 1 value of 1 customer?'), 'Cancel');
    await tom.hears('Cancelled. Nothing was changed.');
    expect(phone('xero')).toMatch(/4321/);
    expect(textOf(await tom.command(`/sync rollback ${reference} MYOB`))).toContain(
      'There is no system “MYOB”',
    );

    await tom.command(`/sync rollback ${reference} Xero`);
    await tom.press(await tom.hears('Undo 1 value of 1 customer?'), 'Undo this value');
    const report = await tom.hears('Customers: 1 value undone');
    expect(phone('xero')).not.toMatch(/4321/);
    expect(phone('cin7-core')).toMatch(/4321/);
    const undoing = /rollback (tr-[0-9A-Z]{10})/.exec(textOf(report))?.[1] as string;

    await priya.command(`/sync rollback ${undoing}`);
    await priya.press(await priya.hears('Undo 1 value of 1 customer?'), 'Undo this value');
    await until(() => /4321/.test(phone('xero')));
    await priya.hears('Customers: 1 value undone');
    const nothing = await priya.command(`/sync rollback ${undoing} release`);
    expect(textOf(nothing)).toContain('Nothing is put aside by it any more');
  });

  it('is not taken from a preview that has grown old: it is looked at again', async () => {
    const { priya } = truce;
    truce.edit('hubspot', 'Mallee Dairy', { Phone: '08 7010 5678' });
    await until(() => /5678/.test(phone('xero')) && /5678/.test(phone('cin7-core')));
    const reference = await newestChange('Mallee Dairy');
    await priya.command(`/sync rollback ${reference}`);
    const old = await priya.hears('Undo 2 values of 1 customer?');
    truce.edit('xero', 'Mallee Dairy', { Phone: '08 7010 9999' }, 'Tom Walsh');
    truce.vendor('xero').setWebhookTarget(null);
    truce.clock.advance(16 * 60_000);
    await priya.press(old, 'Undo these 2 values');
    const again = await priya.hears('Undo 1 value of 1 customer?');
    expect(textOf(again)).toContain('1 value stays as it is');
    expect(phone('cin7-core')).toMatch(/5678/);
  });

  it('puts a decision that could not be saved everywhere back from its message, previewed', async () => {
    const { priya } = truce;
    const email = (system: 'hubspot' | 'xero' | 'cin7-core', name: string) =>
      truce.held(system, 'Platypus Windows', name);
    const emails = () => [
      email('hubspot', 'Billing email'),
      email('xero', 'Email'),
      email('cin7-core', 'Contact email'),
    ];
    const old = email('cin7-core', 'Contact email');
    truce.setFault('xero', { kind: 'writes_refused', message: 'The contact is archived.' });
    // Both before Truce hears of either.
    for (const system of ['hubspot', 'xero'] as const) truce.vendor(system).setWebhookTarget(null);
    truce.edit('xero', 'Platypus Windows', { Email: 'new@xero.example' });
    truce.edit('hubspot', 'Platypus Windows', { 'Billing email': 'new@hubspot.example' });
    truce.clock.advance(20_000);
    await truce.run();
    await priya.press(await truce.message('Which is right? Platypus Windows'), 'Use HubSpot');
    await until(() => email('cin7-core', 'Contact email') === 'new@hubspot.example');
    const failed = await until(() =>
      truce.channelMessages().find((one) => textOf(one).includes('or put the old value back in Cin7 Core')),
    );
    const before = priya.whispers.length;
    await priya.press(failed, 'Put back…');
    const asked = await until(() =>
      priya.whispers.slice(before).find((one) => textOf(one).includes('Undo 1 value of 1 customer?')),
    );
    expect(email('cin7-core', 'Contact email')).toBe('new@hubspot.example');
    await priya.press(asked, 'Undo this value');
    await truce.message(/Undone: Platypus Windows/);
    expect(emails()).toEqual(['new@hubspot.example', 'new@xero.example', old]);
    truce.setFault('xero', null);
    await truce.run();
    // Put aside: what a person took back goes nowhere by itself.
    expect(emails()).toEqual(['new@hubspot.example', 'new@xero.example', old]);
  });

  async function newestChange(name: string): Promise<string> {
    const [row] = await truce.database.db.execute<{ id: string }>(
      `select id from changes where subject like '${name}%' order by opened_at desc, id limit 1`,
    );
    return row?.id as string;
  }
});
