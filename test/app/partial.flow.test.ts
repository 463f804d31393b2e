import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '#test/support/reading.ts';
import { openTruce } from '#test/support/truce.ts';

const hour = 3_600_000;
const refused = { kind: 'writes_refused', message: 'The organisation is locked' } as const;

describe('partial work', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;

  beforeAll(async () => {
    truce = await openTruce('PGlite', { webhooks: false });
  }, 120_000);
  afterAll(() => truce?.stop());

  const phoneIn = (system: 'xero' | 'cin7-core', label: string) =>
    truce.held(system, 'Bunya Glass', label).replace(/\D/g, '');

  it('written in one system and refused in another is seen, and tried again by itself', async () => {
    truce.setFault('xero', refused);
    truce.edit('hubspot', 'Bunya Glass', { Phone: '(08) 7010 4001' });
    // Its list of changes runs a little behind.
    truce.clock.advance(30_000);
    await truce.run();
    expect(phoneIn('cin7-core', 'Contact phone')).toContain('70104001');
    expect(phoneIn('xero', 'Phone')).not.toContain('70104001');
    expect(textOf(await truce.priya.command('/sync status'))).toMatch(
      /1 customer not saved everywhere\. Truce tries again by itself/,
    );
    truce.setFault('xero', null);
    await truce.run();
    expect(phoneIn('xero', 'Phone')).not.toContain('70104001');
    truce.clock.advance(hour + 60_000);
    await truce.run();
    expect(phoneIn('xero', 'Phone')).toContain('70104001');
    expect(textOf(await truce.priya.command('/sync status'))).not.toContain('not saved everywhere');
  }, 60_000);

  it('after its limit is an alert that says what is missing where, and over when it is everywhere', async () => {
    truce.setFault('xero', refused);
    truce.edit('hubspot', 'Bunya Glass', { Phone: '(08) 7010 4002' });
    truce.clock.advance(30_000);
    await truce.run();
    for (let hours = 0; hours < 26; hours += 2) {
      truce.clock.advance(2 * hour);
      await truce.run();
    }
    const alert = await truce.message('records are not in every system yet');
    expect(textOf(alert)).toContain('Missing in Xero: Bunya Glass');
    expect(textOf(await truce.priya.command('/sync status'))).toContain('needs a look');
    truce.setFault('xero', null);
    truce.clock.advance(25 * hour);
    await truce.run();
    await truce.run();
    expect(phoneIn('xero', 'Phone')).toContain('70104002');
    const over = await truce.message('Customers are everywhere again');
    expect(over.ts).toBe(alert.ts);
  }, 120_000);
});
