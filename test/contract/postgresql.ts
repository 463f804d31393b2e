import { expect } from 'vitest';
import type { TableTerms } from '#src/agreement/agreement.ts';
import { createConnections } from '#src/connectors/registry.ts';
import { customersOf } from '#test/support/connections.ts';
import { call, clockAtNoon, memoryBudgets, memoryLog, memoryTokens, terms } from '../connectors/kit.ts';
import { type CompanyDatabase, companyDatabase, tableTerms } from '../support/company-database.ts';
import { listed } from './stage.ts';
import type { OpenOptions, Stage, Subject } from './subject.ts';

const dayBefore = '2026-11-19T01:00:00.000Z';
const moreThanAPage = 1_001;

/** A company's table with three customers, reached over a line that can be cut, and a connector to it. */
async function open(changes: TableTerms['changes'], how: OpenOptions = {}): Promise<Stage> {
  const database = await companyDatabase();
  await seed(database, how.more ? moreThanAPage : 0);
  const clock = clockAtNoon();
  const log = memoryLog();
  const connector = connectorTo(database, { changes, clock, log, how });
  if (changes.kind === 'trigger') {
    const { schema, role, sql } = database;
    await sql.unsafe(`grant create on schema ${schema} to ${role}; grant trigger on customers to ${role}`);
    // Somebody else than the connector at hand, whose calls are counted: puts the triggers there, and reads a first time.
    const before = connectorTo(database, { changes, clock, log: memoryLog(), how: {} });
    await before.setUp('triggers', call);
    await listed(before, null, clock.now());
  }
  const { sql, role, line } = database;
  /** The clock of the database is the test's. */
  const now = async (db: typeof sql, id: string) => {
    await db`update customers set updated_at = ${clock.now()} where id = ${id}`;
    if (changes.kind === 'trigger')
      await db`update truce_changes set at = ${clock.now()} where key = ${id} and at > ${new Date('2026-11-20T23:00:00Z')}`;
  };
  return {
    connector,
    clock,
    log,
    edit: (id, phone) =>
      sql.begin(async (tx) => {
        await tx`update customers set phone = ${phone} where id = ${id}`;
        await now(tx as unknown as typeof sql, id);
      }),
    count: async () => Number((await sql`select count(*) from customers where status = 'active'`)[0]?.count),
    more: Array.from({ length: how.more ? moreThanAPage : 0 }, (_, i) => String(i + 4)),
    calls: () => log.kept.length,
    editLate: async (id, phone) => {
      const own = await sql.reserve();
      await own`begin`;
      await own`update customers set phone = ${phone} where id = ${id}`;
      await now(own as unknown as typeof sql, id);
      return async () => {
        await own`commit`;
        own.release();
      };
    },
    archive: async (id) => {
      await sql`update customers set status = 'archived' where id = ${id}`;
      await now(sql, id);
    },
    remove: async (id) => {
      await sql`delete from customers where id = ${id}`;
    },
    lose: line.lose,
    withdraw: async () => {
      await sql.unsafe(`alter role ${role} nologin`);
      await sql`select pg_terminate_backend(pid) from pg_stat_activity where usename = ${role}`;
    },
  };
}

async function seed({ sql }: CompanyDatabase, more: number): Promise<void> {
  await sql`insert into customers ${sql({
    company_name: 'ACME PTY LTD',
    trading_as: 'Acme',
    abn: '51824753556',
    acn: '004085616',
    accounts_email: 'accounts@example.com.au',
    phone: '(02) 5550 1234',
    mobile: '0491 570 156',
    street: '8 Example Rd',
    suburb: 'Sydney',
    state: 'NSW',
    postcode: '2000',
    ship_street: '1 Dock St',
    ship_suburb: 'Botany',
    ship_state: 'NSW',
    ship_postcode: '2019',
    terms_days: 30,
    terms_from: 'invoice_date',
    gst: 'gst',
    gst_registered: true,
    updated_at: dayBefore,
  })}`;
  await sql`insert into customers (company_name, updated_at) values ('BETA PTY LTD', ${dayBefore}), ('GAMMA PTY LTD', ${dayBefore})`;
  await sql`insert into customers (company_name, updated_at) select 'MORE ' || n, ${dayBefore} from generate_series(1, ${more}) n`;
}

function connectorTo(
  { url, schema }: CompanyDatabase,
  {
    changes,
    clock,
    log,
    how,
  }: {
    changes: TableTerms['changes'];
    clock: ReturnType<typeof clockAtNoon>;
    log: ReturnType<typeof memoryLog>;
    how: OpenOptions;
  },
) {
  const { callsPerMinute = 50_000, callsPerDay = 1_000_000 } = how;
  const connection = terms('postgresql', {
    ...tableTerms(schema, { changes }),
    credentials: { url: 'SHOP_DATABASE_URL' },
    callsPerMinute,
    callsPerDay,
  });
  const connections = createConnections({
    agreement: { connections: { postgresql: connection } },
    credential: () => url,
    tokens: memoryTokens(),
    http: { log, budgets: memoryBudgets() },
    clock,
  });
  return customersOf(connections.get('postgresql'));
}

/** Changes found by a column, or by triggers: everything else is the same. */
export const postgresqlSubject = (changes: TableTerms['changes']): Subject => ({
  system: 'postgresql',
  open: (how) => open(changes, how),
  ids: ['1', '2', '3'],
  absentId: '999999999',
  fields: {
    legal_name: 'ACME HOLDINGS PTY LTD',
    trading_name: 'Acme & Sons',
    abn: '53 004 085 616',
    acn: '000 250 000',
    email: 'pay@example.com.au',
    phone: '+61 2 5550 9876',
    mobile: '0491 570 157',
    billing_address: {
      line1: 'Level 3',
      line2: '9 Sample St',
      city: 'Darwin',
      state: 'NT',
      postcode: '0800',
      country: 'Australia',
    },
    delivery_address: {
      line1: 'Shed 2',
      line2: 'Wharf Rd',
      city: 'Darwin',
      state: 'NT',
      postcode: '0801',
      country: null,
    },
    payment_terms: { days: 14, from: 'end_of_month' },
    tax_treatment: 'gst_free',
    gst_registered: false,
  },
  clearable: [
    'trading_name',
    'abn',
    'acn',
    'email',
    'phone',
    'mobile',
    'billing_address',
    'delivery_address',
    'payment_terms',
    'tax_treatment',
    'gst_registered',
  ],
  refused: {
    fields: { legal_name: 'beta pty ltd' },
    reason: /another row has this value already.*customers_name_once/,
  },
  fresh: { legal_name: 'Fresh Pty Ltd', abn: '33 531 321 789', phone: '02 7010 1234', gst_registered: true },
  account: expect.stringMatching(/^postgres, PostgreSQL \d+/) as unknown as string,
  cannot: {
    'malformed records': 'the database itself keeps every row readable',
    'renewed sign-in': 'a user and a password do not end by themselves',
    'vendor faults': 'it is no vendor over HTTP',
  },
});
