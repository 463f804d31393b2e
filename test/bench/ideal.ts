import { hash, randomUUID } from 'node:crypto';
import type postgres from 'postgres';
import { Agent, request } from 'undici';
import type { Observation } from '#src/connectors/connector.ts';
import type { FieldValue, Observed } from '#src/entities/field.ts';
import { observationOf } from './connector.ts';
import { type Held, type System, systems } from './customers.ts';

/**
 * The least code that is equally durable: page → hash against a snapshot → stage → compare → plan → write in batches of fifty →
 * snapshot → call log, a commit for each page and each batch. It has no rules, questions, people, story or history, reads nothing
 * again before or after it writes, and trusts whoever changed something last.
 */
const tables = `
  create table snapshot (system text, id text, key text, hash text not null, body jsonb not null, primary key (system, id));
  create index on snapshot (key, system);
  create table staged_pages (n bigserial primary key, system text not null, id text not null, body jsonb not null);
  create table outgoing (n uuid primary key, system text not null, id text, body jsonb not null, done boolean not null);
  create table calls (n bigserial primary key, at timestamptz not null, system text not null, what text not null,
    status int not null, ms int not null, hash text not null);
  create table place (system text primary key, at timestamptz not null)`;

const chunk = 100;
const batch = 50;
const dispatcher = new Agent({ connections: 4 });

type Tx = postgres.TransactionSql;
type Fields = Readonly<Record<string, Observed>>;
interface Change {
  readonly system: System;
  readonly id: string | null;
  readonly key: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
}
interface Row {
  readonly n: string;
  readonly system: System;
  readonly id: string;
  readonly body: Observation;
}

export async function prepareIdeal(sql: postgres.Sql): Promise<void> {
  await sql.unsafe(tables);
}

/** One sync of everything that changed since the last, or of everything there is. */
export async function runIdeal(sql: postgres.Sql, url: string, everything: boolean): Promise<void> {
  await Promise.all(systems.map((system) => pull(sql, url, system, everything)));
  for (;;) {
    const rows = await sql<Row[]>`select n, system, id, body from staged_pages order by n limit ${chunk}`;
    if (rows.length === 0) return;
    await settle(sql, url, rows);
  }
}

async function pull(sql: postgres.Sql, url: string, system: System, everything: boolean): Promise<void> {
  const [place] = await sql<{ at: string }[]>`select at from place where system = ${system}`;
  const since = everything || !place ? 0 : new Date(place.at).getTime();
  const until = new Date().toISOString();
  let after: number | null = 0;
  while (after !== null) {
    const path: string = `${system}/customers?since=${since}&after=${after}`;
    const page: Answer<{ customers: Held[]; next: number | null }> = await call(url, system, 'GET', path);
    after = page.data.next;
    const seen = page.data.customers.map(observationOf);
    const last = after === null;
    await sql.begin(async (tx) => {
      const ids = JSON.stringify(seen.map((one) => one.externalId));
      const known = await tx<{ id: string; hash: string }[]>`
        select s.id, s.hash from jsonb_array_elements_text(${ids}::text::jsonb) as p(id)
        join snapshot s on s.system = ${system} and s.id = p.id`;
      const hashes = new Map(known.map((row) => [row.id, row.hash]));
      const news = seen.filter((one) => hashes.get(one.externalId) !== printOf(one));
      if (news.length > 0) {
        const rows = JSON.stringify(news.map((body) => ({ id: body.externalId, body })));
        await tx`insert into staged_pages (system, id, body)
          select ${system}, id, body from jsonb_to_recordset(${rows}::text::jsonb) as r(id text, body jsonb)`;
      }
      await log(tx, system, [page]);
      if (last)
        await tx`insert into place values (${system}, ${until}::text::timestamptz)
          on conflict (system) do update set at = excluded.at`;
    });
  }
}

async function settle(sql: postgres.Sql, url: string, rows: readonly Row[]): Promise<void> {
  const keys = rows.map(({ body }) => keyOf(body.fields));
  const others = await sql<{ system: System; id: string; key: string; body: Fields }[]>`
    select s.system, s.id, s.key, s.body from jsonb_array_elements_text(${JSON.stringify(keys)}::text::jsonb) as k(key)
    join snapshot s on s.key = k.key`;
  const byKey = Map.groupBy(others, (other) => other.key);
  const planned = rows.flatMap((row, i) =>
    planOf(row, keys[i] as string, byKey.get(keys[i] as string) ?? []),
  );
  const sent = await send(sql, url, planned);
  await sql.begin(async (tx) => {
    await snapshot(tx, rows, keys);
    await take(tx, sent);
    await tx`delete from staged_pages s using jsonb_array_elements_text(${JSON.stringify(rows.map((row) => row.n))}::text::jsonb) as d(n)
      where s.n = d.n::bigint`;
    for (const { system, answer } of sent) await log(tx, system, [answer]);
  });
}

/** What a staged row brings to the other systems: its changed fields, or, where they lack it while all were read, the whole of it. */
function planOf(
  row: Row,
  key: string,
  known: readonly { system: System; id: string; body: Fields }[],
): Change[] {
  const own = known.find((one) => one.system === row.system);
  return systems
    .filter((system) => system !== row.system)
    .flatMap((system) => {
      const other = known.find((one) => one.system === system);
      if (!other && (own || expected.has(system))) return [];
      const fields = changed(row.body.fields, own?.body ?? {}, other?.body ?? {});
      return Object.keys(fields).length === 0 ? [] : [{ system, id: other?.id ?? null, key, fields }];
    });
}

/** Systems that hold every customer already: what is not seen there yet is only staged later. */
export const expected = new Set<System>();

function changed(now: Fields, before: Fields, there: Fields): Record<string, FieldValue> {
  return Object.fromEntries(
    Object.entries(now).flatMap(([name, seen]) => {
      if (seen.state !== 'value' || equal(seen, before[name]) || equal(seen, there[name])) return [];
      return [[name, seen.value]];
    }),
  );
}

const equal = (a: Observed, b: Observed | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);

interface Sent {
  readonly system: System;
  readonly changes: readonly Change[];
  readonly keys: readonly string[];
  readonly answer: Answer<{ ids?: string[] }>;
}

async function send(sql: postgres.Sql, url: string, planned: readonly Change[]): Promise<Sent[]> {
  if (planned.length === 0) return [];
  const keyed = planned.map((change) => ({ n: randomUUID(), change }));
  const rows = keyed.map(({ n, change }) => ({
    n,
    system: change.system,
    id: change.id,
    body: change.fields,
  }));
  await sql`insert into outgoing select n, system, id, body, false
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r(n uuid, system text, id text, body jsonb)`;
  const groups = [...Map.groupBy(keyed, ({ change }) => `${change.system} ${change.id === null}`).values()];
  const sent = await Promise.all(
    groups.map(async (group) => {
      const done: Sent[] = [];
      for (let at = 0; at < group.length; at += batch) {
        const some = group.slice(at, at + batch);
        const changes = some.map(({ change }) => change);
        const [{ system, id }] = changes as [Change];
        const inputs = changes.map((one) =>
          id === null ? vendorForm(one) : { id: one.id, fields: vendorForm(one) },
        );
        const path = `${system}/${id === null ? 'create' : 'update'}`;
        const answer = await call<{ ids?: string[] }>(url, system, 'POST', path, { inputs });
        done.push({ system, changes, keys: some.map(({ n }) => n), answer });
      }
      return done;
    }),
  );
  return sent.flat();
}

function vendorForm({ fields }: Change): Record<string, unknown> {
  const { billing_address: address, payment_terms: terms, tax_treatment: tax, status: _, ...rest } = fields;
  const parts = (value: FieldValue | undefined) =>
    (typeof value === 'object' ? value : {}) as Record<string, unknown>;
  const { line1: street, city, state, postcode } = parts(address);
  return {
    ...rest,
    ...(address ? { street, city, state, postcode } : {}),
    ...(terms ? { terms_days: parts(terms).days } : {}),
    ...(tax ? { tax } : {}),
  };
}

async function snapshot(tx: Tx, rows: readonly Row[], keys: readonly string[]): Promise<void> {
  const seen = rows.map(({ system, id, body }, i) => ({
    system,
    id,
    key: keys[i],
    hash: printOf(body),
    body: body.fields,
  }));
  // Of two that were staged of one record the newer counts.
  const newest = [...new Map(seen.map((one) => [`${one.system} ${one.id}`, one])).values()];
  await tx`insert into snapshot select * from jsonb_to_recordset(${JSON.stringify(newest)}::text::jsonb)
      as r(system text, id text, key text, hash text, body jsonb)
    on conflict (system, id) do update set key = excluded.key, hash = excluded.hash, body = excluded.body
    where snapshot.hash is distinct from excluded.hash`;
}

/** What was written is what is there now; read again, it comes as it is. */
async function take(tx: Tx, sent: readonly Sent[]): Promise<void> {
  const rows = sent.flatMap(({ system, changes, answer }) =>
    changes.map(({ id, key, fields }, i) => ({
      system,
      id: id ?? answer.data.ids?.[i],
      key,
      body: Object.fromEntries(
        Object.entries(fields).map(([name, value]) => [name, { state: 'value', value }]),
      ),
    })),
  );
  if (rows.length === 0) return;
  await tx`insert into snapshot select system, id, key, '', body from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      as r(system text, id text, key text, body jsonb)
    on conflict (system, id) do update set hash = '', body = snapshot.body || excluded.body`;
  const keys = JSON.stringify(sent.flatMap((one) => one.keys));
  await tx`update outgoing o set done = true
    from jsonb_array_elements_text(${keys}::text::jsonb) as k(n) where o.n = k.n::uuid`;
}

const keyOf = (fields: Fields): string => (fields.abn?.state === 'value' ? String(fields.abn.value) : '');
const printOf = (observation: Observation): string => hash('sha1', JSON.stringify(observation), 'base64');

interface Answer<T> {
  readonly data: T;
  readonly what: string;
  readonly status: number;
  readonly ms: number;
  readonly hash: string;
  readonly at: Date;
}

async function call<T>(
  url: string,
  system: System,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<Answer<T>> {
  const at = new Date();
  const response = await request(`${url}/${path}`, {
    method,
    dispatcher,
    headers: { 'content-type': 'application/json', 'x-correlation-id': `${system} ${at.getTime()}` },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.body.text();
  if (response.statusCode !== 200) throw new Error(`${path}: ${text}`);
  return {
    data: JSON.parse(text) as T,
    what: `${method} ${path}`,
    status: response.statusCode,
    ms: Date.now() - at.getTime(),
    hash: hash('sha256', text, 'hex'),
    at,
  };
}

async function log(tx: Tx, system: System, answers: readonly Omit<Answer<unknown>, 'data'>[]): Promise<void> {
  for (const { at, what, status, ms, hash: print } of answers)
    await tx`insert into calls (at, system, what, status, ms, hash)
      values (${at.toISOString()}::text::timestamptz, ${system}, ${what}, ${status}, ${ms}, ${print})`;
}
