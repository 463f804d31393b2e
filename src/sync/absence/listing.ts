import { and, eq, gt, inArray, isNotNull, lt, sql } from 'drizzle-orm';
import { links, records, runs } from '../../ledger/tables/index.ts';
import type { RunNote } from '../../ledger/tables/runs.ts';
import { connectorOf, type RunContext } from '../context.ts';
import { usualButMissing, weeksCompared } from './decide-listing.ts';

const day = 24 * 3_600_000;

/** What is to be said of a list that was read to its end: that it named nothing where much is usual. Null = all is well. */
export async function noteOfListing(
  context: RunContext,
  connection: string,
  { named, everything }: { readonly named: number; readonly everything: boolean },
): Promise<RunNote | null> {
  if (named > 0) return null;
  const past = everything ? { today: 0, sameDayBefore: [] } : await pastOf(context, connection);
  const known = everything ? await knownIn(context, connection) : 0;
  const usual = usualButMissing({ named, everything, known, ...past });
  if (usual === null) return null;
  const { label } = connectorOf(context, connection);
  const { many } = context.entity.noun;
  const message = everything
    ? `${label} lists no ${many} at all, where ${usual.toLocaleString('en-AU')} are known. Nothing was taken as deleted.`
    : `${label} has listed no changed ${many} for a day, where such a day brings ${usual.toLocaleString('en-AU')} or more.`;
  return { kind: 'zero_rows', connection, usual, message };
}

async function knownIn({ db, entity }: RunContext, connection: string): Promise<number> {
  const [row] = await db
    .select({ n: sql<number>`count(*)::int` })
    .from(links)
    .innerJoin(records, eq(records.id, links.recordId))
    .where(and(eq(links.connection, connection), eq(records.entity, entity.name), eq(links.archived, false)));
  return row?.n ?? 0;
}

/**
 * What the lists of changes have named within a day, on the same day of the weeks before and today. The farthest is looked at
 * first: where that says nothing is strange, as it mostly does, the others need no look.
 */
async function pastOf(
  context: RunContext,
  connection: string,
): Promise<{ today: number; sameDayBefore: (number | null)[] }> {
  const sameDayBefore: (number | null)[] = [];
  for (let week = weeksCompared; week > 0; week--) {
    const named = await namedWithin(context, connection, week);
    sameDayBefore.unshift(named);
    if (!named) return { today: 0, sameDayBefore };
  }
  return { today: (await namedWithin(context, connection, 0)) ?? 0, sameDayBefore };
}

/** Null where no run came to its end that day. */
async function namedWithin(
  { db, flow, clock }: RunContext,
  connection: string,
  weeksAgo: number,
): Promise<number | null> {
  const end = clock.now().getTime() - weeksAgo * 7 * day;
  const [row] = await db
    .select({ n: sql<number | null>`sum((${runs.counts} -> 'named' ->> ${connection}::text)::int)::int` })
    .from(runs)
    .where(
      and(
        eq(runs.flow, flow.id),
        gt(runs.startedAt, new Date(end - day)),
        lt(runs.startedAt, new Date(end)),
        inArray(runs.trigger, ['schedule', 'command', 'recovery']),
        isNotNull(runs.finishedAt),
      ),
    );
  return row?.n ?? null;
}
