import { sql } from 'drizzle-orm';
import type { FieldValue } from '../../entities/field.ts';
import type { DbOrTx } from '../db.ts';
import { closeValues } from '../sealing/evidence.ts';
import { type Seals, sealsOf } from '../sealing/vault.ts';
import { agreed, settlements } from '../tables/index.ts';

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
  const seals = await sealsOf(
    db,
    settled.map(({ recordId }) => recordId),
  );
  const groups = [
    ...Map.groupBy(settled, (one) => JSON.stringify([one.recordId, one.changeId, one.by])).values(),
  ].map((list) => ({ list, ...noteOf(seals, list) }));
  const rows = groups.flatMap(({ list, fields }, group) =>
    list.map(({ recordId, changeId, ...one }) => ({
      ...one,
      record_id: recordId,
      change_id: changeId,
      kept: fields[one.field],
      group,
    })),
  );
  const notes = groups.map(({ sealed }, group) => ({ group, sealed }));
  const at = sql`${now.toISOString()}::timestamptz`;
  await db.execute(sql`
    with settled as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as s(
        record_id text, field text, value jsonb, by text, change_id text, kept jsonb, "group" int)
    ), noted as (
      insert into ${settlements} (record_id, at, change_id, by, agreement_version, fields, sealed)
      select n.record_id, ${at}, n.change_id, n.by, ${agreementVersion}::bigint, n.fields, k.sealed
      from (
        select s."group", s.record_id, s.change_id, s.by, jsonb_object_agg(s.field, s.kept) as fields
        from settled s left join ${agreed} a on a.record_id = s.record_id and a.field = s.field
        where a.field is null or (a.value, a.settled_by, a.change_id) is distinct from (s.value, s.by, s.change_id)
        group by s."group", s.record_id, s.change_id, s.by
      ) n join jsonb_to_recordset(${JSON.stringify(notes)}::text::jsonb) as k("group" int, sealed text) on k."group" = n."group"
    )
    insert into ${agreed} (record_id, field, value, settled_at, settled_by, change_id, agreement_version)
    select record_id, field, value, ${at}, by, change_id, ${agreementVersion}::bigint from settled
    on conflict (record_id, field) do update set value = excluded.value, settled_at = excluded.settled_at,
      settled_by = excluded.settled_by, change_id = excluded.change_id, agreement_version = excluded.agreement_version`);
}

/** What is put down of all that one record's change settled in one way. */
const noteOf = (seals: Seals, list: readonly Settled[]) =>
  closeValues(
    seals,
    list[0]?.recordId ?? '',
    Object.fromEntries(list.map(({ field, value }) => [field, value])),
  );
