import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buttonsOf } from '#test/support/person.ts';
import { textOf } from '#test/support/reading.ts';
import { openTruce } from '#test/support/truce.ts';
import { until } from '#test/support/until.ts';

describe('the first load', () => {
  let truce: Awaited<ReturnType<typeof openTruce>>;

  beforeAll(async () => {
    truce = await openTruce('PGlite', { approved: false });
  }, 120_000);
  afterAll(() => truce?.stop());

  const writes = () =>
    truce.practice.vendors.flatMap((vendor) =>
      vendor.log
        .filter(({ method, path }) => method !== 'GET' && !/token|search|batch\/read/.test(path))
        .map(({ method, path }) => `${vendor.system} ${method} ${path}`),
    );

  it('writes nothing and asks once, with the counts', async () => {
    const asked = await truce.message('May Truce begin? Customers');
    expect(textOf(asked)).toContain('*Nothing has been written yet.*');
    expect(textOf(asked)).toMatch(/3 customers were never agreed between them, or are missing in one/);
    expect(textOf(asked)).toMatch(/1 customer: the legal name is missing somewhere or differs/);
    expect(textOf(asked)).toMatch(/1 customer: the phone is missing somewhere or differs/);
    expect(textOf(asked)).toMatch(/1 customer is missing in Xero and will be made/);
    expect(textOf(asked)).toMatch(/1 customer is missing in Cin7 Core and will be made/);
    expect(textOf(asked)).toContain('1 pair of customers looks alike: Truce asks about each after this');
    await truce.run();
    await truce.run();
    expect(truce.channelMessages()).toHaveLength(1);
    expect(writes()).toEqual([]);
    expect(truce.held('hubspot', 'Wattlebird', 'Legal name')).toBe('');
  });

  it('is not for a bystander, nor for the technical owner, to approve', async () => {
    const asked = await truce.message('May Truce begin? Customers');
    for (const who of [truce.sam, truce.tom]) {
      expect((await who.pressAndRead(asked, 'Approve')).text).toContain(
        'Only <@U0PRIYA001> can decide this.',
      );
    }
    await truce.run();
    expect(writes()).toEqual([]);
    expect(textOf(await truce.priya.command('/sync status'))).toContain('the first load is not approved 3');
  });

  it('goes on once the business owner approved it, and says who did', async () => {
    const asked = await truce.message('May Truce begin? Customers');
    await truce.priya.press(asked, 'Approve');
    await until(
      () => truce.held('hubspot', 'Wattlebird', 'Legal name') === 'Harcourt Hospitality Holdings Pty Ltd',
    );
    await until(() =>
      truce
        .vendor('cin7-core')
        .cards()
        .some(({ title }) => title.startsWith('Fairy Wren')),
    );
    const approved = await truce.message('Customers: approved');
    expect(approved.ts).toBe(asked.ts);
    expect(textOf(approved)).toContain('by <@U0PRIYA001>');
    expect(buttonsOf(approved)).toEqual([]);
    expect((await truce.priya.pressAndRead(asked, 'Approve')).text).toContain('It was approved already.');
    await truce.message('Same customer? Tanami Drilling');
    expect(truce.channelMessages()).toHaveLength(2);
  });
});
