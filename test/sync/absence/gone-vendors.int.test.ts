import { expect, it } from 'vitest';
import { absences, conflicts, links } from '#src/ledger/tables/index.ts';
import type { Crm } from '#src/playground/vendors/hubspot/server.ts';
import { describeOn } from '#test/support/database.ts';
import { openEngine } from '#test/support/engine.ts';

const day = 24 * 3_600_000;
const person = { sourceType: 'CRM_UI', sourceId: 'userId:1', sourceLabel: 'Mia Torres' } as const;

describeOn('PostgreSQL', 'absence is suspicion, not a delete: HubSpot', (open) => {
  const begin = async () => {
    const engine = await openEngine(await open());
    const { crm } = engine.vendors.hubspot as unknown as { readonly crm: Crm };
    const { db } = engine.database;
    const idOf = async (n: number) => {
      const abn = engine.customers[n]?.abn;
      return engine.vendors.hubspot.cards().find((card) => card.abn === abn)?.externalId ?? '';
    };
    const sweep = async () => {
      engine.clock.advance(day);
      return engine.run({ trigger: 'sweep' });
    };
    const linkOf = async (id: string) =>
      (await db.select().from(links)).find(({ externalId }) => externalId === id);
    return { engine, crm, db, idOf, sweep, linkOf };
  };

  it('keeps in its recycle bin what people delete: it is archived there, and not gone', async () => {
    const { crm, db, idOf, sweep, linkOf } = await begin();
    const id = await idOf(0);
    crm.companies.archive(id, person);
    await sweep();
    expect(await db.select().from(absences)).toEqual([]);
    expect(await linkOf(id)).toMatchObject({ archived: true });
    expect((await linkOf(id))?.how).not.toBe('gone');
  });

  it('has no more what left the recycle bin: a person is asked, and nothing is archived unasked', async () => {
    const { engine, crm, db, idOf, sweep, linkOf } = await begin();
    const id = await idOf(1);
    crm.companies.purge(id, person);
    await sweep();
    expect(await db.select().from(absences)).toMatchObject([
      { connection: 'hubspot', externalId: id, state: 'asked', choices: ['archive', 'keep', 'make'] },
    ]);
    expect(await linkOf(id)).toMatchObject({ how: 'gone', archived: true });
    expect(await db.select().from(conflicts)).toEqual([]);
    expect(engine.vendors.xero.cards()).toHaveLength(3);
  });
});
