import { asc, eq, getTableColumns } from 'drizzle-orm';
import type { StoryLine } from '#src/ledger/changes/changes.ts';
import type { Db } from '#src/ledger/db.ts';
import { openSettlements, openSightings } from '#src/ledger/sealing/evidence.ts';
import { openStory } from '#src/ledger/sealing/story-values.ts';
import { changes, settlements, sightings, story } from '#src/ledger/tables/index.ts';

/** What the ledger keeps sealed, opened: whole tables, oldest first. */
export async function openedHistory(db: Db) {
  return {
    sightings: await openSightings(db, await db.select().from(sightings).orderBy(sightings.id)),
    settlements: await openSettlements(db, await db.select().from(settlements).orderBy(settlements.id)),
  };
}

export async function openedStory(db: Db): Promise<StoryLine[]> {
  const lines = await db
    .select({ ...getTableColumns(story), recordId: changes.recordId })
    .from(story)
    .innerJoin(changes, eq(changes.id, story.changeId))
    .orderBy(asc(story.id));
  return (await openStory(db, lines)).map(({ ...line }) => line);
}
