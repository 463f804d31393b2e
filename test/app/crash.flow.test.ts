import { globSync, readFileSync } from 'node:fs';
import { isNull } from 'drizzle-orm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '#src/ledger/database.ts';
import type { Db } from '#src/ledger/db.ts';
import {
  absences,
  agreed,
  changes,
  conflicts,
  fieldHolds,
  intents,
  likenesses,
  links,
  outbox,
  pending,
  records,
  rollbackItems,
  rollbacks,
  runs,
  safetyStops,
} from '#src/ledger/tables/index.ts';
import type { Health } from '#src/web/health.ts';
import { copyTestDatabase, type Kind, kinds, type TestDatabase } from '#test/support/database.ts';
import { openSmallWorld, type SmallWorld } from '#test/support/small-world.ts';
import { type Steered, startSteered } from '#test/support/steered/process.ts';
import { until } from '#test/support/until.ts';
import { markingPoints } from '../sync/marking/points.ts';
import { acts, customers, type Death, locked, stopAt } from './crash-steps.ts';

const minute = 60_000;
/** More than a lease: whoever starts again finds that of the dead one lapsed. */
const aLittleLater = minute;
const quiet = { warn: () => undefined, error: () => undefined };

/** One world, the Truce that is at work in it, and how far both are ahead of the system's clock. */
interface Life {
  readonly world: SmallWorld;
  readonly options: TestDatabase['options'];
  ahead: number;
  truce: Steered | null;
}

it('knows every named point of the pipeline', () => {
  const named = globSync('src/**/*.ts').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\bat\?\.\(\s*'(\w+)'/g)].map(([, point]) => point),
  );
  const killed = acts.flatMap(({ deaths }) => deaths.map(({ at }) => at));
  expect([...killed, ...markingPoints].toSorted()).toEqual([...new Set(named)].sort());
});

describe('promise 17, crash-safe: the real process, killed at every step and started again', () => {
  it(`leaves everything as if nothing had happened, on ${kinds.join(' and on ')}`, {
    timeout: 20 * minute,
  }, async () => {
    // All at once: each has a world of its own, and mostly waits.
    const [undisturbed, ...killed] = await Promise.all([
      live('PGlite', false),
      ...kinds.map((kind) => live(kind, true)),
    ]);
    expect(undisturbed.changes.length).toBeGreaterThan(20);
    for (const life of killed) expect(life).toEqual(undisturbed);
  });
});

async function live(kind: Kind, isKilled: boolean) {
  const { options, remove } = await copyTestDatabase(kind);
  onTestFinished(remove);
  const world = await openSmallWorld(customers, {
    schedule: { cron: '* * * * *', time_zone: 'Australia/Sydney' },
    safety_stop: { records: stopAt, percent: 1 },
    sweep: 'never',
  });
  const life: Life = { world, options, ahead: 0, truce: null };
  for (const { answers, deaths } of acts) {
    const first = isKilled ? (deaths[0]?.at ?? '') : '';
    if (answers) await (await standing(life)).does(import.meta.resolve('./crash-steps.ts'), answers, first);
    if (isKilled) for (const death of deaths) await die(life, death);
    await rest(life, isKilled ? [] : deaths);
  }
  await end(life);
  const { db, close } = await openDatabase({ ...options, log: quiet });
  return endOf(world, db).finally(close);
}

function later(life: Life): void {
  life.ahead += aLittleLater;
  life.world.clock.advance(aLittleLater);
  life.truce?.tell({ later: aLittleLater });
}

async function start(
  { options: { databaseUrl, dataDir }, world, ahead }: Life,
  diesAt = '',
): Promise<Steered> {
  const database = databaseUrl ? { DATABASE_URL: databaseUrl } : { TRUCE_DATA_DIR: dataDir };
  const env = { ...world.env, ...database, STEER_LOCKED: `xero ${world.idOf('xero', locked)}` };
  return startSteered({ env, later: ahead, diesAt });
}

/** The Truce that is at work, started where there is none. */
async function standing(life: Life): Promise<Steered> {
  life.truce ??= await start(life);
  await life.truce.says('Stop with Ctrl-C');
  return life.truce;
}

/** Lets Truce run until it comes to that point, which may be while it starts. */
async function die(life: Life, { at, typed }: Death): Promise<void> {
  // First: a run of its own could take up what is typed, and come by that point, before it knows.
  await life.truce?.dies(at);
  typed?.(life.world);
  later(life);
  life.truce ??= await start(life, at);
  const { truce } = life;
  await Promise.race([truce.says('Stop with Ctrl-C').catch(() => undefined), truce.ended]);
  for (let runs = 0; (await truce.run()) === 'ran'; runs++) {
    if (runs === 6) throw new Error(`the run never came to “${at}”`);
    later(life);
  }
  expect(await truce.ended, at).toBe('SIGKILL');
  life.truce = null;
}

/** Lets Truce come to rest, as people go on typing. */
async function rest(life: Life, deaths: readonly Death[]): Promise<void> {
  for (const { typed } of [...deaths, {}, {}, {}] as readonly Partial<Death>[]) {
    typed?.(life.world);
    later(life);
    expect(await (await standing(life)).run()).toBe('ran');
  }
}

/** Stops Truce once everything was said. */
async function end(life: Life): Promise<void> {
  const truce = await standing(life);
  await until(
    async () => ((await (await truce.get('/health')).json()) as Health).posts?.waiting === 0,
    minute,
  );
  expect(await truce.end('SIGINT')).toBe(0);
}

/** All that has to be the same, whether or not a process died on the way. */
async function endOf({ vendors }: SmallWorld, db: Db) {
  // By its ABN: the title depends on which system was heard first.
  const keys = new Map((await db.select().from(records)).map(({ id, keyValue }) => [id, keyValue]));
  const keyOf = (id: string | null) => keys.get(id ?? '') ?? 'no ABN';
  return {
    cards: Object.values(vendors).map((vendor) =>
      sorted(vendor.cards().map(({ updatedAt: _, externalId: __, ...card }) => card)),
    ),
    links: sorted(
      (await db.select().from(links)).map((one) => [keyOf(one.recordId), one.connection, one.archived]),
    ),
    agreed: sorted(
      (await db.select().from(agreed)).map((one) => [keyOf(one.recordId), one.field, one.value]),
    ),
    changes: sorted(
      (await db.select().from(changes)).map(({ recordId, state, hold }) => [keyOf(recordId), state, hold]),
    ),
    decisions: sorted(
      (await db.select().from(conflicts)).map(({ field, state, chosen }) => [field, state, chosen?.from]),
    ),
    likenesses: sorted((await db.select().from(likenesses)).map(({ state }) => state)),
    gone: sorted((await db.select().from(absences)).map(({ state, ended }) => [state, ended])),
    stops: sorted((await db.select().from(safetyStops)).map(({ kind, state }) => [kind, state])),
    undone: sorted(
      (await db.select().from(rollbackItems)).map((one) => [
        keyOf(one.recordId),
        one.connection,
        one.field,
        one.outcome,
      ]),
    ),
    aside: sorted((await db.select().from(fieldHolds)).map((one) => [keyOf(one.recordId), one.field])),
    pending: (await db.select().from(pending)).map((one) => [keyOf(one.recordId), one.field, one.value]),
    unfinished: await unfinishedIn(db),
  };
}

const unfinishedIn = async (db: Db) => ({
  rollbacks: (await db.select().from(rollbacks)).filter(({ state }) => state !== 'done'),
  intents: await db.select().from(intents).where(isNull(intents.finishedAt)),
  runs: await db.select().from(runs).where(isNull(runs.finishedAt)),
  unsaid: (await db.select().from(outbox)).filter(({ state }) => state !== 'sent'),
});

const sorted = <T>(rows: readonly T[]): T[] =>
  rows.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
