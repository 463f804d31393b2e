import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { TableTerms } from '#src/agreement/agreement.ts';
import type { CallContext, ReadItem } from '#src/connectors/connector.ts';
import { createPostgres } from '#src/connectors/postgresql/index.ts';
import { customersOf } from '#test/support/connections.ts';
import { type CompanyDatabase, columns, companyDatabase, tableTerms } from '../support/company-database.ts';
import { describeOn } from '../support/database.ts';
import { call, clockAtNoon, fieldsOf, memoryBudgets, memoryLog, memoryTokens, terms } from './kit.ts';

function connectorTo(
  { url, schema }: Pick<CompanyDatabase, 'url' | 'schema'>,
  more: Partial<TableTerms> & { readonly timeoutSeconds?: number } = {},
) {
  const log = memoryLog();
  const clock = clockAtNoon();
  const connector = customersOf(
    createPostgres({
      terms: terms('postgresql', { ...tableTerms(schema), ...more }),
      credential: () => url,
      http: { log, budgets: memoryBudgets() },
      tokens: memoryTokens(),
      clock,
    }),
  );
  const listed = async (since: Date | null) => {
    const items: ReadItem[] = [];
    for await (const page of connector.changed(since, clock.now(), call)) items.push(...page);
    return items.map((item) =>
      item.kind === 'read' ? item.observation.externalId : `${item.externalId} ${item.kind}`,
    );
  };
  return { connector, log, clock, listed };
}

const opened = async (more: Parameters<typeof connectorTo>[1] = {}) => {
  const database = await companyDatabase();
  await database.sql`insert into customers (company_name, abn, phone, status) values ('ACME PTY LTD', '51824753556', '(02) 5550 1234', 'active')`;
  return { ...database, ...connectorTo(database, more) };
};
const run = (runId: number): CallContext => ({ ...call, runId });
const put = (fields: Record<string, string | null>, externalId = '1') => ({
  key: 'intent-1',
  changeId: 'tr-7F3K92QDXB',
  externalId,
  fields,
});
const failing = (work: Promise<unknown>) =>
  work.then(
    () => 'fine',
    ({ failure, message }) => `${failure}: ${message}`,
  );

describeOn('PostgreSQL', 'the company’s database', () => {
  describe('a faster hand', () => {
    test('is not written over: the write is unknown, and says why', async () => {
      const { connector, sql } = await opened();
      await connector.read(['1'], run(1));
      await sql`update customers set phone = '1300 111 222' where id = 1`;
      expect(await connector.write([put({ phone: '1300 975 707' })], run(1))).toMatchObject([
        {
          kind: 'unknown',
          reason: 'somebody changed it there at the same moment; it is read and compared again',
        },
      ]);
      expect((await sql`select phone from customers`)[0]?.phone).toBe('1300 111 222');
    });

    test('in another column does not matter', async () => {
      const { connector, sql } = await opened();
      await connector.read(['1'], run(1));
      await sql`update customers set trading_as = 'Acme' where id = 1`;
      expect(await connector.write([put({ phone: '1300 975 707' })], run(1))).toMatchObject([
        { kind: 'saved' },
      ]);
      expect(await sql`select phone, trading_as from customers`).toEqual([
        { phone: '1300 975 707', trading_as: 'Acme' },
      ]);
    });

    test('that wrote the same is no race', async () => {
      const { connector, sql } = await opened();
      await connector.read(['1'], run(1));
      await sql`update customers set phone = '1300 975 707' where id = 1`;
      expect(await connector.write([put({ phone: '1300 975 707' })], run(1))).toMatchObject([
        { kind: 'saved' },
      ]);
    });

    test('seen by another run was not seen by this one', async () => {
      const { connector, sql } = await opened();
      await connector.read(['1'], run(1));
      await sql`update customers set phone = '1300 111 222' where id = 1`;
      await connector.read(['1'], run(2));
      expect(await connector.write([put({ phone: '1300 975 707' })], run(1))).toMatchObject([
        { kind: 'unknown' },
      ]);
    });

    test('that is not done yet is waited for, and then not written over', async () => {
      const { connector, sql } = await opened();
      await connector.read(['1'], run(1));
      const own = await sql.reserve();
      await own`begin`;
      await own`update customers set phone = '1300 111 222' where id = 1`;
      const writing = connector.write([put({ phone: '1300 975 707' })], run(1));
      const waits = async () =>
        (
          await sql`select from pg_stat_activity where application_name = 'truce' and wait_event_type = 'Lock'`
        ).length > 0;
      while (!(await waits())) await new Promise((resolve) => setTimeout(resolve, 10));
      await own`commit`;
      own.release();
      expect(await writing).toMatchObject([{ kind: 'unknown' }]);
      expect((await sql`select phone from customers`)[0]?.phone).toBe('1300 111 222');
    });

    test('that does not let go is given up, and the others go on', async () => {
      const { connector, sql } = await opened({ timeoutSeconds: 0.4 });
      await sql`insert into customers (company_name) values ('BETA PTY LTD')`;
      const own = await sql.reserve();
      await own`begin`;
      await own`select from customers where id = 1 for update`;
      const outcomes = await connector.write(
        [put({ phone: '1' }), { ...put({ phone: '2' }, '2'), key: 'intent-2' }],
        run(1),
      );
      await own`rollback`;
      own.release();
      expect(outcomes).toMatchObject([
        { kind: 'unknown', reason: 'not sent: Database is busy with somebody else’s changes to this row' },
        { kind: 'saved', key: 'intent-2' },
      ]);
    });
  });

  test('a trigger of the table that keeps a change out is a refusal, not a race', async () => {
    const { connector, sql } = await opened();
    await sql.unsafe(`create function keep() returns trigger language plpgsql as $$ begin return null; end $$;
      create trigger keep before update on customers for each row execute function keep()`);
    expect(await connector.write([put({ phone: '1' })], call)).toMatchObject([
      { kind: 'refused', reason: 'a trigger or a policy of the table kept the change out' },
    ]);
  });

  test.each([
    [{ legal_name: null }, 'saved', ''],
    [
      { legal_name: 'x'.repeat(256) },
      'refused',
      'a text is too long for its column (character varying(255))',
    ],
    [
      { status: 'asleep' },
      'refused',
      'the rule “customers_status_check” of the table does not allow this value',
    ],
    [
      { legal_name: 'beta pty ltd' },
      'refused',
      'another row has this value already, and the rule “customers_name_once” of the table allows it once',
    ],
    [{ phone: 'a\0b' }, 'refused', 'a column does not take such a value'],
    [
      { payment_terms: 'Day 20 of the following month' },
      'refused',
      'payment terms are kept as a number of days there',
    ],
  ])('writing %o is %s: %s', async (fields, kind, reason) => {
    const { connector, sql, log } = await opened();
    await sql`insert into customers (company_name) values ('BETA PTY LTD')`;
    const [outcome] = await connector.write([put(fields as Record<string, string | null>)], call);
    expect(outcome?.kind).toBe(kind);
    if (outcome?.kind === 'refused') expect(outcome.reason).toContain(reason);
    expect(JSON.stringify(log.kept.map(({ error }) => error))).not.toMatch(/beta pty|xxxx/i);
  });

  test('a rule of the company’s own, in its own words, without what is personal', async () => {
    const { connector, sql } = await opened();
    await sql.unsafe(`create function strict() returns trigger language plpgsql as $$
      begin raise exception 'No changes by %, ask jane@example.com.au', current_user; end $$;
      create trigger strict before update on customers for each row execute function strict()`);
    const [outcome] = await connector.write([put({ phone: '1' })], call);
    expect(outcome).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/^No changes by truce_.*, ask \[e-mail\]$/),
    });
  });

  test('the log has the statement and what was set, no secret and nothing personal', async () => {
    const { connector, log, role } = await opened();
    await connector.write(
      [put({ phone: '1300 975 707', legal_name: 'NEW PTY LTD', email: 'a@example.com.au' })],
      call,
    );
    expect(log.kept.map(({ method, status }) => `${method} ${status}`)).toEqual([
      'SELECT 200',
      'SELECT 200',
      'UPDATE 200',
    ]);
    const update = log.kept.at(-1);
    expect(update).toMatchObject({
      purpose: 'update a customer',
      url: expect.stringMatching(/^postgresql:\/\/127\.0\.0\.1:\d+\/postgres\/company_\w+\.customers$/),
      requestBody: {
        statement: expect.stringMatching(/^update "company_\w+"."customers" t set "phone" = \$/),
        key: '1',
        set: { phone: '[hidden]', legal_name: 'NEW PTY LTD', email: '[hidden]' },
      },
      responseBody: { rows: 1 },
      changeIds: ['tr-7F3K92QDXB'],
    });
    const all = JSON.stringify(log.kept);
    for (const text of [`pw-${role}`, '975 707', 'a@example']) expect(all).not.toContain(text);
  });

  describe('what cannot work says so in plain words', () => {
    test.each([
      ['postgres://u:p@127.0.0.1:1/shop', /^unreachable: Database cannot be reached \(ECONNREFUSED\)$/],
      ['https://example.com/shop', /^auth: Database cannot be signed in to: its url is not like postgres:/],
      ['postgres://u:p@127.0.0.1/shop?sslmode=maybe', /^auth: Database cannot be signed in to/],
    ])('%s', async (url, told) => {
      const { connector } = connectorTo({ url, schema: 'x' });
      expect(await failing(connector.read(['1'], call))).toMatch(told);
    });

    test('a database that is not there, a user that is not', async () => {
      const { url, schema, role } = await companyDatabase();
      const other = connectorTo({ url: url.replace(/\/postgres$/, '/shopp'), schema }).connector;
      expect(await failing(other.read(['1'], call))).toBe(
        'auth: Database has refused our sign-in: database "shopp" does not exist',
      );
      const stranger = connectorTo({ url: url.replace(role, 'nobody_at_all'), schema }).connector;
      expect(await failing(stranger.read(['1'], call))).toMatch(
        /^auth: Database has refused our sign-in: .*"nobody_at_all"/,
      );
    });

    test('silence', async () => {
      const { connector, line } = await opened({ timeoutSeconds: 0.2 });
      await connector.read(['1'], call);
      line.stall(true);
      expect(await failing(connector.read(['1'], call))).toBe(
        'silent: Database does not answer (waited 1 s)',
      );
      line.stall(false);
      expect((await connector.read(['1'], call)).map(({ kind }) => kind)).toEqual(['read']);
    });

    test('a statement that takes too long', async () => {
      const { connector, sql } = await opened({ timeoutSeconds: 0.2 });
      await sql.unsafe(`create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(5); return new; end $$;
        create trigger slow before update on customers for each row execute function slow()`);
      expect(await failing(connector.write([put({ phone: '1' })], call))).toBe(
        'silent: Database does not answer (waited 1 s)',
      );
      expect((await sql`select phone from customers`)[0]?.phone).toBe('(02) 5550 1234');
    });

    test('a missing grant', async () => {
      const { connector, sql, role } = await opened();
      await sql.unsafe(`revoke update on customers from ${role}`);
      expect(await failing(connector.write([put({ phone: '1' })], call))).toBe(
        'auth: Database has refused our sign-in: permission denied for table customers; a grant is missing',
      );
      await sql.unsafe(`revoke select on customers from ${role}`);
      expect(await failing(connector.read(['1'], call))).toContain('permission denied for table customers');
    });

    test('no table, no key, no such column', async () => {
      const database = await companyDatabase();
      const says = (more: Partial<TableTerms>) => {
        const { connector } = connectorTo(database, more);
        return failing(connector.read(['1'], call));
      };
      expect(await says({ table: `${database.schema}.custmers` })).toMatch(
        /^refused: Database: there is no table company_\w+\.custmers in postgres/,
      );
      expect(await says({ key: 'no' })).toMatch(/has no column no, its key$/);
      expect(await says({ key: 'company_name' })).toMatch(/company_name has no unique index/);
      expect(await says({ changes: { kind: 'column', column: 'moved_at' } })).toMatch(
        /has no column moved_at, by which changes are found$/,
      );
      expect(await says({ changes: { kind: 'column', column: 'notes' } })).toMatch(
        /notes is of the type text, and not a time stamp$/,
      );
      expect(await says({ changes: { kind: 'trigger' } })).toMatch(
        /the triggers .* are not there yet: they are a step to approve$/,
      );
    });
  });

  test('a column that was renamed while it runs leaves its field unread, and is named', async () => {
    const { connector, sql } = await opened();
    await connector.read(['1'], call);
    await sql`alter table customers rename column accounts_email to email_for_accounts`;
    const [item] = await connector.read(['1'], call);
    expect(fieldsOf(item)).toMatchObject({ email: { state: 'not_read' }, legal_name: { state: 'value' } });
    expect(item).toMatchObject({
      observation: { drift: [{ field: 'email', expected: 'accounts_email', found: ['email_for_accounts'] }] },
    });
    expect((await connector.account(call)).problems).toEqual([
      expect.stringMatching(/has no column accounts_email any more: email is left alone/),
    ]);
    expect(await connector.write([put({ email: 'a@example.com.au' })], call)).toMatchObject([
      { kind: 'refused', reason: expect.stringContaining('no longer has the column accounts_email') },
    ]);
  });

  test('names are names, whatever is in them', async () => {
    const { sql, url, schema, role } = await companyDatabase();
    const evil = 'na"me; drop table customers; --';
    await sql.unsafe(`create table "Our Customers" ("Id" uuid primary key default gen_random_uuid(), "${evil.replaceAll('"', '""')}" text, "updated At" timestamptz default now());
      grant select, insert, update on "Our Customers" to ${role}`);
    const [row] = await sql`insert into "Our Customers" (${sql(evil)}) values ('Acme') returning "Id" as id`;
    const { connector } = connectorTo(
      { url, schema },
      {
        table: `${schema}.Our Customers`,
        key: 'Id',
        columns: { legal_name: evil },
        changes: { kind: 'column', column: 'updated At' },
        marker: null,
      },
    );
    const injected = `'; drop table customers; -- $1 \\`;
    expect(await connector.write([put({ legal_name: injected }, row?.id)], call)).toMatchObject([
      { kind: 'saved' },
    ]);
    const items = await connector.read([row?.id, "' or true --", String(row?.id).toUpperCase()], call);
    expect(items.map(({ kind }) => kind)).toEqual(['read', 'gone', 'gone']);
    expect(fieldsOf(items[0]).legal_name).toEqual({ state: 'value', value: injected });
    expect(connector.canCreate).toBe(false);
  });

  test.each([
    ['boolean', 'true', true, 'false'],
    ['text', 'Registered from 01/07/2000', true, 'false'],
    ['smallint', '1', true, '0'],
    ['boolean', 'f', false, 'true'],
    ['varchar(20)', 'N', false, 'true'],
    ['numeric(3, 1)', '0.0', false, '1.0'],
  ])(
    'whether they are registered for GST is read from a %s that holds %s, written, and read back',
    async (...row) => {
      const [type, held, read, after] = row;
      const { connector, sql } = await opened();
      await sql.unsafe(
        `alter table customers drop column gst_registered, add column gst_registered ${type} default '${held}'`,
      );
      const gst = async () => fieldsOf((await connector.read(['1'], call))[0]).gst_registered;
      expect(await gst()).toEqual({ state: 'value', value: read });
      const write = { ...put({}), fields: { gst_registered: !read } };
      expect(await connector.write([write], call)).toMatchObject([{ kind: 'saved' }]);
      expect(await gst()).toEqual({ state: 'value', value: !read });
      expect(await sql`select gst_registered::text as held from customers`).toEqual([{ held: after }]);
      expect(await connector.write([write], call)).toMatchObject([{ kind: 'saved' }]);
      await connector.write([put({ gst_registered: null })], call);
      expect(await gst()).toEqual({ state: 'blank' });
    },
  );

  test('numbers, padded texts, nothing and dates come as they are', async () => {
    const { connector, sql } = await opened({
      columns: {
        ...columns,
        abn: 'abn_number',
        acn: 'abn',
        payment_terms: 'terms_days',
      } as never,
    });
    await sql`alter table customers add column abn_number numeric(14, 2)`;
    await sql`update customers set abn_number = 51824753556, abn = '004085616', phone = '  ', terms_days = 14, updated_at = '2026-11-19 12:00:00.123456+11'`;
    const [item] = await connector.read(['1'], call);
    expect(fieldsOf(item)).toMatchObject({
      abn: { state: 'value', value: '51824753556' },
      acn: { state: 'value', value: '004085616' },
      phone: { state: 'blank' },
      payment_terms: { state: 'value', value: { days: 14, from: 'invoice_date' } },
    });
    expect(item).toMatchObject({ observation: { vendorAt: '2026-11-19T01:00:00.123Z' } });
    const outcomes = await connector.write(
      [{ ...put({}), fields: { payment_terms: { days: 30, from: 'invoice_date' } } }],
      call,
    );
    expect(outcomes).toMatchObject([{ kind: 'saved' }]);
    expect((await sql`select terms_days from customers`)[0]?.terms_days).toBe(30);
  });

  describe('what changed', () => {
    test('to the microsecond: nothing at the cursor is passed over, and what bears no time is read every time', async () => {
      const { sql, listed } = await opened();
      await sql`alter table customers alter column updated_at drop not null`;
      await sql`update customers set updated_at = '2026-11-19T10:00:00.000001Z'`;
      await sql`insert into customers (company_name, updated_at) values ('EDGE', '2026-11-19T10:00:00.0009Z'), ('OLD', '2026-11-19T09:59:59.999999Z'), ('NONE', null)`;
      expect(await listed(new Date('2026-11-19T10:00:00.000Z'))).toEqual(['1', '2', '4']);
      expect(await listed(null)).toEqual(['1', '2', '3', '4']);
    });

    test('by time stamps without a zone: of whatever zone they are', async () => {
      const { sql, listed, connector } = await opened();
      await sql`alter table customers alter column updated_at type timestamp`;
      // At 10:00 UTC, written by programs in Honolulu, in UTC and in Auckland; and one from the day before.
      await sql`update customers set updated_at = '2026-11-19 00:00:00'`;
      await sql`insert into customers (company_name, updated_at) values ('UTC', '2026-11-19 10:00:00'), ('NZ', '2026-11-19 23:00:00'), ('OLD', '2026-11-18 10:00:00')`;
      expect(await listed(new Date('2026-11-19T10:00:00Z'))).toEqual(['1', '2', '3']);
      expect(await connector.read(['1'], call)).toMatchObject([{ observation: { vendorAt: null } }]);
      expect(await connector.write([put({ phone: '1' })], call)).toMatchObject([{ kind: 'saved' }]);
    });

    test('our own write moves the time too, and never back', async () => {
      const { sql, connector } = await opened();
      await sql`update customers set updated_at = '2001-01-01'`;
      await connector.write([put({ phone: '1' })], call);
      expect((await sql`select updated_at from customers`)[0]?.updated_at).toEqual(clockAtNoon().now());
      await sql`update customers set updated_at = '2031-01-01'`;
      await connector.write([put({ phone: '2' })], call);
      expect((await sql`select updated_at from customers`)[0]?.updated_at.getFullYear()).toBe(2031);
    });
  });

  describe('triggers', () => {
    /** Whatever else is going on in the same cluster must not matter. */
    const underWay = async () => {
      const { sql } = await companyDatabase();
      const own = await sql.reserve();
      await own`begin`;
      await own`insert into customers (company_name) values ('Not done yet')`;
      return async () => {
        await own`rollback`;
        own.release();
      };
    };
    const withTriggers = async () => {
      const stage = await opened({ changes: { kind: 'trigger' } });
      await stage.sql.unsafe(
        `grant create on schema ${stage.schema} to ${stage.role}; grant trigger on customers to ${stage.role}`,
      );
      await stage.connector.setUp('triggers', call);
      /** A pull as the engine makes it: from the cursor less the overlap, and the cursor moves behind the lag. */
      let cursor: Date | null = null;
      const pull = async () => {
        const { clock, connector } = stage;
        clock.advance(60_000);
        // What was noted is long ago, so that only its transaction's number can bring it back.
        await stage.sql`update truce_changes set at = '2001-01-01'`;
        const until = new Date(clock.now().getTime() - connector.lagMs);
        const items: string[] = [];
        const since = cursor && new Date(cursor.getTime() - connector.overlapMs);
        for await (const page of connector.changed(since, until, call))
          items.push(
            ...page.map((item) =>
              item.kind === 'read' ? item.observation.externalId : `${item.externalId} ${item.kind}`,
            ),
          );
        cursor = until;
        return items.sort();
      };
      return { ...stage, pull };
    };

    test('are a step that says what it would do; approved, done twice without harm', async () => {
      const { connector, sql, schema, role } = await opened({ changes: { kind: 'trigger' } });
      const before = await connector.account(call);
      expect(before.steps).toMatchObject([
        { id: 'triggers', label: `Put triggers on ${schema}.customers that note which rows change` },
      ]);
      expect(before.steps[0]?.details.join('\n')).toContain(
        'create trigger truce_note_change after insert or update or delete',
      );
      expect(before.problems).toEqual([
        expect.stringContaining(`lacks trigger on ${schema}.customers and create on the schema ${schema}`),
      ]);
      expect(await failing(connector.setUp('triggers', call))).toMatch(
        /^auth: Database does not let us do that/,
      );
      await sql.unsafe(`grant create on schema ${schema} to ${role}; grant trigger on customers to ${role}`);
      await Promise.all([connector.setUp('triggers', call)]);
      await connector.setUp('triggers', call);
      expect(await connector.account(call)).toMatchObject({ steps: [], problems: [] });
    });

    test('tell inserts, updates and deletes, and nothing that did not happen', async () => {
      const { sql, pull } = await withTriggers();
      const done = await underWay();
      expect(await pull()).toEqual(['1']);
      expect(await pull()).toEqual([]);
      await sql`insert into customers (company_name) values ('TWO'), ('THREE')`;
      expect(await pull()).toEqual(['2', '3']);
      await sql`delete from customers where id = 2`;
      await sql`update customers set phone = '1' where id = 1`;
      expect(await pull()).toEqual(['1', '2 gone']);
      await sql
        .begin(async (tx) => {
          await tx`update customers set phone = '9' where id = 3`;
          throw new Error('thought better of it');
        })
        .catch(() => undefined);
      expect(await pull()).toEqual([]);
      await done();
    });

    test('tell of a transaction that stays open through any number of runs', async () => {
      const { sql, pull } = await withTriggers();
      await pull();
      const own = await sql.reserve();
      await own`begin`;
      await own`update customers set phone = '1' where id = 1`;
      for (let i = 0; i < 30; i += 1) expect(await pull()).toEqual([]);
      await own`commit`;
      own.release();
      expect(await pull()).toEqual(['1']);
      expect(await pull()).toEqual([]);
    });

    test('work for users who know nothing of them', async () => {
      const { sql, pull, schema, role } = await withTriggers();
      await pull();
      await sql.unsafe(`create role clerk_${schema} login; grant usage on schema ${schema} to clerk_${schema};
        grant select, update on customers to clerk_${schema}`);
      await sql.unsafe(`set role clerk_${schema}; update customers set phone = '1' where id = 1; reset role`);
      expect(await pull()).toEqual(['1']);
      await sql.unsafe(`drop owned by clerk_${schema}; drop role clerk_${schema}`);
      expect(role).toContain('truce');
    });

    test('put back after they were taken away: everything is read once', async () => {
      const { sql, pull, connector } = await withTriggers();
      await pull();
      await sql`drop trigger truce_note_change on customers`;
      await sql`update customers set phone = '1' where id = 1`;
      await expect(pull()).rejects.toMatchObject({ failure: 'refused' });
      await connector.setUp('triggers', call);
      expect(await pull()).toEqual(['1']);
      expect(await pull()).toEqual([]);
    });

    test('are forgotten after a week, and then everything is read', async () => {
      const { sql, pull, clock } = await withTriggers();
      await pull();
      await sql`update customers set phone = '1' where id = 1`;
      await pull();
      clock.advance(9 * 86_400_000);
      await sql`insert into customers (company_name) values ('TWO')`;
      expect(await pull()).toEqual(['2']);
      expect((await sql`select count(*)::int from truce_readings`)[0]?.count).toBe(1);
      // Kept while anything in the cluster is under way that began before: other tests run beside this one.
      while ((await sql`select from truce_changes where key = '1'`).length > 0) {
        clock.advance(8 * 86_400_000);
        await pull();
      }
      await sql`delete from truce_readings`;
      expect(await pull()).toEqual(['1', '2']);
    });
  });

  test('new rows wait for the marker’s column, which is a step', async () => {
    const { connector, sql, role, schema } = await opened();
    const one = {
      key: 'k',
      changeId: 'tr-7F3K92QDXB',
      marker: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
      fields: { legal_name: 'NEW' },
    };
    await sql`alter table customers drop column truce_id`;
    expect(await failing(connector.create([one], call))).toMatch(
      /^refused: Database takes no new rows yet: .* it is a step to approve$/,
    );
    expect(await connector.account(call)).toMatchObject({
      steps: [
        {
          id: 'marker',
          details: [expect.stringContaining('alter table'), expect.stringContaining('create unique index')],
        },
      ],
      problems: [expect.stringContaining('lacks ownership')],
    });
    await sql.unsafe(`grant create on schema ${schema} to ${role}; alter table customers owner to ${role}`);
    await connector.setUp('marker', call);
    await connector.setUp('marker', call);
    const [made] = await connector.create([one], call);
    expect(made).toMatchObject({ kind: 'created' });
    expect(await connector.account(call)).toMatchObject({ steps: [], problems: [] });
    expect(await sql`select company_name from customers where truce_id = ${one.marker}`).toEqual([
      { company_name: 'NEW' },
    ]);
  });

  test('three at once with one marker make one row, whichever rule of the table stops the others', async () => {
    const { connector, sql } = await opened();
    for (let round = 0; round < 20; round++) {
      const marker = randomUUID();
      const one = { key: 'k', changeId: 'tr-7F3K92QDXB', marker, fields: { legal_name: `NEW ${round}` } };
      const outcomes = await Promise.all([1, 2, 3].map(() => connector.create([one], call)));
      const [row, ...others] = await sql`select id::text from customers where truce_id = ${marker}`;
      expect(others).toEqual([]);
      for (const [outcome] of outcomes)
        expect(outcome).toMatchObject({ kind: 'created', externalId: row?.id });
    }
  });

  test('the account says what is missing, and when the password ends', async () => {
    const { connector, sql, role } = await opened({ columns: { ...columns, status: 'is_active' } });
    await sql.unsafe(`alter table customers add column is_active boolean default true;
      drop index customers_updated_at_idx; revoke update on customers from ${role}; grant update (phone) on customers to ${role};
      alter role ${role} valid until '2027-01-31 00:00:00+11'`);
    const { problems, expiresAt, account } = await connector.account(call);
    expect(account).toMatch(/^postgres, PostgreSQL \d+/);
    expect(expiresAt).toBe('2027-01-30T13:00:00Z');
    expect(problems.map((problem) => problem.split(/[ ,:]/)[0])).toEqual([
      'No',
      'is_active',
      'updated_at',
      'company_name',
    ]);
    expect(problems[3]).not.toContain(' phone');
  });
});

describeOn('PGlite', 'the company’s database', (open) => {
  test('may be an embedded one behind a socket: read, written, and told by triggers', async () => {
    const { url, db } = await open();
    await db.execute('create table shop (id serial primary key, name text, phone text)');
    await db.execute("insert into shop (name, phone) values ('ACME', '1')");
    const { connector, listed } = connectorTo(
      { url, schema: 'public' },
      {
        table: 'shop',
        columns: { legal_name: 'name', phone: 'phone' },
        changes: { kind: 'trigger' },
        marker: 'truce_id',
      },
    );
    const { steps } = await connector.account(call);
    expect(steps.map(({ id }) => id)).toEqual(['triggers', 'marker']);
    for (const { id } of steps) await connector.setUp(id, call);
    expect(await listed(null)).toEqual(['1']);
    expect(await connector.write([put({ phone: '2' })], call)).toMatchObject([{ kind: 'saved' }]);
    const marker = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
    const one = { key: 'k', changeId: 'tr-7F3K92QDXB', marker, fields: { legal_name: 'NEW' } };
    expect(await connector.create([one], call)).toMatchObject([{ kind: 'created', externalId: '2' }]);
    expect(await listed(new Date('2026-11-20T01:00:00Z'))).toEqual(['1', '2']);
  });
});
