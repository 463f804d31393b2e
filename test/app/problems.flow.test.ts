import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PageMessage } from '#src/playground/page-server/api.ts';
import type { Fault } from '#src/playground/vendors/vendor.ts';
import { buttonsOf } from '#test/support/person.ts';
import { textOf } from '#test/support/reading.ts';
import { expectReferences, openTruce } from '#test/support/truce.ts';
import { until } from '#test/support/until.ts';

interface Case {
  readonly fault: Fault;
  /** What the alert says is wrong. */
  readonly words: string;
  readonly customer: string;
}

const cases: readonly Case[] = [
  { fault: { kind: 'server_error' }, words: 'Xero cannot be reached', customer: 'Platypus Windows' },
  { fault: { kind: 'revoked' }, words: 'Xero refuses our sign-in', customer: 'Sandpiper Electrical' },
  { fault: { kind: 'silent' }, words: 'Xero does not answer', customer: 'Bilby Electrical' },
  { fault: { kind: 'html' }, words: 'Xero sends answers that cannot be read', customer: 'Firetail Joinery' },
];

describe('a system with a problem', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;

  beforeAll(async () => {
    truce = await openTruce('PGlite', {
      agreement: { 'per_day: 5000 }': 'per_day: 5000 }\n    timeout_seconds: 0.4' },
    });
  }, 120_000);
  afterAll(() => truce?.stop());
  // Failing runs use up the minute's calls to Xero; nobody wants to wait for the next.
  afterEach(() => truce.clock.advance(63_000));

  const sayPhone = (customer: string) => truce.edit('hubspot', customer, { Phone: '(08) 7010 4321' });
  const everywhere = (customer: string) =>
    [
      truce.held('hubspot', customer, 'Phone'),
      truce.held('xero', customer, 'Phone'),
      truce.held('cin7-core', customer, 'Contact phone'),
    ].every((phone) => phone.replace(/\D/g, '').endsWith('870104321'));
  const again = (message: PageMessage) =>
    truce.channelMessages().find(({ ts }) => ts === message.ts) as PageMessage;

  it.each(cases)(
    '$fault.kind: one alert, edited while it lasts, closed by itself, and nothing is lost',
    async ({ fault, words, customer }) => {
      const before = truce.channelMessages().length;
      truce.setFault('xero', fault);
      sayPhone(customer);
      const alert = await truce.message(`Customers: ${words}`);
      await truce.run();
      await truce.run();
      const open = textOf(again(alert));
      expect(open).toMatch(/since .*\. 1 customer waits\. Nothing is lost\./);
      expect(open).toContain('<@U0TOMW0001>, can you take it?');
      expect(open).toMatch(/\*Truce:\* .+\n\*You:\* .+/);
      expect(everywhere(customer)).toBe(false);
      const status = textOf(await truce.sam.command('/sync status'));
      expect(status).toContain('Customers: stopped');
      const run = textOf(await truce.tom.pressAndRead(alert, 'Show log'));
      expect(run).toContain(`Did not work: a run of Customers`);

      truce.setFault('xero', null);
      await truce.run();
      expect(everywhere(customer)).toBe(true);
      const closed = textOf(again(alert));
      expect(closed).toContain(`*Recovered: Customers runs again*\n${words}`);
      expect(closed).toContain('1 waiting customer has gone through since. None lost, none doubled.');
      expect(buttonsOf(again(alert)).map(({ label }) => label)).toEqual(['Show log']);
      expect(truce.thread(alert).map(({ text }) => text)).toEqual([
        expect.stringMatching(/^Recovered at .* 1 customer has gone through since/),
      ]);
      expect(truce.channelMessages().slice(before)).toEqual([again(alert)]);
      expectReferences([alert, again(alert)]);
    },
  );

  it('half_json: back within half an hour with the same problem, it is the same message, and nobody is called twice within the hour', async () => {
    const before = truce.channelMessages();
    const alert = before.at(-1) as PageMessage;
    truce.setFault('xero', { kind: 'half_json' });
    sayPhone('Wattle Cycles');
    await truce.message('Again: Customers: Xero sends answers that cannot be read');
    const back = await until(() => truce.thread(alert).find(({ text }) => /^It is back since/.test(text)));
    expect(back.text).not.toContain('<@');
    truce.setFault('xero', null);
    await truce.run();
    expect(everywhere('Wattle Cycles')).toBe(true);
    expect(textOf(again(alert))).toContain('Recovered: Customers runs again');
    expect(truce.channelMessages()).toHaveLength(before.length);
  });

  it('renamed: the field is left alone everywhere, the others go on, and the alert closes once it is back', async () => {
    const before = truce.channelMessages().length;
    truce.setFault('xero', { kind: 'renamed' });
    truce.edit('xero', 'Pelican Paints', { 'Billing address': '9 Neutral Lane' });
    const alert = await truce.message('Customers: Xero no longer has the field “email”');
    await until(() => truce.held('hubspot', 'Pelican Paints', 'Street address') === '9 Neutral Lane');
    await truce.run();
    expect(textOf(again(alert))).toContain('leaves that field alone in every system; the other fields go on');
    expect(truce.held('hubspot', 'Pelican Paints', 'Billing email')).toBe('accounts@pelicanpaints.example');
    expect(textOf(await truce.sam.command('/sync status'))).not.toContain('stopped');
    truce.setFault('xero', null);
    await truce.run();
    await truce.run();
    expect(textOf(again(alert))).toContain('*Over: Xero has the field “email” again*');
    expect(truce.channelMessages().slice(before)).toEqual([again(alert)]);
  });

  it('busy: waits as asked, calls nobody, and goes on when the time has come', async () => {
    const before = truce.channelMessages().length;
    truce.setFault('xero', { kind: 'busy', retryAfterSeconds: 900 });
    sayPhone('Lorikeet Veterinary');
    const alert = await truce.message('Customers: Xero asks us to wait');
    expect(textOf(alert)).toContain('Nobody has to do anything: this mends itself.');
    expect(textOf(alert)).toMatch(/It goes on at .*\d+:\d\d/);
    expect(textOf(alert)).not.toContain('<@U0TOMW0001>');
    const calls = truce.vendor('xero').log.length;
    await truce.run();
    await truce.run();
    expect(truce.vendor('xero').log.length).toBe(calls);
    expect(everywhere('Lorikeet Veterinary')).toBe(false);

    truce.clock.advance(901_000);
    await truce.run();
    expect(everywhere('Lorikeet Veterinary')).toBe(true);
    expect(textOf(again(alert))).toContain('Over: Xero takes our calls again');
    expect(
      truce
        .channelMessages()
        .slice(before)
        .filter((message) => !/Truce was away/.test(message.text)),
    ).toEqual([again(alert)]);
  });
});
