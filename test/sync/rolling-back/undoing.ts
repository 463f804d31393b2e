import { asc, eq } from 'drizzle-orm';
import { expect } from 'vitest';
import {
  type ApproveResult,
  approveRollback,
  askRollback,
  type RollbackTarget,
  rollbackById,
  rollbackTarget,
} from '#src/ledger/rollback/rollbacks.ts';
import { changes, fieldHolds, intents, rollbackItems, runs } from '#src/ledger/tables/index.ts';
import type { Engine } from '#test/support/engine.ts';

export const priya = 'U0PRIYA001';
export const tom = 'U0TOMW0001';
/** Asks a run for a preview, or to carry out what was approved. */
export const rollbackRun = { trigger: 'rollback', targets: [] } as const;

type World = Pick<Engine, 'clock' | 'run'> & { readonly database: { readonly db: Engine['database']['db'] } };

/** Asks to undo what a reference stands for, and lets a run look. Returns the rollback's reference. */
export async function previewOf(
  engine: World,
  reference: string,
  { by = priya, connection = null as string | null } = {},
): Promise<string> {
  const { db } = engine.database;
  const found = (await rollbackTarget(db, reference, connection)) as RollbackTarget;
  const id = await askRollback(db, { ...found, by, now: engine.clock.now() });
  await engine.run(rollbackRun);
  expect((await rollbackById(db, id))?.state).toBe('previewed');
  return id;
}

export const approve = (engine: World, id: string, by = priya): Promise<ApproveResult> =>
  approveRollback(engine.database.db, { id, by, now: engine.clock.now() });

/** Preview, approval and writing, one after the other. */
export async function undo(
  engine: World,
  reference: string,
  how: { by?: string; connection?: string | null } = {},
): Promise<string> {
  const id = await previewOf(engine, reference, how);
  expect((await approve(engine, id, how.by)).kind).toBe('approved');
  await engine.run(rollbackRun);
  return id;
}

/** What became of everything, as `connection field: verdict → outcome`. */
export async function itemsOf({ database: { db } }: World, id: string): Promise<string[]> {
  const rows = await db.select().from(rollbackItems).where(eq(rollbackItems.rollbackId, id));
  return rows
    .map(
      ({ connection, field, verdict, why, outcome }) =>
        `${connection} ${field}: ${verdict}${why ? ` (${why})` : ''}${outcome ? ` → ${outcome}` : ''}`,
    )
    .sort();
}

export const stateOf = async ({ database: { db } }: World, id: string) => (await rollbackById(db, id))?.state;

export const holdsOf = async ({ database: { db } }: World) => db.select().from(fieldHolds);

/** The newest change that was written. */
export async function lastChange({ database: { db } }: World): Promise<string> {
  const rows = await db.select().from(intents).orderBy(asc(intents.committedAt));
  return rows.at(-1)?.changeId as string;
}

/** The reference of the run that wrote last. */
export async function lastRun({ database: { db } }: World): Promise<string> {
  const rows = await db.select().from(intents).orderBy(asc(intents.runId));
  const [run] = await db
    .select()
    .from(runs)
    .where(eq(runs.id, rows.at(-1)?.runId ?? 0));
  return run?.correlationId as string;
}

export const openChanges = async ({ database: { db } }: World) =>
  (await db.select().from(changes)).filter((change) => change.closedAt === null);
