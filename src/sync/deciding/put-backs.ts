import { and, eq, gt, isNull, or, sql } from 'drizzle-orm';
import type { FieldValue } from '../../entities/field.ts';
import type { DbOrTx } from '../../ledger/db.ts';
import { among } from '../../ledger/many.ts';
import { openStory } from '../../ledger/sealing/story-values.ts';
import { changes, story } from '../../ledger/tables/index.ts';
import type { RunContext } from '../context.ts';

const day = 24 * 3_600_000;

/** What was put back in one field within a day: one entry for each time. */
export interface PutBacks {
  readonly values: readonly (FieldValue | null)[];
  /** True once it was held for that: only a person, or another value, ends it. */
  readonly held: boolean;
}

/** By record, then by field. A person who ran it again after looking starts the count anew. */
export async function putBacksOf(
  context: Pick<RunContext, 'clock'>,
  tx: DbOrTx,
  ids: readonly string[],
): Promise<Map<string, Map<string, PutBacks>>> {
  const within = gt(story.at, new Date(context.clock.now().getTime() - day));
  const putBack = and(eq(story.kind, 'ruled'), within, sql`${story.data} ->> 'putBack' = 'true'`);
  const held = and(
    eq(story.kind, 'held'),
    isNull(changes.closedAt),
    sql`${story.data} ->> 'reason' = 'tug_of_war'`,
  );
  const told = await tx
    .select({ recordId: changes.recordId, field: story.field, kind: story.kind, data: story.data })
    .from(story)
    .innerJoin(changes, eq(changes.id, story.changeId))
    .where(
      and(
        among(changes.recordId, ids),
        or(putBack, held),
        sql`not exists (select 1 from story r join changes c on c.id = r.change_id
          where c.record_id = ${changes.recordId} and r.kind = 'reprocess' and r.at >= ${story.at})`,
      ),
    );
  const rows = await openStory(tx, told);
  return new Map(
    [...Map.groupBy(rows, (row) => row.recordId ?? '')].map(([recordId, lines]) => [
      recordId,
      new Map(
        [...Map.groupBy(lines, (line) => line.field ?? '')].map(([field, list]) => [
          field,
          {
            values: list
              .filter((line) => line.kind === 'ruled')
              .map((line) => (line.data.value ?? null) as FieldValue | null),
            held: list.some((line) => line.kind === 'held'),
          },
        ]),
      ),
    ]),
  );
}
