import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { expect, onTestFinished } from 'vitest';
import type { ActiveAgreement } from '#src/agreement/agreement.ts';
import { manualClock } from '#src/clock.ts';
import type { Connection } from '#src/connectors/connection.ts';
import { createXero } from '#src/connectors/xero/index.ts';
import { type Checked, checkConnection } from '#src/jobs/check-connections.ts';
import type { Wake } from '#src/jobs/wake.ts';
import { budgetLedger } from '#src/ledger/connections/budgets.ts';
import { exchangeLog } from '#src/ledger/connections/exchanges.ts';
import { beginSignIn } from '#src/ledger/connections/sign-ins.ts';
import { tokenLedger } from '#src/ledger/connections/tokens.ts';
import { openStore } from '#src/playground/store.ts';
import { startXero } from '#src/playground/vendors/xero/server.ts';
import { createWeb } from '#src/web/server.ts';
import { startUrlOf } from '#src/web/sign-in.ts';
import { terms } from '#test/connectors/kit.ts';
import { agreement as stageAgreement } from '#test/slack/stage.ts';
import type { PlainBrowser, Shown } from '#test/support/browser.ts';
import type { TestDatabase } from '#test/support/database.ts';
import { freePort } from '#test/support/truce-process.ts';

export const noon = new Date('2026-11-20T01:00:00.000Z');
export const tom = 'U0TOMW0001';
export const minute = 60_000;

export const secondShop = {
  id: '00000000-0000-4000-8000-00000000b0b0',
  name: 'Second Shop',
  version: 'AU' as const,
};

/** The web part of two replicas, with a real Xero connector each, before a practice Xero. */
export async function stage(
  { db }: TestDatabase,
  more: { publicUrl?: string; check?: (look: () => Promise<Checked>) => Promise<Checked> } = {},
) {
  const clock = manualClock(noon);
  const store = openStore(':memory:');
  const vendor = await startXero({ store, clock, organisations: [secondShop] });
  const port = await freePort();
  const publicUrl = more.publicUrl ?? `http://localhost:${port}`;
  const secretKeys = [randomBytes(32)];
  const logged: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => logged.push(line) });
  const xeroTerms = terms('xero', {
    signIn: 'oauth',
    baseUrl: vendor.baseUrl,
    authUrl: vendor.authUrl,
    credentials: { client_id: 'XERO_WEB_CLIENT_ID', client_secret: 'XERO_WEB_CLIENT_SECRET' },
  });
  const current: { agreement: ActiveAgreement } = {
    agreement: { ...stageAgreement({ connections: ['xero'] }), connections: { xero: xeroTerms } },
  };
  const wakes: Wake[] = [];
  const replica = async (on: number) => {
    const tokens = tokenLedger(db, secretKeys, clock);
    const xero: Connection = createXero({
      terms: xeroTerms,
      clock,
      tokens,
      credential: (name) => vendor.env[xeroTerms.credentials[name] ?? ''] ?? '',
      http: { log: exchangeLog(db), budgets: budgetLedger(db) },
    });
    const parts = {
      db,
      clock,
      log,
      connections: new Map([['xero', xero]]),
      agreement: () => current.agreement,
    };
    const web = createWeb({
      ...parts,
      wake: async (wake) => void wakes.push(wake),
      publicUrl,
      secretKeys,
      tokens,
      check: (id) => {
        const look = () => checkConnection(parts, id);
        return more.check ? more.check(look) : look();
      },
    });
    const listening = await web.listen(on, 'localhost');
    onTestFinished(() => web.close());
    return { xero, tokens, port: listening };
  };
  const first = await replica(port);
  const second = await replica(0);
  onTestFinished(async () => {
    await vendor.close();
    store.close();
  });
  return {
    db,
    clock,
    vendor,
    first,
    second,
    publicUrl,
    wakes,
    logged,
    current,
    link: async (by = tom) => {
      const { ticket } = await beginSignIn(db, secretKeys, { connection: 'xero', by, now: clock.now() });
      return startUrlOf(publicUrl, ticket);
    },
  };
}

export const callback = /\/oauth\/callback/;
/** Opens the link and allows access at Xero; gives the address to which Xero sends the browser back. */
export async function allowed(browser: PlainBrowser, link: string, organisation?: string): Promise<string> {
  const shown = await browser.open(link);
  const chosen = organisation
    ? shown.text.replace(' checked', '').replace(`value="${organisation}"`, '$& checked')
    : shown.text;
  const consent = { ...shown, text: chosen };
  expect(consent.text).toContain('Truce wants access');
  const sent = await browser.submit(consent, { decision: 'allow' }, callback);
  return sent.next ?? expect.fail('Xero sent nobody back');
}
export const wordsOf = ({ text }: Shown): string =>
  text
    .replace(/<style>.*<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

export async function everything({ db }: TestDatabase): Promise<string> {
  const tables = ['tokens', 'sign_ins', 'exchanges', 'outbox', 'connection_checks'];
  const rows = await Promise.all(tables.map((name) => db.execute(sql.raw(`select * from ${name}`))));
  return JSON.stringify(rows);
}

export function expectPrivate({ headers, text }: Shown): void {
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'/);
  expect(text).not.toMatch(/<script|<img|<link|https?:\/\//);
}
