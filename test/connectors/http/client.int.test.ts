import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { ConnectionTerms } from '#src/agreement/agreement.ts';
import type { CallContext } from '#src/connectors/connector.ts';
import type { HttpCall } from '#src/connectors/http/call.ts';
import { createHttp } from '#src/connectors/http/client.ts';
import { xeroWords } from '#src/connectors/xero/words.ts';
import { call, clockAtNoon, memoryBudgets, memoryLog, noon, terms, tinyVendor } from '../kit.ts';

const shape = z.looseObject({ ok: z.boolean() });
const fine = { json: { ok: true } };

function parts(more: Partial<ConnectionTerms> = {}) {
  const clock = clockAtNoon();
  const log = memoryLog();
  const budgets = memoryBudgets();
  const http = createHttp({
    log,
    budgets,
    clock,
    words: xeroWords,
    terms: terms('xero', more),
    secrets: () => ['s3cret-token'],
  });
  const get = (url: string, change: Partial<HttpCall<{ ok: boolean }>> = {}, context: CallContext = call) =>
    http({ purpose: 'read contacts', method: 'GET', url, effect: 'read', shape, ...change }, context);
  return { clock, log, budgets, get };
}
const put = {
  method: 'PUT',
  effect: 'repeatable',
  body: { json: { Email: 'j@x.au', Name: 'Acme' } },
} as const;

describe('a call', () => {
  test('carries the reference, and is logged with a hash but no body when it reads', async () => {
    const vendor = await tinyVendor(() => ({ ...fine, headers: { 'x-minlimit-remaining': '59' } }));
    const { log, get } = parts();
    const answer = await get(`${vendor.url}/a`, {
      query: { page: '1' },
      headers: { authorization: 'Bearer s3cret-token' },
    });
    expect(answer).toEqual({ data: { ok: true }, exchangeId: 1, drifts: [] });
    expect(vendor.seen[0]?.headers['x-correlation-id']).toBe('tr-7F3K92QDXB');
    expect(log.kept).toMatchObject([
      {
        purpose: 'read contacts',
        url: `${vendor.url}/a?page=1`,
        attempt: 1,
        status: 200,
        error: null,
        requestBody: null,
        responseBody: null,
        runId: 7,
      },
    ]);
    expect(log.kept[0]?.responseHash).toMatch(/^[0-9a-f]{64}$/);
    expect(log.kept[0]?.headers).toMatchObject({ 'x-minlimit-remaining': '59' });
    expect(JSON.stringify(log.kept)).not.toContain('s3cret-token');
  });

  test('a write keeps its bodies, redacted; so does a failed read', async () => {
    const vendor = await tinyVendor((_, number) =>
      number === 1 ? fine : { status: 404, json: { token: 'abc', Message: 'No' } },
    );
    const { log, get } = parts();
    await get(vendor.url, put);
    await expect(get(vendor.url)).rejects.toMatchObject({
      failure: 'refused',
      status: 404,
      exchangeId: 2,
      reason: 'No',
    });
    expect(log.kept[0]).toMatchObject({
      requestBody: { Email: '[hidden]', Name: 'Acme' },
      responseBody: { ok: true },
    });
    expect(log.kept[1]).toMatchObject({
      responseBody: { token: '[secret]', Message: 'No' },
      error: 'Xero has refused the call: No',
    });
  });
});

describe('a sign-in', () => {
  const form = { grant_type: 'refresh_token', refresh_token: 'rt-1a2b3c4d5e', client_id: 'app' };
  const signIn = {
    method: 'POST',
    body: { form },
    headers: { authorization: 'Bearer at-9z8y7x6w5v' },
    effect: 'once',
    counted: false,
  } as const;

  test('that the vendor refuses with our own secrets in its words repeats none of them', async () => {
    const Message = 'refresh token rt-1a2b3c4d5e is not of at-9z8y7x6w5v';
    const vendor = await tinyVendor(() => ({ status: 400, json: { Message } }));
    const { log, get } = parts();
    await expect(get(vendor.url, signIn)).rejects.toMatchObject({
      message: 'Xero has refused the call: refresh token [secret] is not of [secret]',
    });
    expect(JSON.stringify(log.kept)).not.toMatch(/rt-1a2b|at-9z8y/);
  });

  test('whose answer breaks off in the middle leaves no token in the log', async () => {
    const text = '{"access_token": "eyJ.new.one","token_type":"Bearer","refresh_token":"rt-n3w';
    const vendor = await tinyVendor(() => ({ text, headers: { 'content-type': 'application/json' } }));
    const { log, get } = parts();
    await expect(get(vendor.url, signIn)).rejects.toMatchObject({ failure: 'nonsense' });
    expect(log.kept[0]?.responseBody).toBe(
      '{"access_token":"[secret]","token_type":"Bearer","refresh_token":"[secret]"',
    );
  });
});

describe('what does not work', () => {
  test('an outage is tried again and logged each time, all waits on the clock', async () => {
    const vendor = await tinyVendor((_, number) => (number < 3 ? { status: 500, text: 'oops' } : fine));
    const { log, clock, get } = parts();
    expect((await get(vendor.url)).exchangeId).toBe(3);
    expect(log.kept.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 500],
      [2, 500],
      [3, 200],
    ]);
    expect(clock.now().getTime() - noon.getTime()).toBe(2_500);
  });

  test('a refused connection cannot be reached, and nothing can have arrived', async () => {
    const { get } = parts();
    await expect(get('http://127.0.0.1:9', put)).rejects.toMatchObject({
      failure: 'unreachable',
      message: 'Xero cannot be reached (ECONNREFUSED)',
      mayHaveArrived: false,
      status: null,
    });
  });

  test('a silence is told with how long we waited', async () => {
    const vendor = await tinyVendor(() => 'never');
    const { get, log } = parts({ timeoutSeconds: 0.1 });
    await expect(get(vendor.url, { ...put, effect: 'once' })).rejects.toMatchObject({
      failure: 'silent',
      message: 'Xero does not answer (waited 1 s)',
      mayHaveArrived: true,
    });
    expect(log.kept).toMatchObject([{ status: null, responseHash: null }]);
  });

  test('half an answer and a cut line are repeated where that is safe, and never where it adds', async () => {
    for (const trouble of ['half', 'cut'] as const) {
      const safe = await tinyVendor((_, number) => (number === 1 ? trouble : fine));
      expect((await parts().get(safe.url, put)).data.ok).toBe(true);
      const adding = await tinyVendor(() => trouble);
      await expect(parts().get(adding.url, { ...put, effect: 'once' })).rejects.toMatchObject({
        mayHaveArrived: true,
      });
      expect(adding.seen).toHaveLength(1);
    }
  });

  test('a short wait is kept, a long one is told and closes the connection for all', async () => {
    const short = await tinyVendor((_, number) =>
      number === 1 ? { status: 429, headers: { 'retry-after': '4' } } : fine,
    );
    const one = parts();
    await one.get(short.url);
    expect(one.clock.now().getTime() - noon.getTime()).toBe(4_000);
    const long = await tinyVendor(() => ({ status: 429, headers: { 'retry-after': '120' } }));
    const two = parts();
    const until = new Date(noon.getTime() + 120_000);
    await expect(two.get(long.url)).rejects.toMatchObject({
      failure: 'busy',
      resumeAt: until,
      message: 'Xero asks us to wait 2 min',
    });
    await expect(two.get(long.url)).rejects.toMatchObject({ failure: 'busy', resumeAt: until });
    expect(long.seen).toHaveLength(1);
  });

  test('a spent budget sends nothing', async () => {
    const vendor = await tinyVendor(() => fine);
    const { get } = parts({ callsPerDay: 1 });
    await get(vendor.url);
    await expect(get(vendor.url)).rejects.toMatchObject({ failure: 'budget' });
    expect(vendor.seen).toHaveLength(1);
  });

  test('a stopped run gets its own reason back, not the vendor’s', async () => {
    const vendor = await tinyVendor(() => 'never');
    const stop = new AbortController();
    const going = parts().get(vendor.url, {}, { ...call, signal: stop.signal });
    setTimeout(() => stop.abort(new Error('the run was stopped')), 30);
    await expect(going).rejects.toThrow('the run was stopped');
  });
});
