import { expect, test } from 'vitest';
import { decimalOf } from '#src/entities/money/decimal.ts';
import { totalsOf } from '#src/entities/money/gst.ts';
import { hubspotSales } from '#src/playground/data/as-hubspot-sales.ts';
import { practiceDeals } from '#src/playground/data/deals.ts';
import { seed } from '#src/playground/data/seed.ts';

const now = new Date('2026-11-21T01:00:00.000Z');
const { hubspot } = seed(now);
const { products, deals } = hubspotSales(hubspot, now);

test('the same every time: deals that are won, invoiced by hand, and hoped for', () => {
  expect(hubspotSales(hubspot, now)).toEqual({ products, deals });
  const won = practiceDeals.filter(({ stage }) => stage === 'closedwon');
  expect([won.length, practiceDeals.length - won.length]).toEqual([17, 4]);
  expect(won.flatMap(({ invoice }) => invoice ?? [])).toHaveLength(5);
  expect(new Set(practiceDeals.map(({ id }) => id)).size).toBe(practiceDeals.length);
});

test('every customer is a company in HubSpot, and every line has a price', () => {
  for (const [place, deal] of deals.entries()) {
    expect([practiceDeals[place]?.name, deal.companyId === null]).toEqual([
      practiceDeals[place]?.name,
      practiceDeals[place]?.customer === null,
    ]);
    for (const { properties } of deal.lines) {
      expect(decimalOf(properties.price ?? ''), `${deal.id} ${properties.name}`).not.toBeNull();
      expect(properties.name).not.toBe('');
    }
  }
  const lineIds = deals.flatMap(({ lines }) => lines.map(({ id }) => id));
  expect(new Set(lineIds).size).toBe(lineIds.length);
});

test('nothing was touched after it began', () => {
  for (const { modifiedAt } of [...products, ...deals, ...deals.flatMap(({ lines }) => lines)])
    expect(Date.parse(modifiedAt)).toBeLessThan(now.getTime());
});

test('one of them comes to another cent by line than as a whole, and two are alike', () => {
  const shelves = practiceDeals.find(({ name }) => name === 'Display shelves');
  const lines = (shelves?.lines ?? []).map(({ price }) => ({
    amount: decimalOf(price ?? '')?.units ?? 0n,
    percent: { units: 10n, scale: 0 },
  }));
  const tax = (kind: 'per_line' | 'invoice_total') =>
    totalsOf(lines, {
      prices: 'exclusive',
      rounding: kind === 'per_line' ? { kind, decimals: 2 } : { kind },
      digits: 2,
    }).tax;
  expect([tax('per_line'), tax('invoice_total')]).toEqual([11757n, 11756n]);
  const names = practiceDeals.map(({ name, customer, lines: own }) => JSON.stringify([name, customer, own]));
  expect(names.length - new Set(names).size).toBe(1);
});
