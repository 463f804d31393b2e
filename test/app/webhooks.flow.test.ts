import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flowId, openTruce } from '#test/support/truce.ts';
import { until } from '#test/support/until.ts';

describe('webhooks', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;

  beforeAll(async () => {
    truce = await openTruce('PGlite');
  }, 120_000);
  afterAll(() => truce?.stop());

  const phone = (system: 'hubspot' | 'xero', name: string) =>
    truce.held(system, name, 'Phone').replace(/\D/g, '');
  const callsOf = (system: 'hubspot' | 'xero' | 'cin7-core') => truce.vendor(system).log.length;

  /** A Xero webhook that names this contact, as Xero sends and signs it. */
  const fromXero = (contactId: string) =>
    JSON.stringify({
      events: [
        {
          resourceUrl: '',
          resourceId: contactId,
          eventDateUtc: truce.clock.now().toISOString(),
          eventType: 'UPDATE',
          eventCategory: 'CONTACT',
          tenantId: 'x',
          tenantType: 'ORGANISATION',
        },
      ],
      firstEventSequence: 1,
      lastEventSequence: 1,
      entropy: 'A',
    });
  const sign = (body: string) =>
    createHmac('sha256', truce.practice.env.XERO_WEBHOOK_KEY ?? '')
      .update(body)
      .digest('base64');
  const post = (connection: string, body: string | Uint8Array<ArrayBuffer>, signature: string) =>
    fetch(`http://127.0.0.1:${truce.port}/webhooks/${connection}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'x-xero-signature': signature },
    });

  it('make a change arrive everywhere without waiting for the schedule', async () => {
    truce.edit('hubspot', 'Bunya Glass', { Phone: '(08) 7010 4321' });
    await until(() => phone('xero', 'Bunya Glass').endsWith('870104321'));
    truce.edit('hubspot', 'Bunya Glass', { Phone: '(08) 7010 4322' });
    await until(() => phone('xero', 'Bunya Glass').endsWith('870104322'));
  });

  it('with a bad signature are refused, and nothing is read', async () => {
    await truce.run();
    const { externalId } = truce.card('xero', 'Saltbush Catering');
    const body = fromXero(externalId);
    const before = callsOf('xero');
    const runs = truce.lines.length;
    for (const signature of ['', 'bm90IHRoZSBzaWduYXR1cmU=', sign(`${body} `)]) {
      const answer = await post('xero', body, signature);
      expect(answer.status).toBe(401);
      expect(await answer.text()).not.toContain('Contact');
    }
    expect(truce.lines.slice(runs)).toEqual(
      Array(3).fill(expect.stringMatching(/A webhook of Xero was refused/)),
    );
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(callsOf('xero')).toBe(before);
  });

  it('are hints only: the same one five times is read once, and changes nothing by itself', async () => {
    await truce.run();
    const { externalId } = truce.card('xero', 'Saltbush Catering');
    const body = fromXero(externalId);
    const before = callsOf('xero');
    const answers = await Promise.all(Array.from({ length: 5 }, () => post('xero', body, sign(body))));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(await answers[0]?.text()).toBe('');
    await until(() => callsOf('xero') > before);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(callsOf('xero') - before).toBeLessThanOrEqual(2);
    expect(truce.channelMessages()).toEqual([]);
  });

  it('for an unknown connection, or that cannot be read, get a plain answer and do no harm', async () => {
    expect((await post('myob', '{}', '')).status).toBe(404);
    const notJson = 'events=1';
    expect((await post('xero', notJson, sign(notJson))).status).toBe(400);
    expect((await post('xero', new Uint8Array([0xff, 0xfe, 0x00]), '')).status).toBe(400);
    const huge = 'x'.repeat(1024 * 1024 + 1);
    expect((await post('xero', huge, sign(huge))).status).toBe(413);
    expect((await fetch(`http://127.0.0.1:${truce.port}/webhooks/xero`)).status).toBe(405);
  });

  it('that never come lose nothing: the next run of the schedule finds the change', async () => {
    for (const vendor of truce.practice.vendors) vendor.setWebhookTarget(null);
    truce.edit('hubspot', 'Corella Outfitters', { Phone: '(08) 7010 4323' });
    truce.edit('xero', 'Emu Creek Fencing', { 'Billing address': '9 Neutral Lane' });
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(phone('xero', 'Corella Outfitters')).not.toMatch(/4323$/);
    truce.clock.advance(61 * 60_000);
    await truce.app.runNow({ flow: flowId, trigger: 'schedule' });
    expect(phone('xero', 'Corella Outfitters')).toMatch(/870104323$/);
    expect(truce.held('cin7-core', 'Emu Creek Fencing', 'Address line 1')).toBe('9 Neutral Lane');
  });
});
