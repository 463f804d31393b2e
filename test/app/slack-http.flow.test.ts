import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '#test/support/reading.ts';
import { openTruce } from '#test/support/truce.ts';

const secret = '0123456789abcdef0123456789abcdef';

describe('Slack over HTTP, without Socket Mode', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;

  beforeAll(async () => {
    truce = await openTruce('PGlite', { slackOverHttp: secret });
  }, 120_000);
  afterAll(() => truce?.stop());

  /** A command as Slack would send it, signed with `key` at `at`. */
  const post = async (key: string, at: Date, body = 'command=%2Fsync&text=status&user_id=U0PRIYA001') => {
    const seconds = String(Math.floor(at.getTime() / 1000));
    const hash = createHmac('sha256', key).update(`v0:${seconds}:${body}`).digest('hex');
    const { status } = await fetch(`http://127.0.0.1:${truce.port}/slack/events`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': seconds,
        'x-slack-signature': `v0=${hash}`,
      },
    });
    return status;
  };

  it('asks, is answered by one click, answers commands, and hears where it is mentioned', async () => {
    truce.edit('hubspot', 'Bellbird', {
      'Street address': '27 Foundry Lane',
      City: 'Footscray',
      Postcode: '3011',
    });
    truce.edit('xero', 'Bellbird', {
      'Billing address': '4 Wharf Road',
      'City/Town': 'Port Melbourne',
      Postcode: '3207',
    });
    const asked = await truce.message('Which is right? Bellbird');
    await truce.priya.press(asked, 'Use Xero');
    const settled = await truce.message(/Settled: Bellbird/);
    expect(settled.ts).toBe(asked.ts);
    expect(textOf(await truce.priya.command('/sync status'))).toMatch(/Customers: (fine|running)/);
    await truce.priya.choose(settled, 'show_log');
    await truce.priya.hears(/^Settled: Bellbird/);
    await truce.priya.says('@truce status');
    await truce.message(/Customers: (fine|running)/);
  });

  it('refuses what Slack did not sign, and what is older than five minutes', async () => {
    const now = truce.clock.now();
    expect(await post(secret, now)).toBe(200);
    expect(await post('fedcba9876543210fedcba9876543210', now)).toBe(401);
    expect(await post(secret, new Date(now.getTime() - 301_000))).toBe(401);
    expect(await post(secret, now, 'payload=%7Bnot+json')).toBe(400);
    expect((await fetch(`http://127.0.0.1:${truce.port}/slack/events`)).status).toBe(405);
  });

  it('answers Slack’s question whether this is the right address', async () => {
    const body = JSON.stringify({ type: 'url_verification', challenge: 'c-1' });
    const seconds = String(Math.floor(truce.clock.now().getTime() / 1000));
    const answer = await fetch(`http://127.0.0.1:${truce.port}/slack/events`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'x-slack-request-timestamp': seconds,
        'x-slack-signature': `v0=${createHmac('sha256', secret).update(`v0:${seconds}:${body}`).digest('hex')}`,
      },
    });
    expect(await answer.json()).toEqual({ challenge: 'c-1' });
  });
});
