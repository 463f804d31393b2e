import { sql } from 'drizzle-orm';
import type { FieldValue } from '../entities/field.ts';
import type { DbOrTx } from './db.ts';
import { agreed, settlements } from './tables/index.ts';

/** A value on which all systems are now. */
export interface Settled {
  readonly recordId: string;
  readonly field: string;
  readonly value: FieldValue | null;
  /** Whoever or whatever settled it, as in `agreed.settled_by`. */
  readonly by: string;
  readonly changeId: string | null;
}

/** Stores what was agreed, for any number of records in one statement, and puts down what of it is new: a row for each record and who settled it. */
export async function settleFields(
  db: DbOrTx,
  settled: readonly Settled[],
  { agreementVersion, now }: { readonly agreementVersion: number; readonly now: Date },
): Promise<void> {
  if (settled.length === 0) return;
  const rows = settled.map(({ recordId, changeId, ...one }) => ({
    ...one,
    record_id: recordId,
    change_id: changeId,
  }));
  const at = sql`${now.toISOString()}::timestamptz`;
  await db.execute(sql`
    with settled as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as s(
        record_id text, field text, value jsonb, by text, change_id text)
    ), noted as (
      insert into ${settlements} (record_id, at, change_id, by, agreement_version, fields)
      select s.record_id, ${at}, s.change_id, s.by, ${agreementVersion}::bigint, jsonb_object_agg(s.field, s.value)
      from settled s left join ${agreed} a on a.record_id = s.record_id and a.field = s.field
      where a.field is null or (a.value, a.settled_by, a.change_id) is distinct from (s.value, s.by, s.change_id)
      group by s.record_id, s.change_id, s.by
    )
    insert into ${agreed} (record_id, field, value, settled_at, settled_by, change_id, agreement_version)
    select record_id, field, value, ${at}, by, change_id, ${agreementVersion}::bigint from settled
    on conflict (record_id, field) do update set value = excluded.value, settled_at = excluded.settled_at,
      settled_by = excluded.settled_by, change_id = excluded.change_id, agreement_version = excluded.agreement_version`);
}
