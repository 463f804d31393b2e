import type { FlowDifference } from '../../agreement/differences.ts';
import { agreementVersion } from '../../ledger/agreement/agreements.ts';
import type { Tx } from '../../ledger/db.ts';
import { records, safetyStops } from '../../ledger/tables/index.ts';
import type { SafetyStopKind } from '../../ledger/tables/safety-stops.ts';
import type { RunContext } from '../context.ts';
import { lackedBy } from './lacks.ts';

/** So many more than were counted are no surprise: edits came in between. */
const leeway = (counted: number): number => counted * 1.1 + 5;

/**
 * What an owner approved with the counts of a new version is not asked about again by the safety stop: it is put down as approved
 * there. More than was counted is not covered: then that asks. `written` = the records that the new terms write.
 */
export async function noteApproved(
  context: RunContext,
  tx: Tx,
  difference: FlowDifference,
  written: readonly string[],
): Promise<void> {
  const { flow, agreement, connectors } = context;
  const version = await agreementVersion(tx, agreement.version);
  const [preview, approval] = [version?.preview?.flows[flow.id], version?.approvals[flow.id]];
  if (!preview || !approval) return;
  if (written.length <= leeway(preview.records)) {
    await cover(context, tx, 'writes', written, approval.by);
    await cover(context, tx, 'blanks', written, approval.by);
  }
  for (const [target, lacks] of lackedBy(flow, difference, connectors)) {
    const rows = await tx.select({ id: records.id }).from(records).where(lacks);
    if (rows.length > leeway(preview.makes[target] ?? 0)) continue;
    await cover(
      context,
      tx,
      'makes',
      rows.map(({ id }) => id),
      approval.by,
    );
  }
}

async function cover(
  { flow, run, clock }: RunContext,
  tx: Tx,
  kind: SafetyStopKind,
  covers: readonly string[],
  by: string,
): Promise<void> {
  if (covers.length === 0) return;
  const now = clock.now();
  await tx.insert(safetyStops).values({
    flow: flow.id,
    kind,
    state: 'approved',
    runId: run.id,
    revision: 1,
    counts: { records: covers.length, usual: 0, of: covers.length },
    covers: [...covers],
    openedAt: now,
    decidedBy: by,
    decidedAt: now,
  });
}
