import { and, asc, desc, eq, gte, inArray, isNotNull, like, lt, or, sql } from 'drizzle-orm';
import { nextCorrelationId } from '../correlation-id.ts';
import type { Db, DbOrTx, Tx } from '../db.ts';
import { announceCards, rank } from '../posts/outbox.ts';
import { closeItems, type Item, openItems } from '../sealing/evidence.ts';
import { changes, decisions, outbox, rollbackItems, rollbacks, runs } from '../tables/index.ts';
import type { RollbackScope } from '../tables/rollbacks.ts';

export type Rollback = typeof rollbacks.$inferSelect;
export type RollbackItem = Item;

/** What a reference stands for, as something to be put back. */
export interface RollbackTarget {
  readonly scope: RollbackScope;
  readonly target: string;
  readonly flow: string;
  /** The change that it is about, for those who may undo what they decided. */
  readonly changeId: string | null;
  /** Who put back, of a rollback. */
  readonly by: string | null;
}

/** Finds a change, a run or a rollback by its reference; with a connection, what the change wrote there. */
export async function rollbackTarget(
  db: DbOrTx,
  reference: string,
  connection: string | null = null,
): Promise<RollbackTarget | null> {
  const none = { changeId: null, by: null };
  const [change] = await db.select().from(changes).where(eq(changes.id, reference));
  if (change) {
    const { id: changeId, flow } = change;
    return connection
      ? { ...none, scope: 'write', target: writeTarget(changeId, connection), flow, changeId }
      : { ...none, scope: 'change', target: changeId, flow, changeId };
  }
  const [run] = await db.select().from(runs).where(eq(runs.correlationId, reference));
  if (run) return { ...none, scope: 'run', target: reference, flow: run.flow };
  const rollback = await rollbackById(db, reference);
  return rollback && { ...none, scope: 'rollback', target: reference, flow: rollback.flow, by: rollback.by };
}

const writeTarget = (changeId: string, connection: string) => `${changeId}/${connection}`;

export async function rollbackById(db: DbOrTx, id: string): Promise<Rollback | null> {
  const [row] = await db.select().from(rollbacks).where(eq(rollbacks.id, id));
  return row ?? null;
}

/** What was put back of a change, a run or a rollback: each time that somebody approved it. */
export async function rollbacksOf(db: DbOrTx, reference: string): Promise<Rollback[]> {
  return db
    .select()
    .from(rollbacks)
    .where(
      and(
        or(eq(rollbacks.target, reference), like(rollbacks.target, `${reference}/%`)),
        isNotNull(rollbacks.approvedAt),
      ),
    );
}

/** True iff this person has decided something of the change. */
export async function hasDecided(db: DbOrTx, changeId: string, by: string): Promise<boolean> {
  const rows = await db
    .select({ id: decisions.id })
    .from(decisions)
    .where(and(eq(decisions.changeId, changeId), eq(decisions.by, by)))
    .limit(1);
  return rows.length > 0;
}

/** Asks for a look at what can be put back; the flow's next run takes it. What the same person asked before about it is dropped. */
export function askRollback(
  db: Db,
  { scope, target, flow, by, now }: Pick<Rollback, 'scope' | 'target' | 'flow' | 'by'> & { now: Date },
): Promise<string> {
  return db.transaction(async (tx) => {
    const before = await tx
      .select({ id: rollbacks.id })
      .from(rollbacks)
      .where(
        and(
          eq(rollbacks.target, target),
          eq(rollbacks.by, by),
          inArray(rollbacks.state, ['asked', 'previewed']),
        ),
      );
    for (const { id } of before) await dropRollback(tx, { id, note: 'looked at again', now });
    const id = await nextCorrelationId(tx);
    await tx.insert(rollbacks).values({ id, flow, scope, target, state: 'asked', by, askedAt: now });
    return id;
  });
}

/** Nothing comes of it. What was found for it is forgotten. False where it was approved or dropped before. */
export async function dropRollback(
  tx: DbOrTx,
  { id, note, now }: { id: string; note: string; now: Date },
): Promise<boolean> {
  const rows = await tx
    .update(rollbacks)
    .set({ state: 'dropped', note, finishedAt: now })
    .where(and(eq(rollbacks.id, id), inArray(rollbacks.state, ['asked', 'previewed'])))
    .returning({ id: rollbacks.id });
  if (rows.length === 0) return false;
  await tx.delete(rollbackItems).where(eq(rollbackItems.rollbackId, id));
  return true;
}

/** What nobody approved for long is forgotten: it holds values of people's records. */
export async function dropOldPreviews(
  db: DbOrTx,
  { before, now }: { readonly before: Date; readonly now: Date },
): Promise<void> {
  const old = await db
    .select({ id: rollbacks.id })
    .from(rollbacks)
    .where(and(inArray(rollbacks.state, ['asked', 'previewed']), lt(rollbacks.askedAt, before)));
  for (const { id } of old) await dropRollback(db, { id, note: 'nobody approved it', now });
}

export type ApproveResult =
  | { readonly kind: 'approved'; readonly rollback: Rollback }
  | { readonly kind: 'already'; readonly by: string; readonly at: Date }
  /** Too long ago, dropped, or somebody else has put some of it back since: it has to be looked at again. */
  | { readonly kind: 'outdated' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unknown' };

/** For how long a preview can be approved, ms. */
const previewLives = 15 * 60_000;

/** A person's word that what the preview showed goes back: once, whoever presses and however often. A run carries it out. */
export function approveRollback(
  db: Db,
  { id, by, now }: { id: string; by: string; now: Date },
): Promise<ApproveResult> {
  return db.transaction(async (tx) => {
    const known = await rollbackById(tx, id);
    if (!known) return { kind: 'unknown' };
    // All of one target, in one order: of two people at once, the second sees what the first one did.
    const all = await tx
      .select()
      .from(rollbacks)
      .where(eq(rollbacks.target, known.target))
      .orderBy(asc(rollbacks.id))
      .for('update');
    const rollback = all.find((one) => one.id === id);
    if (!rollback) return { kind: 'unknown' };
    if (rollback.approvedAt) return { kind: 'already', by: rollback.by, at: rollback.approvedAt };
    const { previewedAt } = rollback;
    if (rollback.state !== 'previewed' || !previewedAt) return { kind: 'outdated' };
    const isOld = now.getTime() - previewedAt.getTime() > previewLives;
    const overtaken = all.some((one) => one.approvedAt && (!one.finishedAt || one.finishedAt >= previewedAt));
    if (isOld || overtaken) return { kind: 'outdated' };
    const goesBack = and(eq(rollbackItems.rollbackId, id), eq(rollbackItems.verdict, 'goes_back'));
    if ((await tx.$count(rollbackItems, goesBack)) === 0) return { kind: 'nothing' };
    await tx.update(rollbacks).set({ state: 'under_way', by, approvedAt: now }).where(eq(rollbacks.id, id));
    await announceRollback(tx, rollback, now);
    return { kind: 'approved', rollback: { ...rollback, state: 'under_way', by, approvedAt: now } };
  });
}

/** Another rollback of the same that is being carried out. */
export async function underWayOf(db: DbOrTx, target: string): Promise<Rollback | null> {
  const [row] = await db
    .select()
    .from(rollbacks)
    .where(and(eq(rollbacks.target, target), eq(rollbacks.state, 'under_way')))
    .limit(1);
  return row ?? null;
}

/** Says that a rollback has moved: on its own message, and on those of the decisions that it undoes, or brings again. */
export async function announceRollback(
  tx: DbOrTx,
  { id, flow }: Pick<Rollback, 'id' | 'flow'>,
  now: Date,
): Promise<void> {
  const told = await tx
    .selectDistinct({ subject: outbox.subject })
    .from(rollbackItems)
    .innerJoin(outbox, eq(outbox.key, sql`'card:change:' || ${rollbackItems.changeId}`))
    .where(
      and(
        isNotNull(outbox.ts),
        sql`${rollbackItems.rollbackId} in (${id}, (select target from ${rollbacks} where id = ${id} and scope = 'rollback'))`,
      ),
    );
  const subjects = [`rollback:${id}`, ...told.map(({ subject }) => subject)];
  await announceCards(tx, { subjects, flow, rank: rank.decision, now });
}

/** What a run has to see to, what was approved first. */
export async function waitingRollbacks(db: DbOrTx, flow: string): Promise<Rollback[]> {
  return db
    .select()
    .from(rollbacks)
    .where(and(eq(rollbacks.flow, flow), inArray(rollbacks.state, ['asked', 'under_way'])))
    .orderBy(desc(rollbacks.state), asc(rollbacks.approvedAt), asc(rollbacks.askedAt), asc(rollbacks.id));
}

/** True iff a flow has something to put back, or to look at, since before then, and no run has begun from then on. */
export async function isRollbackLeft(
  db: DbOrTx,
  { flow, since }: { readonly flow: string; readonly since: Date },
): Promise<boolean> {
  const waiting = await waitingRollbacks(db, flow);
  if (!waiting.some(({ askedAt, approvedAt }) => (approvedAt ?? askedAt) < since)) return false;
  return (await db.$count(runs, and(eq(runs.flow, flow), gte(runs.startedAt, since)))) === 0;
}

type NewItem = Omit<typeof rollbackItems.$inferInsert, keyof Images> & Partial<Images>;
type Images = Pick<Item, 'written' | 'before' | 'found'>;

/** Keeps what was found, of some records. */
export async function storeItems(tx: Tx, items: readonly NewItem[]): Promise<void> {
  if (items.length > 0) await tx.insert(rollbackItems).values(await closeItems(tx, items));
}

export interface ItemCounts {
  readonly goesBack: number;
  readonly changedSince: number;
  readonly cannot: number;
  readonly asBefore: number;
  readonly putBack: number;
  readonly moved: number;
  readonly refused: number;
  /** Approved, and not put back yet. */
  readonly open: number;
  readonly records: number;
}

export async function countItems(db: DbOrTx, rollbackId: string): Promise<ItemCounts> {
  const n = (condition: ReturnType<typeof sql>) => sql<number>`(count(*) filter (where ${condition}))::int`;
  const { verdict, outcome } = rollbackItems;
  const goes = sql`${verdict} = 'goes_back'`;
  const [row] = await db
    .select({
      goesBack: n(goes),
      changedSince: n(sql`${verdict} = 'changed_since'`),
      cannot: n(sql`${verdict} = 'cannot'`),
      asBefore: n(sql`${verdict} = 'as_before'`),
      putBack: n(sql`${outcome} = 'put_back'`),
      moved: n(sql`${outcome} = 'moved'`),
      refused: n(sql`${outcome} = 'refused'`),
      open: n(sql`${goes} and ${outcome} is null`),
      records: sql<number>`(count(distinct ${rollbackItems.recordId}) filter (where ${goes}))::int`,
    })
    .from(rollbackItems)
    .where(eq(rollbackItems.rollbackId, rollbackId));
  return row as ItemCounts;
}

/** Some items to show, in a stable order: those that go back or went, or those that do not. */
export async function someItems(
  db: DbOrTx,
  rollbackId: string,
  { kind, limit }: { readonly kind: 'goes_back' | 'put_back' | 'left'; readonly limit: number },
): Promise<RollbackItem[]> {
  const { verdict, outcome } = rollbackItems;
  const wanted = {
    goes_back: eq(verdict, 'goes_back'),
    put_back: eq(outcome, 'put_back'),
    left: or(inArray(verdict, ['changed_since', 'cannot']), inArray(outcome, ['moved', 'refused'])),
  }[kind];
  const rows = await db
    .select()
    .from(rollbackItems)
    .where(and(eq(rollbackItems.rollbackId, rollbackId), wanted))
    .orderBy(
      sql`${outcome} is null`,
      sql`${verdict} = 'cannot'`,
      asc(rollbackItems.recordId),
      asc(rollbackItems.field),
      asc(rollbackItems.connection),
    )
    .limit(limit);
  return openItems(db, rows);
}
