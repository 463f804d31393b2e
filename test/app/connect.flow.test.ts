import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PageMessage } from '#src/playground/page-server/api.ts';
import type { Crm } from '#src/playground/vendors/hubspot/server.ts';
import type { PracticeVendor } from '#src/playground/vendors/vendor.ts';
import { plainBrowser } from '#test/support/browser.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { buttonsOf } from '#test/support/person.ts';
import { readable, textOf } from '#test/support/reading.ts';
import { openTruce } from '#test/support/truce.ts';
import { until } from '#test/support/until.ts';

/** `truce.yml` with a Xero that is signed in on its own page. */
const throughThePage = {
  '    system: xero\n    credentials: { client_id: XERO_CLIENT_ID, client_secret: XERO_CLIENT_SECRET':
    '    system: xero\n    sign_in: oauth\n    credentials: { client_id: XERO_WEB_CLIENT_ID, client_secret: XERO_WEB_CLIENT_SECRET',
};

/** One story: each step goes on where the one before ended. */
describeOnBothDatabases('connecting a system from Slack', (_open, kind) => {
  let truce: Awaited<ReturnType<typeof openTruce>>;

  beforeAll(async () => {
    truce = await openTruce(kind, { agreement: throughThePage });
  }, 120_000);
  afterAll(() => truce?.stop());

  const answer = async (who: 'priya' | 'tom' | 'sam', text: string) => textOf(await truce[who].command(text));
  const linkOn = (message: PageMessage): string => {
    const found = /"url":"([^"]+\/oauth\/start\/[^"]+)"/.exec(JSON.stringify(message.blocks));
    return found?.[1] ?? expect.fail(`there is no link on: ${textOf(message)}`);
  };
  const allow = async (link: string) => {
    const browser = plainBrowser();
    const consent = await browser.open(link);
    return browser.submit(consent, { decision: 'allow' });
  };
  const lastRun = () => truce.lines.findLast((line) => line.startsWith('Customers: run ')) ?? '';

  it('names at the start what is not connected: in the log, and in one alert with the way out', async () => {
    await until(() => truce.lines.find((line) => line.includes('Xero is not connected yet')));
    const alert = await truce.message('Xero refuses our sign-in');
    expect(textOf(alert)).toContain('Xero is not connected yet: connect it.');
    expect(textOf(alert)).toContain('press Reconnect, or type /sync connect xero.');
    expect(truce.channelMessages().filter((one) => textOf(one).includes('sign-in'))).toHaveLength(1);
    // The practice systems themselves need nothing, and nothing is said of them.
    const said = truce.lines.filter((line) => /needs something|could not be asked/.test(line));
    expect(said).toEqual([expect.stringContaining('Xero (connection “xero”)')]);
  });

  it('refuses whoever may not, says who can, and what a near miss meant', async () => {
    for (const who of ['priya', 'sam'] as const) {
      // Nobody else learns which connections there are.
      for (const named of ['xero', 'nonsense', ''])
        expect(await answer(who, `/sync connect ${named}`)).toContain(
          'Only <@U0TOMW0001> can connect systems. Nothing was changed.',
        );
    }
    expect(await answer('tom', '/sync connect xreo')).toContain('Did you mean *xero*?');
    expect(await answer('tom', '/sync connect')).toContain(
      'Tell me which connection.\nAll: hubspot, xero, cin7-core.',
    );
    expect(await answer('tom', '/sync connect hubspot')).toContain('HubSpot signs in with `HUBSPOT_TOKEN`');
  });

  it('shows the owners each connection, and others whom to ask', async () => {
    const list = await truce.tom.command('/sync connections');
    expect(textOf(list)).toMatch(/Xero \(xero\): not connected yet/);
    expect(textOf(list)).toMatch(
      /HubSpot \(hubspot\)[^\n]*\nSigns in with HUBSPOT_TOKEN from the environment/,
    );
    expect(textOf(list)).toMatch(/Calls left: [\d,]+ of 5,000 until /);
    expect(buttonsOf(list).map(({ label }) => label)).toContain('Connect Xero');
    expect(buttonsOf(await truce.priya.command('/sync connections'))).toEqual([]);
    expect(await answer('sam', '/sync connections')).toContain('Connections are shown to the owners');
  });

  it('connects it by the link, stores nothing that can be read, tells who did it, and catches up', async () => {
    const asked = await truce.tom.command('/sync connect Xero');
    expect(textOf(asked)).toContain('For you alone. It works once');
    const page = await allow(linkOn(asked));
    expect(page.status).toBe(200);
    expect(page.text).toMatch(/<h1>Xero is connected to [^<]+<\/h1>/);
    await until(() => truce.tom.notifications().find((text) => text.includes('Xero is connected to')));
    // Hundreds of customers are read and compared for the first time.
    await until(() => lastRun().includes('run done'), 60_000);
    await truce.message(/Recovered: Customers runs again/);

    const { db } = truce.database;
    const [row] = await db.execute<{ sealed: string }>(sql`select sealed from tokens`);
    expect(row?.sealed).toMatch(/^v1\.[\w-]{8}\./);
    const bearer = truce
      .vendor('xero')
      .log.map(({ headers }) => /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1])
      .findLast(Boolean);
    expect(bearer).toBeDefined();
    const tables = await db.execute<{ name: string }>(
      sql`select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
    );
    for (const { name } of tables) {
      const held = JSON.stringify(await db.execute(sql.raw(`select * from ${name}`)));
      expect(held.includes(bearer ?? ''), name).toBe(false);
    }
    expect(truce.lines.join('\n')).not.toContain(bearer);
    const list = textOf(await truce.tom.command('/sync connections'));
    expect(list).toMatch(/Xero \(xero\): [^\n]+\nSigns in on Xero’s page: <@U0TOMW0001> connected it/);
    expect(list).toMatch(/Permissions: [^\n]*accounting\.contacts/);
  }, 90_000);

  // An embedded database is one process's own.
  if (kind === 'PostgreSQL')
    it('stays connected in another process on the same database', async () => {
      const replica = await truce.another();
      const xero = replica.connections.get('xero');
      const call = { runId: null, correlationId: 'tr-7F3K92QDXB', changeIds: [] };
      expect(await xero?.account(['customer'], call)).toMatchObject({ missingScopes: [] });
      await replica.stop();
    });

  it('lists what is to be made in an account, makes it once somebody who may has approved it, and says so', async () => {
    const { properties } = (truce.vendor('hubspot') as PracticeVendor & { readonly crm: Crm }).crm;
    for (const name of ['truce_id', 'acn']) properties.remove('companies', name);
    const before = await truce.tom.command('/sync connections');
    const list = await truce.tom.pressAndRead(before, 'Check again');
    expect(textOf(list)).toMatch(/^HubSpot needs something from you/);
    expect(textOf(await truce.message('HubSpot needs something from you'))).toContain(
      'To be set up: Create 2 properties on companies',
    );
    await truce.tom.press(list, /^Create 2 properties/);
    const modal = await truce.tom.view('truce_id');
    expect(readable(modal.view)).toMatch(/acn: “ACN”, single-line text/);
    expect(properties.find('companies', 'truce_id')).toBeUndefined();

    await truce.tom.submit(modal, {});
    await truce.tom.hears(/Create 2 properties on companies.*: done\./);
    expect(properties.find('companies', 'truce_id')).toMatchObject({ unique: true });
    expect(truce.lines).toContain('HubSpot: the step “properties” was approved and is carried out.');
    await truce.message('Done: HubSpot has what it needs');
    // What was shown is not what is needed any more: the old button makes nothing.
    await truce.tom.press(list, /^Create 2 properties/);
    await truce.tom.view('is not what you were shown any more');
  });

  it('asks for it again, personally, where the vendor lets us in no more', async () => {
    truce.setFault('xero', { kind: 'revoked' });
    await truce.run();
    const alert = await until(() =>
      truce
        .channelMessages()
        .findLast((one) => buttonsOf(one).some(({ label }) => label === 'Reconnect Xero')),
    );
    expect(textOf(await truce.priya.pressAndRead(alert, 'Reconnect Xero'))).toContain(
      'Only <@U0TOMW0001> can',
    );
    const again = await truce.tom.pressAndRead(alert, 'Reconnect Xero');
    expect(textOf(again)).toContain('what you do now takes the place of that');
    truce.setFault('xero', null);
    expect((await allow(linkOn(again))).text).toContain('Xero is connected');
    await until(() => truce.lines.some((line) => line.includes('is over, it works again')));
    await until(() => lastRun().includes('run done'));
  });
});
