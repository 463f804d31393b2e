import { and, eq, inArray, isNull } from 'drizzle-orm';
import { type Change, moveChange, openChange, tell } from '../../ledger/changes/changes.ts';
import type { Tx } from '../../ledger/db.ts';
import { announceCard, rank } from '../../ledger/posts/outbox.ts';
import {
  type Absence,
  announceAbsence,
  archiveElsewhere,
  endAbsence,
  goneAway,
  noteDone,
  openAbsences,
} from '../../ledger/records/absences.ts';
import { loadRecords, type RecordState, underWay } from '../../ledger/records/records.ts';
import { absences, changes, links, pending, staged } from '../../ledger/tables/index.ts';
import { commit, connectorOf, type RunContext } from '../context.ts';
import { statusField } from '../status.ts';
import { decideGone, type GoneStep } from './decide-gone.ts';
import { goneInput } from './gone-input.ts';
import { stopGone } from './stop-gone.ts';

/** What is known to be gone is followed up so many records at a time. */
const chunk = 100;

/**
 * What follows from records that are gone from a system: they are archived elsewhere, a person is asked, or nothing, as the
 * agreement says; and one that came back, or that another took the place of, is gone no longer. Runs whenever nothing went wrong
 * with the reading, before anything is decided.
 */
export async function followAbsences(context: RunContext): Promise<void> {
  const known = await openAbsences(context.db, context.flow.id);
  if (known.length === 0) return;
  const here = await linksOf(context, known);
  await noteThoseThatAreDone(context, known, here);
  // What is to be made again is missing there now, and no longer gone.
  const gone = await endThoseThatAreBack(
    context,
    known.filter(({ ended }) => ended !== 'make'),
    here,
  );
  const stopped = await stopGone(
    context,
    gone.filter((absence) => absence.state === 'confirmed'),
  );
  const due = gone.filter(({ state, id }) => state !== 'answered' && !stopped.has(id));
  for (let at = 0; at < due.length; at += chunk) {
    await commit(context, (tx) => followSome(context, tx, due.slice(at, at + chunk)));
    await context.at?.('gone');
  }
}

/** Returns those that are still gone. */
async function endThoseThatAreBack(
  context: RunContext,
  open: readonly Absence[],
  here: Links,
): Promise<Absence[]> {
  if (open.length === 0) return [];
  const seen = await seenAgain(context, open);
  const isBack = (absence: Absence) => {
    const link = here.get(placeOf(absence));
    return link?.externalId !== absence.externalId || link.how !== goneAway || seen.has(absence.id);
  };
  const back = open.filter(isBack);
  if (back.length > 0) {
    await commit(context, async (tx) => {
      for (const absence of back) await comeBack(context, tx, absence);
    });
  }
  return open.filter((absence) => !isBack(absence));
}

type Links = Awaited<ReturnType<typeof linksOf>>;

/** What was chosen is told as done once every system has it, not before. */
async function noteThoseThatAreDone(
  context: RunContext,
  known: readonly Absence[],
  here: Links,
): Promise<void> {
  const chosen = known.filter(
    ({ ended, doneAt }) => doneAt === null && (ended === 'make' || ended === 'archive'),
  );
  if (chosen.length === 0) return;
  const rows = await context.db
    .select({ recordId: pending.recordId })
    .from(pending)
    .where(
      and(
        eq(pending.field, statusField),
        inArray(
          pending.recordId,
          chosen.map((absence) => absence.recordId),
        ),
      ),
    );
  const underWay = new Set(rows.map((row) => row.recordId));
  const done = chosen.filter((absence) =>
    // What was made is there once it was read there.
    absence.ended === 'make' ? here.get(placeOf(absence))?.readAt : !underWay.has(absence.recordId),
  );
  if (done.length === 0) return;
  await commit(context, async (tx) => {
    for (const absence of done) await noteDone(tx, absence, context.clock.now());
  });
}

const placeOf = ({ recordId, connection }: { recordId: string; connection: string }) =>
  `${recordId} ${connection}`;

async function linksOf({ db }: RunContext, open: readonly Absence[]) {
  const rows = await db
    .select()
    .from(links)
    .where(inArray(links.recordId, [...new Set(open.map((absence) => absence.recordId))]));
  return new Map(rows.map((link) => [placeOf(link), link]));
}

/** By number, those that were read again since, and found there. */
async function seenAgain({ db, flow }: RunContext, open: readonly Absence[]): Promise<ReadonlySet<number>> {
  const rows = await db
    .select({ id: absences.id })
    .from(absences)
    .innerJoin(
      staged,
      and(
        eq(staged.recordId, absences.recordId),
        eq(staged.connection, absences.connection),
        eq(staged.externalId, absences.externalId),
        eq(staged.state, 'matched'),
      ),
    )
    .where(
      and(
        eq(staged.flow, flow.id),
        inArray(
          absences.id,
          open.map(({ id }) => id),
        ),
      ),
    );
  return new Set(rows.map(({ id }) => id));
}

/** It is linked as before, and seen as back: it gets what was agreed meanwhile. */
async function comeBack(context: RunContext, tx: Tx, absence: Absence): Promise<void> {
  const { recordId, connection, externalId } = absence;
  const now = context.clock.now();
  await tx
    .update(links)
    .set({ how: absence.how ?? 'known' })
    .where(
      and(
        eq(links.recordId, recordId),
        eq(links.connection, connection),
        eq(links.externalId, externalId),
        eq(links.how, goneAway),
      ),
    );
  await endAbsence(tx, { absence, ended: 'back', by: 'rule:when_gone', now }, 'over');
  const [state] = await loadRecords(tx, [recordId], context.flow.id);
  const change = state?.change;
  if (!state || !change || !waitsForThis(change, absence)) return;
  const { label } = connectorOf(context, connection);
  const data = { reason: 'gone', detail: `it is back in ${label}` };
  await tell(tx, [{ changeId: change.id, at: now, kind: 'released', connection, data }]);
  await moveChange(tx, change.id, { state: underWay(state) ?? 'withdrawn', now });
  await announceCard(tx, { subject: `change:${change.id}`, flow: context.flow.id, rank: rank.decision, now });
}

const waitsForThis = ({ hold }: Change, { state }: Absence): boolean =>
  hold === 'gone' || (hold === 'safety_stop' && state === 'confirmed');

async function followSome(context: RunContext, tx: Tx, due: readonly Absence[]): Promise<void> {
  const ids = [...new Set(due.map((absence) => absence.recordId))];
  await tx
    .select({ id: changes.id })
    .from(changes)
    .where(and(inArray(changes.recordId, ids), isNull(changes.closedAt)))
    .orderBy(changes.id)
    .for('update');
  const fresh = new Map(
    (
      await tx
        .select()
        .from(absences)
        .where(
          inArray(
            absences.id,
            due.map(({ id }) => id),
          ),
        )
    ).map((one) => [one.id, one]),
  );
  for (const { id } of due) {
    const absence = fresh.get(id);
    // Two of one record: what followed from the first counts for the second.
    const [state] = absence ? await loadRecords(tx, [absence.recordId], context.flow.id) : [];
    if (absence && state && absence.state !== 'answered') await followOne(context, tx, absence, state);
  }
}

async function followOne(context: RunContext, tx: Tx, absence: Absence, state: RecordState): Promise<void> {
  const step = decideGone({
    whenGone: context.flow.whenGone,
    ...goneInput(context, state, absence.connection),
  });
  if (absence.state === 'asked' && step.kind === 'ask') return keepAsking(context, tx, absence, state);
  const now = context.clock.now();
  const change = await open(context, tx, state);
  const { label } = connectorOf(context, absence.connection);
  const told = { changeId: change.id, at: now, connection: absence.connection };
  if (absence.state === 'confirmed') {
    await tell(tx, [{ ...told, kind: 'gone', data: { reason: followsWords[step.kind] } }]);
  }
  const rest = underWay(state);
  const ending = { absence, by: 'rule:when_gone', now };
  switch (step.kind) {
    case 'ask': {
      await tx
        .update(absences)
        .set({
          state: 'asked',
          changeId: change.id,
          choices: [...step.choices],
          revision: absence.revision + 1,
        })
        .where(eq(absences.id, absence.id));
      await announceAbsence(tx, absence, now);
      const holdDetail = `gone from ${label}`;
      await moveChange(tx, change.id, { state: rest ?? 'held', hold: 'gone', holdDetail, now });
      break;
    }
    case 'archive':
      await archiveElsewhere(tx, { absence, changeId: change.id, by: 'rule:when_gone', now });
      await endAbsence(tx, { ...ending, ended: 'archive' }, 'answered');
      await moveChange(tx, change.id, { state: rest === 'asking' ? 'asking' : 'writing', now });
      break;
    case 'ignore':
    case 'nothing':
      await endAbsence(tx, { ...ending, ended: 'ignore' }, 'answered');
      await moveChange(tx, change.id, { state: rest ?? 'withdrawn', now });
  }
  await announceCard(tx, { subject: `change:${change.id}`, flow: context.flow.id, rank: rank.decision, now });
  context.log.info(
    { event: 'gone', reference: change.id, flow: context.flow.id },
    `${context.flow.name}: ${state.record.title} is gone from ${label}; ${followsWords[step.kind]}`,
  );
}

const followsWords: Readonly<Record<GoneStep['kind'], string>> = {
  ask: 'a person is asked what follows',
  archive: 'it is archived elsewhere, as the agreement says',
  ignore: 'nothing follows, as the agreement says',
  nothing: 'no system has it in use any more',
};

/** Whatever else came to its end with its change, the question is still there to be seen. */
async function keepAsking(context: RunContext, tx: Tx, absence: Absence, state: RecordState): Promise<void> {
  if (state.change?.hold === 'gone' || (state.change && state.change.state !== 'open')) return;
  const now = context.clock.now();
  const change = await open(context, tx, state);
  const { label } = connectorOf(context, absence.connection);
  const detail = `gone from ${label}`;
  const data = { reason: 'gone', detail };
  await tell(tx, [{ changeId: change.id, at: now, kind: 'held', connection: absence.connection, data }]);
  await moveChange(tx, change.id, {
    state: underWay(state) ?? 'held',
    hold: 'gone',
    holdDetail: detail,
    now,
  });
  await tx.update(absences).set({ changeId: change.id }).where(eq(absences.id, absence.id));
}

const open = (context: RunContext, tx: Tx, { record }: RecordState): Promise<Change> =>
  openChange(tx, {
    recordId: record.id,
    flow: context.flow.id,
    subject: record.title,
    runId: context.run.id,
    agreementVersion: context.agreement.version,
    now: context.clock.now(),
  });
