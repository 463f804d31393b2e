import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import type { ActiveAgreement } from '#src/agreement/agreement.ts';
import { manualClock } from '#src/clock.ts';
import type { Connector } from '#src/connectors/connector.ts';
import { createXero } from '#src/connectors/xero/index.ts';
import { type Checked, checkConnection } from '#src/jobs/check-connections.ts';
import type { Wake } from '#src/jobs/wake.ts';
import { budgetLedger } from '#src/ledger/budgets.ts';
import { checksOf } from '#src/ledger/connection-checks.ts';
import { exchangeLog } from '#src/ledger/exchanges.ts';
import { beginSignIn } from '#src/ledger/sign-ins.ts';
import { outbox } from '#src/ledger/tables/index.ts';
import { signInOf, tokenLedger } from '#src/ledger/tokens.ts';
import { openStore } from '#src/playground/store.ts';
import { startXero } from '#src/playground/vendors/xero/server.ts';
import { createWeb } from '#src/web/server.ts';
import { redirectUriOf, startUrlOf } from '#src/web/sign-in.ts';
import { call, terms } from '#test/connectors/kit.ts';
import { agreement as stageAgreement } from '#test/slack/stage.ts';
import { type PlainBrowser, plainBrowser, type Shown } from '#test/support/browser.ts';
import { describeOnBothDatabases, type TestDatabase } from '#test/support/database.ts';
import { freePort } from '#test/support/truce-process.ts';

const noon = new Date('2026-11-20T01:00:00.000Z');
const tom = 'U0TOMW0001';
const minute = 60_000;

/** The web part of two replicas, with a real Xero connector each, before a practice Xero. */
async function stage(
  { db }: TestDatabase,
  more: { publicUrl?: string; check?: (look: () => Promise<Checked>) => Promise<Checked> } = {},
) {
  const clock = manualClock(noon);
  const store = openStore(':memory:');
  const vendor = await startXero({ store, clock });
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
    const xero: Connector = createXero({
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
      connectors: new Map([['xero', xero]]),
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

const callback = /\/oauth\/callback/;
/** Opens the link and allows access at Xero; gives the address to which Xero sends the browser back. */
async function allowed(browser: PlainBrowser, link: string): Promise<string> {
  const consent = await browser.open(link);
  expect(consent.text).toContain('Truce wants access');
  const sent = await browser.submit(consent, { decision: 'allow' }, callback);
  return sent.next ?? expect.fail('Xero sent nobody back');
}
const wordsOf = ({ text }: Shown): string =>
  text
    .replace(/<style>.*<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

async function everything({ db }: TestDatabase): Promise<string> {
  const tables = ['tokens', 'sign_ins', 'exchanges', 'outbox', 'connection_checks'];
  const rows = await Promise.all(tables.map((name) => db.execute(sql.raw(`select * from ${name}`))));
  return JSON.stringify(rows);
}

function expectPrivate({ headers, text }: Shown): void {
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'/);
  expect(text).not.toMatch(/<script|<img|<link|https?:\/\//);
}

describeOnBothDatabases('signing a connection in', (open) => {
  it('leads from the link to the vendor and back: stored encrypted, checked, told, woken, and usable', async () => {
    const database = await open();
    const on = await stage(database);
    const browser = plainBrowser();
    const back = await allowed(browser, await on.link());
    const page = await browser.open(back);
    expect(page.status).toBe(200);
    expect(wordsOf(page)).toMatch(/Xero is connected to [\w ]+ You can close this window\./);
    expectPrivate(page);

    expect(await signInOf(on.db, 'xero')).toEqual({ by: tom, at: noon, renewedAt: noon });
    const tokens = await on.second.tokens.read('xero');
    expect(tokens?.scopes).toContain('accounting.contacts');
    const held = await everything(database);
    const query = new URL(back).searchParams;
    for (const secret of [tokens?.accessToken, tokens?.refreshToken, query.get('code'), query.get('state')]) {
      expect(secret?.length).toBeGreaterThan(20);
      expect(held).not.toContain(secret);
      expect(on.logged.join()).not.toContain(secret);
    }
    expect((await checksOf(on.db)).get('xero')).toMatchObject({ error: null, report: { missingScopes: [] } });
    expect(on.wakes).toEqual([{ flow: 'customers', trigger: 'recovery', askedBy: tom }]);
    const [note] = await on.db.select().from(outbox);
    expect(note).toMatchObject({ kind: 'note', template: 'connected', params: { to: tom, system: 'Xero' } });
    expect(await on.second.xero.account(call)).toMatchObject({ missingScopes: [] });
  });

  it('ends once: a second time, and the link afterwards, say so and change nothing', async () => {
    const database = await open();
    const on = await stage(database);
    const browser = plainBrowser();
    const link = await on.link();
    const back = await allowed(browser, link);
    await browser.open(back);
    const before = await everything(database);
    for (const url of [back, link]) {
      const page = await browser.open(url);
      expect(page.status).toBe(410);
      expect(wordsOf(page)).toContain('This sign-in is over A link works once, and this one was used.');
      expectPrivate(page);
    }
    expect(await everything(database)).toBe(before);
  });

  it('takes ten minutes at most: before the vendor’s page, and after it', async () => {
    const on = await stage(await open());
    const [early, late] = [await on.link(), await on.link()];
    const browser = plainBrowser();
    const back = await allowed(browser, early);
    on.clock.advance(10 * minute);
    for (const url of [late, back]) {
      const page = await browser.open(url);
      expect(page.status).toBe(410);
      expect(wordsOf(page)).toContain('This link is too old A link works for ten minutes.');
    }
    expect(await signInOf(on.db, 'xero')).toBeNull();
  });

  it('ends in the browser that opened the link, and in no other', async () => {
    const on = await stage(await open());
    const [mine, theirs] = [plainBrowser(), plainBrowser()];
    const back = await allowed(mine, await on.link());
    const page = await theirs.open(back);
    expect(page.status).toBe(400);
    expect(wordsOf(page)).toContain('begun in another browser');
    // Somebody who has begun a sign-in of their own cannot end this one with it either.
    await theirs.open(await on.link(), /./);
    expect((await theirs.open(back)).status).toBe(400);
    expect(await signInOf(on.db, 'xero')).toBeNull();
    expect((await mine.open(back)).status).toBe(200);
  });

  it('may be begun several times at once, and end on another replica than it began', async () => {
    const on = await stage(await open());
    const browser = plainBrowser();
    const consents = [await browser.open(await on.link()), await browser.open(await on.link())];
    const elsewhere = (url: string) => url.replace(on.publicUrl, `http://localhost:${on.second.port}`);
    for (const consent of consents.reverse()) {
      const { next } = await browser.submit(consent, { decision: 'allow' }, callback);
      expect((await browser.open(elsewhere(next ?? ''))).status).toBe(200);
    }
    expect(await on.first.tokens.read('xero')).toEqual(await on.second.tokens.read('xero'));
  });

  it('that the person cancels says so, and is over', async () => {
    const on = await stage(await open());
    const browser = plainBrowser();
    const consent = await browser.open(await on.link());
    const page = await browser.submit(consent, { decision: 'deny' });
    expect(page.status).toBe(400);
    expect(wordsOf(page)).toContain(
      'Xero is not connected It was not allowed on Xero’s page. Nothing was connected or changed. ' +
        'To begin again, type /sync connect xero in Slack.',
    );
    expectPrivate(page);
    expect((await browser.open(page.url)).status).toBe(410);
    expect(await signInOf(on.db, 'xero')).toBeNull();
  });

  it('that nobody began, or that comes back incomplete, repeats nothing of what was sent', async () => {
    const on = await stage(await open());
    const evil = '<script>alert(1)</script>';
    const browser = plainBrowser();
    const at = redirectUriOf(on.publicUrl);
    const stray = [
      at,
      `${at}?state=${encodeURIComponent(evil)}&code=${evil}`,
      `${at}?error=${encodeURIComponent(evil)}&error_description=${evil}`,
      `${on.publicUrl}/oauth/start/${encodeURIComponent(evil)}`,
      `${on.publicUrl}/oauth/${encodeURIComponent(evil)}`,
    ];
    for (const url of stray) {
      const page = await browser.open(url);
      expect(page.status).toBe(404);
      expect(wordsOf(page)).toContain('There is no sign-in here');
      expect(page.text).not.toContain('alert(1)');
      expectPrivate(page);
    }
    const begun = async (query: string) => {
      const { next } = await browser.open(await on.link(), /./);
      const state = new URL(next ?? '').searchParams.get('state');
      return browser.open(`${at}?state=${state}&${query}`);
    };
    const nothing = await begun('scope=x');
    expect([nothing.status, wordsOf(nothing)]).toEqual([
      400,
      expect.stringContaining('without what Truce needs'),
    ]);
    const odd = await begun(`error=${encodeURIComponent(`server_error ${evil}`)}`);
    expect([odd.status, wordsOf(odd)]).toEqual([400, expect.stringContaining('Xero did not allow it.')]);
    expect(on.logged.join()).not.toContain('alert(1)');
  });

  it('that the vendor refuses at the end says why, stores nothing, and logs no secret', async () => {
    const database = await open();
    const on = await stage(database);
    const browser = plainBrowser();
    const back = await allowed(browser, await on.link());
    const code = new URL(back).searchParams.get('code') ?? '';
    const page = await browser.open(back.replace(code, `${code.slice(0, -4)}AAAA`));
    expect(page.status).toBe(502);
    expect(wordsOf(page)).toContain('Xero is not connected');
    expect(await signInOf(on.db, 'xero')).toBeNull();
    expect(await everything(database)).not.toMatch(/code_verifier":"(?!\[secret\])/);
    expect(on.wakes).toEqual([]);
  });

  it('stays connected, and says so, whatever becomes of what follows', async () => {
    const broken = await stage(await open(), {
      check: () => Promise.reject(new Error('the database went away')),
    });
    const browser = plainBrowser();
    const page = await browser.open(await allowed(browser, await broken.link()));
    expect([page.status, wordsOf(page)]).toEqual([
      200,
      expect.stringMatching(
        /Xero is connected .*stumbled.*\/sync connections in Slack shows how it stands\./,
      ),
    ]);
    expect(await signInOf(broken.db, 'xero')).toMatchObject({ by: tom });
    expect(broken.logged.join()).toContain('Xero was connected, but what follows');
  });

  it('says that the account could not be looked at, where it could not', async () => {
    const on = await stage(await open(), {
      check: (look) => {
        on.vendor.setFault({ kind: 'revoked' });
        return look();
      },
    });
    const browser = plainBrowser();
    const page = await browser.open(await allowed(browser, await on.link()));
    expect(page.status).toBe(200);
    expect(wordsOf(page)).toMatch(
      /Xero is connected Its account could not be looked at yet: Xero .*\. \/sync conn/,
    );
  });

  it('of one who was taken out of the agreement meanwhile comes to nothing', async () => {
    const on = await stage(await open());
    const browser = plainBrowser();
    const back = await allowed(browser, await on.link('U0PRIYA001'));
    const page = await browser.open(back);
    expect(page.status).toBe(403);
    expect(wordsOf(page)).toContain('no longer names you');
    expect(await signInOf(on.db, 'xero')).toBeNull();
  });

  it('behind a proxy goes by the public address, with a cookie that only https carries', async () => {
    const on = await stage(await open(), { publicUrl: 'https://truce.example.com/sync' });
    const link = (await on.link()).replace(
      'https://truce.example.com/sync',
      `http://localhost:${on.first.port}`,
    );
    const { headers, next, status } = await plainBrowser().open(link, /./);
    expect(status).toBe(302);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('set-cookie')).toMatch(
      /^truce-sign-in-[\w-]{12}=[\w-]{43}; Max-Age=600; Path=\/sync\/oauth\/callback; HttpOnly; Secure; SameSite=Lax$/,
    );
    const asked = new URL(next ?? '').searchParams;
    expect(asked.get('redirect_uri')).toBe('https://truce.example.com/sync/oauth/callback');
    expect(asked.get('code_challenge_method')).toBe('S256');
    expect(link).not.toContain(asked.get('state'));
  });
});
