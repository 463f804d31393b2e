import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import type { Exchange } from '#src/connectors/http/log.ts';
import { exchangeLog, exchangesOf, linkExchanges } from '#src/ledger/connections/exchanges.ts';
import { describeOnBothDatabases } from '../support/database.ts';
import { noon } from './kit.ts';

const exchange = (more: Partial<Exchange>): Exchange => ({
  at: noon,
  connection: 'xero',
  purpose: 'read contacts',
  method: 'GET',
  url: 'https://api.xero.com/api.xro/2.0/Contacts',
  attempt: 1,
  status: 200,
  durationMs: 12,
  error: null,
  requestBody: null,
  responseBody: null,
  responseHash: 'ab',
  headers: { 'content-type': 'application/json' },
  runId: 7,
  changeIds: [],
  ...more,
});

describeOnBothDatabases('the log of calls', (open) => {
  test('tells the calls of a change in their order, those linked later too', async () => {
    const { db } = await open();
    const log = exchangeLog(db);
    const page = await log.write(exchange({ purpose: 'read changed contacts' }));
    await log.write(
      exchange({ purpose: 'update contacts', at: new Date(noon.getTime() + 5), changeIds: ['tr-1', 'tr-2'] }),
    );
    await log.write(exchange({ changeIds: ['tr-2'] }));
    const links = [{ changeId: 'tr-1', exchangeId: page }];
    await linkExchanges(db, links);
    await linkExchanges(db, links);
    const told = await exchangesOf(db, 'tr-1');
    expect(told.map(({ purpose }) => purpose)).toEqual(['read changed contacts', 'update contacts']);
    expect(told[0]).toMatchObject({
      at: noon,
      status: 200,
      runId: 7,
      headers: { 'content-type': 'application/json' },
    });
    expect(await exchangesOf(db, 'tr-3')).toEqual([]);
  });

  test('keeps bodies as JSON, and an absent one as nothing at all', async () => {
    const { db } = await open();
    const log = exchangeLog(db);
    await log.write(
      exchange({
        requestBody: { Contacts: [{ Name: 'Acme' }] },
        responseBody: 'a text',
        changeIds: ['tr-1'],
      }),
    );
    await log.write(exchange({}));
    const [kept] = await exchangesOf(db, 'tr-1');
    expect(kept).toMatchObject({ requestBody: { Contacts: [{ Name: 'Acme' }] }, responseBody: 'a text' });
    const found = await db.execute(
      sql`select count(*)::int as empty, (select request_body->'Contacts'->0->>'Name' from exchanges limit 1) as name from exchanges where request_body is null`,
    );
    expect([...found]).toEqual([{ empty: 1, name: 'Acme' }]);
  });
});
