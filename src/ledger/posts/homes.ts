import { and, eq, gt, lte } from 'drizzle-orm';
import type { DbOrTx } from '../db.ts';
import { homes } from '../tables/index.ts';

export type Home = typeof homes.$inferSelect;

/** So long after somebody opened their board it is kept true. */
const freshMs = 10 * 60_000;
/** By itself it is drawn anew no more often than this. */
const restMs = 30_000;

/** Notes that somebody opened their board; makes a row for it the first time, with what they are to see. */
export async function homeOpened(
  db: DbOrTx,
  { user, view, now }: { user: string; view: Home['view']; now: Date },
): Promise<Home> {
  const [home] = await db
    .insert(homes)
    .values({ user, view, firstAt: now, openedAt: now, publishedAt: now, shown: '' })
    .onConflictDoUpdate({ target: homes.user, set: { openedAt: now } })
    .returning();
  if (!home) throw new Error('a board was not noted');
  return home;
}

/** Who did something, if their board may still be open: it is drawn anew. */
export async function homeOf(db: DbOrTx, user: string, now: Date): Promise<Home | null> {
  const [home] = await db
    .select()
    .from(homes)
    .where(and(eq(homes.user, user), gt(homes.openedAt, new Date(now.getTime() - freshMs))));
  return home ?? null;
}

/** Boards that may still be open, and were not drawn just now. */
export function homesToWatch(db: DbOrTx, now: Date): Promise<Home[]> {
  return db
    .select()
    .from(homes)
    .where(
      and(
        gt(homes.openedAt, new Date(now.getTime() - freshMs)),
        lte(homes.publishedAt, new Date(now.getTime() - restMs)),
      ),
    );
}

/** Takes it on to draw a board anew; false where another replica did. */
export async function takeHome(db: DbOrTx, { user, publishedAt }: Home, now: Date): Promise<boolean> {
  const taken = await db
    .update(homes)
    .set({ publishedAt: now })
    .where(and(eq(homes.user, user), eq(homes.publishedAt, publishedAt)))
    .returning({ user: homes.user });
  return taken.length === 1;
}

export async function homeShown(
  db: DbOrTx,
  { user, shown, now }: { user: string; shown: string; now: Date },
): Promise<void> {
  await db.update(homes).set({ shown, publishedAt: now }).where(eq(homes.user, user));
}

/** What somebody wants to see on it. */
export async function setHome(
  db: DbOrTx,
  user: string,
  set: Partial<Pick<Home, 'view' | 'unfolded'>>,
): Promise<void> {
  await db.update(homes).set(set).where(eq(homes.user, user));
}
