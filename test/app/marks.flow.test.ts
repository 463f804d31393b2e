import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { links } from '#src/ledger/tables/index.ts';
import type { Crm } from '#src/playground/vendors/hubspot/server.ts';
import type { PracticeVendor } from '#src/playground/vendors/vendor.ts';
import { buttonsOf } from '#test/support/person.ts';
import { readable, textOf } from '#test/support/reading.ts';
import { openTruce } from '#test/support/truce.ts';
import { until } from '#test/support/until.ts';

/** One story: each step goes on where the one before ended. */
describe('our id in records that were there before, from Slack', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;

  beforeAll(async () => {
    truce = await openTruce('PGlite');
  }, 120_000);
  afterAll(() => truce?.stop());

  const companies = () => (truce.vendor('hubspot') as PracticeVendor & { readonly crm: Crm }).crm.companies;
  /** Of the linked companies, those that bear the id of the record that they are. */
  const marked = async () => {
    const rows = await truce.database.db.select().from(links).where(eq(links.connection, 'hubspot'));
    return rows.filter((row) => companies().holder('truce_id', row.recordId)?.id === row.externalId).length;
  };

  it('is offered to who may, beside what is needed, and nobody else is asked', async () => {
    const before = await truce.tom.command('/sync connections');
    const list = await truce.tom.pressAndRead(before, 'Check again');
    expect(textOf(list)).toMatch(/connections, and all of them work/);
    expect(textOf(list)).toContain('You can: Mark customers with Truce’s id');
    expect(buttonsOf(await truce.priya.command('/sync connections'))).toEqual([]);
    await truce.tom.press(list, /^Mark customers with/);
    const modal = await truce.tom.view('truce_id');
    expect(readable(modal.view)).toMatch(/Up to [\d,]+ customers that are linked get Truce’s own id/);
    expect(readable(modal.view)).toMatch(/Up to [\d,]+ calls/);
    const had = await marked();
    await truce.tom.submit(modal, {});
    await truce.tom.hears(/Mark customers with Truce’s id: approved\. It begins with the next run/);
    expect(await marked()).toBe(had);
  });

  it('is written by the runs of the schedule, and the channel hears when it is done', async () => {
    const before = await marked();
    const said = await until(async () => {
      await truce.app.runNow({ flow: 'customers', trigger: 'recovery' });
      return truce.channelMessages().find((one) => textOf(one).includes('Truce’s own id is in'));
    }, 30_000);
    expect(textOf(said)).toMatch(/^HubSpot: Truce’s own id is in [\d,]+ customers? now\./);
    expect(await marked()).toBeGreaterThan(before);
    expect(textOf(await truce.tom.command('/sync connections'))).toMatch(
      /Truce’s id is in [\d,]+ of [\d,]+ customers\./,
    );
  });
});
