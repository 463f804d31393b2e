import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { FieldValue, Observed } from '../../entities/field.ts';
import type { DbOrTx } from '../db.ts';
import { openSettlements, openSightings } from '../sealing/evidence.ts';
import { agreed, bases, settlements, sightings } from '../tables/index.ts';
import type { Sighted } from '../tables/records.ts';
import { takenInto } from './one-record.ts';

/** A value as it was first seen in a system, or seen anew. */
export interface Sighting {
  readonly connection: string;
  readonly at: Date;
  /** The vendor's own time of it, where it tells one. */
  readonly vendorAt: Date | null;
  readonly origin: 'observed' | 'read_back';
  readonly seen: Sighted;
}

/** A value that all systems settled on, and by whom or what. */
export interface Settlement {
  readonly at: Date;
  /** Undefined = nobody can read it any more. */
  readonly value: FieldValue | null | undefined;
  readonly by: string;
  readonly changeId: string | null;
  readonly agreementVersion: number;
}

/** Everything that the ledger knows of one field of one record, oldest first. */
export interface ValueHistory {
  readonly now: Readonly<Record<string, { readonly seen: Observed; readonly at: Date }>>;
  /** Undefined = nothing was ever agreed. */
  readonly agreed: Settlement | undefined;
  readonly sightings: readonly Sighting[];
  readonly settlements: readonly Settlement[];
}

/** At most this many of either: a field that something keeps changing has a long past. */
const most = 200;

/** Where a field's value came from, back to its first reading. */
export async function valueHistory(db: DbOrTx, recordId: string, field: string): Promise<ValueHistory> {
  const ids = [recordId, ...(await takenInto(db, recordId))];
  const [seen, settled, current, [now]] = await Promise.all([
    db
      .select()
      .from(sightings)
      .where(and(inArray(sightings.recordId, ids), sql`${sightings.fields} -> ${field}::text is not null`))
      .orderBy(desc(sightings.id))
      .limit(most),
    db
      .select()
      .from(settlements)
      .where(
        and(inArray(settlements.recordId, ids), sql`${settlements.fields} -> ${field}::text is not null`),
      )
      .orderBy(desc(settlements.id))
      .limit(most),
    db.select().from(bases).where(eq(bases.recordId, recordId)),
    db
      .select()
      .from(agreed)
      .where(and(eq(agreed.recordId, recordId), eq(agreed.field, field))),
  ]);
  const [sighted, agreedOn] = [await openSightings(db, seen), await openSettlements(db, settled)];
  return {
    now: Object.fromEntries(
      current.flatMap(({ connection, fields, at }) => {
        const held = fields[field];
        return held ? [[connection, { seen: held, at }]] : [];
      }),
    ),
    agreed: now && {
      at: now.settledAt,
      value: now.value,
      by: now.settledBy,
      changeId: now.changeId,
      agreementVersion: now.agreementVersion,
    },
    sightings: sighted
      .flatMap(({ fields, ...row }) => (fields[field] ? [{ ...row, seen: fields[field] }] : []))
      .reverse(),
    settlements: agreedOn.map(({ fields, ...row }) => ({ ...row, value: fields[field] })).reverse(),
  };
}
