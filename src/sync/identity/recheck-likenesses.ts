import { isDeepStrictEqual } from 'node:util';
import { and, asc, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import type { Tx } from '../../ledger/db.ts';
import { announceLikeness, type Likeness, likenessesOf } from '../../ledger/questions/likenesses.ts';
import { likenesses, links, outbox } from '../../ledger/tables/index.ts';
import { commit, connectorOf, type RunContext } from '../context.ts';
import type { LikenessStep } from './decide-likeness.ts';
import { type Looked, looksOf } from './looks.ts';
import { holdsOf, placesOf, stepFor } from './pair.ts';

const chunk = 100;

/** Looks again at the open questions whose records were read, linked or let go since: they may be moot, or stand on other values. */
export async function recheckOpen(context: RunContext): Promise<void> {
  const ids = await moved(context);
  for (let at = 0; at < ids.length; at += chunk) {
    await commit(context, (tx) => recheckSome(context, tx, ids.slice(at, at + chunk)));
  }
}

async function moved({ db, flow }: RunContext): Promise<number[]> {
  const own = sql`${links.recordId} in (${likenesses.leftRecord}, ${likenesses.rightRecord})`;
  const rows = await db
    .select({ id: likenesses.id })
    .from(likenesses)
    .where(
      and(
        eq(likenesses.flow, flow.id),
        eq(likenesses.state, 'open'),
        sql`(exists (select 1 from ${links} where ${own}
            and (${links.readAt} > ${likenesses.checkedAt} or ${links.linkedAt} > ${likenesses.checkedAt}))
          or (select count(distinct ${links.recordId}) from ${links} where ${own} and not ${links.archived}) < 2)`,
      ),
    )
    .orderBy(asc(likenesses.id));
  return rows.map((row) => row.id);
}

async function recheckSome(context: RunContext, tx: Tx, ids: readonly number[]): Promise<void> {
  // Whoever presses meanwhile waits, and finds them as they are then.
  const open = await tx
    .select()
    .from(likenesses)
    .where(and(inArray(likenesses.id, [...ids]), eq(likenesses.state, 'open')))
    .orderBy(asc(likenesses.id))
    .for('update');
  const looked = await looksOf(
    context,
    tx,
    open.flatMap((row) => [row.leftRecord, row.rightRecord]),
  );
  const both = [...looked.values()];
  const rows = await likenessesOf(tx, context.flow.id, {
    recordIds: both.map(({ id }) => id),
    externalIds: both.flatMap(({ links: places }) => places.map((link) => link.externalId)),
  });
  const holds = await holdsOf(context, tx, both);
  const asBefore: number[] = [];
  for (const row of open) {
    const [left, right] = [looked.get(row.leftRecord), looked.get(row.rightRecord)];
    if (!left || !right) {
      await withdraw(context, tx, row, 'one of them is gone');
      continue;
    }
    const mergedIn = row.evidence.find(({ field }) => field === 'merged')?.left ?? null;
    const step = stepFor(context, { left, right, rows, holds, mergedIn });
    if (step.kind === 'no') await withdraw(context, tx, row, reasonFor(context, step, row, [left, right]));
    else if (!(await redraw(context, tx, row, { left, right, step }))) asBefore.push(row.id);
  }
  if (asBefore.length === 0) return;
  const set = { checkedAt: context.clock.now() };
  await tx.update(likenesses).set(set).where(inArray(likenesses.id, asBefore));
}

/** False where it stands on the same as before. */
async function redraw(
  context: RunContext,
  tx: Tx,
  row: Likeness,
  { left, right, step }: { left: Looked; right: Looked; step: LikenessStep & { readonly kind: 'ask' } },
): Promise<boolean> {
  const now = context.clock.now();
  const drawn = {
    evidence: [...step.evidence],
    leftTitle: left.record.title,
    rightTitle: right.record.title,
    leftPlaces: placesOf(left),
    rightPlaces: placesOf(right),
  };
  const before = Object.fromEntries(Object.keys(drawn).map((key) => [key, row[key as keyof typeof drawn]]));
  if (isDeepStrictEqual(drawn, before)) return false;
  const set = { ...drawn, points: step.points, checkedAt: now, revision: row.revision + 1 };
  await tx.update(likenesses).set(set).where(eq(likenesses.id, row.id));
  await announceIfShown(tx, row, now);
  return true;
}

/** Ends a question that nobody has to answer any more, and says why. */
export async function withdraw(context: RunContext, tx: Tx, row: Likeness, note: string): Promise<void> {
  const now = context.clock.now();
  await tx
    .update(likenesses)
    .set({ state: 'withdrawn', note, checkedAt: now, revision: row.revision + 1 })
    .where(eq(likenesses.id, row.id));
  await announceIfShown(tx, row, now);
}

/** What nobody was shown needs no edit. */
async function announceIfShown(tx: Tx, row: Likeness, now: Date): Promise<void> {
  const [shown] = await tx
    .select({ key: outbox.key })
    .from(outbox)
    .where(and(eq(outbox.key, `card:likeness:${row.id}`), isNotNull(outbox.key)));
  if (shown) await announceLikeness(tx, row, now);
}

function reasonFor(
  context: RunContext,
  step: LikenessStep & { readonly kind: 'no' },
  row: Likeness,
  [left, right]: readonly [Looked, Looked],
): string {
  switch (step.why) {
    case 'one':
      return 'they are one by now';
    case 'nowhere': {
      const [gone, title] = left.inUse.size === 0 ? [left, row.leftTitle] : [right, row.rightTitle];
      const isOne = gone.links.length === 0;
      return isOne
        ? 'they are linked to one by now, by what agrees in both'
        : `“${title}” is archived by now`;
    }
    case 'together':
      return `both are in ${connectorOf(context, step.connection ?? '').label} by now: they are two there`;
    case 'said_apart':
      return 'somebody has said that they are two';
    case 'too_little':
      return 'they no longer look alike';
  }
}
