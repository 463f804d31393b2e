import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { and, desc, eq, isNull } from 'drizzle-orm';
import { expect, it, onTestFinished } from 'vitest';
import type { Agreement, ConnectionTerms, Flow } from '#src/agreement/agreement.ts';
import { exchangesOf } from '#src/ledger/connections/exchanges.ts';
import { decideConflict } from '#src/ledger/questions/decisions.ts';
import { changes, conflicts, intents, runs } from '#src/ledger/tables/index.ts';
import { ordinaryCustomers, type PracticeCustomer } from '#src/playground/data/customers.ts';
import { terms } from '#test/connectors/kit.ts';
import { type CompanyDatabase, companyDatabase, tableTerms } from '#test/support/company-database.ts';
import { describeOn, type TestDatabase } from '#test/support/database.ts';
import { type Engine, openEngine } from '#test/support/engine.ts';

const shop = 'shop-database';

const joined =
  (more: ConnectionTerms, change: (flow: Flow) => Flow) =>
  (agreement: Agreement): Agreement => ({
    ...agreement,
    connections: { ...agreement.connections, [more.id]: more },
    flows: { customers: withAll(change(agreement.flows.customers as Flow)) },
  });

/** A detail is kept in step between all the systems of its flow, the new one too. */
const withAll = (flow: Flow): Flow => ({
  ...flow,
  fields: Object.fromEntries(
    Object.entries(flow.fields).map(([name, terms]) => [name, { ...terms, between: flow.connections }]),
  ),
});

/** The practice company, whose shop has the same customers in a database of its own. */
async function withShop(
  database: TestDatabase,
  {
    rows = ordinaryCustomers(3),
    customers = rows,
    fields = {},
  }: {
    rows?: readonly PracticeCustomer[];
    customers?: readonly PracticeCustomer[];
    fields?: Flow['fields'];
  } = {},
): Promise<
  Engine & { readonly company: CompanyDatabase; row(customer: number): Promise<Record<string, unknown>> }
> {
  const company = await companyDatabase();
  const { sql, schema, url } = company;
  for (const customer of rows) {
    await sql`insert into customers ${sql({
      company_name: customer.legalName,
      trading_as: customer.tradingName,
      abn: customer.abn,
      acn: customer.acn,
      accounts_email: customer.email,
      phone: customer.phone,
      mobile: customer.mobile,
      street: customer.street,
      suburb: customer.city,
      state: customer.state,
      postcode: customer.postcode,
      ship_street: customer.deliveryAddress?.street ?? null,
      ship_suburb: customer.deliveryAddress?.city ?? null,
      ship_state: customer.deliveryAddress?.state ?? null,
      ship_postcode: customer.deliveryAddress?.postcode ?? null,
      terms_days: customer.terms.days,
      terms_from: customer.terms.endOfMonth ? 'end_of_month' : 'invoice_date',
      gst: customer.taxTreatment,
      gst_registered: customer.gstRegistered,
      status: customer.status,
      updated_at: '2026-11-19T01:00:00Z',
    })}`;
  }
  const connection = terms('postgresql', {
    id: shop,
    ...tableTerms(schema),
    credentials: { url: 'SHOP_DATABASE_URL' },
  });
  const engine = await openEngine(database, {
    customers,
    environment: { SHOP_DATABASE_URL: url },
    agreement: joined(connection, (flow) => ({
      ...flow,
      connections: [...flow.connections, shop],
      fields: { ...flow.fields, ...fields },
      createIn: {
        ...flow.createIn,
        [shop]: ['hubspot', 'xero'],
        xero: ['hubspot', shop],
        hubspot: ['xero', shop],
      },
    })),
  });
  const row = async (customer: number) => {
    const [found] = await sql`select * from customers where abn = ${customers[customer]?.abn ?? ''}`;
    if (!found) throw new Error(`the database has no customer ${customer}`);
    return found;
  };
  return Object.assign(engine, { company, row });
}

const questions = ({ database: { db } }: Engine) =>
  db
    .select()
    .from(conflicts)
    .where(and(eq(conflicts.state, 'open'), isNull(conflicts.closedAt)));
const open = ({ database: { db } }: Engine) => db.select().from(changes).where(isNull(changes.closedAt));
const failuresOfLastRun = async ({ database: { db } }: Engine) =>
  (await db.select().from(runs).orderBy(desc(runs.id)).limit(1))[0]?.failures ?? [];

describeOn('PostgreSQL', 'the company’s own database, as a fourth system', (openDatabase) => {
  it('agrees from the start, and nothing is written anywhere', async () => {
    const engine = await withShop(await openDatabase());
    expect(await open(engine)).toEqual([]);
    expect(await questions(engine)).toEqual([]);
    expect(await engine.database.db.select().from(intents)).toEqual([]);
  });

  it('brings a change to the three others, and takes theirs', async () => {
    const engine = await withShop(await openDatabase());
    const { sql } = engine.company;
    await sql`update customers set accounts_email = 'new@shop.example', updated_at = now() where id = 1`;
    engine.edit('xero', 1, { Name: 'Renamed By Accounts Pty Ltd' });
    await engine.run();
    expect(engine.held('hubspot', 0, 'billing_email')).toBe('new@shop.example');
    expect(engine.held('xero', 0, 'EmailAddress')).toBe('new@shop.example');
    expect(await engine.row(1)).toMatchObject({
      company_name: 'Renamed By Accounts Pty Ltd',
      notes: 'of no concern to Truce',
    });
    expect(await open(engine)).toEqual([]);
    // Its own write coming back is no change.
    await engine.run();
    expect((await engine.database.db.select().from(changes)).map(({ state }) => state)).toEqual([
      'settled',
      'settled',
    ]);
  });

  it('shares with HubSpot what Xero and Cin7 Core have no place for', async () => {
    const terms = {
      rule: 'review',
      systemOfRecord: shop,
      decideWithinHours: null,
      ifNobodyChooses: 'hold',
      twoPeople: false,
      between: ['hubspot', 'xero', 'cin7-core'],
    } as const;
    const engine = await withShop(await openDatabase(), {
      fields: { gst_registered: { field: 'gst_registered', ...terms } },
    });
    const before = engine.customers.map(({ gstRegistered }) => gstRegistered);
    engine.edit('hubspot', 0, { gst_registered: before[0] ? 'No' : 'Yes' });
    await engine.company
      .sql`update customers set gst_registered = not gst_registered, updated_at = now() where id = 2`;
    await engine.run();
    expect(await engine.row(0)).toMatchObject({ gst_registered: !before[0] });
    expect(engine.held('hubspot', 1, 'gst_registered')).toBe(before[1] ? 'No' : 'Yes');
    expect(await open(engine)).toEqual([]);
    const written = await engine.database.db.select().from(intents);
    expect(written.map(({ connection }) => connection).sort()).toEqual(['hubspot', shop]);
  });

  it('is asked about like any other, and gets what was decided', async () => {
    const engine = await withShop(await openDatabase());
    const { db } = engine.database;
    await engine.company
      .sql`update customers set accounts_email = 'shop@shop.example', updated_at = now() where id = 1`;
    engine.edit('hubspot', 0, { billing_email: 'sales@hubspot.example' });
    await engine.run();
    const [question] = await questions(engine);
    expect(question).toMatchObject({ field: 'email' });
    const verdict = await decideConflict(db, {
      changeId: question?.changeId ?? '',
      field: 'email',
      from: 'hubspot',
      revision: question?.optionsRevision ?? 0,
      by: 'U0PRIYA001',
      now: engine.clock.now(),
      agreementVersion: 1,
    });
    expect(verdict.kind).toBe('decided');
    await engine.run();
    expect(await engine.row(0)).toMatchObject({ accounts_email: 'sales@hubspot.example' });
    expect(engine.held('xero', 0, 'EmailAddress')).toBe('sales@hubspot.example');
    expect(await open(engine)).toEqual([]);
  });

  it('loses no edit that is made between our last look and our write', async () => {
    const engine = await withShop(await openDatabase());
    engine.edit('hubspot', 0, { billing_email: 'sales@hubspot.example' });
    await engine.run({}, async (point) => {
      if (point === 'intents')
        await engine.company
          .sql`update customers set accounts_email = 'shop@shop.example', updated_at = now() where id = 1`;
    });
    expect(await engine.row(0)).toMatchObject({ accounts_email: 'shop@shop.example' });
    await engine.run();
    await engine.run();
    expect(await engine.row(0)).toMatchObject({ accounts_email: 'shop@shop.example' });
    expect(await questions(engine)).toMatchObject([{ field: 'email' }]);
  });

  it('is given the customers that it lacks, each once', async () => {
    const customers = ordinaryCustomers(3);
    const engine = await withShop(await openDatabase(), { rows: customers.slice(0, 2), customers });
    await engine.run();
    expect(await engine.row(2)).toMatchObject({
      company_name: customers[2]?.legalName,
      truce_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      status: 'active',
    });
    await engine.run();
    expect((await engine.company.sql`select from customers`).length).toBe(3);
    expect(await open(engine)).toEqual([]);
  });

  it('shows in the calls of a change what was asked of the database', async () => {
    const engine = await withShop(await openDatabase());
    engine.edit('xero', 0, { Name: 'Renamed By Accounts Pty Ltd' });
    await engine.run();
    const [change] = await engine.database.db.select().from(changes);
    const calls = await exchangesOf(engine.database.db, change?.id ?? '');
    const update = calls.find(({ connection, method }) => connection === shop && method === 'UPDATE');
    expect(update).toMatchObject({ status: 200, purpose: 'update a customer' });
    expect(JSON.stringify(update?.requestBody)).toContain('Renamed By Accounts Pty Ltd');
  });

  it('out of reach: nothing is decided without it, and nothing is lost', async () => {
    const engine = await withShop(await openDatabase());
    engine.company.line.stall(true);
    await engine.company.line.drop();
    engine.edit('hubspot', 0, { billing_email: 'sales@hubspot.example' });
    await engine.run();
    expect(await failuresOfLastRun(engine)).toMatchObject([{ connection: shop, cause: 'silent' }]);
    expect(engine.writes('xero')).toBe(0);
    engine.company.line.stall(false);
    await engine.run();
    expect(await engine.row(0)).toMatchObject({ accounts_email: 'sales@hubspot.example' });
  });
});

describeOn('PGlite', 'a spreadsheet, as a fourth system', (openDatabase) => {
  const withSheet = async (lines: (customers: readonly PracticeCustomer[]) => readonly string[]) => {
    const folder = await mkdtemp(join(tmpdir(), 'truce-sheet-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'customers-2019.csv');
    const customers = ordinaryCustomers(3);
    const save = (some: readonly string[]) =>
      writeFile(
        file,
        Buffer.from(
          `${['Customer No,Company,ABN,E-mail,Phone,Postcode', ...some].join('\r\n')}\r\n`,
          'latin1',
        ),
      );
    await save(lines(customers));
    const connection = terms('csv', {
      id: 'customers-2019',
      file,
      key: 'Customer No',
      columns: { legal_name: 'Company', abn: 'ABN', email: 'E-mail', phone: 'Phone' },
    });
    const engine = await openEngine(await openDatabase(), {
      customers,
      agreement: joined(connection, (flow) => ({
        ...flow,
        connections: [...flow.connections, connection.id],
      })),
    });
    return { ...engine, engine, save, file };
  };
  const asIn2019 = (customer: PracticeCustomer | undefined, no: number, email = customer?.email) =>
    `${no},${customer?.legalName.toUpperCase()},${customer?.abn},${email},${customer?.phone.replace(/^0/, '')},800`;

  it('is matched in spite of lost zeros; what changes in it flows; it is never written', async () => {
    const { engine, save } = await withSheet((customers) =>
      customers.map((customer, i) => asIn2019(customer, i)),
    );
    const [first, second, third] = engine.customers;
    expect(await open(engine)).toEqual([]);
    await save([asIn2019(first, 0, 'from@sheet.example'), asIn2019(second, 1), asIn2019(third, 2)]);
    engine.edit('hubspot', 1, { billing_email: 'sales@hubspot.example' });
    await engine.run();
    expect(engine.held('xero', 0, 'EmailAddress')).toBe('from@sheet.example');
    expect(engine.held('hubspot', 0, 'billing_email')).toBe('from@sheet.example');
    expect(engine.held('xero', 1, 'EmailAddress')).toBe('sales@hubspot.example');
    expect(await open(engine)).toEqual([]);
    const written = await engine.database.db.select().from(intents);
    expect(written.filter(({ connection }) => connection === 'customers-2019')).toEqual([]);
  });

  it('half written, it stops the run before anything is decided', async () => {
    const { engine, save, file } = await withSheet((customers) =>
      customers.map((customer, i) => asIn2019(customer, i)),
    );
    await writeFile(file, 'Customer No,Comp');
    engine.edit('hubspot', 0, { billing_email: 'sales@hubspot.example' });
    await engine.run();
    expect(await failuresOfLastRun(engine)).toMatchObject([
      { connection: 'customers-2019', cause: 'nonsense' },
    ]);
    expect(engine.writes('xero')).toBe(0);
    await save(engine.customers.map((customer, i) => asIn2019(customer, i)));
    await engine.run();
    expect(engine.held('xero', 0, 'EmailAddress')).toBe('sales@hubspot.example');
  });
});
