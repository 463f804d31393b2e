import { and, desc, eq, isNull } from 'drizzle-orm';
import type { FieldValue } from '../../entities/field.ts';
import { activeVersion, isActive } from '../agreement/agreements.ts';
import { type Change, moveChange, tell } from '../changes/changes.ts';
import type { Db, Tx } from '../db.ts';
import { announceCard, announceLine, rank } from '../posts/outbox.ts';
import { closeValues } from '../sealing/evidence.ts';
import { sealsOf } from '../sealing/vault.ts';
import type { ChangeState } from '../tables/changes.ts';
import { approvals, changes, conflicts, decisions, pending } from '../tables/index.ts';
import { type Approval, waitingApproval, withdrawApprovals } from './approvals.ts';
import { type Approving, judgeChoice, secondsOf } from './approving.ts';

export interface DecideInput {
  readonly changeId: string;
  readonly field: string;
  /** The connection whose value is taken, `agreed` for the value agreed before, `other` for a typed one. */
  readonly from: string;
  /** For `other`; null clears the field everywhere. */
  readonly value?: FieldValue | null;
  /** What the first of two people chose is taken, wherever that came from. */
  readonly approves?: boolean;
  /** The revision of the message that was clicked. */
  readonly revision: number;
  readonly by: string;
  readonly now: Date;
  readonly agreementVersion: number;
  /** Who may approve, where the agreement asks two people for a new value; left out = one decides. */
  readonly twoPeople?: Approving | null;
}

export type DecideResult =
  | { readonly kind: 'decided' }
  /** The first of two people. `instead` = whose first approval this one replaces; `seconds` = who can give the second. */
  | { readonly kind: 'first'; readonly instead: string | null; readonly seconds: readonly string[] }
  /** This person gave the first approval of this value, and cannot give the second. */
  | { readonly kind: 'again'; readonly at: Date; readonly seconds: readonly string[] }
  /** This person made one of the changes, in these connections: `can` = who may approve. */
  | { readonly kind: 'editor'; readonly connections: readonly string[]; readonly can: readonly string[] }
  /** One stands in for the other: `as` made one of the changes, or chose first. `can` = who may approve. */
  | {
      readonly kind: 'same_person';
      readonly as: string;
      readonly did: 'change' | 'first';
      readonly can: readonly string[];
    }
  | { readonly kind: 'already'; readonly by: string; readonly from: string; readonly at: Date }
  | { readonly kind: 'outdated'; readonly field: string; readonly at: Date }
  /** Who may choose was read from an agreement that is no longer the active one. */
  | { readonly kind: 'other_agreement' }
  | { readonly kind: 'closed'; readonly state: ChangeState | 'unknown' };

type Conflict = typeof conflicts.$inferSelect;

/**
 * One person's choice for one field, at most once whoever clicks and however often: the change's row is locked, and a
 * decision is unique per question. What was chosen becomes pending; a run brings it to every system and reads it back. Where the
 * agreement asks two people, the first choice is put down, and the question stays open.
 */
export function decideConflict(db: Db, input: DecideInput): Promise<DecideResult> {
  return db.transaction(async (tx) => {
    // Before anything is locked: activating another agreement locks in the same order.
    if (!(await isOurs(tx, input.agreementVersion))) return { kind: 'other_agreement' };
    const asked = await askedOf(tx, input);
    if ('kind' in asked) return asked;
    const { change, conflict } = asked;
    const outdated = { kind: 'outdated', field: conflict.field, at: change.updatedAt } as const;
    if (input.revision < conflict.optionsRevision) return outdated;
    const first = await waitingApproval(tx, conflict.id);
    const chosen = chosenOf(conflict, first, input);
    if (chosen === undefined) return outdated;
    if (!input.twoPeople) {
      await decide(tx, { change, conflict, first: null, ...chosen }, input);
      return { kind: 'decided' };
    }
    return chooseAsOneOfTwo(tx, { change, conflict, first, ...chosen }, input, input.twoPeople);
  });
}

/** Who may choose was read from this version; another process may know a newer one already. */
const isOurs = async (tx: Tx, version: number): Promise<boolean> =>
  (await activeVersion(tx)) === null || isActive(tx, version);

interface Asked {
  readonly change: Change;
  readonly conflict: Conflict;
}

/** The open question, with its change locked; else why there is none. */
async function askedOf(
  tx: Tx,
  { changeId, field }: Pick<DecideInput, 'changeId' | 'field'>,
): Promise<Asked | Extract<DecideResult, { kind: 'already' | 'closed' }>> {
  const [change] = await tx.select().from(changes).where(eq(changes.id, changeId)).for('update');
  if (!change) return { kind: 'closed', state: 'unknown' };
  const [conflict] = await tx
    .select()
    .from(conflicts)
    .where(and(eq(conflicts.changeId, change.id), eq(conflicts.field, field)))
    .orderBy(desc(conflicts.openedAt), desc(conflicts.optionsRevision))
    .limit(1);
  if (!conflict) return { kind: 'closed', state: change.state };
  if (conflict.chosen) {
    const { by, from, at } = conflict.chosen;
    return { kind: 'already', by, from, at: new Date(at) };
  }
  return conflict.closedAt ? { kind: 'closed', state: change.state } : { change, conflict };
}

interface Chosen {
  readonly from: string;
  readonly value: FieldValue | null;
}

/** What was pressed, as it is now; undefined where it is no longer there to be chosen. */
function chosenOf(conflict: Conflict, first: Approval | null, input: DecideInput): Chosen | undefined {
  if (input.approves)
    return first && input.revision >= first.revision ? { from: first.from, value: first.value } : undefined;
  const { from } = input;
  if (from === 'other') return { from, value: input.value ?? null };
  if (from === 'agreed') return { from, value: conflict.agreedBefore };
  const option = conflict.options.find(({ connection }) => connection === from);
  return option && { from, value: option.value };
}

interface Choice extends Asked, Chosen {
  readonly first: Approval | null;
}

async function chooseAsOneOfTwo(
  tx: Tx,
  choice: Choice,
  input: DecideInput,
  approving: Approving,
): Promise<DecideResult> {
  const { conflict, first, value } = choice;
  const { options } = conflict;
  const { approvers } = approving;
  const verdict = judgeChoice({ ...conflict, first }, { by: input.by, value }, approving);
  switch (verdict.kind) {
    case 'editor': {
      const can = secondsOf(options, approvers, null);
      return { kind: 'editor', connections: verdict.connections, can };
    }
    case 'same_person': {
      const can = secondsOf(options, approvers, verdict.did === 'first' ? verdict.as : null);
      return { ...verdict, can };
    }
    case 'again':
      return { kind: 'again', at: first?.at ?? input.now, seconds: secondsOf(options, approvers, input.by) };
    case 'first': {
      if (verdict.ends) await withdraw(tx, conflict, verdict.ends, input.now);
      const seconds = secondsOf(options, approvers, input.by);
      await approve(tx, choice, input, seconds);
      const instead = first && first.by !== input.by ? first.by : null;
      return { kind: 'first', instead, seconds };
    }
    case 'decide': {
      if (verdict.ends) await withdraw(tx, conflict, verdict.ends, input.now);
      const counted = verdict.ends ? null : first;
      // The value as the first one saw it: the second may have chosen the same from another system.
      const taken = counted ? { from: counted.from, value: counted.value } : {};
      await decide(tx, { ...choice, ...taken, first: counted }, input);
      return { kind: 'decided' };
    }
  }
}

const withdraw = (
  tx: Tx,
  { id }: Conflict,
  because: Parameters<typeof withdrawApprovals>[2]['because'],
  now: Date,
) => withdrawApprovals(tx, [id], { because, now });

/** The first of two: nothing goes out yet, and whoever can give the second hears of it. */
async function approve(
  tx: Tx,
  { change, conflict, from, value }: Choice,
  { by, now, agreementVersion }: DecideInput,
  seconds: readonly string[],
): Promise<void> {
  const { id: changeId, flow } = change;
  const { field } = conflict;
  await tell(tx, [{ changeId, at: now, kind: 'approved', field, actor: by, data: { from, value } }]);
  const moved = await stay(tx, change, now);
  const row = { conflictId: conflict.id, changeId, field, by, at: now, from, value };
  const [approval] = await tx
    .insert(approvals)
    .values({ ...row, revision: moved.revision, agreementVersion })
    .returning({ id: approvals.id });
  const said = { subject: `change:${changeId}`, flow, rank: rank.decision, now };
  await announceCard(tx, said);
  if (seconds.length === 0 || !approval) return;
  await announceLine(tx, {
    ...said,
    key: `second_approval:${approval.id}`,
    template: 'second_approval',
    params: { approval: approval.id, question: conflict.id, seconds },
  });
}

/** Raises the revision of what people are shown, and nothing else. */
const stay = (tx: Tx, { id, state, hold, holdDetail }: Change, now: Date) =>
  moveChange(tx, id, { state, hold, holdDetail, now });

async function decide(
  tx: Tx,
  { change, conflict, from, value, first }: Choice,
  { by, now, revision, agreementVersion }: DecideInput,
): Promise<void> {
  const { field } = conflict;
  const changeId = change.id;
  const { recordId } = conflict;
  const seals = await sealsOf(tx, [recordId]);
  const { fields: kept, sealed } = closeValues(seals, recordId, { value });
  await tx.insert(decisions).values({
    conflictId: conflict.id,
    changeId,
    field,
    by,
    at: now,
    from,
    value: kept.value,
    sealed,
    revision,
    agreementVersion,
  });
  const two = first ? { first: { by: first.by, at: first.at.toISOString() } } : {};
  await tx
    .update(conflicts)
    .set({ state: 'decided_pending', chosen: { value, from, by, at: now.toISOString(), ...two } })
    .where(eq(conflicts.id, conflict.id));
  const row = { changeId, value, by, since: now };
  await tx
    .insert(pending)
    .values({ recordId, field, ...row })
    .onConflictDoUpdate({ target: [pending.recordId, pending.field], set: row });
  const data = { from, value, ...(first ? { second: true } : {}) };
  await tell(tx, [{ changeId, at: now, kind: 'decided', field, actor: by, data }]);
  const stillOpen = await tx.$count(
    conflicts,
    and(eq(conflicts.changeId, changeId), eq(conflicts.state, 'open'), isNull(conflicts.closedAt)),
  );
  // Whatever else of it waits goes on waiting, and says so.
  const { hold, holdDetail: detail } = change;
  const holdDetail = hold === null ? null : detail;
  await moveChange(tx, changeId, { state: stillOpen > 0 ? 'asking' : 'writing', hold, holdDetail, now });
  await announceCard(tx, { subject: `change:${changeId}`, flow: change.flow, rank: rank.decision, now });
}

export type TakeBackResult =
  | { readonly kind: 'taken_back' }
  /** Somebody else's approval. */
  | { readonly kind: 'others'; readonly by: string }
  /** There is none (any more). */
  | { readonly kind: 'none' };

/** The first of two people takes their own approval back, as long as no second one has followed. */
export function takeBackApproval(
  db: Db,
  input: { readonly changeId: string; readonly field: string; readonly by: string; readonly now: Date },
): Promise<TakeBackResult> {
  return db.transaction(async (tx) => {
    const asked = await askedOf(tx, input);
    if ('kind' in asked) return { kind: 'none' };
    const { change, conflict } = asked;
    const first = await waitingApproval(tx, conflict.id);
    if (!first) return { kind: 'none' };
    if (first.by !== input.by) return { kind: 'others', by: first.by };
    await withdraw(tx, conflict, 'taken_back', input.now);
    await stay(tx, change, input.now);
    const { flow, id } = change;
    await announceCard(tx, { subject: `change:${id}`, flow, rank: rank.decision, now: input.now });
    return { kind: 'taken_back' };
  });
}
