import { and, asc, inArray, isNull } from 'drizzle-orm';
import type { Flow } from '../agreement/agreement.ts';
import { takesPart } from '../agreement/takes-part.ts';
import { type Connector, type Create, type CreateOutcome, VendorError } from '../connectors/connector.ts';
import { isActive } from '../ledger/agreement/agreements.ts';
import type { Tx } from '../ledger/db.ts';
import { madeAgainByPerson } from '../ledger/records/absences.ts';
import { loadRecords, type RecordState } from '../ledger/records/records.ts';
import type { HoldReason } from '../ledger/tables/changes.ts';
import { changes, intents } from '../ledger/tables/index.ts';
import type { RunFailure } from '../ledger/tables/runs.ts';
import { callFor, commit, connectorOf, type RunContext } from './context.ts';
import { failureOf, linkFailure } from './failures.ts';
import { lookBeforeMaking } from './identity/ask-if-same.ts';
import { type CreateStep, decideCreate } from './making/decide-create.ts';
import {
  lackingRecords,
  notToBeMade,
  pairOf,
  refusedCreates,
  type Target,
  targetsOf,
  wantedIn,
} from './making/lacking.ts';
import { commitMakings, type Making } from './making/made.ts';
import { openMakings, type PlannedStep } from './making/open-makings.ts';
import { readMade } from './making/read-made.ts';
import { lookForMade } from './making/unanswered.ts';
import { stopMakes } from './safety/stop-makes.ts';
import { together } from './together.ts';
import { needsOfAll } from './writing/barriers.ts';
import { missingNeeds, type Need, needsIn } from './writing/decide-order.ts';

/** As many records are made together: one that fails costs the others little. */
const chunk = 50;

export interface MakeResult {
  readonly made: number;
  readonly failures: readonly RunFailure[];
}

/**
 * Makes records where the agreement wants them and they are missing. What was sent and never answered is looked for first, and
 * made again only where it is not there; nothing is made in a system that this run has not read. `listed` = those it has.
 */
export async function make(context: RunContext, listed: ReadonlySet<string>): Promise<MakeResult> {
  const failures: RunFailure[] = [...(await lookForMade(context))];
  const wanted = wantedIn(context).filter(({ connection }) => listed.has(connection));
  const lacking = await lackingRecords(context, wanted);
  if (lacking.length === 0) return { made: 0, failures };
  await lookBeforeMaking(context, lacking);
  const targets = await targetsOf(context, wanted);
  const stopped = await stopMakes(context, lacking, (states) => madeNow(context, states, targets));
  const ids = lacking.filter((id) => !stopped.has(id));
  let made = 0;
  for (let at = 0; at < ids.length; at += chunk) {
    // What stopped one system would stop it again.
    const closed = new Set(failures.map((failure) => failure.connection));
    const open = targets.filter(({ connection }) => !closed.has(connection));
    if (open.length === 0) break;
    const sent = await commit(context, (tx) => planSome(context, tx, ids.slice(at, at + chunk), open));
    if (sent.length === 0) continue;
    await context.at?.('creates');
    const batches = [...Map.groupBy(sent, (one) => one.connection)];
    const results = await together(context, batches, ([connection, batch]) =>
      send(context, connection, batch),
    );
    made += results.reduce((sum, result) => sum + result.made, 0);
    failures.push(...results.flatMap((result) => result.failures));
  }
  return { made, failures };
}

/** Those of these records of which one would be made now. */
async function madeNow(
  context: RunContext,
  states: readonly RecordState[],
  targets: readonly Target[],
): Promise<RecordState[]> {
  const needsOf = await needsOfAll(context, context.db, states);
  return states.filter((state) => {
    const known = { isRefused: false, isAgain: false, needs: needsOf(state) };
    return targets.some((target) => stepFor(context, state, target, known).kind === 'make');
  });
}

/** Decides these records and commits what is about to be made, before it is sent. */
async function planSome(
  context: RunContext,
  tx: Tx,
  ids: readonly string[],
  targets: readonly Target[],
): Promise<Making[]> {
  if (!(await isActive(tx, context.agreement.version))) return [];
  const locked = await tx
    .select({ id: changes.id })
    .from(changes)
    .where(and(inArray(changes.recordId, [...ids]), isNull(changes.closedAt)))
    .orderBy(asc(changes.id))
    .for('update');
  const changeIds = locked.map(({ id }) => id);
  const [states, refused, closed, again] = await Promise.all([
    loadRecords(tx, ids, context.flow.id),
    refusedCreates(context, tx, changeIds),
    notToBeMade(tx, ids),
    madeAgainByPerson(tx, ids),
  ]);
  const needsOf = await needsOfAll(context, tx, states);
  const planned = states.map((state) => ({
    state,
    steps: targets.flatMap((target): PlannedStep[] => {
      const { connection } = target;
      const needs = needsOf(state);
      const pair = pairOf({ recordId: state.record.id, connection });
      // One that could not be looked for is not sent a second time.
      if (closed.has(pair)) return [];
      const isRefused = refused.has(pair) && waitsForPerson.includes(state.change?.hold ?? null);
      const isAgain = again.get(state.record.id)?.includes(connection) === true;
      const step = stepFor(context, state, target, { isRefused, isAgain, needs });
      return [{ connection, isRefused, step, needs: needsIn(needs, connection) }];
    }),
  }));
  return openMakings(context, tx, planned);
}

/** Holds beside which a system's "the name is taken" still counts; whatever else moved the change makes it worth another try. */
const waitsForPerson: readonly (HoldReason | null)[] = ['name_taken', 'tug_of_war'];

interface KnownOf {
  readonly isRefused: boolean;
  /** True where it was there before, is gone, and a person wants it made once more. */
  readonly isAgain: boolean;
  readonly needs: readonly Need[];
}

function stepFor(
  context: RunContext,
  state: RecordState,
  target: Target,
  { isRefused, isAgain, needs }: KnownOf,
): CreateStep {
  const { flow, entity } = context;
  const connector = connectorOf(context, target.connection);
  const { listedUntil } = target;
  // What the one before was given was that one's alone: an invoice made again has a number and dates of its own.
  const given = new Set(isAgain ? givenTo(flow, target.connection, connector) : []);
  const asked = [...state.conflicts.values()].filter((conflict) => conflict.state === 'open');
  return decideCreate({
    target: target.connection,
    from: target.from,
    links: state.links,
    key: state.record.keyValue,
    matchBy: flow.matchBy,
    change: state.change,
    isRead: listedUntil !== null,
    isListed: listedUntil !== null && (connector.lagMs === 0 || listedUntil >= state.record.createdAt),
    firstLoadApproved: context.firstLoadApproved,
    values: new Map([
      ...(state.record.keyValue ? [[flow.matchBy, state.record.keyValue] as const] : []),
      ...Object.keys(flow.fields).flatMap((field) => {
        const known = state.pending.get(field) ?? state.agreed.get(field);
        return known ? [[field, known.value] as const] : [];
      }),
    ]),
    asked: new Set(asked.map((conflict) => conflict.field)),
    names: entity.names,
    supports: (field) =>
      connector.supports(field) && takesPart(flow, field, target.connection) && !given.has(field),
    project: (field, value) => connector.project(field, value).value,
    namesakes: target.namesakes,
    apart: target.said.apart.get(state.record.id) ?? new Set(),
    perhaps: target.said.perhaps.get(state.record.id) ?? [],
    waitsFor: missingNeeds({ recordId: state.record.id, target: target.connection, needs }),
    isRefused,
  });
}

/** What a system gives what is new there, and is the one to say. */
const givenTo = ({ fields }: Flow, connection: string, { gives = [] }: Connector): readonly string[] =>
  gives.filter((field) => fields[field]?.systemOfRecord === connection);

async function send(
  context: RunContext,
  connection: string,
  batch: readonly Making[],
): Promise<{ made: number; failures: RunFailure[] }> {
  const connector = connectorOf(context, connection);
  const changeIds = batch.map((one) => one.changeId);
  const creates: Create[] = batch.map(({ recordId: marker, connection: _, ...one }) => ({ ...one, marker }));
  // A process that slept since it planned may have lost the flow, or the agreement: then these records are no longer its to make.
  if (!(await commit(context, (tx) => isActive(tx, context.agreement.version)))) {
    await forget(context, batch, 'not sent: the agreement changed in between');
    return { made: 0, failures: [] };
  }
  let outcomes: readonly CreateOutcome[];
  try {
    outcomes = await connector.create(creates, callFor(context, changeIds));
  } catch (error) {
    // Anything else leaves the intents in flight: the next run looks for them before it makes any.
    if (!(error instanceof VendorError)) throw error;
    await forget(context, batch, error.message);
    await linkFailure(context, changeIds, error);
    return { made: 0, failures: [failureOf(error)] };
  }
  await context.at?.('made');
  const reason = sharedRefusal(outcomes);
  if (reason !== null) {
    await forget(context, batch, reason);
    const message = `${connector.label} made none of ${batch.length} ${context.entity.noun.many}: ${reason}`;
    return { made: 0, failures: [{ cause: 'refused', connection, message }] };
  }
  const made = await commitMakings(context, connection, batch, outcomes);
  await context.at?.('linked');
  return { made: made.length, failures: await readMade(context, connection, made) };
}

/** One reason for all is the system's and not the records', unless they all lack the same: a problem to be told once, and no record's failure. */
function sharedRefusal(outcomes: readonly CreateOutcome[]): string | null {
  const [first] = outcomes;
  if (first?.kind !== 'refused' || outcomes.length < 2) return null;
  const { reason } = first;
  return outcomes.every((one) => isOfSystem(one) && one.reason === reason) ? reason : null;
}

const isOfSystem = (one: CreateOutcome): one is CreateOutcome & { readonly kind: 'refused' } =>
  one.kind === 'refused' && !one.taken && one.ofRecord !== true;

/** Nothing came of it after all: the next run makes them. */
async function forget(context: RunContext, batch: readonly Making[], reason: string): Promise<void> {
  const ids = batch.map((one) => one.key);
  await commit(context, (tx) =>
    tx
      .update(intents)
      .set({ state: 'abandoned', reason, finishedAt: context.clock.now() })
      .where(inArray(intents.id, ids)),
  );
}
