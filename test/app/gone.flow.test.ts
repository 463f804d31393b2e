import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Crm } from '#src/playground/vendors/hubspot/server.ts';
import { referencesIn, textOf } from '#test/support/reading.ts';
import { openTruce } from '#test/support/truce.ts';
import { until } from '#test/support/until.ts';

describe('absence is suspicion, not a delete', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;

  beforeAll(async () => {
    truce = await openTruce('PGlite', { sweep: '30 2 * * *', webhooks: false });
  }, 120_000);
  afterAll(() => truce?.stop());

  /** As HubSpot does with what has been in its recycle bin for ninety days. */
  const purge = (name: string) => {
    const { crm } = truce.vendor('hubspot') as unknown as { readonly crm: Crm };
    crm.companies.purge(truce.card('hubspot', name).externalId, {
      sourceType: 'CRM_UI',
      sourceId: 'nobody',
    } as never);
  };
  const archivedIn = (system: 'xero' | 'cin7-core', name: string) =>
    !truce
      .vendor(system)
      .cards()
      .some((card) => card.title.includes(name));
  const sweep = async () => {
    truce.clock.advance(24 * 3_600_000);
    await until(async () => (await truce.app.runNow({ flow: 'customers', trigger: 'sweep' })).kind === 'ran');
    await truce.app.slack.flush();
  };

  it('found by the nightly sweep, is asked about where everybody sees it, and nothing happens meanwhile', async () => {
    purge('Bunya Glass');
    await truce.run();
    expect(truce.channelMessages().some((message) => textOf(message).includes('Gone from'))).toBe(false);
    await sweep();
    const asked = await truce.message('Gone from HubSpot: Bunya Glass');
    expect(textOf(asked)).toContain('It is still in Xero and Cin7 Core');
    expect(referencesIn(asked)).toHaveLength(1);
    expect(truce.priya.notifications()).toEqual([]);
    await truce.run();
    expect(archivedIn('xero', 'Bunya Glass')).toBe(false);
    expect(textOf(await truce.priya.command('/sync status'))).toContain('gone from a system 1');
    const [reference] = referencesIn(asked);
    const told = textOf(await truce.priya.command(`/sync lookup ${reference}`));
    expect(told).toContain('gone from HubSpot');
  }, 60_000);

  it('is decided by those who may, once, and may be asked again', async () => {
    const asked = await truce.message('Gone from HubSpot: Bunya Glass');
    expect(textOf(await truce.sam.pressAndRead(asked, 'Archive elsewhere'))).toMatch(
      /Only .* can decide this/,
    );
    await truce.priya.press(asked, 'Keep');
    const kept = await truce.message('Kept: Bunya Glass');
    expect(kept.ts).toBe(asked.ts);
    await truce.run();
    expect(archivedIn('xero', 'Bunya Glass')).toBe(false);
    expect(
      truce
        .vendor('hubspot')
        .cards()
        .some(({ title }) => title.includes('Bunya Glass')),
    ).toBe(false);
    await truce.priya.press(kept, 'Ask again');
    await truce.message('Gone from HubSpot: Bunya Glass');
  }, 60_000);

  it('is archived elsewhere once somebody says so, and called done when it is', async () => {
    const asked = await truce.message('Gone from HubSpot: Bunya Glass');
    await truce.priya.press(asked, 'Archive elsewhere');
    await truce.message(/Being archived elsewhere: Bunya Glass|Archived elsewhere: Bunya Glass/);
    await until(() => archivedIn('xero', 'Bunya Glass') && archivedIn('cin7-core', 'Bunya Glass'));
    await truce.run();
    await truce.message('Archived elsewhere: Bunya Glass');
  }, 60_000);

  it('is made again where somebody says so', async () => {
    const { title } = truce.vendor('hubspot').cards()[3] ?? { title: '' };
    purge(title);
    await sweep();
    const asked = await truce.message(`Gone from HubSpot: ${title}`);
    await truce.priya.press(asked, 'Make it again');
    await until(() =>
      truce
        .vendor('hubspot')
        .cards()
        .some((card) => card.title === title),
    );
    await truce.run();
    await truce.run();
    await truce.message(`Made again: ${title}`);
  }, 60_000);
});
