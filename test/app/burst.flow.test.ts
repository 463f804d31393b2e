import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { referencesIn, textOf } from '#test/support/reading.ts';
import { openTruce } from '#test/support/truce.ts';
import { until } from '#test/support/until.ts';

describe('a burst', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;

  beforeAll(async () => {
    truce = await openTruce('PGlite');
  }, 120_000);
  afterAll(() => truce?.stop());
  // A minute's calls to Cin7 Core are spent by then; nobody wants to wait for the next.
  afterEach(() => truce.clock.advance(63_000));

  const ordinary = (from: number, to: number) =>
    truce
      .vendor('hubspot')
      .cards()
      .slice(from, to)
      .map(({ title }) => title);
  const refused = () =>
    truce.practice.vendors.flatMap((vendor) => vendor.log.filter(({ status }) => status === 429));
  const openCards = () =>
    truce.channelMessages().filter((message) => textOf(message).includes('Which is right?'));

  it('of 40 changes arrives everywhere, within every vendor’s limits, and floods nobody', async () => {
    const names = ordinary(0, 40);
    names.forEach((name, i) => {
      truce.edit('hubspot', name, { Phone: `(08) 7010 4${String(i).padStart(3, '0')}` });
    });
    const arrived = (system: 'xero' | 'cin7-core', label: string) =>
      names.filter((name, i) =>
        truce
          .held(system, name, label)
          .replace(/\D/g, '')
          .endsWith(`70104${String(i).padStart(3, '0')}`),
      ).length;
    await until(
      () => arrived('xero', 'Phone') === 40 && arrived('cin7-core', 'Contact phone') === 40,
      150_000,
    );
    expect(refused()).toEqual([]);
    await until(
      () => truce.lines.filter((line) => line.startsWith('Customers: settled')).length >= 42,
      60_000,
    );
    await truce.app.slack.flush();
    expect(truce.channelMessages()).toEqual([]);
    expect(truce.priya.notifications()).toEqual([]);
  }, 240_000);

  it('of eight decisions shows five and one line for the rest; each one settled brings the next', async () => {
    const names = ordinary(50, 58);
    for (const [i, name] of names.entries()) {
      truce.edit('hubspot', name, { 'Street address': `${i + 1} First St` });
      truce.edit('xero', name, { 'Billing address': `${i + 1} Second St` });
    }
    const queue = await truce.message('Customers: 8 decisions wait');
    await until(() => openCards().length === 5, 30_000);
    await truce.app.slack.flush();
    expect(openCards()).toHaveLength(5);
    expect(textOf(queue)).toMatch(/5 are shown in this channel, \*3 more wait in line\*/);
    expect(truce.channelMessages()).toHaveLength(6);
    for (const card of openCards()) expect(referencesIn(card)).toHaveLength(1);
    expect(textOf(await truce.priya.command('/sync status'))).toContain('8 decisions wait.');

    const first = openCards()[0];
    if (!first) throw new Error('there is no decision');
    await truce.priya.press(first, 'Use Xero');
    await truce.message(/Settled: /);
    await truce.message('Customers: 7 decisions wait');
    await until(() => openCards().length === 5 && truce.channelMessages().length === 7, 30_000);

    for (let left = 7; left > 0; left--) {
      const card = await until(() => openCards()[0], 30_000);
      await truce.priya.press(card, 'Use HubSpot');
      await until(() => !openCards().some(({ ts }) => ts === card.ts), 30_000);
    }
    await truce.message('Customers: no more decisions wait in line');
    await until(
      () => truce.channelMessages().filter((message) => textOf(message).includes('Settled:')).length === 8,
      30_000,
    );
    expect(truce.channelMessages()).toHaveLength(9);
    expect(refused()).toEqual([]);
  }, 180_000);
});
