import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { customer } from '#src/entities/customer.ts';
import { recordsMeant } from '#src/ledger/records/find-records.ts';
import { valueHistory } from '#src/ledger/records/why.ts';
import { records } from '#src/ledger/tables/index.ts';
import { originOf } from '#src/slack/facts/why.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { hubspot, openEngine } from '#test/support/engine.ts';

const phone = customer.fields.find(({ name }) => name === 'phone') ?? expect.fail('no phone');

describeOnBothDatabases('why, the promise that every value is explainable', (open) => {
  test('tells a value back to its first reading: system, person, rule, version and reference', async () => {
    const engine = await openEngine(await open());
    const { db } = engine.database;
    engine.edit(hubspot, 0, { phone: '0291234567' });
    await engine.run();
    await engine.run();
    const [record] = await db
      .select()
      .from(records)
      .where(eq(records.keyValue, engine.customers[0]?.abn ?? ''));
    const history = await valueHistory(db, record?.id ?? '', 'phone');
    const seen = history.sightings.map(({ connection, origin }) => `${connection} ${origin}`);
    expect(seen.slice(0, 3).sort()).toEqual(['cin7-core observed', 'hubspot observed', 'xero observed']);
    expect(seen.slice(3)).toEqual(['hubspot observed', ...seen.slice(4)]);
    expect(seen.slice(4).sort()).toEqual(['cin7-core read_back', 'xero read_back']);
    expect(history.settlements.map(({ by }) => by)).toEqual(['same', 'rule:overwrite']);
    expect(history.settlements.at(-1)).toMatchObject({ agreementVersion: 1, value: history.agreed?.value });
    expect(history.settlements.at(-1)?.changeId).toMatch(/^tr-/);
    const origin = originOf(phone, history);
    expect(origin?.connection).toBe('hubspot');
    expect(origin?.seen.by).toContain('Mia Torres');
    expect(Object.keys(history.now).sort()).toEqual(['cin7-core', 'hubspot', 'xero']);
  });

  test('finds a record by reference, key, name, part of a name, e-mail address and a system’s own id; never another entity’s', async () => {
    const engine = await openEngine(await open());
    const { db } = engine.database;
    const [first, second] = engine.customers;
    engine.edit(hubspot, 0, { phone: '0291234567' });
    await engine.run();
    const [record] = await recordsMeant(db, meant(first?.abn ?? ''));
    const reference = (await valueHistory(db, record?.id ?? '', 'phone')).agreed?.changeId ?? '';
    const place = engine.vendors.xero.cards().find((card) => card.abn === first?.abn)?.externalId ?? '';
    const title = record?.title ?? '';
    const address = first?.email.toUpperCase() ?? '';
    for (const words of [reference, place, address, title.toUpperCase(), title.slice(1, -1)])
      expect(await recordsMeant(db, { ...meant(words), reference: words })).toEqual([record]);
    expect(await recordsMeant(db, { ...meant(first?.abn ?? ''), entities: ['invoice'] })).toEqual([]);
    expect(await recordsMeant(db, meant('%'))).toEqual([]);
    expect((await recordsMeant(db, meant(second?.abn ?? ''))).map(({ id }) => id)).not.toContain(record?.id);
  });
});

const meant = (words: string) => ({ words, reference: null, entities: ['customer'] });
