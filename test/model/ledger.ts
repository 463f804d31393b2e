import { eq, isNull } from 'drizzle-orm';
import type { Db } from '#src/ledger/db.ts';
import type { ConflictOption } from '#src/ledger/tables/changes.ts';
import { changes, conflicts, links, records } from '#src/ledger/tables/index.ts';
import type { PracticeSystem } from '#src/playground/vendors/vendor.ts';
import { type Place, placeName } from './chronicle.ts';

/** Which vendors' records Truce takes for one. */
export interface Group {
  readonly recordId: string;
  readonly entity: string;
  readonly key: string | null;
  readonly title: string;
  readonly places: readonly (Place & { readonly how: string; readonly archived: boolean })[];
}

export interface Groups {
  readonly all: readonly Group[];
  of(place: Place): Group | undefined;
  byKey(key: string): Group | undefined;
}

export async function readGroups(db: Db): Promise<Groups> {
  const rows = await db.select().from(records).orderBy(records.createdAt, records.id);
  const linked = await db.select().from(links).orderBy(links.linkedAt, links.externalId);
  const byRecord = Map.groupBy(linked, ({ recordId }) => recordId);
  const all = rows.map(
    ({ id, entity, keyValue, title }): Group => ({
      recordId: id,
      entity,
      key: keyValue,
      title,
      places: (byRecord.get(id) ?? []).map(({ connection, externalId, how, archived }) => ({
        system: connection as PracticeSystem,
        id: externalId,
        how,
        archived,
      })),
    }),
  );
  const byPlace = new Map(
    all.flatMap((group) => group.places.map((place) => [placeName(place), group] as const)),
  );
  return {
    all,
    of: (place) => byPlace.get(placeName(place)),
    byKey: (key) => all.find((group) => group.key === key),
  };
}

/** A question as people see it in Slack at one moment. */
export interface Question {
  readonly id: string;
  readonly changeId: string;
  readonly recordId: string;
  readonly field: string;
  readonly revision: number;
  readonly options: readonly ConflictOption[];
  readonly agreedBefore: ConflictOption['value'];
}

export async function openQuestions(db: Db): Promise<Question[]> {
  const rows = await db
    .select()
    .from(conflicts)
    .where(eq(conflicts.state, 'open'))
    .orderBy(conflicts.openedAt, conflicts.id);
  return rows.map(({ optionsRevision, ...row }) => ({ ...row, revision: optionsRevision }));
}

/** Questions whose time was up without a choice. */
export async function expiredQuestions(db: Db): Promise<Question[]> {
  const rows = await db
    .select()
    .from(conflicts)
    .where(eq(conflicts.state, 'expired'))
    .orderBy(conflicts.openedAt, conflicts.id);
  return rows.map(({ optionsRevision, ...row }) => ({ ...row, revision: optionsRevision }));
}

export const openChanges = (db: Db) =>
  db.select().from(changes).where(isNull(changes.closedAt)).orderBy(changes.openedAt, changes.id);
