import { and, eq, isNull } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { changes, shapes } from '#src/ledger/tables/index.ts';
import { ordinaryCustomers } from '#src/playground/data/customers.ts';
import { alteringProxy } from '#test/support/altering-proxy.ts';
import { describeOnBothDatabases, type TestDatabase } from '#test/support/database.ts';
import { type Engine, openEngine, xero } from '#test/support/engine.ts';

type Contact = Record<string, unknown>;

/** Sixty customers in three systems; whatever Xero answers goes through somebody's hands. */
async function open(database: TestDatabase) {
  let vendor = '';
  const proxy = await alteringProxy(() => vendor);
  const engine = await openEngine(database, {
    customers: ordinaryCustomers(60),
    agreement: (agreement) => {
      const terms = agreement.connections[xero];
      if (!terms) throw new Error('the agreement has no Xero');
      vendor = terms.baseUrl ?? '';
      return {
        ...agreement,
        connections: { ...agreement.connections, [xero]: { ...terms, baseUrl: proxy.url } },
      };
    },
  });
  const inContacts = (alter: ((contact: Contact) => Contact) | null) => {
    proxy.alter =
      alter &&
      ((body) =>
        typeof body === 'object' && body !== null && 'Contacts' in body
          ? { ...body, Contacts: (body.Contacts as Contact[]).map(alter) }
          : body);
  };
  return { engine, inContacts };
}

const editTwelve = (engine: Engine, from = 0) => {
  for (let n = from; n < from + 12; n += 1) engine.edit('xero', n, { PhoneNumber: `(02) 5550 ${2000 + n}` });
};
async function run(engine: Engine) {
  const outcome = await engine.run();
  if (outcome.kind !== 'ran') throw new Error(`the run was ${outcome.kind}`);
  const { state, counts, failures } = outcome.result;
  return { state, changed: counts.changed, malformed: counts.malformed, told: failures };
}
const openChanges = ({ database }: Engine) => database.db.$count(changes, isNull(changes.closedAt));

describeOnBothDatabases('drift: what all answers of a system lack, or have otherwise', (openDatabase) => {
  test('a field that is sent in another type is told, and neither read as blank nor keeps the others from being read', async () => {
    const { engine, inContacts } = await open(await openDatabase());
    inContacts((contact) => ({ ...contact, TaxNumber: Number(contact.TaxNumber) }));
    editTwelve(engine);
    const message = 'Xero sends “TaxNumber” as a number since 12:03 pm, and no longer as text.';
    expect(await run(engine)).toMatchObject({
      state: 'done',
      changed: 12,
      malformed: 0,
      told: [{ cause: 'drift', connection: xero, field: 'abn', message }],
    });
    expect(await run(engine)).toMatchObject({ told: [{ field: 'abn', message }] });
    // The phone numbers went everywhere, and nobody's ABN is thought to be gone.
    expect(engine.held('hubspot', 3, 'phone')).toContain('5550');
    expect(await openChanges(engine)).toBe(0);
    inContacts(null);
    editTwelve(engine, 20);
    expect(await run(engine)).toMatchObject({ malformed: 0, told: [] });
  });

  test('a field that vanished is told and left alone, though Xero leaves empty fields out', async () => {
    const { engine, inContacts } = await open(await openDatabase());
    inContacts(({ TaxNumber: _, ...contact }) => contact);
    editTwelve(engine);
    expect((await run(engine)).told).toMatchObject([
      { field: 'abn', message: 'Xero does not send “TaxNumber” at all since 12:03 pm.' },
    ]);
    expect(await openChanges(engine)).toBe(0);
  });

  test('what no field is made of is told by its place in the answer, once; after three days that is how it is', async () => {
    const { engine, inContacts } = await open(await openDatabase());
    inContacts(({ UpdatedDateUTC: _, ...contact }) => contact);
    editTwelve(engine);
    const message =
      'Xero has changed its answers to “read changed contacts”: “Contacts[].UpdatedDateUTC” is gone (was text) since 12:03 pm';
    const [told, ...more] = (await run(engine)).told;
    expect(more).toEqual([]);
    expect(told).toMatchObject({ cause: 'drift', connection: xero });
    expect(told).not.toHaveProperty('field');
    expect(told?.message.startsWith(message)).toBe(true);
    engine.clock.advance(3 * 24 * 3_600_000);
    expect((await run(engine)).told).toEqual([]);
    const kept = await engine.database.db
      .select()
      .from(shapes)
      .where(and(eq(shapes.connection, xero), eq(shapes.endpoint, 'read changed contacts')));
    expect(kept[0]?.drifts).toEqual([]);
    expect(kept[0]?.shape).not.toHaveProperty('Contacts[].UpdatedDateUTC');
    editTwelve(engine, 20);
    expect((await run(engine)).told).toEqual([]);
  });

  test('one odd record is a record that cannot be read, and no drift', async () => {
    const { engine, inContacts } = await open(await openDatabase());
    let odd = true;
    inContacts((contact) => {
      const is = odd;
      odd = false;
      return is ? { ...contact, TaxNumber: 51824753556 } : contact;
    });
    editTwelve(engine);
    expect(await run(engine)).toMatchObject({ malformed: 1, told: [] });
  });
});
