import { and, eq, inArray, sql } from 'drizzle-orm';
import type { KnownShape, ShapeDrift, ShapeStore } from '../../connectors/http/shape-watch.ts';
import type { Db, DbOrTx } from '../db.ts';
import { shapes } from '../tables/index.ts';

/** What vendors' answers look like, for all replicas. `tellNew` hears of what answers have more than before. */
export function shapeStore(db: Db, tellNew?: ShapeStore['tellNew']): ShapeStore {
  return {
    update: ({ connection, endpoint, now }, step) =>
      db.transaction(async (tx) => {
        const key = and(eq(shapes.connection, connection), eq(shapes.endpoint, endpoint));
        const [held] = await tx.select().from(shapes).where(key).for('update');
        const known = step(held ? { shape: held.shape, counts: held.counts, drifts: held.drifts } : null);
        const isOther = JSON.stringify(known.shape) !== JSON.stringify(held?.shape);
        const fresh = { ...asRow(known), changedAt: held && !isOther ? held.changedAt : now };
        await tx
          .insert(shapes)
          .values({ connection, endpoint, firstSeenAt: now, ...fresh })
          .onConflictDoUpdate({ target: [shapes.connection, shapes.endpoint], set: fresh });
        return known;
      }),
    open: (connection) => openShapeDrifts(db, [connection]),
    ...(tellNew ? { tellNew } : {}),
  };
}

const asRow = ({ shape, counts, drifts }: KnownShape) => ({
  shape: Object.fromEntries(Object.entries(shape).map(([path, types]) => [path, [...types]])),
  counts: { ...counts },
  drifts: [...drifts],
});

export interface OpenShapeDrift extends ShapeDrift {
  readonly connection: string;
  readonly endpoint: string;
}

/** What these connections' answers lack, or have otherwise, now. */
export async function openShapeDrifts(db: DbOrTx, connections: readonly string[]): Promise<OpenShapeDrift[]> {
  const rows = await db
    .select({ connection: shapes.connection, endpoint: shapes.endpoint, drifts: shapes.drifts })
    .from(shapes)
    .where(and(inArray(shapes.connection, [...connections]), sql`jsonb_array_length(${shapes.drifts}) > 0`));
  return rows.flatMap(({ drifts, ...row }) => drifts.map((drift) => ({ ...drift, ...row })));
}

/**
 * `covered` are told as what became of a field, and stay open until it is back. `old` were told long enough: from here on that is
 * how these answers look.
 */
export async function settleShapeDrifts(
  db: Db,
  { covered, old }: { readonly covered: readonly OpenShapeDrift[]; readonly old: readonly OpenShapeDrift[] },
): Promise<void> {
  const ofOne = Map.groupBy([...covered, ...old], ({ connection, endpoint }) => `${connection} ${endpoint}`);
  for (const [first, ...rest] of ofOne.values()) {
    if (!first) continue;
    const { connection, endpoint } = first;
    const paths = new Set([first, ...rest].map(({ path }) => path));
    const isOld = (path: string) => old.some((one) => one.path === path && one.endpoint === endpoint);
    await db.transaction(async (tx) => {
      const key = and(eq(shapes.connection, connection), eq(shapes.endpoint, endpoint));
      const [held] = await tx.select().from(shapes).where(key).for('update');
      if (!held) return;
      const drifts = held.drifts
        .filter(({ path }) => !paths.has(path) || !isOld(path))
        .map((drift) => (paths.has(drift.path) ? { ...drift, isField: true } : drift));
      const shape = { ...held.shape };
      for (const { path, is } of held.drifts) {
        if (!paths.has(path) || !isOld(path)) continue;
        if (is.length > 0) shape[path] = [...is];
        else delete shape[path];
      }
      await tx.update(shapes).set({ drifts, shape }).where(key);
    });
  }
}
