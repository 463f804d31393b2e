import { asc, eq, isNull } from 'drizzle-orm';
import { expect, it } from 'vitest';
import {
  agreed,
  changes,
  fieldHolds,
  intents,
  pending,
  records,
  rollbackItems,
  runs,
} from '#src/ledger/tables/index.ts';
import { describeOnBothDatabases } from '#test/support/database.ts';
import { cin7, type Engine, hubspot, openEngine, xero } from '#test/support/engine.ts';
import { approve, lastRun, previewOf, rollbackRun, stateOf } from './undoing.ts';

/** Where putting back can die, and the how many-th time it comes there. */
const places: readonly (readonly [point: string, times: number])[] = [
  ['rollback_intents', 1],
  ['rollback_sent', 1],
  ['rollback_sent', 2],
  ['rollback_outcomes', 1],
  ['rollback_outcomes', 2],
  ['rollback_read_back', 1],
  ['rollback_read_back', 2],
  ['rollback_concluded', 1],
];
const leaseMs = 30_000;

interface Asleep {
  wake(): void;
  readonly ended: Promise<unknown>;
}
type Crash = (engine: Engine) => Promise<Asleep | null>;

const unharmed: Crash = async (engine) => {
  await engine.run(rollbackRun);
  return null;
};

/** It ends on an error of its own, and frees its lease. */
const stumble =
  (point: string, times: number): Crash =>
  async (engine) => {
    let left = times;
    await engine.run(rollbackRun, async (passed) => {
      if (passed === point && --left === 0) throw new Error('the process stumbled');
    });
    expect(left, 'it came to that place').toBeLessThanOrEqual(0);
    return null;
  };

/** Nothing more is heard of the process, and its lease lapses. */
const fallAsleep =
  (point: string, times: number): Crash =>
  async (engine) => {
    const reached = Promise.withResolvers<void>();
    const awake = Promise.withResolvers<void>();
    let left = times;
    const ended = engine.run(rollbackRun, async (passed) => {
      if (passed === point && --left === 0) reached.resolve();
      if (left <= 0) await awake.promise;
    });
    await Promise.race([reached.promise, ended]);
    expect(left, 'it came to that place').toBe(0);
    engine.clock.advance(leaseMs + 1);
    return { wake: awake.resolve, ended };
  };

/** A run that wrote several fields of several records in several systems; one of them is somebody's by now. */
async function lived(engine: Engine, crash: Crash): Promise<unknown> {
  engine.edit(xero, 0, { EmailAddress: 'new0@example.com' });
  engine.edit(hubspot, 1, { phone: '(02) 5550 7777' });
  engine.edit(xero, 2, { EmailAddress: 'new2@example.com' });
  await engine.run();
  const reference = await lastRun(engine);
  await engine.run();
  const id = await previewOf(engine, reference);
  engine.edit(cin7, 2, { Email: 'late@example.com' });
  expect((await approve(engine, id)).kind).toBe('approved');
  const asleep = await crash(engine);
  // Whatever wakes the flow next goes on with it.
  await engine.run();
  await engine.run();
  asleep?.wake();
  await asleep?.ended;
  await engine.run();
  expect(await stateOf(engine, id)).toBe('done');
  return endOf(engine);
}

/** All that has to be the same, whether or not a process died on the way. */
async function endOf({ database: { db }, vendors }: Engine) {
  const keys = new Map((await db.select().from(records)).map(({ id, keyValue }) => [id, keyValue]));
  const inOrder = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
  return {
    cards: Object.values(vendors).map((vendor) => vendor.cards().map(({ updatedAt: _, ...card }) => card)),
    agreed: inOrder(
      (await db.select().from(agreed)).map(({ recordId, field, value }) => [
        keys.get(recordId),
        field,
        value,
      ]),
    ),
    aside: inOrder(
      (await db.select().from(fieldHolds)).map(({ recordId, field, found }) => [
        keys.get(recordId),
        field,
        found,
      ]),
    ),
    items: inOrder(
      (await db.select().from(rollbackItems)).map((item) => [
        keys.get(item.recordId),
        item.connection,
        item.field,
        item.outcome,
        item.concludedAt !== null,
      ]),
    ),
    open: (await db.select().from(changes).orderBy(asc(changes.id))).filter(
      ({ closedAt }) => closedAt === null,
    ),
    pending: await db.select().from(pending),
    running: await db.select().from(runs).where(eq(runs.state, 'running')),
    unfinished: await db.select().from(intents).where(isNull(intents.finishedAt)),
  };
}

describeOnBothDatabases('promise 17, crash-safe: a rollback that dies', (open, kind) => {
  const run = async (crash: Crash) => lived(await openEngine(await open()), crash);
  let known: Promise<unknown> | undefined;
  const undisturbed = () => {
    known ??= run(unharmed);
    return known;
  };

  // PGlite is slow, and the engine is the same.
  const some = kind === 'PGlite' ? places.filter((_, i) => i % 3 === 0) : places;

  it.each(some)(
    'without a word at “%s” (%i) is gone on with, and leaves no trace',
    async (point, times) => {
      expect(await run(fallAsleep(point, times))).toEqual(await undisturbed());
    },
    90_000,
  );

  it.each(some)(
    'on an error at “%s” (%i) is gone on with, and leaves no trace',
    async (point, times) => {
      expect(await run(stumble(point, times))).toEqual(await undisturbed());
    },
    90_000,
  );

  it('with writes that arrived and were never answered puts nothing back twice over', async () => {
    const cutOff: Crash = async (engine) => {
      for (const vendor of Object.values(engine.vendors))
        vendor.setFault({ kind: 'cut_after_write', times: 1 });
      await engine.run(rollbackRun);
      for (const vendor of Object.values(engine.vendors)) vendor.setFault(null);
      return null;
    };
    expect(await run(cutOff)).toEqual(await undisturbed());
  }, 90_000);
});
