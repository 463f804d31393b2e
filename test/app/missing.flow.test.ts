import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changes } from '#src/ledger/tables/index.ts';
import { textOf } from '#test/support/reading.ts';
import { openTruce } from '#test/support/truce.ts';

type System = 'hubspot' | 'xero' | 'cin7-core';
const everywhere: readonly System[] = ['hubspot', 'xero', 'cin7-core'];

describe('a customer that is not everywhere', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;

  beforeAll(async () => {
    truce = await openTruce('PGlite');
  }, 120_000);
  afterAll(() => truce?.stop());

  const cardsOf = (name: string) =>
    everywhere.map(
      (system) =>
        truce
          .vendor(system)
          .cards()
          .filter((card) => card.title.includes(name)).length,
    );

  it('is made where it is missing, with all that is known of it, and the story says so', async () => {
    expect(cardsOf('Fairy Wren Interiors')).toEqual([1, 1, 1]);
    expect(truce.held('xero', 'Fairy Wren', 'ABN')).toBe('48 910 000 065');
    expect(truce.held('xero', 'Fairy Wren', 'Email')).toBe('hello@fairywren.example');
    expect(truce.held('cin7-core', 'Fairy Wren', 'Payment term')).toBe('7 days');
    await truce.run();
    expect(cardsOf('Fairy Wren Interiors')).toEqual([1, 1, 1]);
    const [change] = await truce.database.db
      .select()
      .from(changes)
      .where(eq(changes.subject, 'Fairy Wren Interiors'));
    const told = textOf(await truce.priya.command(`/sync lookup ${change?.id}`));
    expect(told).toMatch(/^Settled: Fairy Wren Interiors/);
    expect(told).toContain('Truce made it in Xero');
    expect(told).toContain('Truce made it in Cin7 Core');
  });

  it('is asked about where one system archives it, and archived everywhere once somebody says so', async () => {
    const hubspot = truce.vendor('hubspot');
    const { externalId } = truce.card('hubspot', 'Bunya Glass');
    const answer = await fetch(`${hubspot.baseUrl}/crm/objects/2026-09/companies/batch/update`, {
      method: 'POST',
      headers: { authorization: `Bearer ${hubspot.env.HUBSPOT_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ inputs: [{ id: externalId, properties: { customer_status: 'archived' } }] }),
    });
    expect(answer.status).toBe(200);
    const asked = await truce.message('Which is right? Bunya Glass');
    expect(textOf(asked)).toMatch(/Status\n.*HubSpot: Archived/);
    expect(textOf(asked)).toContain('Xero and Cin7 Core: Active (as agreed before)');
    await truce.priya.press(asked, 'Archived');
    await truce.message(/Settled: Bunya Glass/);
    expect(cardsOf('Bunya Glass').slice(1)).toEqual([0, 0]);
  });
});
