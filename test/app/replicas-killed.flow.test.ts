import { asc, eq, isNull } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { approveFirstLoad } from '#src/ledger/runs/runs.ts';
import { changes, intents, pending, runs } from '#src/ledger/tables/index.ts';
import { ordinaryCustomers } from '#src/playground/data/customers.ts';
import type { PracticeSystem } from '#src/playground/vendors/vendor.ts';
import { describeOn } from '#test/support/database.ts';
import { openSmallWorld, type SmallWorld } from '#test/support/small-world.ts';
import { startSteered } from '#test/support/steered/process.ts';
import { until } from '#test/support/until.ts';

const flow = 'customers';
const leaseMs = 30_000;
/** Of real time: the lease, the next slot, and a machine with much else to do. */
const takenOverWithin = 120_000;
const customers = ordinaryCustomers(7);
const systems: readonly PracticeSystem[] = ['hubspot', 'xero', 'cin7-core'];

describeOn('PostgreSQL', 'three replicas, each a process of its own', (open) => {
  it('share the work: no slot runs twice, no change is brought twice, and what a killed one left is taken over', {
    timeout: 600_000,
  }, async () => {
    const { db, options } = await open();
    const world = await openSmallWorld(customers, {
      schedule: { cron: '*/5 * * * * *', time_zone: 'Australia/Sydney' },
      sweep: 'never',
    });
    await approveFirstLoad(db, { flow, by: 'U0PRIYA001', now: world.clock.now() });
    const env = { ...world.env, DATABASE_URL: options.databaseUrl ?? '' };
    const replicas = await Promise.all([1, 2, 3].map(() => startSteered({ env })));
    await Promise.all(replicas.map((one) => one.says('Stop with Ctrl-C')));
    const ran = () => db.select().from(runs).where(eq(runs.flow, flow)).orderBy(asc(runs.id));
    await until(async () => (await ran()).filter(({ state }) => state === 'done').length > 2, 120_000);

    // By their own schedules alone.
    const touches = countTouches(world);
    const type = (customer: number) =>
      world.edit('hubspot', customer, { phone: `(08) 7010 ${4000 + customer}` });
    for (let customer = 0; customer < 6; customer++) type(customer);
    await until(() => areEverywhere(world, 6), takenOverWithin);

    // Whichever of them brings the next one dies when it has arrived, and nobody knows it. None can follow it before its lease lapses.
    for (const one of replicas) one.tell({ diesAt: 'sent' });
    const deaths: unknown[] = [];
    for (const one of replicas) void one.ended.then((how) => deaths.push(how));
    type(6);
    await until(() => deaths.length > 0, takenOverWithin);
    for (const one of replicas) one.tell({ diesAt: '' });
    await until(() => areEverywhere(world), takenOverWithin);
    const isOver = async () => (await db.select().from(changes).where(isNull(changes.closedAt))).length === 0;
    await until(isOver, takenOverWithin);

    // Once by a person in HubSpot, once by Truce in each of the others.
    for (let customer = 0; customer < customers.length; customer++)
      expect(systems.map((system) => touches(system, customer))).toEqual([1, 1, 1]);
    expect(deaths).toEqual(['SIGKILL']);
    const told = await db.select().from(changes);
    expect(told.map(({ state }) => state)).toEqual(customers.map(() => 'settled'));
    expect(await db.select().from(pending)).toEqual([]);
    expect(await db.select().from(intents).where(isNull(intents.finishedAt))).toEqual([]);

    const all = await ran();
    const dead = all.findIndex(({ state }) => state === 'abandoned');
    const [left, next] = all.slice(dead, dead + 2);
    // Not as long as it might still have been at work.
    expect((next?.startedAt.getTime() ?? 0) - (left?.startedAt.getTime() ?? 0)).toBeGreaterThan(
      leaseMs - 1000,
    );
    await expectEachOnce(replicas, ran);
  });

  /** Whatever the ledger says was run, one process ran, once. */
  async function expectEachOnce(
    replicas: readonly { end(signal: 'SIGINT'): Promise<unknown>; out(): string }[],
    ran: () => Promise<readonly (typeof runs.$inferSelect)[]>,
  ): Promise<void> {
    await Promise.all(replicas.map((one) => one.end('SIGINT')));
    // Broken off = nobody has said how it ended.
    const ended = (await ran()).filter(({ state }) => state !== 'abandoned' && state !== 'running');
    const done = ended.map((run) => run.correlationId);
    const said = replicas.flatMap((one) =>
      [...one.out().matchAll(/"event":"run","reference":"([^"]+)"/g)].map(([, reference]) => reference),
    );
    expect(said.toSorted()).toEqual(done.toSorted());
    const slots = (await ran())
      .filter(({ trigger }) => trigger === 'schedule')
      .map(({ slot }) => slot.getTime());
    expect(new Set(slots).size).toBe(slots.length);
  }
});

/** Whether the first so many phone numbers that were typed are in the other systems. */
const areEverywhere = (world: SmallWorld, count = customers.length): boolean =>
  customers
    .slice(0, count)
    .every((_, i) =>
      [world.held('xero', i, 'PhoneNumber'), world.held('cin7-core', i, 'Phone')].every((phone) =>
        phone?.replace(/\D/g, '').endsWith(`7010${4000 + i}`),
      ),
    );

/** How often each record was changed, by a person or by Truce. */
function countTouches(world: SmallWorld): (system: PracticeSystem, customer: number) => number {
  const touched: string[] = [];
  for (const system of systems) world.vendors[system].onChange((id) => touched.push(`${system} ${id}`));
  return (system, customer) =>
    touched.filter((one) => one === `${system} ${world.idOf(system, customer)}`).length;
}
