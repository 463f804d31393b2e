import { describe, expect, test } from 'vitest';
import { startCin7Core } from '#src/playground/vendors/cin7-core/server.ts';
import { startHubSpot } from '#src/playground/vendors/hubspot/server.ts';
import type { PracticeVendor } from '#src/playground/vendors/vendor.ts';
import { startXero } from '#src/playground/vendors/xero/server.ts';
import { ask, eventually, shown, started } from './kit.ts';

interface Subject {
  readonly start: () => Promise<Awaited<ReturnType<typeof started>>>;
  signIn(vendor: PracticeVendor): Promise<Record<string, string>>;
  /** A read of one record, and an update of its ABN. */
  read(vendor: PracticeVendor, id: string, headers: Record<string, string>): ReturnType<typeof ask>;
  write(
    vendor: PracticeVendor,
    id: string,
    headers: Record<string, string>,
    signal?: AbortSignal,
  ): ReturnType<typeof ask>;
  readonly abnKey: string;
  readonly emailKey: string;
  readonly refused: { readonly status: number; readonly says: string };
  readonly revoked: number;
}

const company = '/crm/objects/2026-09/companies';
const subjects: Record<string, Subject> = {
  hubspot: {
    start: () => started(startHubSpot, (all) => all.hubspot),
    signIn: async ({ env }) => ({ authorization: `Bearer ${env.HUBSPOT_TOKEN}` }),
    read: ({ baseUrl }, id, headers) =>
      ask(`${baseUrl}${company}/${id}?properties=billing_email,abn`, { headers }),
    write: ({ baseUrl }, id, headers, signal) =>
      ask(`${baseUrl}${company}/batch/update`, {
        headers,
        ...(signal ? { signal } : {}),
        body: { inputs: [{ id, properties: { abn: '7' } }] },
      }),
    abnKey: 'abn',
    emailKey: 'billing_email',
    refused: { status: 207, says: 'VALIDATION_ERROR' },
    revoked: 401,
  },
  xero: {
    start: () => started(startXero, (all) => all.xero),
    signIn: async ({ env, authUrl }) => {
      const basic = Buffer.from(`${env.XERO_CLIENT_ID}:${env.XERO_CLIENT_SECRET}`).toString('base64');
      const form = { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' };
      const { json } = await ask(`${authUrl}/connect/token`, {
        headers: form,
        body: 'grant_type=client_credentials',
      });
      return { authorization: `Bearer ${json?.access_token ?? json?.error}`, accept: 'application/json' };
    },
    read: ({ baseUrl }, id, headers) => ask(`${baseUrl}/Contacts/${id}`, { headers }),
    write: ({ baseUrl }, id, headers, signal) =>
      ask(`${baseUrl}/Contacts`, {
        headers,
        ...(signal ? { signal } : {}),
        body: { ContactID: id, TaxNumber: '7' },
      }),
    abnKey: 'TaxNumber',
    emailKey: 'EmailAddress',
    refused: { status: 400, says: 'ValidationException' },
    revoked: 401,
  },
  'cin7-core': {
    start: () => started(startCin7Core, (all) => all.cin7Core),
    signIn: async ({ env }) => ({
      'api-auth-accountid': env.CIN7_ACCOUNT_ID ?? '',
      'api-auth-applicationkey': env.CIN7_APPLICATION_KEY ?? '',
    }),
    read: ({ baseUrl }, id, headers) => ask(`${baseUrl}/customer?ID=${id}`, { headers }),
    write: ({ baseUrl }, id, headers, signal) =>
      ask(`${baseUrl}/customer`, {
        method: 'PUT',
        headers,
        ...(signal ? { signal } : {}),
        body: { ID: id, TaxNumber: '7' },
      }),
    abnKey: 'TaxNumber',
    emailKey: 'Email',
    refused: { status: 400, says: 'ErrorCode' },
    revoked: 403,
  },
};

const moment = () => new Promise((resolve) => setTimeout(resolve, 40));

async function ready(subject: Subject) {
  const { vendor, clock } = await subject.start();
  const id = vendor.cards()[0]?.externalId ?? '';
  const headers = await subject.signIn(vendor);
  const read = () => subject.read(vendor, id, headers);
  const write = (signal?: AbortSignal) => subject.write(vendor, id, headers, signal);
  return { vendor, clock, id, read, write, abn: () => shown(vendor, id, subject.abnKey) };
}

describe.each(Object.entries(subjects))('%s, broken', (_, subject) => {
  test('an error of its own, a page, half an answer', async () => {
    const { vendor, read } = await ready(subject);
    const { text: good } = await read();
    vendor.setFault({ kind: 'server_error' });
    expect((await read()).status).toBe(500);
    vendor.setFault({ kind: 'html' });
    const page = await read();
    expect([page.status, page.headers.get('content-type'), page.json]).toEqual([
      200,
      'text/html; charset=utf-8',
      undefined,
    ]);
    vendor.setFault({ kind: 'half_json' });
    const half = await read();
    expect([half.status, half.json, Math.abs(half.text.length - good.length / 2) < 20]).toEqual([
      200,
      undefined,
      true,
    ]);
    vendor.setFault(null);
    expect((await read()).json).toBeDefined();
  });

  test('revoked: nothing helps until it is mended, then signing in again does', async () => {
    const { vendor, id, read } = await ready(subject);
    vendor.setFault({ kind: 'revoked' });
    expect((await read()).status).toBe(subject.revoked);
    expect((await subject.read(vendor, id, await subject.signIn(vendor))).status).toBe(subject.revoked);
    vendor.setFault(null);
    expect((await subject.read(vendor, id, await subject.signIn(vendor))).status).toBe(200);
  });

  test('busy: says how long, and is there again after that', async () => {
    const { vendor, clock, read } = await ready(subject);
    vendor.setFault({ kind: 'busy', retryAfterSeconds: 30 });
    const wait = async () => {
      const { status, headers } = await read();
      return [status, headers.get('retry-after')];
    };
    expect(await wait()).toEqual([429, '30']);
    clock.advance(20_000);
    expect(await wait()).toEqual([429, '10']);
    clock.advance(10_000);
    expect([await wait(), vendor.fault]).toEqual([[200, null], null]);
  });

  test('silent: takes the call, answers when it is mended, and does nothing for those who have gone', async () => {
    const { vendor, read, write, abn } = await ready(subject);
    const before = abn();
    vendor.setFault({ kind: 'silent' });
    const patient = read();
    await expect(write(AbortSignal.timeout(60))).rejects.toThrow('timeout');
    expect(vendor.log.filter(({ status }) => status === 0).length).toBe(2);
    await moment();
    vendor.setFault(null);
    expect((await patient).status).toBe(200);
    await moment();
    expect(abn()).toBe(before);
  });

  test('one malformed record: its id can be read, it cannot', async () => {
    const { vendor, id, read } = await ready(subject);
    const { text: good } = await read();
    vendor.setFault({ kind: 'malformed_record', externalId: id });
    const { json, text } = await read();
    expect(text).toContain(id);
    expect(text).not.toBe(good);
    expect(JSON.stringify(json)).toContain('see attachment');
  });

  test('renamed: the e-mail comes under another key', async () => {
    const { vendor, read } = await ready(subject);
    expect((await read()).text).toContain(`"${subject.emailKey}":`);
    vendor.setFault({ kind: 'renamed' });
    const { text } = await read();
    expect(text).not.toContain(`"${subject.emailKey}":`);
    expect(text).toMatch(/"\w*email_?address":"accounts@bellbirdtimber\.example"/i);
  });

  test('writes refused: with the reason, and nothing is saved', async () => {
    const { vendor, read, write, abn } = await ready(subject);
    const before = abn();
    vendor.setFault({ kind: 'writes_refused', message: 'This period is locked' });
    const { status, text } = await write();
    expect(status).toBe(subject.refused.status);
    expect(text).toContain('This period is locked');
    expect(text).toContain(subject.refused.says);
    expect([abn(), (await read()).status]).toEqual([before, 200]);
  });

  test('cut after the write: it is done, nobody is told, as often as was said', async () => {
    const { vendor, read, write, abn } = await ready(subject);
    vendor.setFault({ kind: 'cut_after_write', times: 2 });
    expect((await read()).status).toBe(200);
    await expect(write()).rejects.toThrow();
    expect([abn(), vendor.fault]).toEqual(['7', { kind: 'cut_after_write', times: 1 }]);
    await expect(write()).rejects.toThrow();
    expect([(await write()).status, vendor.fault]).toEqual([200, null]);
  });

  test('a proxy’s page, slow, reset in the middle', async () => {
    const { vendor, read } = await ready(subject);
    vendor.setFault({ kind: 'bad_gateway', times: 1 });
    const page = await read();
    expect([page.status, page.headers.get('content-type'), page.json]).toEqual([
      502,
      'text/html; charset=utf-8',
      undefined,
    ]);
    vendor.setFault({ kind: 'slow', seconds: 0.15, times: 1 });
    const started = performance.now();
    expect((await read()).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(140);
    vendor.setFault({ kind: 'reset', times: 1 });
    await expect(read()).rejects.toThrow();
    expect([(await read()).status, vendor.fault]).toEqual([200, null]);
  });

  test('a time-out or a cut before the write leaves nothing, one after it everything', async () => {
    const { vendor, write, abn } = await ready(subject);
    const before = abn();
    vendor.setFault({ kind: 'cut_before_write', times: 1 });
    await expect(write()).rejects.toThrow();
    vendor.setFault({ kind: 'silent', times: 1 });
    await expect(write(AbortSignal.timeout(60))).rejects.toThrow('timeout');
    expect([abn(), vendor.fault]).toEqual([before, null]);
    vendor.setFault({ kind: 'silent_after_write' });
    await expect(write(AbortSignal.timeout(60))).rejects.toThrow('timeout');
    expect(abn()).toBe('7');
  });

  test('by script: one step for each call that fits it, and then well again', async () => {
    const { vendor, id, read, write } = await ready(subject);
    vendor.setFault({
      kind: 'script',
      steps: [
        { kind: 'fine' },
        { kind: 'server_error', on: 'write' },
        { kind: 'cut_after_write' },
        { kind: 'revoked' },
      ],
    });
    const statuses = [];
    for (const ask of [read, read, write, read]) statuses.push((await ask()).status);
    expect(statuses).toEqual([200, 200, 500, 200]);
    await expect(write()).rejects.toThrow();
    expect(vendor.fault).toEqual({ kind: 'script', steps: [{ kind: 'revoked' }] });
    expect((await read()).status).toBe(subject.revoked);
    const again = await subject.read(vendor, id, await subject.signIn(vendor));
    expect([again.status, vendor.fault]).toEqual([200, null]);
  });

  test('by chance: the same calls meet the same fate for the same seed, at about the rate', async () => {
    const fates = async (seed: number, rate: number) => {
      const { vendor, clock, read } = await ready(subject);
      const of = [{ kind: 'server_error' }, { kind: 'bad_gateway' }, { kind: 'cut_after_write' }] as const;
      vendor.setFault({ kind: 'seed', seed, rate, of });
      const seen = [];
      for (let n = 0; n < 40; n += 1) {
        clock.advance(1000);
        seen.push((await read()).status);
      }
      return seen;
    };
    const first = await fates(7, 0.5);
    expect(await fates(7, 0.5)).toEqual(first);
    expect(await fates(8, 0.5)).not.toEqual(first);
    expect(new Set(first)).toEqual(new Set([200, 500, 502]));
    expect(new Set(await fates(7, 0))).toEqual(new Set([200]));
  });

  test('tells whoever listens of every change, by people and through the API, until they stop', async () => {
    const { vendor, id, write } = await ready(subject);
    const heard: string[] = [];
    const stop = vendor.onChange((changed) => heard.push(changed));
    vendor.edit(id, { [subject.emailKey]: 'new@example.com' }, 'Priya Nair');
    await write();
    expect(heard).toEqual([id, id]);
    stop();
    vendor.edit(id, { [subject.emailKey]: 'newer@example.com' }, 'Priya Nair');
    expect(heard).toHaveLength(2);
  });

  test('a target that never answers delays nothing', async () => {
    const { vendor, clock, write, id } = await ready(subject);
    const other = await ready(subject);
    other.vendor.setFault({ kind: 'silent' });
    vendor.setWebhookTarget(other.vendor.baseUrl);
    vendor.edit(id, { [subject.emailKey]: 'new@example.com' }, 'Priya Nair');
    clock.advance(60_000);
    await eventually(() => other.vendor.log.length > 0);
    expect((await write()).status).toBe(200);
  });
});
