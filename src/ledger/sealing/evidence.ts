import type { FieldValue } from '../../entities/field.ts';
import type { DbOrTx } from '../db.ts';
import type { intents, rollbackItems, settlements, sightings } from '../tables/index.ts';
import type { Sighted } from '../tables/records.ts';
import { closed, opened, openersOf, type Seals, sealsOf } from './vault.ts';

/** What the ledger keeps of values for ever, put down under the key of its record, and read again. */

export type Values = Readonly<Record<string, FieldValue | null>>;

interface Kept {
  readonly recordId: string;
  readonly sealed: string | null;
}

/** Which values there are, and where none is: all that stands beside what is sealed. */
export const outline = (values: Values): Record<string, true | null> =>
  Object.fromEntries(Object.entries(values).map(([field, value]) => [field, value === null ? null : true]));

/** Reads the rows' sealed texts, with one look for the keys. Undefined: it cannot be read; null: it was never sealed. */
async function read<T extends Kept>(
  db: DbOrTx,
  rows: readonly T[],
): Promise<(row: T) => unknown | undefined | null> {
  const seals = await openersOf(
    db,
    rows.flatMap(({ recordId, sealed }) => (sealed ? [recordId] : [])),
  );
  return ({ recordId, sealed }) => (sealed === null ? null : opened(seals, recordId, sealed));
}

type IntentRow = typeof intents.$inferSelect;
type IntentParts = 'fields' | 'before';
type IntentValues = Readonly<Record<IntentParts, Values>>;
/** A write with its values. */
export type Intent = Omit<IntentRow, IntentParts | 'sealed'> & IntentValues;

/** Seals what is about to be sent, of any number of records. */
export async function closeIntents<T extends { readonly recordId: string } & IntentValues>(
  db: DbOrTx,
  rows: readonly T[],
): Promise<(Omit<T, IntentParts> & Pick<IntentRow, IntentParts | 'sealed'>)[]> {
  const seals = await sealsOf(
    db,
    rows.map(({ recordId }) => recordId),
  );
  return rows.map((row) => {
    const { recordId, fields, before } = row;
    const sealed = closed(seals, recordId, { fields, before });
    const kept = sealed === null ? { fields, before } : { fields: outline(fields), before: outline(before) };
    return { ...row, ...kept, sealed };
  });
}

/** Writes with their values; what nobody can read any more is left out: there is nothing to be done with it. */
export async function openIntents<T extends Pick<IntentRow, IntentParts | 'recordId' | 'sealed'>>(
  db: DbOrTx,
  rows: readonly T[],
): Promise<(Omit<T, IntentParts | 'sealed'> & IntentValues)[]> {
  const values = await read(db, rows);
  return rows.flatMap((row) => {
    const { sealed: _, fields: plain, before: plainBefore, ...rest } = row;
    const found = values(row);
    if (found === undefined) return [];
    const { fields, before } = (found ?? { fields: plain, before: plainBefore }) as IntentValues;
    return [{ ...rest, fields, before }];
  });
}

/** What was seen of a record, without its values: those are in the sealed text, with who changed them. */
export type Seen = Readonly<Record<string, { readonly value?: FieldValue; readonly by?: string }>>;

/** Fields as they were seen; of what nobody can read any more the state alone. */
export async function openSightings<
  T extends Pick<typeof sightings.$inferSelect, 'recordId' | 'fields' | 'sealed'>,
>(
  db: DbOrTx,
  rows: readonly T[],
): Promise<(Omit<T, 'fields' | 'sealed'> & { readonly fields: Readonly<Record<string, Sighted>> })[]> {
  const values = await read(db, rows);
  return rows.map((row) => {
    const { sealed: _, fields, ...rest } = row;
    const seen = (values(row) ?? {}) as Seen;
    const states = Object.entries(fields as Record<string, Sighted>);
    return {
      ...rest,
      fields: Object.fromEntries(states.map(([name, one]) => [name, { ...one, ...seen[name] }])),
    };
  });
}

/** What was agreed; what nobody can read any more is undefined. */
export async function openSettlements<
  T extends Pick<typeof settlements.$inferSelect, 'recordId' | 'fields' | 'sealed'>,
>(
  db: DbOrTx,
  rows: readonly T[],
): Promise<
  (Omit<T, 'fields' | 'sealed'> & {
    readonly fields: Readonly<Record<string, FieldValue | null | undefined>>;
  })[]
> {
  const values = await read(db, rows);
  return rows.map((row) => {
    const { sealed: _, fields: plain, ...rest } = row;
    const found = values(row);
    const lost = () => Object.fromEntries(Object.keys(plain).map((name) => [name, undefined]));
    return { ...rest, fields: found === undefined ? lost() : ((found ?? plain) as Values) };
  });
}

/** The sealed text for what was agreed of one record at once, and what stands beside it. */
export function closeValues(
  seals: Seals,
  recordId: string,
  values: Values,
): { readonly fields: Readonly<Record<string, unknown>>; readonly sealed: string | null } {
  const sealed = closed(seals, recordId, values);
  return { fields: sealed === null ? values : outline(values), sealed };
}

type ItemRow = typeof rollbackItems.$inferSelect;
type ItemParts = 'written' | 'before' | 'found';
type ItemValues = Readonly<Record<ItemParts, FieldValue | null>>;

/** Seals what may be put back. */
export async function closeItems<T extends { readonly recordId: string } & Partial<ItemValues>>(
  db: DbOrTx,
  items: readonly T[],
): Promise<(Omit<T, ItemParts> & Pick<ItemRow, ItemParts | 'sealed'>)[]> {
  const seals = await sealsOf(
    db,
    items.map(({ recordId }) => recordId),
  );
  return items.map((item) => {
    const { written = null, before = null, found = null } = item;
    const { fields, sealed } = closeValues(seals, item.recordId, { written, before, found });
    const { written: w, before: b, found: f } = fields as Readonly<Record<ItemParts, unknown>>;
    return { ...item, written: w, before: b, found: f, sealed };
  });
}

/** One field that is put back, or is not, with its values; `isLost` = nobody can read them any more. */
export type Item = Omit<ItemRow, ItemParts | 'sealed'> & ItemValues & { readonly isLost: boolean };

export async function openItems(db: DbOrTx, rows: readonly ItemRow[]): Promise<Item[]> {
  const values = await read(db, rows);
  const none = { written: null, before: null, found: null };
  return rows.map((row) => {
    const { sealed: _, ...rest } = row;
    const found = values(row);
    const { written, before, found: now } = (found === undefined ? none : (found ?? row)) as ItemValues;
    return { ...rest, written, before, found: now, isLost: found === undefined };
  });
}
