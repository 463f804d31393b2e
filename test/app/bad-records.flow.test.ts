import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buttonsOf } from '#test/support/person.ts';
import { referenceIn, textOf } from '#test/support/reading.ts';
import { openTruce } from '#test/support/truce.ts';
import { until } from '#test/support/until.ts';

describe('one record with a problem', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;

  beforeAll(async () => {
    truce = await openTruce('PGlite');
  }, 120_000);
  afterAll(() => truce?.stop());

  const endsWith = (system: 'hubspot' | 'xero' | 'cin7-core', name: string, digits: string) =>
    truce
      .held(system, name, system === 'cin7-core' ? 'Contact phone' : 'Phone')
      .replace(/\D/g, '')
      .endsWith(digits);

  it('that cannot be read waits with its reason, while the others go on, and goes on when it reads well again', async () => {
    const { externalId } = truce.card('xero', 'Pelican Paints');
    truce.setFault('xero', { kind: 'malformed_record', externalId });
    truce.edit('xero', 'Pelican Paints', { 'Billing address': '9 Neutral Lane' });
    truce.edit('xero', 'Whipbird Wines', { 'Billing address': '8 Neutral Lane' });
    await until(() => truce.held('hubspot', 'Whipbird Wines', 'Street address') === '8 Neutral Lane');
    await truce.run();
    expect(truce.held('hubspot', 'Pelican Paints', 'Street address')).not.toBe('9 Neutral Lane');
    expect(textOf(await truce.priya.command('/sync status'))).toContain('cannot be read 1');
    const line = await until(() => truce.lines.find((one) => one.includes('waits, the others go on')));
    expect(line).toBe(
      'Customers: Pelican Paints waits, the others go on. Xero: Addresses: expected array, received string',
    );
    const waits = await truce.database.db.execute<{ id: string }>(
      "select id from changes where hold = 'malformed' and closed_at is null",
    );
    expect(waits).toHaveLength(1);
    const reference = waits[0]?.id ?? '';
    const story = textOf(await truce.tom.command(`/sync lookup ${reference}`));
    expect(story).toContain('Waiting: cannot be read: Pelican Paints');
    expect(story).toMatch(/put aside\. Cannot be read because Xero: /);

    truce.setFault('xero', null);
    await truce.priya.press(await truce.priya.command(`/sync reprocess ${reference}`), 'Run again');
    await truce.priya.hears(/Pelican Paints: settled\./);
    expect(truce.held('hubspot', 'Pelican Paints', 'Street address')).toBe('9 Neutral Lane');
    expect(truce.held('cin7-core', 'Pelican Paints', 'Address line 1')).toBe('9 Neutral Lane');
    expect(textOf(await truce.priya.command('/sync status'))).not.toContain('cannot be read');
  });

  it('is released by the next run that can read it, without anybody’s doing', async () => {
    const { externalId } = truce.card('xero', 'Redgum Signs');
    truce.setFault('xero', { kind: 'malformed_record', externalId });
    truce.edit('xero', 'Redgum Signs', { 'Billing address': '7 Neutral Lane' });
    await until(() => truce.lines.filter((line) => line.includes('waits, the others go on')).length > 1);
    truce.setFault('xero', null);
    truce.edit('xero', 'Redgum Signs', { Phone: '(08) 7010 4330' });
    await until(() => truce.held('hubspot', 'Redgum Signs', 'Street address') === '7 Neutral Lane');
    expect(textOf(await truce.priya.command('/sync status'))).not.toContain('cannot be read');
  });

  it('that a system refuses is told as not saved everywhere; Try again works once it is put right', async () => {
    truce.edit('hubspot', 'Lyrebird Glass', { 'Street address': '1 First St' });
    truce.edit('xero', 'Lyrebird Glass', { 'Billing address': '2 Second St' });
    const asked = await truce.message('Which is right? Lyrebird Glass');
    truce.setFault('xero', { kind: 'writes_refused', message: 'The contact is archived' });
    await truce.priya.press(asked, 'Use HubSpot');
    const failed = await truce.message('Not saved everywhere: Lyrebird Glass');
    expect(failed.ts).toBe(asked.ts);
    expect(textOf(failed)).toContain(
      'Xero refused the billing address. Its answer: “The contact is archived”',
    );
    expect(textOf(failed)).toContain('Nothing is lost.');
    expect(textOf(failed)).toContain(referenceIn(asked));
    const told = await until(() => truce.thread(asked).at(-1));
    expect(told.text).toContain('<@U0PRIYA001> not saved everywhere: Lyrebird Glass');
    expect(referenceIn(told)).toBe(referenceIn(asked));
    await until(() =>
      truce.priya.notifications().some((words) => words.includes('not saved everywhere: Lyrebird Glass')),
    );
    expect((await truce.sam.pressAndRead(failed, 'Try again')).text).toContain('Nothing that you may see');

    await truce.priya.press(failed, 'Try again');
    await truce.priya.hears('Lyrebird Glass: not saved everywhere. The contact is archived');
    truce.setFault('xero', null);
    await truce.priya.press(await truce.message('Not saved everywhere: Lyrebird Glass'), 'Try again');
    await truce.priya.hears('Lyrebird Glass: settled. Every system was read back.');
    const settled = await truce.message('Settled: Lyrebird Glass');
    expect(settled.ts).toBe(asked.ts);
    expect(buttonsOf(settled).map(({ label }) => label)).toEqual(['Undo…']);
    expect(truce.held('xero', 'Lyrebird Glass', 'Billing address')).toBe('1 First St');
  });

  /** How many addresses and contacts the customer has in Cin7 Core: they grow when one is sent without its id. */
  const items = async () => {
    const { externalId } = truce.card('cin7-core', 'Numbat Motors');
    const stored = truce.vendor('cin7-core');
    const answer = await fetch(`${stored.baseUrl}/customer?ID=${externalId}`, {
      headers: {
        'api-auth-accountid': stored.env.CIN7_ACCOUNT_ID ?? '',
        'api-auth-applicationkey': stored.env.CIN7_APPLICATION_KEY ?? '',
      },
    });
    const { CustomerList } = (await answer.json()) as {
      CustomerList: { Addresses: unknown[]; Contacts: unknown[] }[];
    };
    return CustomerList.map(({ Addresses, Contacts }) => [Addresses.length, Contacts.length]);
  };

  it('whose write was carried out but never answered is read first, and nothing is doubled', async () => {
    const counts = () => truce.practice.vendors.map((vendor) => vendor.cards().length);
    const before = counts();
    const itemsBefore = await items();
    truce.setFault('xero', { kind: 'cut_after_write', times: 1 });
    truce.setFault('cin7-core', { kind: 'cut_after_write', times: 1 });
    truce.edit('hubspot', 'Numbat Motors', { 'Street address': '5 Only Once Rd', Phone: '(08) 7010 4329' });
    await until(async () => {
      await truce.run();
      return truce.lines.some((line) => line.startsWith('Customers: settled, Numbat Motors'));
    });
    expect(endsWith('xero', 'Numbat Motors', '70104329')).toBe(true);
    expect(endsWith('cin7-core', 'Numbat Motors', '70104329')).toBe(true);
    expect(truce.held('xero', 'Numbat Motors', 'Billing address')).toBe('5 Only Once Rd');
    expect(truce.held('cin7-core', 'Numbat Motors', 'Address line 1')).toBe('5 Only Once Rd');
    expect(counts()).toEqual(before);
    expect(await items()).toEqual(itemsBefore);
  });
});
