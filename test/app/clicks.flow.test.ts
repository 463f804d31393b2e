import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buttonsOf, type Person } from '#test/support/person.ts';
import { readable, referenceIn, textOf } from '#test/support/reading.ts';
import { channel, expectReferences, openTruce } from '#test/support/truce.ts';
import { until } from '#test/support/until.ts';

describe('clicks', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;

  beforeAll(async () => {
    truce = await openTruce('PGlite', { agreement: { 'deciders: [priya]': 'deciders: [priya, tom]' } });
  }, 120_000);
  afterAll(() => truce?.stop());

  const streets = (name: string) => [
    truce.held('hubspot', name, 'Street address'),
    truce.held('xero', name, 'Billing address'),
    truce.held('cin7-core', name, 'Address line 1'),
  ];
  /** Two systems change the address of a customer, each to another one. */
  const disagree = async (name: string) => {
    truce.edit('hubspot', name, { 'Street address': '1 First St' });
    truce.edit('xero', name, { 'Billing address': '2 Second St' });
    return truce.message(`Which is right? ${name}`);
  };

  it('on values that moved meanwhile are refused and told why; the message shows the new ones', async () => {
    const old = await disagree('Platypus Windows');
    truce.edit('xero', 'Platypus Windows', { 'Billing address': '3 Third St' });
    const moved = await truce.message('3 Third St');
    expect(moved.ts).toBe(old.ts);
    const refusal = await truce.priya.pressAndRead(old, 'Use Xero');
    expect(refusal.text).toMatch(
      /^The billing address changed at .*, after this message was drawn\. Nothing was saved\./,
    );
    await truce.run();
    expect(streets('Platypus Windows').slice(0, 2)).toEqual(['1 First St', '3 Third St']);

    await truce.priya.press(moved, 'Use Xero');
    await truce.message('Settled: Platypus Windows');
    expect(streets('Platypus Windows')).toEqual(['3 Third St', '3 Third St', '3 Third St']);
    const reference = referenceIn(moved);
    expect(textOf(await truce.tom.command(`/sync lookup ${reference}`))).toContain('moved');
  });

  it('of two people at once count once; the other is told who was faster', async () => {
    const asked = await disagree('Corella Irrigation');
    await Promise.all([truce.priya.press(asked, 'Use Xero'), truce.tom.press(asked, 'Use HubSpot')]);
    const settled = await truce.message('Settled: Corella Irrigation');
    const [street] = streets('Corella Irrigation');
    expect(new Set(streets('Corella Irrigation')).size).toBe(1);
    const [winner, loser] = street === '2 Second St' ? [truce.priya, truce.tom] : [truce.tom, truce.priya];
    expect(textOf(settled)).toContain(`by <@${winner.id}>`);
    expect((await loser.hears('already chose')).text).toMatch(
      new RegExp(`^<@${winner.id}> already chose .* Nothing was changed twice\\.`),
    );
    expect(winner.whispers.some(({ text }) => /already chose/.test(text))).toBe(false);
  });

  it('of a bystander, a guest and somebody from another company are refused, each in fitting words', async () => {
    const asked = await disagree('Sandpiper Electrical');
    truce.practice.slack.changeChannel(channel, {
      members: ['U0PRIYA001', 'U0TOMW0001', 'U0SAML0001', 'U0GREG0001', 'U0FRANK001', 'U0TRUCE001'],
    });
    const refusals = async (who: Person) => (await who.pressAndRead(asked, 'Use Xero')).text;
    expect(await refusals(truce.sam)).toBe(
      'Only <@U0PRIYA001> or <@U0TOMW0001> can decide this. Nothing was changed.',
    );
    for (const outsider of [truce.greta, truce.frank]) {
      expect(await refusals(outsider)).toBe('Decisions are open to members of this workspace only.');
    }
    await truce.run();
    expect(streets('Sandpiper Electrical').slice(0, 2)).toEqual(['1 First St', '2 Second St']);
    expect(textOf(await truce.message('Which is right? Sandpiper Electrical'))).toContain(
      'Priya Nair or Tom Walsh can choose',
    );
  });

  it('on Other… let the agreed value stay', async () => {
    const before = truce.held('cin7-core', 'Bilby Electrical', 'Address line 1');
    const asked = await disagree('Bilby Electrical');
    await truce.priya.press(asked, 'Other…');
    const view = await truce.priya.view('Bilby Electrical');
    expect(readable(view.view)).toContain(`Keep as agreed before: ${before}`);
    await truce.priya.submit(view, { choice: { choice: 'keep' } });
    const settled = await truce.message('Settled: Bilby Electrical');
    expect(textOf(settled)).toContain('(as agreed before), by <@U0PRIYA001>');
    expect(streets('Bilby Electrical')).toEqual([before, before, before]);
  });

  it('on Other… take a value that was typed', async () => {
    const asked = await disagree('Firetail Joinery');
    await truce.priya.press(asked, 'Other…');
    const view = await truce.priya.view('Firetail Joinery');
    await truce.priya.submit(view, { 'typed/line1/text': { typed: '77 Typed Lane' } });
    await truce.message('Settled: Firetail Joinery');
    expect(streets('Firetail Joinery')).toEqual(['77 Typed Lane', '77 Typed Lane', '77 Typed Lane']);
  });

  it('on Other… refuse in the window what is not fit to be saved, say an ABN that is none', async () => {
    const before = truce.held('xero', 'Wattle Cycles', 'ABN').replace(/\D/g, '');
    truce.edit('hubspot', 'Wattle Cycles', { ABN: '51 824 753 556' });
    const asked = await truce.message('Which is right? Wattle Cycles');
    await truce.priya.press(asked, 'Other…');
    const view = await truce.priya.view('Wattle Cycles');
    await truce.priya.submit(view, { 'typed/value/text': { typed: '51 824 753 557' } });
    const refused = await until(() => Object.values(truce.priya.views.at(-1)?.errors ?? {})[0]);
    expect(refused).toMatch(/ABN.*not valid|check digits/i);
    await truce.run();
    expect(textOf(await truce.message('Wattle Cycles'))).toContain('Which is right?');
    expect(truce.held('xero', 'Wattle Cycles', 'ABN').replace(/\D/g, '')).toBe(before);

    await truce.priya.press(asked, '51 824 753 556');
    await truce.message('Settled: Wattle Cycles');
    const everywhere = [
      truce.held('xero', 'Wattle Cycles', 'ABN'),
      truce.held('cin7-core', 'Wattle Cycles', 'Tax number'),
    ];
    expect(everywhere.map((abn) => abn.replace(/\D/g, ''))).toEqual(['51824753556', '51824753556']);
  });

  it('are not needed any more when the systems come to agree by themselves', async () => {
    const asked = await disagree('Lorikeet Hardware');
    const same = { street: '8 Same St' };
    truce.edit('hubspot', 'Lorikeet Hardware', { 'Street address': same.street });
    truce.edit('xero', 'Lorikeet Hardware', { 'Billing address': same.street });
    truce.edit('cin7-core', 'Lorikeet Hardware', { 'Address line 1': same.street });
    // Cin7 Core takes a minute until it says so.
    await truce.run();
    const withdrawn = await truce.message('No decision needed any more: Lorikeet Hardware');
    expect(withdrawn.ts).toBe(asked.ts);
    expect(buttonsOf(withdrawn)).toEqual([]);
    expect((await truce.priya.pressAndRead(asked, 'Use Xero')).text).toMatch(
      /^There is nothing to decide here any more\./,
    );
  });

  it('on I’m on it tell the others who takes an alert, and until when', async () => {
    truce.setFault('xero', { kind: 'html' });
    truce.edit('hubspot', 'Pelican Paints', { Phone: '(08) 7010 4321' });
    const alert = await truce.message('Customers: Xero sends answers that cannot be read');
    expect((await truce.sam.pressAndRead(alert, 'I’m on it')).text).toContain(
      'Only <@U0PRIYA001> or <@U0TOMW0001> can do this.',
    );
    await truce.tom.press(alert, 'I’m on it');
    const taken = await truce.message(/<@U0TOMW0001> is on it\*\. Truce asks again at/);
    expect(taken.ts).toBe(alert.ts);
    expect(buttonsOf(taken).map(({ label }) => label)).toEqual([
      'Run now',
      'Show log',
      'Snooze…',
      'Hand over…',
      'Pause Customers…',
    ]);
    await until(() =>
      truce
        .thread(alert)
        .find(({ text }) => /^The technical owner is on it, until .* Then Truce asks again\./.test(text)),
    );
    truce.setFault('xero', null);
    await truce.tom.press(taken, 'Run now');
    await truce.tom.hears('the run is done');
    await truce.app.alerts.tick();
    expect(textOf(await truce.message('Recovered: Customers runs again'))).toContain(
      '<@U0TOMW0001> was on it.',
    );
  });

  it('that nobody makes in time: nothing is written, and the message says so', async () => {
    const asked = await disagree('Numbat Motors');
    const before = streets('Numbat Motors');
    expect(textOf(asked)).toMatch(/by .*\. After that nothing is written: the systems stay apart/);
    truce.clock.advance(24 * 3_600_000 + 1000);
    await truce.run();
    const over = await truce.message('Nobody chose in time: Numbat Motors');
    expect(over.ts).toBe(asked.ts);
    expect(textOf(over)).toContain(
      'Billing address: nothing was written. The systems stay apart; Truce asks again when one of them changes.',
    );
    expect(streets('Numbat Motors')).toEqual(before);
    expect((await truce.priya.pressAndRead(asked, 'Use Xero')).text).toMatch(
      /^There is nothing to decide here any more\./,
    );

    truce.edit('xero', 'Numbat Motors', { 'Billing address': '9 Ninth St' });
    const again = await truce.message('9 Ninth St');
    expect(again.ts).not.toBe(asked.ts);
    expect(textOf(again)).toContain('Which is right? Numbat Motors');
  });

  it('are on messages of which each carries its reference', () => {
    expectReferences(truce.channelMessages().filter(({ text }) => !text.startsWith('Truce was away')));
  });
});
