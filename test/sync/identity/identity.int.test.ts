import { and, eq, isNull } from 'drizzle-orm';
import { expect, it } from 'vitest';
import type { Connector, ReadItem } from '#src/connectors/connector.ts';
import { decideConflict } from '#src/ledger/questions/decisions.ts';
import { answerLikeness } from '#src/ledger/questions/likenesses.ts';
import { addHints } from '#src/ledger/runs/hints.ts';
import { changes, conflicts, hints, likenesses, links, records } from '#src/ledger/tables/index.ts';
import { ordinaryCustomers } from '#src/playground/data/customers.ts';
import { describeOn } from '#test/support/database.ts';
import { type Engine, openEngine, uuid } from '#test/support/engine.ts';

const openChanges = ({ database: { db } }: Engine) =>
  db.select().from(changes).where(isNull(changes.closedAt));
const [first, second, third] = ordinaryCustomers(3);
if (!first || !second || !third) throw new Error('no customers');

/** A connector through which some records look archived. */
function archiving(ids: ReadonlySet<string>) {
  const asArchived = (item: ReadItem): ReadItem =>
    item.kind === 'read' && ids.has(item.observation.externalId)
      ? { ...item, observation: { ...item.observation, archived: true } }
      : item;
  return (connector: Connector): Connector => ({
    ...connector,
    async *changed(since, until, call) {
      for await (const page of connector.changed(since, until, call)) yield page.map(asArchived);
    },
    read: async (externalIds, call) => (await connector.read(externalIds, call)).map(asArchived),
  });
}

describeOn('PGlite', 'identity', (open) => {
  it('is not taken by an archived record that has the same key', async () => {
    const archived = { ...first, legalName: 'Old Copy Pty Ltd' };
    const engine = await openEngine(await open(), {
      customers: [first, second],
      wrap: archiving(new Set([uuid('a', 98), uuid('a', 99)])),
      plant: (world) => ({
        ...world,
        xero: [
          {
            ...contactLike(world.xero[0]),
            ContactID: uuid('a', 98),
            texts: { Name: archived.legalName, TaxNumber: first.abn },
          },
          { ...contactLike(world.xero[0]), ContactID: uuid('a', 99), texts: { Name: 'No Number Any More' } },
          ...world.xero,
        ],
      }),
    });
    expect(await openChanges(engine)).toEqual([]);
    engine.edit('hubspot', 0, { billing_email: 'new@hubspot.example' });
    await engine.run();
    expect(
      engine.vendors.xero.card(uuid('a', 0))?.fields.find(({ key }) => key === 'EmailAddress')?.value,
    ).toBe('new@hubspot.example');
  });

  it('goes over to the record that is in use when the linked one was archived', async () => {
    const gone = new Set<string>();
    const engine = await openEngine(await open(), {
      customers: [first, second],
      wrap: archiving(gone),
      plant: (world) => ({
        ...world,
        xero: [
          ...world.xero,
          {
            ...contactLike(world.xero[0]),
            ContactID: uuid('a', 90),
            texts: { Name: 'Survivor Pty Ltd', TaxNumber: first.abn },
          },
        ],
      }),
    });
    expect((await openChanges(engine)).map((change) => change.hold)).toEqual(['duplicate_key']);
    gone.add(uuid('a', 0));
    engine.edit('xero', 0, { PhoneNumber: '02 5550 1111' });
    engine.vendors.xero.edit(uuid('a', 90), { PhoneNumber: '02 5550 1111' }, 'Mia Torres');
    await engine.run();
    await engine.run();
    const [link] = await engine.database.db
      .select()
      .from(links)
      .innerJoin(records, eq(records.id, links.recordId))
      .where(and(eq(links.connection, 'xero'), eq(records.keyValue, first.abn)));
    expect(link?.links.externalId).toBe(uuid('a', 90));
    expect((await openChanges(engine)).map((change) => change.hold)).toEqual([]);
  });

  it('brings what was agreed meanwhile to a record that comes back from the archive', async () => {
    const gone = new Set<string>();
    const engine = await openEngine(await open(), { wrap: archiving(gone) });
    gone.add(uuid('a', 0));
    engine.edit('xero', 0, { PhoneNumber: '02 5550 1111' });
    await engine.run();
    engine.edit('hubspot', 0, { billing_email: 'while-away@hubspot.example' });
    await engine.run();
    expect(engine.held('cin7-core', 0, 'Email')).toBe('while-away@hubspot.example');
    expect(engine.held('xero', 0, 'EmailAddress')).not.toBe('while-away@hubspot.example');
    gone.clear();
    engine.edit('xero', 0, { Name: 'Renamed While Away Pty Ltd' });
    await engine.run();
    expect(engine.held('xero', 0, 'EmailAddress')).toBe('while-away@hubspot.example');
    expect(engine.held('hubspot', 0, 'legal_name')).toBe('Renamed While Away Pty Ltd');
  });

  it('asks of one whose ABN a system lacks whether it is the same: “same” links it there instead of making it', async () => {
    const engine = await openEngine(await open(), {
      customers: [first, second],
      plant: (world) => ({
        ...world,
        xero: world.xero.map((contact, i) =>
          i === 0 ? { ...contact, texts: { ...contact.texts, TaxNumber: '' } } : contact,
        ),
      }),
    });
    const { db } = engine.database;
    const contacts = engine.vendors.xero.cards().length;
    const [question, ...others] = await db.select().from(likenesses);
    expect([question?.state, others]).toEqual(['open', []]);
    const { id = 0, revision = 0 } = question ?? {};
    const said = { id, revision, by: 'U0PRIYA001', now: engine.clock.now(), answer: 'same' as const };
    expect(await answerLikeness(db, said)).toMatchObject({ kind: 'taken' });
    for (let n = 0; n < 2; n++) await engine.run();
    expect(engine.vendors.xero.cards()).toHaveLength(contacts);
    const card = engine.vendors.xero.card(uuid('a', 0));
    expect(card?.fields.find(({ key }) => key === 'TaxNumber')?.value.replace(/ /g, '')).toBe(first.abn);
    expect(await openChanges(engine)).toEqual([]);
  });

  it('survives a key that arrives while another system cannot be read', async () => {
    const engine = await openEngine(await open(), {
      customers: [first, second],
      plant: (world) => ({
        ...world,
        xero: world.xero.map((contact, i) =>
          i === 0 ? { ...contact, texts: { ...contact.texts, TaxNumber: '' } } : contact,
        ),
      }),
    });
    // Xero has one of that name and no number: it may be this one, and so none is made beside it.
    const holds = (await openChanges(engine)).map((change) => change.hold).sort();
    expect(holds).toEqual(['name_taken', 'no_key']);
    engine.vendors.hubspot.setFault({ kind: 'server_error' });
    engine.vendors.xero.edit(uuid('a', 0), { PhoneNumber: '02 5550 1111' }, 'Mia Torres');
    await engine.run();
    engine.vendors.xero.edit(uuid('a', 0), { TaxNumber: first.abn }, 'Mia Torres');
    await engine.run();
    engine.vendors.hubspot.setFault(null);
    const outcome = await engine.run();
    expect(outcome).toMatchObject({ kind: 'ran', result: { state: 'done' } });
    expect(await openChanges(engine)).toEqual([]);
  });

  it('joins a record that stood alone under the number that a person approved', async () => {
    const wrong = { ...first, abn: third.abn };
    const engine = await openEngine(await open(), {
      customers: [first, second],
      plant: (world) => ({
        ...world,
        hubspot: world.hubspot.map((company, i) =>
          i === 0 ? { ...company, properties: { ...company.properties, abn: wrong.abn } } : company,
        ),
        cin7: world.cin7.map((customer, i) =>
          i === 0 ? { ...customer, fields: { ...customer.fields, TaxNumber: wrong.abn } } : customer,
        ),
      }),
    });
    // One name, two numbers, and no system has both: nobody makes a second one of it.
    expect((await openChanges(engine)).map(({ hold, holdDetail }) => [hold, holdDetail]).sort()).toEqual([
      ['name_taken', `HubSpot and Cin7 Core have “${first.tradingName}” already, under another ABN`],
      ['name_taken', `Xero has “${first.legalName}” already, under another ABN`],
    ]);
    const company = engine.vendors.hubspot.cards().find((card) => card.abn === wrong.abn);
    engine.vendors.hubspot.edit(company?.externalId ?? '', { abn: first.abn }, 'Mia Torres');
    await engine.run();
    const { db } = engine.database;
    const [question] = await db.select().from(conflicts).where(isNull(conflicts.closedAt));
    expect(question?.field).toBe('abn');
    await decideConflict(db, {
      changeId: question?.changeId ?? '',
      field: 'abn',
      from: 'hubspot',
      revision: 99,
      by: 'U0PRIYA001',
      now: engine.clock.now(),
      agreementVersion: 1,
    });
    expect(await engine.run()).toMatchObject({ kind: 'ran', result: { state: 'done' } });
    expect(await engine.run()).toMatchObject({ kind: 'ran', result: { state: 'done' } });
    expect(await openChanges(engine)).toEqual([]);
    engine.edit('xero', 0, { EmailAddress: 'together@xero.example' });
    await engine.run();
    expect(engine.held('cin7-core', 0, 'Email')).toBe('together@xero.example');
  });

  it('does not stop for a hint that the vendor will not have', async () => {
    const engine = await openEngine(await open());
    const { db } = engine.database;
    for (const connection of ['hubspot', 'xero', 'cin7-core'])
      await addHints(db, { connection, externalIds: ['unnamed', uuid('a', 0)], now: engine.clock.now() });
    engine.edit('hubspot', 0, { billing_email: 'new@hubspot.example' });
    expect(await engine.run()).toMatchObject({ kind: 'ran', result: { state: 'done' } });
    expect(engine.held('xero', 0, 'EmailAddress')).toBe('new@hubspot.example');
    expect(await db.select().from(hints)).toEqual([]);
  });
});

function contactLike<T>(contact: T | undefined): T {
  if (!contact) throw new Error('no contact');
  return contact;
}
