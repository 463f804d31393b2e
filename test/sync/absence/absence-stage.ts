import { eq } from 'drizzle-orm';
import { absences, changes, links, outbox, pending, runs, safetyStops } from '#src/ledger/tables/index.ts';
import type { TestDatabase } from '#test/support/database.ts';
import {
  type MemoryEngine,
  type MemoryEngineOptions,
  openMemoryEngine,
  type SystemId,
} from '#test/support/memory-engine.ts';

const everywhere: readonly SystemId[] = ['hubspot', 'xero', 'cin7-core'];
const hour = 3_600_000;

/** Valid ABNs, as many as wanted. */
export function abnOf(n: number): string {
  const weights = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19];
  const base = String(100_000_000 + n);
  for (let check = 10; check < 100; check++) {
    const digits = [...`${check}${base}`].map(Number);
    const sum = digits.reduce(
      (total, digit, i) => total + (i === 0 ? digit - 1 : digit) * (weights[i] ?? 0),
      0,
    );
    if (sum % 89 === 0) return digits.join('');
  }
  throw new Error(`no ABN for ${n}`);
}

export const valuesOf = (n: number) => ({
  legal_name: `Customer ${n}`,
  abn: abnOf(n),
  email: `office${n}@sample.example`,
  phone: `+6127010${String(n).padStart(4, '0')}`,
});

/** Customers that all three systems have alike, loaded and agreed. Ids are `<system>-<n>`, from 1. */
export async function stage(database: TestDatabase, count: number, options: MemoryEngineOptions = {}) {
  const engine = await openMemoryEngine(database, options);
  for (let n = 1; n <= count; n++) for (const id of everywhere) engine.systems[id].add(valuesOf(n));
  await engine.run();
  await engine.run();
  return { engine, ...eyesOf(engine) };
}

function eyesOf(engine: MemoryEngine) {
  const { db } = engine.database;
  return {
    db,
    absences: () => db.select().from(absences).orderBy(absences.id),
    open: async () => (await engine.ledger()).changes.filter((change) => change.closedAt === null),
    stops: () => db.select().from(safetyStops).orderBy(safetyStops.id),
    pending: () => db.select().from(pending),
    runs: () => db.select().from(runs).orderBy(runs.id),
    cards: async () => (await db.select().from(outbox)).map(({ subject }) => subject),
    linkOf: async (externalId: string) =>
      (await db.select().from(links).where(eq(links.externalId, externalId)))[0],
    changeOf: async (recordId: string) =>
      (await db.select().from(changes).where(eq(changes.recordId, recordId))).at(-1),
    /** Until the next night, and the sweep that is due then. */
    sweep: () => {
      engine.clock.advance(24 * hour);
      return engine.run({ trigger: 'sweep' });
    },
  };
}
