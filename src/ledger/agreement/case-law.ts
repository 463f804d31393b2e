import { and, desc, eq, gte, inArray, isNotNull, sql } from 'drizzle-orm';
import type { FieldValue } from '../../entities/field.ts';
import type { DbOrTx } from '../db.ts';
import type { ConflictOption } from '../tables/changes.ts';
import { changes, conflicts, decisions, rollbackItems } from '../tables/index.ts';

/** One decision of a person about a field: what was taken, and between which systems. */
export interface Pick {
  readonly from: string;
  /** The systems that had changed it. */
  readonly changed: readonly string[];
  readonly undone: boolean;
  readonly at: Date;
}

/** The newest decisions of people about a field, newest first: up to one change's, or all. */
export async function newestPicks(
  db: DbOrTx,
  {
    flow,
    field,
    upTo,
    limit,
  }: { readonly flow: string; readonly field: string; readonly upTo: string | null; readonly limit: number },
): Promise<Pick[]> {
  const rows = await db
    .select({
      changeId: decisions.changeId,
      from: decisions.from,
      at: decisions.at,
      options: conflicts.options,
    })
    .from(decisions)
    .innerJoin(conflicts, eq(conflicts.id, decisions.conflictId))
    .where(
      and(
        eq(conflicts.flow, flow),
        eq(decisions.field, field),
        upTo === null
          ? undefined
          : sql`${decisions.id} <= (select max(d.id) from decisions d where d.change_id = ${upTo} and d.field = ${field})`,
      ),
    )
    .orderBy(desc(decisions.id))
    .limit(limit);
  const undone = await undoneOf(
    db,
    field,
    rows.map((row) => row.changeId),
  );
  return rows.map((row) => ({
    from: row.from,
    changed: changedIn(row.options),
    undone: undone.has(row.changeId),
    at: row.at,
  }));
}

async function undoneOf(
  db: DbOrTx,
  field: string,
  changeIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (changeIds.length === 0) return new Set();
  const rows = await db
    .selectDistinct({ changeId: rollbackItems.changeId })
    .from(rollbackItems)
    .where(
      and(
        inArray(rollbackItems.changeId, [...changeIds]),
        eq(rollbackItems.field, field),
        eq(rollbackItems.outcome, 'put_back'),
      ),
    );
  return new Set(rows.map(({ changeId }) => changeId));
}

const changedIn = (options: readonly ConflictOption[]): string[] =>
  options.flatMap(({ connection, asAgreed }) => (asAgreed ? [] : [connection])).sort();

/** What happened to a field of one record, as far as it tells what another rule would have done. */
export type PastCase =
  /** People were asked, and this came of it. */
  | {
      readonly kind: 'asked';
      readonly title: string;
      readonly value: FieldValue | null;
      readonly options: readonly ConflictOption[];
    }
  /** It flowed by the rule, from the systems that had changed it. */
  | { readonly kind: 'flowed'; readonly title: string; readonly changed: readonly string[] };

interface Stretch {
  readonly flow: string;
  readonly field: string;
  readonly since: Date;
}

type Dated = { readonly at: Date; readonly past: PastCase };

/** All that became of a field in a flow since then, oldest first. */
export async function pastCases(db: DbOrTx, stretch: Stretch): Promise<PastCase[]> {
  const cases = [...(await askedCases(db, stretch)), ...(await flowedCases(db, stretch))];
  return cases.sort((a, b) => a.at.getTime() - b.at.getTime()).map(({ past }) => past);
}

async function askedCases(db: DbOrTx, { flow, field, since }: Stretch): Promise<Dated[]> {
  const rows = await db
    .select({
      title: changes.subject,
      at: conflicts.openedAt,
      chosen: conflicts.chosen,
      options: conflicts.options,
    })
    .from(conflicts)
    .innerJoin(changes, eq(changes.id, conflicts.changeId))
    .where(
      and(
        eq(conflicts.flow, flow),
        eq(conflicts.field, field),
        gte(conflicts.openedAt, since),
        isNotNull(conflicts.chosen),
      ),
    );
  return rows.flatMap(({ title, at, chosen, options }) =>
    chosen ? [{ at, past: { kind: 'asked' as const, title, value: chosen.value, options } }] : [],
  );
}

/** Nobody was asked, and the rule brought a value somewhere. */
async function flowedCases(db: DbOrTx, { flow, field, since }: Stretch): Promise<Dated[]> {
  const rows = await db
    .select({
      title: changes.subject,
      at: changes.openedAt,
      // Named in full: within a query of its own, a bare column would be another table's.
      changed: sql<
        string[] | null
      >`(select array_agg(distinct s.connection) from story s where s.change_id = changes.id
        and s.kind = 'read' and s.data -> 'changed' ? ${field})`,
    })
    .from(changes)
    .where(
      and(
        eq(changes.flow, flow),
        gte(changes.openedAt, since),
        sql`exists (select 1 from story s where s.change_id = changes.id and s.field = ${field} and s.kind = 'ruled')`,
        sql`not exists (select 1 from conflicts c where c.change_id = changes.id and c.field = ${field})`,
      ),
    );
  return rows.map(({ title, at, changed }) => ({
    at,
    past: { kind: 'flowed' as const, title, changed: changed ?? [] },
  }));
}
