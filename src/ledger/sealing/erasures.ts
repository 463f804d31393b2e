import { randomUUID } from 'node:crypto';
import { and, eq, inArray, isNotNull } from 'drizzle-orm';
import { moveChange, openChange, tell } from '../changes/changes.ts';
import type { Db, DbOrTx, Tx } from '../db.ts';
import { releaseLease, takeLease } from '../leases.ts';
import { among } from '../many.ts';
import { announceNote, rank } from '../posts/outbox.ts';
import { goneAway } from '../records/absences.ts';
import { goesOnAs, isComingApart, takenInto } from '../records/one-record.ts';
import {
  absences,
  changes,
  conflicts,
  intents,
  links,
  recordKeys,
  records,
  rollbackItems,
  rollbacks,
} from '../tables/index.ts';
import { blankWorkingState } from './blank-state.ts';
import { erasedTitle, titlesOf } from './mentions.ts';
import { blankPlain } from './seal-older.ts';
import { destroyKeys } from './vault.ts';

/** That a record was erased: by whom, and when. */
export interface Erasure {
  readonly by: string;
  readonly at: Date;
}

/** Null where it was not. */
export async function erasureOf(db: DbOrTx, recordId: string): Promise<Erasure | null> {
  const [row] = await db
    .select({ by: recordKeys.erasedBy, at: recordKeys.erasedAt })
    .from(recordKeys)
    .where(and(eq(recordKeys.recordId, recordId), isNotNull(recordKeys.erasedAt)));
  return row?.at ? { by: row.by ?? '', at: row.at } : null;
}

/** Whether a record may be erased, and where it was. By connection ids. */
export type Standing =
  | { readonly kind: 'erased'; readonly erasure: Erasure }
  /** In use there: what is erased here would be read there again. */
  | { readonly kind: 'in_use'; readonly connections: readonly string[] }
  /** Something of it is on its way to a system, or being undone. */
  | { readonly kind: 'under_way' }
  | { readonly kind: 'ready'; readonly gone: readonly string[]; readonly archived: readonly string[] };

/** Of a record that was made one with another it is how the two stand. */
export async function standingOf(db: DbOrTx, recordId: string): Promise<Standing> {
  return standingOfWhole(db, await wholeOf(db, recordId));
}

/** All that is one with a record, first the one that goes on. */
async function wholeOf(db: DbOrTx, recordId: string): Promise<readonly [string, ...string[]]> {
  const goesOn = await goesOnAs(db, recordId);
  return [goesOn, ...(await takenInto(db, goesOn))];
}

async function standingOfWhole(db: DbOrTx, whole: readonly [string, ...string[]]): Promise<Standing> {
  const erasure = await erasureOf(db, whole[0]);
  if (erasure) return { kind: 'erased', erasure };
  const places = await db.select().from(links).where(among(links.recordId, whole));
  const named = (some: typeof places) => [...new Set(some.map(({ connection }) => connection))].sort();
  const inUse = places.filter(({ archived, how }) => !archived && how !== goneAway);
  if (inUse.length > 0) return { kind: 'in_use', connections: named(inUse) };
  if (await isUnderWay(db, whole)) return { kind: 'under_way' };
  const gone = places.filter(({ how }) => how === goneAway);
  return {
    kind: 'ready',
    gone: named(gone),
    archived: named(places.filter((place) => !gone.includes(place))),
  };
}

/** Also what a person took back, and no run has taken apart yet: who of the two it is about is known only then. */
async function isUnderWay(db: DbOrTx, whole: readonly string[]): Promise<boolean> {
  const sent = and(among(intents.recordId, whole), inArray(intents.state, ['in_flight', 'unknown']));
  if ((await db.$count(intents, sent)) > 0) return true;
  const undoing = await db
    .select({ id: rollbacks.id })
    .from(rollbackItems)
    .innerJoin(rollbacks, eq(rollbacks.id, rollbackItems.rollbackId))
    .where(and(among(rollbackItems.recordId, whole), eq(rollbacks.state, 'under_way')))
    .limit(1);
  return undoing.length > 0 || isComingApart(db, whole);
}

interface Erase {
  readonly recordId: string;
  /** Of the record's kind; in the first of them it is told. Runs of none of them may be under way. */
  readonly flows: readonly string[];
  /** Slack user id of who wants it, and of who has to hear of it. */
  readonly by: string;
  readonly tell: string;
  readonly agreementVersion: number;
  readonly now: Date;
}

export type EraseResult =
  | { readonly kind: 'erased'; readonly reference: string }
  /** A run is under way: it may hold what it has read. */
  | { readonly kind: 'busy' }
  | Exclude<Standing, { readonly kind: 'ready' }>;

/** For how long runs are kept off at most, ms. */
const keepOffMs = 60_000;

/**
 * Forgets a record for good, in one transaction: what was sealed under its key can be read by nobody any more, what stood plain is
 * blanked, and its ids, its times and who decided what stay. Done wholly or not at all, whenever the process dies.
 */
export function eraseRecord(db: Db, erase: Erase): Promise<EraseResult> {
  return db.transaction(async (tx) => {
    const { recordId, now } = erase;
    // First, as a run's own transactions do: who waits for one of these holds nothing that another wants.
    const held = await keepRunsOff(tx, erase);
    if (!held) return { kind: 'busy' };
    const whole = await wholeOf(tx, recordId);
    await lockAll(tx, whole);
    const standing = await standingOfWhole(tx, whole);
    const result: EraseResult =
      standing.kind === 'ready' ? { kind: 'erased', reference: await eraseNow(tx, whole, erase) } : standing;
    await Promise.all(held.map((lease) => releaseLease(tx, { ...lease, now })));
    return result;
  });
}

async function eraseNow(tx: Tx, whole: readonly [string, ...string[]], erase: Erase): Promise<string> {
  const { by, now } = erase;
  const titles = await titlesOf(tx, whole);
  await destroyKeys(tx, await notErased(tx, whole), { by, now });
  await blankPlain(tx, whole);
  await blankWorkingState(tx, whole, { by, now, titles });
  return tellOf(tx, { ...erase, recordId: whole[0] });
}

/** Who had one of them erased before, and when, stays as it is. */
async function notErased(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const rows = await tx
    .select({ id: recordKeys.recordId })
    .from(recordKeys)
    .where(and(among(recordKeys.recordId, ids), isNotNull(recordKeys.erasedAt)));
  const erased = new Set(rows.map(({ id }) => id));
  return ids.filter((id) => !erased.has(id));
}

/** In the order in which answers lock: what was asked of it, its changes, their questions; and itself last, as rows refer to it. */
async function lockAll(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx
    .select({ id: absences.id })
    .from(absences)
    .where(among(absences.recordId, ids))
    .orderBy(absences.id)
    .for('update');
  await tx
    .select({ id: changes.id })
    .from(changes)
    .where(among(changes.recordId, ids))
    .orderBy(changes.id)
    .for('update');
  await tx
    .select({ id: conflicts.id })
    .from(conflicts)
    .where(among(conflicts.recordId, ids))
    .orderBy(conflicts.id)
    .for('update');
  await tx
    .select({ id: records.id })
    .from(records)
    .where(among(records.id, ids))
    .orderBy(records.id)
    .for('update');
}

/** The leases of the flows, taken; null where one is held. Only this transaction knows of them until it has ended. */
async function keepRunsOff(tx: Tx, { flows, now }: Erase) {
  const owner = randomUUID();
  const held: { name: string; owner: string; epoch: number }[] = [];
  for (const flow of flows.toSorted()) {
    const name = `flow:${flow}`;
    const epoch = await takeLease(tx, { name, owner, now, ms: keepOffMs });
    if (epoch === null) {
      for (const lease of held) await releaseLease(tx, { ...lease, now });
      return null;
    }
    held.push({ name, owner, epoch });
  }
  return held;
}

/** A change of its own says what was done, and its business owner hears of it. Returns its reference. */
async function tellOf(
  tx: Tx,
  { recordId, flows, by, tell: to, agreementVersion, now }: Erase,
): Promise<string> {
  const flow = flows[0] ?? '';
  const opening = { recordId, flow, subject: erasedTitle, runId: null, agreementVersion, now };
  const { id } = await openChange(tx, opening);
  await tell(tx, [{ changeId: id, at: now, kind: 'erased', actor: by }]);
  await moveChange(tx, id, { state: 'settled', now });
  await announceNote(tx, {
    key: `erased:${recordId}`,
    subject: `change:${id}`,
    flow,
    template: 'erased',
    params: { to, by, reference: id, at: now.toISOString() },
    rank: rank.other,
    now,
  });
  return id;
}

/** The same of the record that a change is about. */
export async function erasureOfChange(db: DbOrTx, changeId: string): Promise<Erasure | null> {
  const [change] = await db
    .select({ recordId: changes.recordId })
    .from(changes)
    .where(eq(changes.id, changeId));
  return change?.recordId ? erasureOf(db, change.recordId) : null;
}
