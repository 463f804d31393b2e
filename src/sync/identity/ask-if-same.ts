import { and, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm';
import type { Tx } from '../../ledger/db.ts';
import { announceCards, rank } from '../../ledger/posts/outbox.ts';
import {
  examinedOf,
  isAbout,
  type Likeness,
  likenessesOf,
  likenessSubject,
  noteExamined,
  tellBoth,
} from '../../ledger/questions/likenesses.ts';
import type { HoldReason } from '../../ledger/tables/changes.ts';
import { changes, likenesses, outbox } from '../../ledger/tables/index.ts';
import { commit, connectorOf, type RunContext } from '../context.ts';
import type { LikenessStep } from './decide-likeness.ts';
import { findAlike } from './find-alike.ts';
import { keepLooks, type Looked, looksOf } from './looks.ts';
import { holdsOf, placesOf, sidesOf, stepFor } from './pair.ts';
import { recheckOpen } from './recheck-likenesses.ts';

/** With any of these a record may be one that another system has under the name of another record. */
export const waitsForSame: HoldReason[] = [
  'no_key',
  'invalid_key',
  'duplicate_key',
  'not_linked',
  'name_taken',
  'merged',
];

const chunk = 100;
const heldAtOnce = 5_000;
/** Clocks of two machines may be as far apart. */
const overlapMs = 30_000;
/** A record that came to look alike without waiting itself is found by then. */
const allAgainAfterMs = 24 * 3_600_000;

/**
 * Holds what waits, and has moved since the last time, against the other records: where enough speaks for two being one, a person
 * is asked. Questions that have become moot are withdrawn. Nothing is shown before the first load was approved.
 */
export async function askIfSame(context: RunContext): Promise<void> {
  const now = context.clock.now();
  const known = await examinedOf(context.db, context.flow.id);
  const isDueAll = !known || now.getTime() - known.all.getTime() >= allAgainAfterMs;
  await recheckOpen(context);
  await examine(context, await moved(context, isDueAll ? null : new Date(known.at.getTime() - overlapMs)));
  await commit(context, (tx) =>
    noteExamined(tx, context.flow.id, { at: now, all: isDueAll ? now : known.all }),
  );
  if (context.firstLoadApproved) await announceUnsaid(context);
}

/** What waits, and everything about which something was answered or withdrawn; since then, or at all. */
async function moved({ db, flow }: RunContext, since: Date | null): Promise<string[]> {
  const waiting = await db
    .select({ id: changes.recordId })
    .from(changes)
    .where(
      and(
        eq(changes.flow, flow.id),
        isNull(changes.closedAt),
        inArray(changes.hold, waitsForSame),
        since ? gt(changes.updatedAt, since) : undefined,
      ),
    );
  if (!since) return waiting.flatMap(({ id }) => id ?? []);
  const answered = await db
    .select({ row: likenesses })
    .from(likenesses)
    .where(
      and(
        eq(likenesses.flow, flow.id),
        or(
          gt(likenesses.answeredAt, since),
          gt(likenesses.undoneAt, since),
          gt(likenesses.apartAt, since),
          and(eq(likenesses.state, 'withdrawn'), gt(likenesses.checkedAt, since)),
        ),
      ),
    );
  return [
    ...new Set([
      ...waiting.flatMap(({ id }) => id ?? []),
      ...answered.flatMap(({ row }) => [row.leftRecord, row.rightRecord]),
    ]),
  ];
}

/** Records that are about to be made somewhere: one that looks alike may be there already. */
export async function lookBeforeMaking(context: RunContext, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += heldAtOnce) {
    const some = ids.slice(at, at + heldAtOnce);
    const held = await context.db
      .select({ id: changes.recordId })
      .from(changes)
      .where(and(inArray(changes.recordId, some), isNull(changes.closedAt), eq(changes.state, 'held')));
    const waits = new Set(held.map(({ id }) => id));
    const next = some.filter((id) => !waits.has(id));
    await examine(context, next, new Set(next));
  }
}

async function examine(
  context: RunContext,
  ids: readonly string[],
  toBeMade: ReadonlySet<string> = new Set(),
): Promise<void> {
  if (ids.length === 0) return;
  await keepLooks(context);
  for (let at = 0; at < ids.length; at += chunk) {
    const looked = await looksOf(context, context.db, ids.slice(at, at + chunk));
    const alike = await findAlike(context, looked);
    const others = await looksOf(
      context,
      context.db,
      [...alike.values()].flatMap((found) => [...found]),
    );
    const all = new Map([...others, ...looked]);
    const pairs = pairsOf(context, alike, all);
    if (pairs.length > 0) await commit(context, (tx) => askSome(context, tx, pairs, toBeMade));
  }
}

type Pair = readonly [left: Looked, right: Looked];

/** Each pair once, whichever of the two was looked at, in the order in which the agreement names their systems. */
function pairsOf(
  context: RunContext,
  alike: ReadonlyMap<string, ReadonlySet<string>>,
  all: ReadonlyMap<string, Looked>,
): Pair[] {
  const pairs = [...alike].flatMap(([id, found]) =>
    [...found].flatMap((other): Pair[] => {
      const [one, two] = [all.get(id), all.get(other)];
      return one && two ? [inOrder(context, one, two)] : [];
    }),
  );
  const each = new Map(pairs.map((pair) => [`${pair[0].id} ${pair[1].id}`, pair]));
  const places = (pair: Pair) => pair.map((one) => placeOf(context, one)).join();
  return [...each.values()].sort((a, b) => (places(a) < places(b) ? -1 : 1));
}

function inOrder(context: RunContext, one: Looked, two: Looked): Pair {
  const [a, b] = [placeOf(context, one), placeOf(context, two)];
  return a < b || (a === b && one.id < two.id) ? [one, two] : [two, one];
}

/** The first system in which it is in use, by the agreement's order. */
const placeOf = ({ flow }: RunContext, { inUse }: Looked): number =>
  flow.connections.findIndex((connection) => inUse.has(connection));

async function askSome(
  context: RunContext,
  tx: Tx,
  pairs: readonly Pair[],
  toBeMade: ReadonlySet<string>,
): Promise<void> {
  const both = pairs.flat();
  const rows = await likenessesOf(tx, context.flow.id, {
    recordIds: both.map(({ id }) => id),
    externalIds: both.flatMap(({ links }) => links.map((link) => link.externalId)),
  });
  const holds = await holdsOf(context, tx, both);
  const waits = ({ id }: Looked) => toBeMade.has(id) || waitsForSame.includes(holds.get(id) as HoldReason);
  const worth = pairs
    .filter((pair) => pair.some(waits))
    .flatMap(([left, right]) => {
      const step = stepFor(context, { left, right, rows, holds });
      return step.kind === 'ask' ? [{ left, right, step }] : [];
    })
    .sort((a, b) => b.step.points - a.step.points);
  // One question at a time for each record: the answer to it may answer the others.
  const busy = new Set(
    rows.filter((row) => isUnfinished(row)).flatMap((row) => [row.leftRecord, row.rightRecord]),
  );
  for (const { left, right, step } of worth) {
    if (busy.has(left.id) || busy.has(right.id)) continue;
    busy.add(left.id).add(right.id);
    await ask(context, tx, { left, right, step });
  }
}

/** Open, or answered and not carried out yet. */
export const isUnfinished = (row: Likeness): boolean =>
  row.state === 'open' ||
  (row.state === 'same' && row.joined === null && row.undoneAt === null) ||
  (row.state === 'same' && row.joined !== null && row.undoneAt !== null && row.apartAt === null);

/** Keeps the question, and says in the story of both that it was asked. */
async function ask(
  context: RunContext,
  tx: Tx,
  { left, right, step }: { left: Looked; right: Looked; step: LikenessStep & { readonly kind: 'ask' } },
): Promise<void> {
  const now = context.clock.now();
  const [row] = await tx
    .insert(likenesses)
    .values({
      flow: context.flow.id,
      state: 'open',
      leftRecord: left.id,
      rightRecord: right.id,
      leftPlaces: placesOf(left),
      rightPlaces: placesOf(right),
      leftTitle: left.record.title,
      rightTitle: right.record.title,
      evidence: [...step.evidence],
      points: step.points,
      revision: 1,
      askedAt: now,
      checkedAt: now,
    })
    .onConflictDoNothing()
    .returning();
  if (!row) return;
  const systems = (one: Looked) =>
    [...one.inUse].map((connection) => connectorOf(context, connection).label).join(' and ');
  const where = new Map([
    [left.record.title, systems(left)],
    [right.record.title, systems(right)],
  ]);
  await tellBoth(tx, row, {
    kind: 'held',
    by: null,
    now,
    data: (other) => ({ reason: 'maybe_same', detail: `it looks like “${other}” in ${where.get(other)}` }),
  });
  context.log.info(
    { event: 'same_customer', flow: context.flow.id, likeness: row.id },
    `${context.flow.name}: are “${left.record.title}” and “${right.record.title}” the same ${context.entity.noun.one}? A person is asked.`,
  );
}

/** A vendor made one of two records: where each is in other systems, a person says whether they are one there too. True iff one is asked. */
export async function askOfMerged(
  context: RunContext,
  tx: Tx,
  { loser, keeper, mergedIn }: { loser: string; keeper: string; mergedIn: string },
): Promise<boolean> {
  const looked = await looksOf(context, tx, [loser, keeper]);
  const [one, two] = [looked.get(loser), looked.get(keeper)];
  if (!one || !two) return false;
  const [left, right] = inOrder(context, one, two);
  const rows = await likenessesOf(tx, context.flow.id, {
    recordIds: [left.id, right.id],
    externalIds: [...left.links, ...right.links].map((link) => link.externalId),
  });
  const isAsked = rows.some((row) => isUnfinished(row) && isAbout(row, sidesOf(left), sidesOf(right)));
  const step = stepFor(context, { left, right, rows, holds: new Map(), mergedIn });
  if (step.kind === 'ask' && !isAsked) await ask(context, tx, { left, right, step });
  return step.kind === 'ask';
}

/** Posts what was found before anybody was to be asked, and what a process that died did not come to. */
async function announceUnsaid(context: RunContext): Promise<void> {
  const rows = await context.db
    .select({ id: likenesses.id })
    .from(likenesses)
    .leftJoin(outbox, eq(outbox.key, sql`'card:likeness:' || ${likenesses.id}`))
    .where(and(eq(likenesses.flow, context.flow.id), eq(likenesses.state, 'open'), isNull(outbox.key)))
    .orderBy(likenesses.id);
  if (rows.length === 0) return;
  const subjects = rows.map((row) => likenessSubject(row.id));
  await commit(context, (tx) =>
    announceCards(tx, { subjects, flow: context.flow.id, rank: rank.decision, now: context.clock.now() }),
  );
}
