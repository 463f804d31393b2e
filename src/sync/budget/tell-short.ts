import { budgetLeft } from '../../ledger/budget-left.ts';
import { noteRun, wasParked } from '../../ledger/run-notes.ts';
import type { RunFailure, RunNote } from '../../ledger/tables/runs.ts';
import { linksIn, workAhead } from '../../ledger/work-ahead.ts';
import { commit, connectorOf, type RunContext } from '../context.ts';
import { callsNeeded, shortWords } from './calls-needed.ts';

type Short = Extract<RunNote, { kind: 'budget_short' }>;

/**
 * What a run has decided to do and cannot finish inside what is left of the day's calls: said before the first of it is done, for
 * it still does what it can. A look at the ledger alone.
 */
export async function tellShort(
  context: RunContext,
  { read }: { readonly read: number },
): Promise<readonly Short[]> {
  const { db, flow, clock, run, agreement } = context;
  // Where nothing is new and nothing was left undone, there is nothing to count either.
  if (read === 0 && !(await wasParked(db, { flow: flow.id, before: run.id }))) return [];
  const work = await workAhead(db, { flow: flow.id, entity: flow.entity, createIn: flow.createIn });
  const records = await linksIn(db, flow.connections);
  const notes: Short[] = [];
  for (const connection of flow.connections) {
    const { label, costs } = connectorOf(context, connection);
    const terms = agreement.connections[connection];
    const ahead = work.get(connection);
    if (!costs || !terms || !ahead) continue;
    const needs = callsNeeded(ahead, costs(records.get(connection) ?? 0));
    // Fewer than anybody's day has.
    if (needs < few) continue;
    const at = { now: clock.now(), timeZone: agreement.timeZone };
    const { day, daySchedule, goesOnAt } = await budgetLeft(db, terms, at);
    const left = run.forPerson ? day : daySchedule;
    if (needs <= left) continue;
    const message = shortWords({ label, needs, left, goesOnAt, ...at });
    notes.push({ kind: 'budget_short', connection, needs, left, resumeAt: goesOnAt.toISOString(), message });
  }
  if (notes.length === 0) return notes;
  await commit(context, (tx) => noteRun(tx, run.id, notes));
  for (const { message, connection, needs, left } of notes)
    context.log.warn(
      { event: 'budget_short', reference: run.correlationId, flow: flow.id, connection, needs, left },
      `${flow.name}: ${message}`,
    );
  return notes;
}

const few = 2;

/** A run that said at its start that the day's calls would not do says the same where they are used up. */
export function asTold(failures: readonly RunFailure[], notes: readonly RunNote[]): RunFailure[] {
  return failures.map((failure) => {
    if (failure.cause !== 'budget') return failure;
    const told = notes.find((note) => note.kind === 'budget_short' && note.connection === failure.connection);
    return told ? { ...failure, message: told.message } : failure;
  });
}
