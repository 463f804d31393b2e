import { randomUUID } from 'node:crypto';
import {
  type CallContext,
  type Connector,
  type Cost,
  type Mark,
  type Marking,
  type ReadItem,
  VendorError,
  type WriteOutcome,
} from '../../connectors/connector.ts';
import { budgetLeft } from '../../ledger/connections/budget-left.ts';
import { type Approved, approvedFor } from '../../ledger/records/markings.ts';
import {
  type DueMark,
  dueMarks,
  type KeptMark,
  keepMarks,
  type MarkScope,
  ownIds,
} from '../../ledger/records/marks.ts';
import { recordsOf } from '../../ledger/runs/work-ahead.ts';
import { callFor, commit, connectorOf, type RunContext } from '../context.ts';
import { callsForMarks, callsPerBatch } from './decide-allowance.ts';
import { decideMark, type MarkPlan } from './decide-mark.ts';
import { isQuiet, sayIfDone } from './done.ts';

/**
 * Writes our ids into records that were there before Truce, some with each run, where a person approved it: after the flow's own
 * work, within what it leaves of the calls, and never while somebody waits for the run. What does not work is tried by a later run;
 * it is no failure of this one.
 */
export async function markRecords(context: RunContext): Promise<void> {
  if (context.run.forPerson || !context.firstLoadApproved) return;
  const approved = await approvedFor(context.db, context.entity.name);
  for (const connection of context.flow.connections) {
    const word = approved.get(connection);
    if (word && !isQuiet(word, context.clock.now())) await markIn(context, word);
  }
}

interface Place {
  readonly connector: Connector;
  readonly marking: Marking;
  readonly scope: MarkScope;
}

async function markIn(context: RunContext, word: Approved): Promise<void> {
  const { connection } = word;
  const connector = connectorOf(context, connection);
  const { marking } = connector;
  if (!marking) return;
  const scope = { connection, entity: context.entity.name };
  const size = marking.cost.records;
  const each = callsPerBatch(size, await costsOf(context, connector, marking));
  const before = context.clock.now();
  for (let left = await callsToSpend(context, connection); left >= each; left -= each) {
    const due = await dueMarks(context.db, scope, { limit: size, now: context.clock.now(), before });
    if (due.length === 0) return sayIfDone(context, word, scope);
    if (!(await markBatch(context, { connector, marking, scope }, due))) return;
  }
}

async function costsOf(
  { db, entity }: RunContext,
  connector: Connector,
  marking: Marking,
): Promise<{ readonly read: Cost; readonly write: Cost }> {
  const read = connector.costs?.(await recordsOf(db, entity.name)).read ?? marking.cost;
  return { read, write: marking.cost };
}

async function callsToSpend({ db, clock, agreement }: RunContext, connection: string): Promise<number> {
  const terms = agreement.connections[connection];
  if (!terms) return 0;
  const at = { now: clock.now(), timeZone: agreement.timeZone };
  return callsForMarks(await budgetLeft(db, terms, at), terms);
}

/** Reads them, writes where it is to be, and keeps what became of each. False where the system is not to be had. */
async function markBatch(context: RunContext, place: Place, due: readonly DueMark[]): Promise<boolean> {
  const { connector, scope } = place;
  // Whoever asked for the run did not ask for this: it takes nothing of what is kept for people.
  const call = { ...callFor(context), forPerson: false };
  try {
    const items = await connector.read(
      due.map(({ externalId }) => externalId),
      call,
    );
    await context.at?.('marks_read');
    const kept = await settle(context, place, { due, items, call });
    await context.at?.('marks_sent');
    await commit(context, (tx) =>
      keepMarks(tx, { ...scope, role: connector.role }, kept, context.clock.now()),
    );
    await context.at?.('marks_kept');
    return true;
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    context.log.info(
      {
        event: 'marks',
        reference: context.run.correlationId,
        flow: context.flow.id,
        connection: scope.connection,
      },
      `${context.flow.name}: Truce’s ids go on into ${connector.label} with a later run. ${error.message}.`,
    );
    return false;
  }
}

interface Batch {
  readonly due: readonly DueMark[];
  readonly items: readonly ReadItem[];
  readonly call: CallContext;
}

async function settle(context: RunContext, place: Place, { due, items, call }: Batch): Promise<KeptMark[]> {
  const byId = new Map(items.map((item) => [idOf(item), item]));
  const ours = await ownIds(context.db, [...new Set(items.flatMap((item) => markerOf(item) ?? []))]);
  const planned = due.map((one) => {
    const item = byId.get(one.externalId);
    return { one, item, plan: decideMark(item, { ...one, ours }), key: randomUUID() };
  });
  const marks = planned.flatMap(({ one: { externalId, recordId }, plan, key }): Mark[] =>
    plan.kind === 'send' ? [{ key, externalId, marker: recordId, instead: plan.instead }] : [],
  );
  const outcomes = new Map((await send(place, marks, call)).map((outcome) => [outcome.key, outcome]));
  return planned.map(({ one, item, plan, key }) =>
    keptAs(one, { found: markerOf(item), plan, outcome: outcomes.get(key) }),
  );
}

/** What is refused as a whole is refused of each: else the next run would meet the same with the same ones. */
async function send(
  { marking }: Place,
  marks: readonly Mark[],
  call: CallContext,
): Promise<readonly WriteOutcome[]> {
  if (marks.length === 0) return [];
  try {
    return await marking.mark(marks, call);
  } catch (error) {
    if (!(error instanceof VendorError) || error.failure !== 'refused') throw error;
    const { message: reason, exchangeId } = error;
    return marks.map(({ key }) => ({ kind: 'refused', key, reason, exchangeId }));
  }
}

/** That it was saved is the vendor's word: it counts as there once it was read there. What was not answered is read again likewise. */
function keptAs(
  { externalId, recordId, tries }: DueMark,
  { found, plan, outcome }: { found: string | null; plan: MarkPlan; outcome: WriteOutcome | undefined },
): KeptMark {
  const known = { externalId, wanted: recordId, marker: found, tries, reason: null };
  switch (plan.kind) {
    case 'there':
      return known;
    case 'leave':
      return { ...known, reason: plan.reason };
    case 'send':
      return outcome?.kind === 'refused'
        ? { ...known, reason: outcome.reason }
        : { ...known, tries: tries + 1 };
  }
}

const idOf = (item: ReadItem): string =>
  item.kind === 'read' ? item.observation.externalId : item.externalId;
const markerOf = (item: ReadItem | undefined): string | null =>
  item?.kind === 'read' ? item.observation.marker : null;
