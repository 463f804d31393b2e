import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dateIn } from '#src/agreement/deputies.ts';
import { systemClock } from '#src/clock.ts';
import { textOf } from '#test/support/reading.ts';
import { openTruce } from '#test/support/truce.ts';
import { until } from '#test/support/until.ts';

const zone = 'Australia/Sydney';
const day = 24 * 3_600_000;
const inDays = (n: number) => dateIn(zone, new Date(systemClock.now().getTime() + n * day));

describe('somebody who stands in for an owner who is away', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;
  beforeAll(async () => {
    const deputies = `deputies: [{ person: sam, from: ${inDays(-1)}, to: ${inDays(1)} }]`;
    truce = await openTruce('PGlite', {
      agreement: {
        '  priya: { name: Priya Nair, slack: U0PRIYA001 }': `  priya: { name: Priya Nair, slack: U0PRIYA001, ${deputies} }\n  sam: { name: Sam Lee, slack: U0SAML0001 }`,
        'tom: { name: Tom Walsh, slack: U0TOMW0001 }': `tom: { name: Tom Walsh, slack: U0TOMW0001, ${deputies} }`,
      },
    });
  }, 120_000);
  afterAll(() => truce?.stop());

  it('is named as who can choose, decides, and reads what the owner may read', async () => {
    truce.edit('hubspot', 'Bellbird', { 'Street address': '27 Foundry Lane' });
    truce.edit('xero', 'Bellbird', { 'Billing address': '4 Wharf Road' });
    const asked = await truce.message('Which is right? Bellbird');
    expect(textOf(asked)).toContain('Sam Lee (for Priya Nair) can choose');
    expect((await truce.tom.pressAndRead(asked, 'Use Xero')).text).toContain(
      'Only <@U0SAML0001> can decide this.',
    );
    await truce.sam.press(asked, 'Use Xero');
    const settled = await truce.message('Settled: Bellbird');
    expect(textOf(settled)).toContain('<@U0SAML0001>');
    expect(textOf(await truce.sam.command('/sync lookup Bellbird'))).toContain('Bellbird');
    expect(textOf(await truce.sam.command('/sync rules customers'))).toContain(
      '<@U0SAML0001> (for <@U0PRIYA001>)',
    );
    expect(textOf(await truce.tom.command('/sync status customers'))).toContain(
      '<@U0PRIYA001> (business; <@U0SAML0001> stands in today), <@U0TOMW0001> (technical; <@U0SAML0001> stands in today)',
    );
  });

  it('is called when a problem opens, takes it on, and the thread says for whom', async () => {
    truce.setFault('xero', { kind: 'revoked' });
    await truce.run();
    const alert = await truce.message('Xero refuses our sign-in');
    expect(textOf(alert)).toContain('<@U0SAML0001>, can you take it?');
    expect(truce.tom.notifications().filter((text) => text.includes('sign-in'))).toEqual([]);
    await truce.sam.press(alert, 'I’m on it');
    await until(async () => {
      await truce.app.slack.flush();
      return truce
        .thread(alert)
        .some(({ text }) => text.startsWith('Sam Lee, for the technical owner, is on it'));
    });
    truce.setFault('xero', null);
    await truce.run();
  });

  it('can do nothing more once the owner is back', async () => {
    truce.clock.advance(3 * day);
    await truce.run();
    truce.edit('hubspot', 'Platypus Windows', { 'Street address': '1 First St' });
    truce.edit('xero', 'Platypus Windows', { 'Billing address': '2 Second St' });
    const asked = await truce.message('Which is right? Platypus Windows');
    expect(textOf(asked)).toContain('Priya Nair can choose');
    expect((await truce.sam.pressAndRead(asked, 'Use Xero')).text).toContain(
      'Only <@U0PRIYA001> can decide this.',
    );
    await truce.priya.press(asked, 'Use Xero');
    await truce.message('Settled: Platypus Windows');
  });
});
