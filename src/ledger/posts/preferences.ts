import { eq } from 'drizzle-orm';
import type { DbOrTx } from '../db.ts';
import { preferences } from '../tables/index.ts';

/** What somebody may choose of how they are told. */
export type Preferences = Pick<typeof preferences.$inferSelect, 'slots' | 'outside'>;

const asEverybody: Preferences = { slots: 'twice', outside: 'urgent' };

/** How this person wants to be told; as everybody where they have not said. */
export async function preferencesOf(db: DbOrTx, user: string): Promise<Preferences> {
  const [row] = await db
    .select({ slots: preferences.slots, outside: preferences.outside })
    .from(preferences)
    .where(eq(preferences.user, user));
  return row ?? asEverybody;
}

/** The last word counts. */
export async function prefer(
  db: DbOrTx,
  { user, now, slots, outside }: Preferences & { readonly user: string; readonly now: Date },
): Promise<void> {
  await db
    .insert(preferences)
    .values({ user, slots, outside, at: now })
    .onConflictDoUpdate({ target: preferences.user, set: { slots, outside, at: now } });
}
