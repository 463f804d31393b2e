import { takesPart } from '../agreement/takes-part.ts';
import type { Drift, ReadItem } from '../connectors/connector.ts';
import { openShapeDrifts, settleShapeDrifts } from '../ledger/connections/shapes.ts';
import type { RunFailure } from '../ledger/tables/runs.ts';
import { connectorOf, type RunContext } from './context.ts';
import { asRead, changeWords, isAt, sinceWords } from './drift-words.ts';

/** What the vendor no longer sends of the fields that the flow keeps in step; the others are nobody's loss. */
export function driftFailures(
  context: RunContext,
  connection: string,
  items: readonly ReadItem[],
): RunFailure[] {
  const { label } = connectorOf(context, connection);
  const drifts = items
    .flatMap((item) => (item.kind === 'read' ? item.observation.drift : []))
    .filter(
      ({ field }) => Object.hasOwn(context.flow.fields, field) && takesPart(context.flow, field, connection),
    );
  return [...new Map(drifts.map((drift) => [drift.field, drift])).values()].map((drift) => ({
    cause: 'drift' as const,
    connection,
    field: drift.field,
    key: drift.expected,
    message: messageOf(context, label, drift),
  }));
}

function messageOf(
  context: RunContext,
  label: string,
  { expected, found, was = [], is = [], since, unknown }: Drift,
) {
  const when = since ? sinceWords(new Date(since), { ...context.agreement, now: context.clock.now() }) : '';
  if (is.length > 0)
    return `${label} sends “${expected}” as ${asRead(is)}${when}, and no longer as ${asRead(was)}.`;
  if (unknown !== undefined)
    return `${label} sends “${expected}” as “${unknown}”, which Truce does not know.`;
  const instead = found.length > 0 ? `; it now sends “${found.join('”, “')}”` : ' at all';
  return `${label} does not send “${expected}”${instead}${when}.`;
}

/** A change that nobody noticed by what it did to a field is told for so long; then it is how things are. In ms. */
const toldMs = 3 * 24 * 3_600_000;

/**
 * What answers lack, or have otherwise, beside the fields that are kept in step: told before somebody misses it. What a failure of
 * this run tells already, or an earlier one did, is not told twice.
 */
export async function shapeFailures(context: RunContext, told: readonly RunFailure[]): Promise<RunFailure[]> {
  const { db, flow, clock, agreement } = context;
  const drifts = await openShapeDrifts(db, flow.connections);
  if (drifts.length === 0) return [];
  const now = clock.now();
  const isOld = (since: string) => now.getTime() - Date.parse(since) > toldMs;
  const isField = ({ connection, path }: { connection: string; path: string }) =>
    told.some((one) => one.connection === connection && one.key !== undefined && isAt(path, one.key));
  const covered = drifts.filter((one) => !one.isField && isField(one));
  const old = drifts.filter((one) => !one.isField && !isField(one) && isOld(one.since));
  await settleShapeDrifts(db, { covered, old });
  const left = drifts.filter((one) => !one.isField && !covered.includes(one) && !old.includes(one));
  return [...Map.groupBy(left, ({ connection }) => connection)].map(([connection, all]) => ({
    cause: 'drift',
    connection,
    message: changeWords(connectorOf(context, connection).label, all, { ...agreement, now }),
  }));
}
