import { type Preferences, prefer, preferencesOf } from '../../ledger/posts/preferences.ts';
import type { Desk } from '../desk.ts';
import { membership } from '../people.ts';
import type { Asker } from './asker.ts';

/** Notes how somebody wants to be told from now on. What they were not asked stays as it was; nobody outside is told anything. */
export async function tellMe(desk: Desk, asker: Asker, wanted: Partial<Preferences>): Promise<void> {
  if (membership(asker.person, desk.home()).kind !== 'yes') return;
  const before = await preferencesOf(desk.db, asker.id);
  await prefer(desk.db, { ...before, ...wanted, user: asker.id, now: desk.clock.now() });
}
