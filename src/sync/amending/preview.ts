import { and, eq, isNull, sql } from 'drizzle-orm';
import type { ActiveAgreement, Agreement, Flow } from '../../agreement/agreement.ts';
import { differencesOf, endedFlows, type FlowDifference } from '../../agreement/differences.ts';
import type { Clock } from '../../clock.ts';
import { type Connection, connectorsFor } from '../../connectors/connection.ts';
import type { Connector } from '../../connectors/connector.ts';
import { entityNamed } from '../../entities/named.ts';
import { loadedFlows } from '../../ledger/agreement/activate.ts';
import type { Db } from '../../ledger/db.ts';
import type { AgreementPreview, FlowPreview, PreviewCounts } from '../../ledger/tables/agreement.ts';
import { changes, conflicts, links, pending, records } from '../../ledger/tables/index.ts';
import type { PlannedField } from '../deciding/plan.ts';
import { planRecord } from '../deciding/plan.ts';
import { lackedBy, listOf } from './lacks.ts';
import { type Scanned, scan } from './scan.ts';

export interface PreviewParts {
  readonly db: Db;
  readonly clock: Clock;
  /** As the new version has the connections. They are asked what a system can hold, and are not called. */
  readonly connections: ReadonlyMap<string, Connection>;
}

type Effect = 'writes' | 'asks' | 'withdraws' | 'holds';
const examplesKept = 5;

/**
 * What a new version would set apart, counted from the ledger alone: how many records it would write, ask people about, hold, and of
 * how many it would withdraw a question, by flow and field. Null where it sets nothing apart. A flow whose first load was never
 * approved is left out, as is a new one: their first load asks.
 */
export async function previewAgreement(
  parts: PreviewParts,
  active: ActiveAgreement,
  next: Agreement,
): Promise<AgreementPreview | null> {
  const { db, clock } = parts;
  const differences = differencesOf(active, next);
  const ended = endedFlows(active, next);
  const loaded = await loadedFlows(db, [...differences.keys(), ...ended.map((flow) => flow.id)]);
  const flows: Record<string, FlowPreview> = {};
  for (const [id, difference] of differences) {
    const [before, after] = [active.flows[id], next.flows[id]];
    if (!before || !after || !loaded.includes(id)) continue;
    const preview = await previewFlow(parts, { before, after, difference });
    if (setsApart(preview)) flows[id] = preview;
  }
  for (const flow of ended) if (loaded.includes(flow.id)) flows[flow.id] = await previewEnd(db, flow);
  if (Object.keys(flows).length === 0) return null;
  return { against: active.version, countedAt: clock.now().toISOString(), flows };
}

const setsApart = ({ records, makes, unknown, leaves, archives }: FlowPreview): boolean =>
  records + archives + leaves.length + Object.keys(unknown).length > 0 ||
  Object.values(makes).some((count) => count > 0);

interface Amended {
  readonly before: Flow;
  readonly after: Flow;
  readonly difference: FlowDifference;
}

async function previewFlow(parts: PreviewParts, amended: Amended): Promise<FlowPreview> {
  const { db, clock } = parts;
  const { before, after, difference } = amended;
  const connectors = connectorsFor(parts.connections, after.entity);
  const entity = entityNamed(after.entity);
  const planning = { flow: after, entity, connectors, clock, firstLoadApproved: true };
  const fields: Record<string, PreviewCounts> = {};
  let apart = 0;
  if (Object.keys(difference.fields).length > 0) {
    for await (const scanned of scan(db, planning, difference)) {
      for (const one of scanned) if (countOne(one, before, fields)) apart += 1;
    }
  }
  return {
    records: apart + (await countLeft(db, amended, fields)),
    fields,
    makes: await countMakes(db, amended, connectors),
    unknown: await countUnknown(db, amended),
    leaves: [...difference.leaves],
    archives: difference.archives ? await countGone(db, after) : 0,
    ends: false,
  };
}

/** Counts what becomes of one record that would have been left alone, or treated otherwise, under the old terms. True iff anything. */
function countOne(
  { state, input, planned }: Scanned,
  before: Flow,
  fields: Record<string, PreviewCounts>,
): boolean {
  const was = new Map(
    planRecord({ ...input, flow: before }).map((one) => [one.view.field.name, one.step] as const),
  );
  let isApart = false;
  for (const one of planned) {
    const { name } = one.view.field;
    const isAsked = state.conflicts.get(name)?.state === 'open';
    const effects = effectsOf(one, isAsked).filter(() => !sameStep(one.step, was.get(name)));
    for (const effect of effects) add(fields, name, effect, state.record.title);
    isApart ||= effects.length > 0;
  }
  return isApart;
}

const sameStep = (a: PlannedField['step'], b: PlannedField['step'] | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

function effectsOf({ step }: PlannedField, isAsked: boolean): Effect[] {
  switch (step.kind) {
    case 'bring':
      return isAsked ? ['writes', 'withdraws'] : ['writes'];
    case 'expire':
      return step.value === undefined ? ['withdraws'] : ['writes', 'withdraws'];
    case 'ask':
      return ['asks'];
    case 'withdraw':
      return ['withdraws'];
    case 'hold':
      return ['holds'];
    default:
      return [];
  }
}

function add(fields: Record<string, PreviewCounts>, field: string, effect: Effect, title: string): void {
  fields[field] ??= {
    writes: 0,
    asks: 0,
    withdraws: 0,
    holds: 0,
    examples: { writes: [], asks: [], withdraws: [], holds: [] },
  };
  const counts = fields[field];
  counts[effect] += 1;
  if (counts.examples[effect].length < examplesKept) counts.examples[effect].push(title);
}

/** What is open of fields that would not be kept in step any more: their questions go, and values on their way stop. */
async function countLeft(
  db: Db,
  { after, difference }: Amended,
  fields: Record<string, PreviewCounts>,
): Promise<number> {
  const left = Object.keys(difference.fields).filter((name) => !after.fields[name]);
  const titles = new Set<string>();
  for (const name of left) {
    for (const title of await openOf(db, after, name)) {
      add(fields, name, 'withdraws', title);
      titles.add(title);
    }
  }
  return titles.size;
}

/** Titles of the records of which a field is asked about, or on its way. */
async function openOf(db: Db, flow: Flow, field: string): Promise<string[]> {
  const rows = await db
    .select({ title: changes.subject })
    .from(changes)
    .where(
      and(
        eq(changes.flow, flow.id),
        isNull(changes.closedAt),
        sql`(exists (select 1 from ${conflicts} q where q.change_id = ${changes.id} and q.field = ${field} and q.closed_at is null)
          or exists (select 1 from ${pending} p where p.change_id = ${changes.id} and p.field = ${field}))`,
      ),
    )
    .orderBy(changes.openedAt);
  return rows.map((row) => row.title);
}

async function countMakes(
  db: Db,
  { after, difference }: Amended,
  connectors: ReadonlyMap<string, Connector>,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [target, lacks] of lackedBy(after, difference, connectors))
    counts[target] = await db.$count(records, lacks);
  return counts;
}

/** How many records will be compared with a system of which the ledger does not know what it says from then on. */
async function countUnknown(db: Db, { after, difference }: Amended): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const id of [...difference.joins, ...difference.readsAnew]) {
    const isRead = difference.readsAnew.includes(id);
    const others = listOf(after.connections.filter((other) => isRead || other !== id));
    counts[id] = await db.$count(
      records,
      sql`${records.entity} = ${after.entity}
        and exists (select 1 from ${links} l where l.record_id = ${records.id} and l.connection in (${others}))`,
    );
  }
  return counts;
}

const countGone = (db: Db, flow: Flow): Promise<number> =>
  db.$count(changes, and(eq(changes.flow, flow.id), eq(changes.hold, 'gone'), isNull(changes.closedAt)));

/** What goes with a flow that ends: its open questions, field by field. */
async function previewEnd(db: Db, flow: Flow): Promise<FlowPreview> {
  const rows = await db
    .select({ field: conflicts.field, title: changes.subject, change: changes.id })
    .from(conflicts)
    .innerJoin(changes, eq(changes.id, conflicts.changeId))
    .where(and(eq(conflicts.flow, flow.id), eq(conflicts.state, 'open'), isNull(conflicts.closedAt)))
    .orderBy(conflicts.openedAt);
  const fields: Record<string, PreviewCounts> = {};
  for (const { field, title } of rows) add(fields, field, 'withdraws', title);
  return {
    records: new Set(rows.map((row) => row.change)).size,
    fields,
    makes: {},
    unknown: {},
    leaves: [],
    archives: 0,
    ends: true,
  };
}
