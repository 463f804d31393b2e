import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import type { FlowDifference } from '../../agreement/differences.ts';
import type { DbOrTx } from '../../ledger/db.ts';
import { loadRecords, type RecordState } from '../../ledger/records/records.ts';
import { links, records } from '../../ledger/tables/index.ts';
import { leftApartOf } from '../deciding/left-apart.ts';
import type { PlanInput, PlannedField } from '../deciding/plan.ts';
import { type Planning, planInput } from '../deciding/plan-input.ts';
import { putBacksOf } from '../deciding/put-backs.ts';
import { asideOf } from '../rolling-back/end-asides.ts';
import { planUnderNewTerms } from './under-new-terms.ts';

/** As many records are in memory at a time, however many there are. */
const chunk = 500;

export interface Scanned {
  readonly state: RecordState;
  readonly input: PlanInput;
  /** Only the fields that the new terms decide otherwise. */
  readonly planned: readonly PlannedField[];
}

/** Plans every record of a flow under its new terms, from the ledger alone: nothing is read from a system, nothing is written. */
export async function* scan(
  db: DbOrTx,
  planning: Planning,
  difference: FlowDifference,
): AsyncGenerator<readonly Scanned[]> {
  const names = new Set(Object.keys(difference.fields));
  for await (const ids of recordsOf(db, planning)) {
    const states = await loadRecords(db, ids, planning.flow.id);
    const [putBacks, leftApart] = [await putBacksOf(planning, db, ids), await leftApartOf(db, ids)];
    const asides = await asideOf(db, ids);
    yield states.map((state) => {
      const { id } = state.record;
      const past = { putBacks: putBacks.get(id), leftApart: leftApart.get(id), putAside: asides.get(id) };
      const input = planInput(planning, state, [], past);
      const planned = planUnderNewTerms(input, state, difference);
      return { state, input, planned: planned.filter(({ view }) => names.has(view.field.name)) };
    });
  }
}

/** The ids of a flow's records that are in at least two of its systems, some at a time. */
async function* recordsOf(db: DbOrTx, { flow, entity }: Planning): AsyncGenerator<string[]> {
  for (let after = ''; ; ) {
    const rows = await db
      .select({ id: records.id })
      .from(records)
      .innerJoin(links, eq(links.recordId, records.id))
      .where(
        and(
          eq(records.entity, entity.name),
          gt(records.id, after),
          inArray(links.connection, [...flow.connections]),
        ),
      )
      .groupBy(records.id)
      .having(sql`count(distinct ${links.connection}) > 1`)
      .orderBy(asc(records.id))
      .limit(chunk);
    if (rows.length === 0) return;
    yield rows.map((row) => row.id);
    after = rows.at(-1)?.id ?? '';
  }
}
