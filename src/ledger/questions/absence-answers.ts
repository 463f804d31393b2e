import { and, eq, isNull } from 'drizzle-orm';
import { type Change, moveChange, openChange, tell } from '../changes/changes.ts';
import type { Tx } from '../db.ts';
import { announceCard, rank } from '../posts/outbox.ts';
import {
  type Absence,
  announceAbsence,
  archiveElsewhere,
  endAbsence,
  goneAway,
} from '../records/absences.ts';
import { loadRecords, underWay } from '../records/records.ts';
import { absences, bases, changes, links } from '../tables/index.ts';

export type AbsenceAnswer = 'archive' | 'keep' | 'make' | 'ask';
export type AbsenceAnswered =
  | { readonly kind: 'answered'; readonly recordId: string }
  | { readonly kind: 'already'; readonly by: string; readonly at: Date }
  /** `cannot`: not one of what may be chosen. */
  | { readonly kind: 'outdated' | 'over' | 'cannot' };

interface Given {
  readonly id: number;
  readonly revision: number;
  readonly answer: AbsenceAnswer;
  readonly by: string;
  readonly agreementVersion: number;
  readonly now: Date;
}

/**
 * A person's answer on what is gone, given on the revision that they saw. `ask` takes *keep* back: it is asked again. Whether this
 * person may is for the caller to know.
 */
export async function answerAbsence(tx: Tx, given: Given): Promise<AbsenceAnswered> {
  const { id, answer, by, agreementVersion, now } = given;
  const [absence] = await tx.select().from(absences).where(eq(absences.id, id)).for('update');
  if (!absence) return { kind: 'over' };
  const refused = whyNot(absence, given);
  if (refused) return refused;
  const { recordId, connection, flow } = absence;
  await lockChange(tx, recordId);
  const [state] = await loadRecords(tx, [recordId], flow);
  if (!state) return { kind: 'over' };
  const opening = { recordId, flow, subject: state.record.title, runId: null, agreementVersion, now };
  const change = await openChange(tx, opening);
  const line = { changeId: change.id, at: now, connection, actor: by };
  const rest = underWay(state);
  if (answer === 'ask') {
    await tell(tx, [{ ...line, kind: 'undone', data: { reason: 'asked again' } }]);
    await askAgain(tx, absence, { change, rest, now });
    return { kind: 'answered', recordId };
  }
  await tell(tx, [{ ...line, kind: 'released', data: { reason: 'gone', detail: saidOf[answer] } }]);
  if (answer === 'archive') await archiveElsewhere(tx, { absence, changeId: change.id, by, now });
  if (answer === 'make') await forgetLink(tx, absence);
  await endAbsence(tx, { absence, ended: answer, by, now }, 'answered');
  await moveChange(tx, change.id, { state: rest ?? (answer === 'keep' ? 'withdrawn' : 'writing'), now });
  await announceCard(tx, { subject: `change:${change.id}`, flow, rank: rank.decision, now });
  return { kind: 'answered', recordId };
}

/** Why an answer is not taken; null where it is. Pure. */
function whyNot(absence: Absence, { revision, answer, now }: Given): AbsenceAnswered | null {
  if (absence.state === 'over') return { kind: 'over' };
  const takesBack = answer === 'ask' && absence.state === 'answered' && absence.ended === 'keep';
  if (absence.state === 'answered' && !takesBack)
    return { kind: 'already', by: absence.endedBy ?? '', at: absence.endedAt ?? now };
  if (absence.revision !== revision || (absence.state !== 'asked' && !takesBack)) return { kind: 'outdated' };
  return answer !== 'ask' && !absence.choices.includes(answer) ? { kind: 'cannot' } : null;
}

async function askAgain(
  tx: Tx,
  absence: Absence,
  { change, rest, now }: { change: Change; rest: ReturnType<typeof underWay>; now: Date },
): Promise<void> {
  const nobody = { ended: null, endedBy: null, endedAt: null };
  const revision = absence.revision + 1;
  await tx
    .update(absences)
    .set({ state: 'asked', ...nobody, revision, changeId: change.id })
    .where(eq(absences.id, absence.id));
  const { holdDetail } = change;
  await moveChange(tx, change.id, { state: rest ?? 'held', hold: 'gone', holdDetail, now });
  await announceAbsence(tx, absence, now);
}

const saidOf = {
  archive: 'a person had it archived elsewhere',
  keep: 'a person keeps it where it is',
  make: 'a person has it made there again',
} as const;

async function lockChange(tx: Tx, recordId: string): Promise<void> {
  await tx
    .select({ id: changes.id })
    .from(changes)
    .where(and(eq(changes.recordId, recordId), isNull(changes.closedAt)))
    .for('update');
}

/** As if it had never been there: it is missing now, and is made like any other that is. */
async function forgetLink(tx: Tx, { recordId, connection }: Absence): Promise<void> {
  await tx.delete(bases).where(and(eq(bases.recordId, recordId), eq(bases.connection, connection)));
  await tx
    .delete(links)
    .where(and(eq(links.recordId, recordId), eq(links.connection, connection), eq(links.how, goneAway)));
}
