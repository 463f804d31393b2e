import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { eventually, hookTarget } from './kit.ts';
import { xero } from './xero-kit.ts';

test('webhooks: nothing before the target has told a right signature from a wrong one', async () => {
  const { vendor, star } = await xero();
  const sign = (body: string) =>
    createHmac('sha256', vendor.env.XERO_WEBHOOK_KEY ?? '')
      .update(body)
      .digest('base64');
  const { url, hooks } = await hookTarget('/webhooks/xero', ({ headers, body }) =>
    headers['x-xero-signature'] === sign(body) ? 200 : 401,
  );
  vendor.setWebhookTarget(url);
  vendor.edit(star, { City: 'Pambula', PostalCode: '2549' }, 'Tom Walsh');
  const bodies = () => hooks.map(({ body }) => JSON.parse(body));
  await eventually(() => bodies().some(({ events }) => events.length > 0));
  expect(bodies().map(({ events }) => events.length)).toEqual([0, 0, 1]);
  expect(bodies()[2]).toMatchObject({
    events: [
      {
        resourceId: star,
        eventCategory: 'CONTACT',
        eventType: 'UPDATE',
        eventDateUtc: '2026-11-21T01:00:00.000',
      },
    ],
    firstEventSequence: 1,
    lastEventSequence: 1,
  });

  const careless = await hookTarget('/webhooks/xero', () => 200);
  vendor.setWebhookTarget(careless.url);
  vendor.edit(star, { City: 'Bega' }, 'Tom Walsh');
  await eventually(() => careless.hooks.length >= 4);
  expect(careless.hooks.map(({ body }) => JSON.parse(body).events.length)).toEqual([0, 0, 0, 0]);
});

test('webhooks: what is not taken comes again as it was, every quarter of an hour', async () => {
  const { vendor, clock, star } = await xero();
  const sign = (body: string) =>
    createHmac('sha256', vendor.env.XERO_WEBHOOK_KEY ?? '')
      .update(body)
      .digest('base64');
  let tries = 0;
  const { url, hooks } = await hookTarget('/webhooks/xero', ({ headers, body }) => {
    if (headers['x-xero-signature'] !== sign(body)) return 401;
    if (JSON.parse(body).events.length === 0) return 200;
    tries += 1;
    return tries < 3 ? 500 : 200;
  });
  const moment = () => new Promise((resolve) => setTimeout(resolve, 120));
  vendor.setWebhookTarget(url);
  vendor.edit(star, { City: 'Pambula' }, 'Tom Walsh');
  await eventually(() => tries === 1);
  await moment();
  clock.advance(899_000);
  await moment();
  expect(tries).toBe(1);
  clock.advance(1_000);
  await eventually(() => tries === 2);
  await moment();
  clock.advance(900_000);
  await eventually(() => tries === 3);
  const bodies = hooks.map(({ body }) => body).filter((body) => JSON.parse(body).events.length > 0);
  expect(new Set(bodies).size).toBe(1);
  await moment();
  clock.advance(86_400_000);
  await moment();
  expect(tries).toBe(3);
});
