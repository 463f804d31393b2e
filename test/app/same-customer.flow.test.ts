import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buttonsOf } from '#test/support/person.ts';
import { referencesIn, textOf } from '#test/support/reading.ts';
import { openTruce } from '#test/support/truce.ts';
import { until } from '#test/support/until.ts';

describe('two records that may be one customer', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;

  beforeAll(async () => {
    truce = await openTruce('PGlite', { alike: true });
  }, 120_000);
  afterAll(() => truce?.stop());

  const questions = () =>
    truce.channelMessages().filter((message) => message.text.startsWith('Same customer?'));

  it('are asked about once, both side by side, without a personal value in the channel', async () => {
    const asked = await truce.message('Same customer? Tanami Drilling');
    await truce.run();
    expect(questions()).toHaveLength(1);
    const text = textOf(asked);
    expect(text).toContain('Same ABN: 45 910 000 092');
    expect(text).toContain('Same email (hidden)');
    expect(text).toContain('Priya Nair can answer.');
    expect(text).not.toContain('payables@');
    expect(textOf(await truce.priya.command('/sync status'))).toContain(
      '1 pair of customers looks alike: Truce asks whether they are one.',
    );
    const [reference] = referencesIn(asked);
    const story = textOf(await truce.priya.command(`/sync lookup ${reference}`));
    expect(story).toContain('it looks like “Tanami Drilling');
  });

  it('show their hidden values to who may answer; nobody else may see or say', async () => {
    const asked = await truce.message('Same customer? Tanami Drilling');
    await truce.priya.press(asked, 'Show');
    await truce.priya.view(/payables@tanamidrilling\.example in HubSpot/);
    await truce.sam.press(asked, 'Show');
    await truce.sam.view('Only');
    for (const who of [truce.sam, truce.tom])
      expect((await who.pressAndRead(asked, 'Same')).text).toContain('Only <@U0PRIYA001> can decide this.');
    expect((await truce.greta.pressAndRead(asked, 'Same')).text).toContain('members of this workspace only');
    expect(questions()).toHaveLength(1);
  });

  it('become one by a person’s word, and are kept in step; the third system’s is asked about next', async () => {
    const first = await truce.message('Same customer? Tanami Drilling');
    await truce.priya.press(first, 'Same');
    const linked = await truce.message('One customer: Tanami Drilling');
    expect(linked.ts).toBe(first.ts);
    expect(textOf(linked)).toMatch(/Same, says .*U0PRIYA001/);
    expect(buttonsOf(linked).map(({ label }) => label)).toEqual(['Undo']);
    const second = await truce.message('Same customer? Tanami Drilling');
    expect(second.ts).not.toBe(first.ts);
    expect((await truce.priya.pressAndRead(first, 'Same')).text).toContain('You already chose Same at');
    await truce.priya.press(second, 'Same');
    await until(() => questions().length === 0);
    truce.edit('hubspot', 'Tanami Drilling', { Phone: '08 5550 7777' });
    await until(() => /5550 ?7777/.test(truce.held('xero', 'Tanami Drilling', 'Phone')));
    await until(() => /5550 ?7777/.test(truce.held('cin7-core', 'Tanami Drilling', 'Contact phone')));
    await until(async () => textOf(await truce.priya.command('/sync status')).includes('ABN not valid 3,'));
  });

  it('are two again once that is undone: what was written stays, is named, and nothing more travels', async () => {
    const linked = await truce.message('One customer: Tanami Drilling');
    await truce.priya.press(linked, 'Undo');
    const undone = await truce.message('Undone: Tanami Drilling');
    await until(() => textOf(undone) !== '' && questions().length === 1);
    const shown = textOf(await truce.message('They are two customers again.'));
    expect(shown).toContain('What was written while they were one stays.');
    const [asked] = questions();
    if (!asked) throw new Error('nothing is asked again');
    await truce.priya.press(asked, 'Different');
    const apart = await truce.message('Two customers: Tanami Drilling');
    expect(textOf(apart)).toContain('Truce does not ask again');
    truce.clock.advance(25 * 3_600_000);
    await truce.run();
    await truce.run();
    expect(questions()).toEqual([]);
  });
});
