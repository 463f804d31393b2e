import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { announceCard, rank } from '../../ledger/posts/outbox.ts';
import { goOn, type Stop, stopsThatWait, subjectOfStop } from '../../ledger/runs/safety-stops.ts';
import { absences, changes, safetyStops } from '../../ledger/tables/index.ts';
import { commit, type RunContext } from '../context.ts';
import { lackingRecords, wantedIn } from '../making/lacking.ts';

/** A change that waits for the safety stop. */
interface Waiting {
  readonly id: string;
  readonly recordId: string;
  readonly hasValues: boolean;
  readonly isGone: boolean;
}

/**
 * Lets go of what a safety stop has no reason to keep back any more: the values went back by themselves, somebody made the record,
 * it came back, the agreement changed. A stop that keeps nothing back is over.
 */
export async function followStops(context: RunContext): Promise<void> {
  const { db, flow } = context;
  const stops = await stopsThatWait(db, flow.id);
  const waiting = await waitingChanges(context);
  if (stops.length === 0 && waiting.length === 0) return;
  const kept = await keptBack(context, stops, waiting);
  const freed = waiting.filter((one) => !kept.has(one.recordId));
  const empty = stops.filter(({ covers }) => covers.isDisjointFrom(kept));
  if (freed.length === 0 && empty.length === 0) return;
  const now = context.clock.now();
  await commit(context, async (tx) => {
    await goOn(tx, { changeIds: freed.map(({ id }) => id), by: null, now });
    for (const { id } of empty) {
      await tx
        .update(safetyStops)
        .set({ state: 'over', revision: sql`${safetyStops.revision} + 1` })
        .where(eq(safetyStops.id, id));
      await announceCard(tx, { subject: subjectOfStop(id), flow: flow.id, rank: rank.decision, now });
    }
  });
}

/** The records that a stop keeps back with reason. */
async function keptBack(
  context: RunContext,
  stops: readonly Stop[],
  waiting: readonly Waiting[],
): Promise<ReadonlySet<string>> {
  const covers = (kinds: readonly Stop['kind'][]) =>
    new Set(stops.flatMap((stop) => (kinds.includes(stop.kind) ? [...stop.covers] : [])));
  const [written, made, gone] = [covers(['writes', 'blanks']), covers(['makes']), covers(['gone'])];
  const lacking =
    made.size > 0 ? new Set(await lackingRecords(context, wantedIn(context))) : new Set<string>();
  return new Set(
    waiting
      .filter(
        ({ recordId: id, hasValues, isGone }) =>
          (written.has(id) && hasValues) || (made.has(id) && lacking.has(id)) || (gone.has(id) && isGone),
      )
      .map(({ recordId }) => recordId),
  );
}

async function waitingChanges({ db, flow }: RunContext): Promise<Waiting[]> {
  const rows = await db
    .select({
      id: changes.id,
      recordId: changes.recordId,
      hasValues: sql<boolean>`exists (select 1 from pending p where p.record_id = changes.record_id)`,
    })
    .from(changes)
    .where(and(eq(changes.flow, flow.id), eq(changes.hold, 'safety_stop'), isNull(changes.closedAt)));
  const ids = rows.flatMap(({ recordId }) => recordId ?? []);
  if (ids.length === 0) return [];
  const gone = await db
    .select({ recordId: absences.recordId })
    .from(absences)
    .where(and(eq(absences.flow, flow.id), inArray(absences.state, ['confirmed'])));
  const goneIds = new Set(gone.map(({ recordId }) => recordId));
  return rows.flatMap(({ id, recordId, hasValues }) =>
    recordId ? [{ id, recordId, hasValues, isGone: goneIds.has(recordId) }] : [],
  );
}
