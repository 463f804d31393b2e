import type { Costs } from '../../connectors/connector.ts';
import { budgetLeft } from '../../ledger/connections/budget-left.ts';
import { noteRun } from '../../ledger/runs/run-notes.ts';
import { recordsOf, workAhead } from '../../ledger/runs/work-ahead.ts';
import type { RunFailure, RunNote } from '../../ledger/tables/runs.ts';
import { commit, connectorOf, type RunContext } from '../context.ts';
import { callsNeeded, shortWords } from './calls-needed.ts';

type Short = Extract<RunNote, { kind: 'budget_short' }>;

/**
 * What a run has decided to do and cannot finish inside what is left of the day's calls: said before the first of it is done, for
 * it still does what it can. A look at the ledger alone.
 */
export async function tellShort(context: RunContext): Promise<readonly Short[]> {
  const { flow, run, clock, agreement } = context;
  const tight = await tightConnections(context);
  if (tight.length === 0) return [];
  const work = await workAhead(context.db, { flow: flow.id, entity: flow.entity, createIn: flow.createIn });
  const notes = tight.flatMap(({ connection, label, costs, left, goesOnAt }): Short[] => {
    const ahead = work.get(connection);
    const needs = ahead ? callsNeeded(ahead, costs) : 0;
    if (needs <= left) return [];
    const { timeZone } = agreement;
    const message = shortWords({ label, needs, left, goesOnAt, now: clock.now(), timeZone });
    return [{ kind: 'budget_short', connection, needs, left, resumeAt: goesOnAt.toISOString(), message }];
  });
  if (notes.length === 0) return notes;
  await commit(context, (tx) => noteRun(tx, run.id, notes));
  for (const { message, connection, needs, left } of notes)
    context.log.warn(
      { event: 'budget_short', reference: run.correlationId, flow: flow.id, connection, needs, left },
      `${flow.name}: ${message}`,
    );
  return notes;
}

interface Tight {
  readonly connection: string;
  readonly label: string;
  readonly costs: Costs;
  readonly left: number;
  readonly goesOnAt: Date;
}

/** The connections where writing and making every single record would be more than what is left: with any other there is nothing to count. */
async function tightConnections(context: RunContext): Promise<Tight[]> {
  const { db, flow, clock, run, agreement } = context;
  const all = await recordsOf(db, flow.entity);
  const most = { reads: all, writes: all, creates: all };
  const tight: Tight[] = [];
  for (const connection of flow.connections) {
    const connector = connectorOf(context, connection);
    const terms = agreement.connections[connection];
    const costs = connector.costs?.(all);
    if (!costs || !terms) continue;
    const at = { now: clock.now(), timeZone: agreement.timeZone };
    const { day, daySchedule, goesOnAt } = await budgetLeft(db, terms, at);
    const left = run.forPerson ? day : daySchedule;
    const { label } = connector;
    if (callsNeeded(most, costs) > left) tight.push({ connection, label, costs, left, goesOnAt });
  }
  return tight;
}

/** A run that said at its start that the day's calls would not do says the same where they are used up. */
export function asTold(failures: readonly RunFailure[], notes: readonly RunNote[]): RunFailure[] {
  return failures.map((failure) => {
    if (failure.cause !== 'budget') return failure;
    const told = notes.find((note) => note.kind === 'budget_short' && note.connection === failure.connection);
    return told ? { ...failure, message: told.message } : failure;
  });
}
