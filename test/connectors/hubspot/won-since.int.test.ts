import { expect, test } from 'vitest';
import { sales, seen } from './sales-account.ts';

const left = { leftOut: true, archived: false, fields: { lines: { state: 'not_read' } } };

test('a deal that was won before the first day is told as left out, and its lines are not even asked for', async () => {
  const world = await sales({ wonSince: '2026-07-01' });
  // Midnight in Sydney, where the company's days are, is ten hours earlier in UTC.
  const before = world.deal({ closedate: '2026-06-30T13:59:59Z' });
  world.line(before, { name: 'Gate', price: '100', quantity: '2', recurringbillingfrequency: 'monthly' });
  const since = world.deal({ closedate: '2026-06-30T14:00:00Z' });
  const calls = world.vendor.log.length;
  expect(await seen(world, before)).toMatchObject(left);
  const asked = world.vendor.log.slice(calls).map(({ path }) => path);
  expect(asked.filter((path) => /line_items|associations|products/.test(path))).toEqual([]);
  expect((await seen(world, since)).leftOut).toBeUndefined();
});

test('one that carries an invoice’s number takes part whenever it was won', async () => {
  const world = await sales({ wonSince: '2026-07-01' });
  const id = world.deal({ closedate: '2024-03-01T00:00:00Z', truce_invoice_number: 'INV-7' });
  expect((await seen(world, id)).leftOut).toBeUndefined();
});

test('without a close date the day counts on which it was made', async () => {
  const world = await sales({ wonSince: '2026-07-01' });
  expect((await seen(world, world.deal())).leftOut).toBeUndefined();
  const later = await sales({ wonSince: '2027-01-01' });
  expect(await seen(later, later.deal())).toMatchObject(left);
});
