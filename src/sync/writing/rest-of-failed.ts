import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import { loadRecords, type RecordState } from '../../ledger/records/records.ts';
import type { StoryKind } from '../../ledger/tables/changes.ts';
import { changes, pending, story } from '../../ledger/tables/index.ts';
import type { RunContext } from '../context.ts';
import { writesField } from '../safety/stop-writes.ts';

/** What makes a change worth another try everywhere. */
const beginsAnew: readonly StoryKind[] = ['retried', 'reprocess', 'ruled', 'decided', 'edited'];

/**
 * Changes that one system refused, as far as others do not have them yet: those are not kept waiting, and the one that refused is left
 * alone until it is tried again.
 */
export async function restOfFailed(context: RunContext): Promise<RecordState[]> {
  const { db, flow } = context;
  const rows = await db
    .selectDistinct({ recordId: pending.recordId, changeId: changes.id })
    .from(pending)
    .innerJoin(changes, eq(changes.id, pending.changeId))
    .where(and(eq(changes.flow, flow.id), eq(changes.state, 'failed'), isNull(changes.closedAt)));
  if (rows.length === 0) return [];
  const failedIn = await refusals(
    context,
    rows.map((row) => row.changeId),
  );
  const states = await loadRecords(
    db,
    rows.map((row) => row.recordId),
    flow.id,
  );
  return states.flatMap((state) => {
    const refused = failedIn.get(state.change?.id ?? '');
    if (!refused) return [];
    const rest = { ...state, links: state.links.filter(({ connection }) => !refused.has(connection)) };
    return [...state.pending.keys()].some((field) => writesField(context, rest, field)) ? [rest] : [];
  });
}

/** By change, the connections in which it failed since it was last tried everywhere. */
async function refusals(
  { db }: RunContext,
  changeIds: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const lines = await db
    .select({ changeId: story.changeId, kind: story.kind, connection: story.connection })
    .from(story)
    .where(and(inArray(story.changeId, [...changeIds]), inArray(story.kind, ['failed', ...beginsAnew])))
    .orderBy(asc(story.id));
  const failedIn = new Map<string, Set<string>>();
  for (const { changeId, kind, connection } of lines) {
    if (kind !== 'failed') failedIn.delete(changeId);
    else if (connection) failedIn.set(changeId, (failedIn.get(changeId) ?? new Set()).add(connection));
  }
  return failedIn;
}
