import { and, eq, inArray, isNull, or } from 'drizzle-orm';
import { moveChange, openChange, tell } from '../../ledger/changes/changes.ts';
import { moveFieldHolds } from '../../ledger/changes/field-holds.ts';
import type { Tx } from '../../ledger/db.ts';
import { announceCard, rank } from '../../ledger/posts/outbox.ts';
import { announceLikeness, type Likeness } from '../../ledger/questions/likenesses.ts';
import { type Link, loadRecords, type RecordState, underWay } from '../../ledger/records/records.ts';
import { passOnFormer } from '../../ledger/sealing/former-values.ts';
import type { NamedRecord } from '../../ledger/sealing/named-records.ts';
import { changes, conflicts, likenesses, pending, records } from '../../ledger/tables/index.ts';
import type { Joined } from '../../ledger/tables/likenesses.ts';
import type { RunContext } from '../context.ts';
import { waitsForSame } from './ask-if-same.ts';
import { letGo } from './link-book.ts';
import { movePlaces, readAnew } from './move-places.ts';
import { withdraw } from './recheck-likenesses.ts';

/**
 * Makes two records one, as a person said. The links of one go over to the other, and the strong key with them if only one has
 * it; what is apart between them then is a first meeting like any other: asked, or filled, by each field's rule.
 */
export async function join(
  context: RunContext,
  tx: Tx,
  row: Likeness,
  ids: readonly [string, string],
): Promise<void> {
  const states = await loadRecords(tx, ids, context.flow.id);
  const [kept, taken] = [...states].sort(byStanding);
  if (!kept || !taken) return withdraw(context, tx, row, 'one of them is gone');
  const inTheWay = both(kept, taken)[0];
  if (inTheWay) {
    const label = context.connectors.get(inTheWay)?.label ?? inTheWay;
    return withdraw(context, tx, row, `both are in ${label} by now: they are two there`);
  }
  const gone = [kept, taken].find(({ links }) => links.every((link) => link.archived));
  if (gone) return withdraw(context, tx, row, `“${gone.record.title}” is archived by now`);
  const now = context.clock.now();
  await endOpen(tx, taken.record.id, { other: kept.record, likeness: row.id, now });
  const { moving, givingWay } = await bringTogether(tx, kept, taken);
  const [keptId, takenId] = [kept.record.id, taken.record.id];
  await moveFieldHolds(tx, { from: takenId, to: keptId });
  const keyValue = kept.record.keyValue ?? taken.record.keyValue;
  await tx.update(records).set({ keyValue: null }).where(eq(records.id, takenId));
  await tx.update(records).set({ keyValue }).where(eq(records.id, keptId));
  await goOn(context, tx, kept, taken.record, row);
  const joined: Joined = {
    kept: keptId,
    taken: takenId,
    at: now.toISOString(),
    keptKey: kept.record.keyValue,
    takenRecord: { title: taken.record.title, keyValue: taken.record.keyValue },
    moved: moving.map(placeOf),
    gaveWay: givingWay.map(placeOf),
  };
  await tx
    .update(likenesses)
    .set({ joined, checkedAt: now, revision: row.revision + 1 })
    .where(eq(likenesses.id, row.id));
  await endOthers(context, tx, row, takenId);
  await readAnew(tx, [keptId], now);
  await announceLikeness(tx, row, now);
  context.log.info(
    { event: 'joined', flow: context.flow.id, likeness: row.id },
    `${context.flow.name}: “${taken.record.title}” and “${kept.record.title}” are one ${context.entity.noun.one} now, as a person said`,
  );
}

/** First the one that goes on: with the strong key, with more agreed on, in more systems, the older. */
function byStanding(a: RecordState, b: RecordState): number {
  return (
    Number(b.record.keyValue !== null) - Number(a.record.keyValue !== null) ||
    b.agreed.size - a.agreed.size ||
    b.links.length - a.links.length ||
    a.record.createdAt.getTime() - b.record.createdAt.getTime() ||
    (a.record.id < b.record.id ? -1 : 1)
  );
}

/** The systems in which both are in use. */
const both = (a: RecordState, b: RecordState): string[] =>
  a.links
    .filter((link) => !link.archived && b.links.some((o) => o.connection === link.connection && !o.archived))
    .map((link) => link.connection);

const placeOf = ({ connection, role, externalId, how }: Link) => ({ connection, role, externalId, how });

/** Moves the links of the one that is taken. A place of the other that is archived, or was merged away, gives way to one in use. */
async function bringTogether(
  tx: Tx,
  kept: RecordState,
  taken: RecordState,
): Promise<{ moving: readonly Link[]; givingWay: readonly Link[] }> {
  const placeIn = (connection: string) => kept.links.find((link) => link.connection === connection);
  const moving = taken.links.filter((link) => {
    const place = placeIn(link.connection);
    return place === undefined || (place.archived && !link.archived);
  });
  const givingWay = moving.flatMap((link) => placeIn(link.connection) ?? []);
  for (const { connection } of givingWay)
    await letGo(tx, kept.record.id, connection, 'archived; another record took its place');
  await movePlaces(tx, {
    from: taken.record.id,
    to: kept.record.id,
    moving,
    how: 'same',
    bases: 'forgotten',
  });
  await passOnFormer(tx, { from: taken.record.id, to: kept.record.id });
  return { moving, givingWay };
}

/** What was under way with the one that is taken is compared anew with the other; nothing of it goes out by itself. */
async function endOpen(
  tx: Tx,
  recordId: string,
  { other, likeness, now }: { readonly other: NamedRecord; readonly likeness: number; readonly now: Date },
): Promise<void> {
  const reason = `it is one with “${other.title}”`;
  const others = [other];
  await tx.delete(pending).where(eq(pending.recordId, recordId));
  await tx
    .update(conflicts)
    .set({ state: 'withdrawn', closedAt: now, note: reason })
    .where(and(eq(conflicts.recordId, recordId), isNull(conflicts.closedAt)));
  const open = await tx
    .select()
    .from(changes)
    .where(and(eq(changes.recordId, recordId), isNull(changes.closedAt)));
  for (const change of open) {
    await tell(tx, [{ changeId: change.id, at: now, kind: 'withdrawn', data: { reason, likeness }, others }]);
    await moveChange(tx, change.id, { state: 'withdrawn', now });
    await announceCard(tx, { subject: `change:${change.id}`, flow: change.flow, rank: rank.decision, now });
  }
}

/** The one that goes on waits no longer for being told who it is. */
async function goOn(
  context: RunContext,
  tx: Tx,
  state: RecordState,
  other: NamedRecord,
  row: Likeness,
): Promise<void> {
  const now = context.clock.now();
  const change = await openChange(tx, {
    recordId: state.record.id,
    flow: context.flow.id,
    subject: state.record.title,
    runId: context.run.id,
    agreementVersion: context.agreement.version,
    now,
  });
  const waits = change.hold !== null && (change.hold === 'maybe_same' || waitsForSame.includes(change.hold));
  await tell(tx, [
    // Its own line, where nothing was open when it was said.
    ...(state.change
      ? []
      : [
          {
            changeId: change.id,
            at: now,
            kind: 'same' as const,
            actor: row.answeredBy,
            data: { reason: `the other is “${other.title}”` },
            others: [other],
          },
        ]),
    ...(waits
      ? [{ changeId: change.id, at: now, kind: 'released' as const, data: { reason: change.hold } }]
      : []),
  ]);
  const hold = waits ? {} : { hold: change.hold, holdDetail: change.holdDetail };
  await moveChange(tx, change.id, { state: underWay(state) ?? 'open', ...hold, now });
  await announceCard(tx, { subject: `change:${change.id}`, flow: context.flow.id, rank: rank.decision, now });
}

/** Other questions about the record that is no more are asked anew about the one that goes on. */
async function endOthers(context: RunContext, tx: Tx, { id }: Likeness, taken: string): Promise<void> {
  const others = await tx
    .select()
    .from(likenesses)
    .where(
      and(
        inArray(likenesses.state, ['open']),
        or(eq(likenesses.leftRecord, taken), eq(likenesses.rightRecord, taken)),
      ),
    );
  for (const other of others.filter((one) => one.id !== id))
    await withdraw(context, tx, other, 'one of them is one with another by now');
}
