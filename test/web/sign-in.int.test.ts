import { expect, it } from 'vitest';
import { checksOf } from '#src/ledger/connections/checks.ts';
import { signInOf } from '#src/ledger/connections/tokens.ts';
import { links, outbox, records } from '#src/ledger/tables/index.ts';
import { redirectUriOf } from '#src/web/sign-in.ts';
import { call } from '#test/connectors/kit.ts';
import { plainBrowser } from '#test/support/browser.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import {
  allowed,
  callback,
  everything,
  expectPrivate,
  minute,
  noon,
  secondShop,
  stage,
  tom,
  wordsOf,
} from './sign-in-stage.ts';

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
    expect(await on.second.xero.account(['customer'], call)).toMatchObject({ missingScopes: [] });
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

  it('is refused for another account than the one whose records are linked; before there are any it is not', async () => {
    const on = await stage(await open());
    const browser = plainBrowser();
    const end = async (organisation?: string) =>
      browser.open(await allowed(browser, await on.link(), organisation));
    expect(wordsOf(await end())).toContain('Xero is connected to Example Trading Co');
    expect(wordsOf(await end(secondShop.id))).toContain('Xero is connected to Second Shop');
    const record = { id: 'r1', entity: 'customer', title: 'ACME', keyValue: null, createdAt: noon };
    await on.db.insert(records).values(record);
    const link = { recordId: 'r1', connection: 'xero', role: 'contact', how: 'key', linkedAt: noon };
    await on.db.insert(links).values({ ...link, externalId: 'c1' });
    const before = await on.first.tokens.read('xero');

    const page = await end();
    expect(page.status).toBe(409);
    expect(wordsOf(page)).toContain(
      'You chose Example Trading Co Pty Ltd. The customers and other records that Truce keeps in step are those of Second Shop.',
    );
    expectPrivate(page);
    expect(await on.first.tokens.read('xero')).toEqual(before);
    expect((await end(secondShop.id)).status).toBe(200);
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
