import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { inject, onTestFinished } from 'vitest';
import type { TableTerms } from '#src/agreement/agreement.ts';
import { type Cluster, onServer } from './cluster.ts';
import { type CutOff, cutOff } from './cut-off.ts';

/** A database of the company's own: a schema with a table of customers, and a user for Truce who may do no more than it must. */
export interface CompanyDatabase {
  readonly schema: string;
  readonly role: string;
  /** What the connection's `url` credential says. */
  readonly url: string;
  /** As the company's own programs: the owner of everything, with the schema in the search path. */
  readonly sql: postgres.Sql;
  readonly line: CutOff;
}

/** One text for each field; an address and terms in a column for each part. */
export const columns = {
  legal_name: 'company_name',
  trading_name: 'trading_as',
  abn: 'abn',
  acn: 'acn',
  email: 'accounts_email',
  phone: 'phone',
  mobile: 'mobile',
  billing_address: {
    line1: 'street',
    line2: 'street_2',
    city: 'suburb',
    state: 'state',
    postcode: 'postcode',
    country: 'country',
  },
  delivery_address: {
    line1: 'ship_street',
    city: 'ship_suburb',
    state: 'ship_state',
    postcode: 'ship_postcode',
  },
  payment_terms: { days: 'terms_days', from: 'terms_from' },
  tax_treatment: 'gst',
  gst_registered: 'gst_registered',
  status: 'status',
} as const;

export const tableTerms = (schema: string, more: Partial<TableTerms> = {}): TableTerms => ({
  table: `${schema}.customers`,
  key: 'id',
  columns,
  changes: { kind: 'column', column: 'updated_at' },
  marker: 'truce_id',
  ...more,
});

/** As a company would have made it: names that are no names of ours, types of all sorts, a name that may be there once. */
const tableOf = (schema: string) => `
  create table ${schema}.customers (
    id bigint generated always as identity primary key,
    company_name varchar(255) not null,
    trading_as text,
    abn char(14),
    acn text,
    accounts_email text,
    phone text not null default '',
    mobile text,
    street text, street_2 text, suburb text, state text, postcode varchar(10), country text,
    ship_street text, ship_suburb text, ship_state text, ship_postcode text,
    terms_days integer,
    terms_from text,
    gst text,
    gst_registered boolean,
    status text not null default 'active' check (status in ('active', 'archived')),
    notes text not null default 'of no concern to Truce',
    updated_at timestamptz not null default now(),
    truce_id uuid unique);
  create index on ${schema}.customers (updated_at);
  create unique index customers_name_once on ${schema}.customers (lower(company_name));`;

async function clusterOf(): Promise<Cluster> {
  const answer = await fetch(inject('clusterDoor'));
  if (!answer.ok) throw new Error(`No PostgreSQL for the tests: ${await answer.text()}`);
  return (await answer.json()) as Cluster;
}

/** A schema of its own in the tests' PostgreSQL; gone with the test. */
export async function companyDatabase(): Promise<CompanyDatabase> {
  const { admin } = await clusterOf();
  const at = new URL(admin);
  const folder = at.searchParams.get('host');
  at.searchParams.delete('host');
  const name = `company_${randomBytes(5).toString('hex')}`;
  const role = `truce_${name}`;
  const sql = postgres(at.href, {
    max: 3,
    ...(folder === null ? {} : { host: folder }),
    connection: { search_path: name },
    onnotice: () => undefined,
  });
  const port = at.port === '' ? 5432 : Number(at.port);
  const line = await cutOff(
    folder === null ? { host: at.hostname, port } : { path: `${folder}/.s.PGSQL.${port}` },
  );
  onTestFinished(async () => {
    await Promise.all([line.close(), sql.end({ timeout: 0 })]);
    await onServer(admin, `drop schema ${name} cascade; drop owned by ${role}; drop role ${role}`);
  });
  await sql.unsafe(`create schema ${name}; create role ${role} login password 'pw-${role}'`);
  await sql.unsafe(tableOf(name));
  await sql.unsafe(
    `grant usage on schema ${name} to ${role}; grant select, insert, update on ${name}.customers to ${role}`,
  );
  const url = `postgres://${role}:pw-${role}@127.0.0.1:${line.port}${at.pathname}`;
  return { schema: name, role, url, sql, line };
}
