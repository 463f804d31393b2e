import { describe, expect, test } from 'vitest';
import { createXero } from '#src/connectors/xero/index.ts';
import { customersOf } from '#test/support/connections.ts';
import {
  call,
  clockAtNoon,
  memoryBudgets,
  memoryLog,
  memoryTokens,
  noon,
  terms,
  tinyVendor,
} from '../kit.ts';

describe('Xero, its limits', () => {
  const limitedBy = async (headers: Record<string, string>) => {
    const vendor = await tinyVendor((seen, number) => {
      if (seen.url === '/connect/token') return { json: { access_token: 't', expires_in: 1800 } };
      return number === 2 ? { status: 429, headers, text: '' } : { json: { Contacts: [] } };
    });
    const clock = clockAtNoon();
    const connector = customersOf(
      createXero({
        terms: terms('xero', { baseUrl: vendor.url, authUrl: vendor.url }),
        credential: (name) => name,
        tokens: memoryTokens(),
        http: { log: memoryLog(), budgets: memoryBudgets() },
        clock,
      }),
    );
    return connector.read(['x'], call).then(
      () => `${(clock.now().getTime() - noon.getTime()) / 1000} s`,
      ({ failure, resumeAt }) => `${failure} until ${resumeAt?.toISOString()}`,
    );
  };

  test.each([
    ['minute', { 'x-rate-limit-problem': 'minute', 'retry-after': '7' }, '7 s'],
    ['Minute, without a hint', { 'X-Rate-Limit-Problem': 'Minute' }, 'busy until 2026-11-20T01:01:00.000Z'],
    ['AppMinute', { 'x-rate-limit-problem': 'AppMinute' }, 'busy until 2026-11-20T01:01:00.000Z'],
    ['concurrent', { 'x-rate-limit-problem': 'concurrent' }, '1 s'],
    ['day', { 'x-rate-limit-problem': 'day', 'retry-after': '3600' }, 'busy until 2026-11-20T02:00:00.000Z'],
    ['Day, without a hint', { 'x-rate-limit-problem': 'Day' }, 'busy until 2026-11-21T00:00:00.000Z'],
  ])('%s', async (_, headers, expected) => {
    expect(await limitedBy(headers)).toBe(expected);
  });

  test('what Xero says is left is what is left, whoever used the rest', async () => {
    const vendor = await tinyVendor((seen) =>
      seen.url === '/connect/token'
        ? { json: { access_token: 't', expires_in: 1800 } }
        : { headers: { 'x-daylimit-remaining': '2', 'x-minlimit-remaining': '50' }, json: { Contacts: [] } },
    );
    const connector = customersOf(
      createXero({
        terms: terms('xero', { baseUrl: vendor.url, authUrl: vendor.url, callsPerDay: 1000 }),
        credential: (name) => name,
        tokens: memoryTokens(),
        http: { log: memoryLog(), budgets: memoryBudgets() },
        clock: clockAtNoon(),
      }),
    );
    for (let round = 0; round < 3; round += 1) await connector.read(['x'], call);
    await expect(connector.read(['x'], call)).rejects.toMatchObject({ failure: 'budget' });
  });
});
