import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buttonsOf } from '#test/support/person.ts';
import { referenceIn, textOf } from '#test/support/reading.ts';
import { channel, openTruce } from '#test/support/truce.ts';
import { until } from '#test/support/until.ts';

describe('a disagreement', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;

  beforeAll(async () => {
    truce = await openTruce('PGlite');
  }, 120_000);
  afterAll(() => truce?.stop());

  const street = (system: 'hubspot' | 'xero' | 'cin7-core', name: string) =>
    truce
      .card(system, name)
      .fields.find((field) => /street|billing address|address line 1/i.test(field.label))?.value;

  it('is shown to the owner, settled by one click, and read back everywhere', async () => {
    truce.edit('hubspot', 'Bellbird', {
      'Street address': '27 Foundry Lane',
      City: 'Footscray',
      State: 'VIC',
      Postcode: '3011',
    });
    truce.edit('xero', 'Bellbird', {
      'Billing address': '4 Wharf Road',
      'City/Town': 'Port Melbourne',
      'State/Region': 'VIC',
      Postcode: '3207',
    });
    const asked = await truce.message('Which is right? Bellbird');
    expect(textOf(asked)).toContain('27 Foundry Lane');
    expect(textOf(asked)).toContain('4 Wharf Road');

    const refusal = await truce.sam.pressAndRead(asked, 'Use Xero');
    expect(refusal.text).toMatch(/only .*can (decide|choose)/i);
    expect(street('hubspot', 'Bellbird')).toBe('27 Foundry Lane');

    await truce.priya.press(asked, 'Use Xero');
    const settled = await truce.message(/Settled: Bellbird/);
    expect(settled.ts).toBe(asked.ts);
    expect([
      street('hubspot', 'Bellbird'),
      street('xero', 'Bellbird'),
      street('cin7-core', 'Bellbird'),
    ]).toEqual(['4 Wharf Road', '4 Wharf Road', '4 Wharf Road']);
    expect(buttonsOf(settled).map((button) => button.label)).not.toContain('Use Xero');

    const second = await truce.priya.pressAndRead(asked, 'Use HubSpot');
    expect(second.text).toMatch(/already chose/);
    expect(street('hubspot', 'Bellbird')).toBe('4 Wharf Road');
  });

  it('has its log and “Reprocess” in its own menu, for those who may see it', async () => {
    const settled = await truce.message(/Settled: Bellbird/);
    const reference = referenceIn(settled);
    await truce.tom.choose(settled, 'show_log');
    expect(textOf(await truce.tom.hears(/^Settled: Bellbird/))).toContain(reference);
    await truce.tom.choose(settled, 'reprocess');
    await truce.tom.hears('There is nothing to run again: it is settled');
    await truce.sam.choose(settled, 'show_log');
    await truce.sam.hears('Nothing that you may see');
  });

  it('counts once when both eligible clicks come together', async () => {
    truce.edit('hubspot', 'Platypus Windows', { 'Street address': '1 First St' });
    truce.edit('xero', 'Platypus Windows', { 'Billing address': '2 Second St' });
    const asked = await truce.message('Which is right? Platypus Windows');
    await Promise.all([truce.priya.press(asked, 'Use Xero'), truce.priya.press(asked, 'Use HubSpot')]);
    await truce.message(/Settled: Platypus Windows/);
    const one = street('hubspot', 'Platypus Windows');
    expect(['1 First St', '2 Second St']).toContain(one);
    expect([street('xero', 'Platypus Windows'), street('cin7-core', 'Platypus Windows')]).toEqual([one, one]);
    await until(() => truce.priya.whispers.some((whisper) => /already chose/.test(whisper.text)));
  });

  it('leaves no trace of our own writes: the next runs find nothing', async () => {
    await truce.run();
    const before = truce.priya.messages(channel).length;
    await truce.run();
    await truce.run();
    expect(truce.lines.slice(-2)).toEqual([
      expect.stringContaining('nothing new'),
      expect.stringContaining('nothing new'),
    ]);
    expect(truce.priya.messages(channel)).toHaveLength(before);
  });
});
