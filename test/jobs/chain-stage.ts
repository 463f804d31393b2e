import { sql } from 'drizzle-orm';
import { expect, vi } from 'vitest';
import { type ManualClock, manualClock } from '#src/clock.ts';
import { createLogChain, type LogChain } from '#src/jobs/chain-log.ts';
import { type Checked, lastChecked } from '#src/ledger/chain/checks.ts';
import { snapshotOf } from '#src/ledger/chain/out-of-reach.ts';
import type { Db } from '#src/ledger/db.ts';
import { logLinks } from '#src/ledger/tables/index.ts';
import type { Fault } from '#src/ledger/tables/log-links.ts';

export const key = (seed: number) => new Uint8Array(32).fill(seed);
export const began = new Date('2026-11-22T01:00:00.000Z');
const minute = 60_000;
const day = 24 * 60 * minute;

/** What a change leaves behind in each table that is chained; its story has `lines` lines. By SQL alone, so that it fits older schemas too. */
export async function liveThrough(db: Db, name: string, { at = began, lines = 3 } = {}): Promise<void> {
  const when = sql`${at.toISOString()}::timestamptz`;
  await db.execute(sql`insert into changes (id, flow, subject, state, revision, opened_at, updated_at, agreement_version)
    values (${name}, 'customers', ${name}, 'settled', 1, ${when}, ${when}, 1)`);
  await db.execute(sql`insert into conflicts (id, change_id, record_id, flow, field, state, options, options_revision, opened_at, fallback, closed_at)
    values (${`q-${name}`}, ${name}, ${`r-${name}`}, 'customers', 'email', 'confirmed', '[]', 1, ${when}, 'keep', ${when})`);
  await db.execute(sql`insert into story (change_id, at, kind, field, actor, data)
    select ${name}, ${when}, 'read', 'email', 'U0PRIYA001', jsonb_build_object('line', n) from generate_series(1, ${lines}::int) n`);
  await db.execute(sql`insert into decisions (conflict_id, change_id, field, by, at, "from", value, revision, agreement_version)
    values (${`q-${name}`}, ${name}, 'email', 'U0PRIYA001', ${when}, 'xero', '"a@example.com"', 1, 1)`);
  await db.execute(sql`insert into approvals (conflict_id, change_id, field, by, at, "from", value, revision, agreement_version)
    values (${`q-${name}`}, ${name}, 'email', 'U0TOMW0001', ${when}, 'xero', '"a@example.com"', 1, 1)`);
  await db.execute(sql`insert into sightings (record_id, connection, at, vendor_at, origin, fields)
    values (${`r-${name}`}, 'xero', ${when}, ${when}, 'observed', '{"email": {"state": "value", "value": "a@example.com"}}')`);
  await db.execute(sql`insert into settlements (record_id, at, change_id, by, agreement_version, fields)
    values (${`r-${name}`}, ${when}, ${name}, 'U0PRIYA001', 1, '{"email": "a@example.com"}')`);
  await call(db, { at, change: name });
  await call(db, { at, change: null });
}

/** A call, which served a change or none. Returns its id. */
export async function call(db: Db, { at, change }: { at: Date; change: string | null }): Promise<number> {
  const [row] = await db.execute<{ id: string }>(sql`
    insert into exchanges (at, connection, purpose, method, url, attempt, status, duration_ms, response_body)
    values (${at.toISOString()}::timestamptz, 'xero', 'read', 'GET', 'https://api.xero.com/Contacts', 1, 200, 12, '{"n": 1.0}')
    returning id::text as id`);
  const id = Number(row?.id);
  if (change)
    await db.execute(sql`insert into exchange_changes (change_id, exchange_id) values (${change}, ${id})`);
  return id;
}

/** A version of the agreement that somebody approved. */
export async function agreeTo(db: Db, version: number, at = began): Promise<void> {
  const when = sql`${at.toISOString()}::timestamptz`;
  await db.execute(sql`insert into agreement_versions (version, hash, body, imported_at, source, active, state, decided_by, decided_at)
    values (${version}, 'abc', '{"z": 1, "a": 2}', ${when}, 'truce.yml', false, 'replaced', 'U0PRIYA001', ${when})`);
}

export interface ChainStage {
  readonly clock: ManualClock;
  readonly chain: LogChain;
  /** What was found anew so far: how often anybody was to be told. */
  readonly told: () => number;
  /** Until everything that is there is chained. */
  readonly settle: () => Promise<void>;
  /** An hour of looks, whatever is under way on the server. */
  readonly pass: () => Promise<void>;
  /** The next night, and its check. */
  readonly night: () => Promise<Checked | null>;
  readonly faults: () => Promise<readonly Fault[]>;
  readonly links: () => Promise<readonly (typeof logLinks.$inferSelect)[]>;
}

/** The real job on a database, on a clock that the test moves. */
export function chainOn(
  db: Db,
  {
    keys = [key(1)],
    clock = manualClock(began),
    ...more
  }: { keys?: readonly Uint8Array[]; clock?: ManualClock; onFault?: () => Promise<void> } = {},
): ChainStage {
  let told = 0;
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const log = { ...quiet, warn: (about: { err?: unknown }) => Promise.reject(about.err) } as never;
  const onFault = async () => {
    told++;
    await more.onFault?.();
  };
  const chain = createLogChain({
    db,
    clock,
    log,
    agreement: () => ({ timeZone: 'Australia/Sydney' }),
    keys,
    onFault,
  });
  const tick = async (times: number, ms: number) => {
    for (let i = 0; i < times; i++) {
      clock.advance(ms);
      await chain.tick();
    }
  };
  return {
    clock,
    chain,
    told: () => told,
    settle: async () => {
      for (let i = 0; i < 6; i++) {
        await othersAreOver(db);
        await tick(1, 11 * minute);
      }
    },
    pass: () => tick(6, 11 * minute),
    night: async () => {
      await tick(1, day);
      return (await lastChecked(db)).whole;
    },
    faults: async () => (await lastChecked(db)).faults,
    links: () => db.select().from(logLinks).orderBy(logLinks.n),
  };
}

/**
 * Waits for every transaction that is under way on the server. Other tests' databases are on the same one, and while a transaction in
 * any of them is open, no line is out of reach.
 */
async function othersAreOver(db: Db): Promise<void> {
  const { next } = await snapshotOf(db);
  await vi.waitFor(async () => expect((await snapshotOf(db)).oldest).toBeGreaterThanOrEqual(next), {
    timeout: 20_000,
    interval: 10,
  });
}
