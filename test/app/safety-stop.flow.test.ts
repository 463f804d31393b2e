import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '#test/support/reading.ts';
import { openTruce } from '#test/support/truce.ts';
import { until } from '#test/support/until.ts';

describe('the safety stop', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;

  beforeAll(async () => {
    const line = '    # Failed runs in a row until an alert; 1 = at once.';
    const agreement = { [line]: `    safety_stop: { records: 5, percent: 1 }\n${line}` };
    truce = await openTruce('PGlite', { webhooks: false, agreement });
  }, 120_000);
  afterAll(() => truce?.stop());

  const names = (from: number, to: number) =>
    truce
      .vendor('hubspot')
      .cards()
      .slice(from, to)
      .map(({ title }) => title);
  const phone = (lead: string, i: number) => `5550${lead}${String(i).padStart(3, '0')}`;
  const change = (some: readonly string[], lead: string) => {
    for (const [i, name] of some.entries()) truce.edit('hubspot', name, { Phone: `08${phone(lead, i)}` });
    // Its list of changes runs a little behind.
    truce.clock.advance(30_000);
  };
  const arrived = (some: readonly string[], lead: string) =>
    some.filter((name, i) => truce.held('xero', name, 'Phone').replace(/\D/g, '').endsWith(phone(lead, i)))
      .length;

  it('shows what would happen, and writes nothing of it', async () => {
    const some = names(0, 12);
    change(some, '4');
    await truce.run();
    const asked = await truce.message('Safety stop: 12 customers would be changed');
    expect(textOf(asked)).toContain('Nothing of it was written');
    // Five examples; phone numbers are personal, and hidden.
    expect(textOf(asked).match(/phone changed \(hidden\)/g)).toHaveLength(5);
    expect(textOf(asked)).not.toContain('5550');
    expect(truce.priya.notifications()).toEqual([]);
    await truce.run();
    expect(arrived(some, '4')).toBe(0);
    expect(textOf(await truce.priya.command('/sync status'))).toContain('the safety stop 12');
  }, 60_000);

  it('is answered by those who may, on what they saw', async () => {
    const some = names(0, 12);
    const before = await truce.message('Safety stop: 12 customers');
    expect(textOf(await truce.sam.pressAndRead(before, 'Approve'))).toMatch(/Only .* can decide this/);
    change(names(20, 21), '6');
    await truce.run();
    const now = await truce.message('Safety stop: 13 customers');
    expect(now.ts).toBe(before.ts);
    expect(textOf(await truce.priya.pressAndRead(before, 'Approve'))).toContain(
      'changed after the message was drawn',
    );
    expect(arrived(some, '4')).toBe(0);
    await truce.priya.press(now, 'Approve');
    await truce.message('13 customers (changed at once): Truce goes on with exactly these');
    await until(() => arrived(some, '4') === 12);
  }, 60_000);

  it('refused, keeps back until somebody approves after all', async () => {
    const some = names(30, 40);
    change(some, '7');
    await truce.run();
    await truce.priya.press(await truce.message('Safety stop: 10 customers'), 'Do not write');
    const refused = await truce.message('the systems stay apart here');
    await truce.run();
    expect(arrived(some, '7')).toBe(0);
    await truce.priya.press(refused, 'Approve after all');
    await until(() => arrived(some, '7') === 10);
  }, 60_000);

  it('is told to the technical owner only after hours without an answer', async () => {
    const some = names(50, 60);
    change(some, '8');
    await truce.run();
    const asked = await truce.message('Safety stop: 10 customers');
    expect(truce.tom.notifications()).toEqual([]);
    truce.clock.advance(5 * 3_600_000);
    await truce.run();
    await truce.message('a safety stop waits for an answer');
    expect(textOf(await truce.priya.command('/sync status'))).toContain('waiting for you');
    await truce.priya.press(asked, 'Approve');
    await until(() => arrived(some, '8') === 10);
    await truce.run();
    await truce.message('no safety stop of Customers waits');
  }, 60_000);
});
