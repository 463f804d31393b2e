import { and, desc, eq, gte, lt } from 'drizzle-orm';
import type { DbOrTx } from '../db.ts';
import { incidents } from '../tables/index.ts';
import type { Incident } from './incidents.ts';

/** What is longer ago tells nothing of this time. */
const rememberedMs = 30 * 24 * 3_600_000;

/** Problems of the same flow and cause that were open before this one, newest first. */
export const earlierOf = (
  db: DbOrTx,
  { id, flow, key, openedAt }: Pick<Incident, 'id' | 'flow' | 'key' | 'openedAt'>,
): Promise<{ readonly id: number; readonly openedAt: Date }[]> =>
  db
    .select({ id: incidents.id, openedAt: incidents.openedAt })
    .from(incidents)
    .where(
      and(
        eq(incidents.flow, flow),
        eq(incidents.key, key),
        lt(incidents.id, id),
        gte(incidents.openedAt, new Date(openedAt.getTime() - rememberedMs)),
      ),
    )
    .orderBy(desc(incidents.id));
