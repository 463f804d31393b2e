import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { ActiveAgreement, Flow } from '../../agreement/agreement.ts';
import type { DbOrTx } from '../../ledger/db.ts';
import { countItems, type Rollback, type RollbackItem, someItems } from '../../ledger/rollback/rollbacks.ts';
import { fieldHolds, records } from '../../ledger/tables/index.ts';
import { type FactSources, flowOf } from '../deps.ts';
import type { UndoFacts, UndoItem } from '../messages/rollback/facts.ts';
import { fieldNamed, showValue } from './fields.ts';

/** Lines shown of what goes back, and of what does not. */
const shown = 5;

/** Everything that the preview, the message and the lookup of a rollback show; null where its flow has left the agreement. */
export async function undoFacts(
  sources: FactSources,
  rollback: Rollback,
  { drawing = 0, command, lines = shown }: { drawing?: number; command?: string; lines?: number } = {},
): Promise<UndoFacts | null> {
  const active = sources.agreement();
  const flow = flowOf(active, rollback.flow);
  if (!flow) return null;
  const { db } = sources;
  const isDone = rollback.state === 'done';
  const [counts, back, left, aside] = await Promise.all([
    countItems(db, rollback.id),
    someItems(db, rollback.id, { kind: isDone ? 'put_back' : 'goes_back', limit: lines }),
    someItems(db, rollback.id, { kind: 'left', limit: lines }),
    asideOf(db, rollback.id),
  ]);
  const titles = await titlesOf(db, [...back, ...left]);
  const itemOf = (item: RollbackItem) => undoItem(sources, flow, item, titles.get(item.recordId) ?? '');
  const [target = '', connection] = rollback.target.split('/');
  const owners = new Set(
    aside.fields.map((field) => sources.labels(flow.fields[field]?.systemOfRecord ?? '')),
  );
  return {
    reference: rollback.id,
    command: command ?? active.command,
    zone: active.timeZone,
    drawing,
    flowName: flow.name,
    noun: sources.entity(flow.entity).noun,
    scope: rollback.scope,
    target,
    about: counts.records === 1 ? (titles.get(back[0]?.recordId ?? '') ?? null) : null,
    system: connection ? sources.labels(connection) : null,
    state: rollback.state,
    note: rollback.note,
    by: nameOf(active, rollback.by),
    askedAt: rollback.askedAt,
    approvedAt: rollback.approvedAt,
    finishedAt: rollback.finishedAt,
    counts,
    back: back.map(itemOf),
    left: left.map(itemOf),
    aside: { fields: aside.n, records: aside.records, owners: [...owners].sort() },
  };
}

/** People are named, not mentioned: nobody has to be called to what somebody else did. */
export const nameOf = ({ people }: ActiveAgreement, by: string): string =>
  Object.values(people).find((person) => person.slack === by)?.name ?? 'Somebody';

export function undoItem(sources: FactSources, flow: Flow, item: RollbackItem, title: string): UndoItem {
  const field = fieldNamed(sources.entity(flow.entity), item.field);
  const hidden = field.class !== 'open';
  const words = (value: RollbackItem['written']) => (hidden ? null : showValue(field, value));
  const isRefused = item.outcome === 'refused';
  return {
    title,
    field: field.label,
    system: sources.labels(item.connection),
    hidden,
    written: words(item.written),
    before: words(item.before),
    found: words(item.found),
    verdict: item.verdict === 'as_before' ? 'goes_back' : item.verdict,
    why: isRefused ? null : (item.why as UndoItem['why']),
    refusal: isRefused ? item.why : null,
    changedBy: item.changedBy,
    outcome: item.outcome,
    owner: sources.labels(flow.fields[item.field]?.systemOfRecord ?? ''),
  };
}

async function titlesOf(db: DbOrTx, items: readonly RollbackItem[]): Promise<Map<string, string>> {
  if (items.length === 0) return new Map();
  const rows = await db
    .select({ id: records.id, title: records.title })
    .from(records)
    .where(
      inArray(
        records.id,
        items.map((item) => item.recordId),
      ),
    );
  return new Map(rows.map(({ id, title }) => [id, title]));
}

async function asideOf(
  db: DbOrTx,
  rollbackId: string,
): Promise<{ readonly n: number; readonly records: number; readonly fields: readonly string[] }> {
  const [row] = await db
    .select({
      n: sql<number>`count(*)::int`,
      records: sql<number>`count(distinct ${fieldHolds.recordId})::int`,
      fields: sql<string[] | null>`array_agg(distinct ${fieldHolds.field})`,
    })
    .from(fieldHolds)
    .where(and(eq(fieldHolds.rollbackId, rollbackId), isNull(fieldHolds.releasedAt)));
  return { n: row?.n ?? 0, records: row?.records ?? 0, fields: row?.fields ?? [] };
}
