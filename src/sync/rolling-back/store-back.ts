import { randomUUID } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import type { FieldValue } from '../../entities/field.ts';
import { moveChanges, openChanges } from '../../ledger/changes/changes.ts';
import type { Tx } from '../../ledger/db.ts';
import type { RecordState } from '../../ledger/records/records.ts';
import type { RollbackItem } from '../../ledger/rollback/rollbacks.ts';
import { intents, rollbackItems } from '../../ledger/tables/index.ts';
import type { RunContext } from '../context.ts';
import { type Sent, storeIntents } from '../writing/intents.ts';
import type { DecidedItem } from './decide-rollback.ts';
import type { Looked } from './look.ts';

/** A write that puts something back, with the items that it serves. */
export interface SentBack extends Sent {
  readonly items: readonly RollbackItem[];
}

/** What was approved, with what becomes of it now. */
export interface Judged {
  readonly item: RollbackItem;
  readonly now: DecidedItem;
}

export const isItem = ({ rollbackId, recordId, connection, field }: RollbackItem) =>
  and(
    eq(rollbackItems.rollbackId, rollbackId),
    eq(rollbackItems.recordId, recordId),
    eq(rollbackItems.connection, connection),
    eq(rollbackItems.field, field),
  );

interface Storing {
  readonly states: readonly RecordState[];
  readonly goes: readonly Judged[];
  readonly looked: Looked;
}

/** A change of its own for each record, or its open one; one write for each system. */
export async function storeBack(
  context: RunContext,
  tx: Tx,
  { states, goes, looked }: Storing,
): Promise<SentBack[]> {
  if (goes.length === 0) return [];
  const now = context.clock.now();
  const written = new Set(goes.map(({ item }) => item.recordId));
  const touched = states.filter(({ record }) => written.has(record.id));
  const opened = await openChanges(
    tx,
    touched.map(({ record }) => ({
      recordId: record.id,
      flow: context.flow.id,
      subject: record.title,
      runId: context.run.id,
      agreementVersion: context.agreement.version,
      now,
    })),
  );
  // One of its own waits until all is put back: nothing else of the run closes it before.
  const own = touched.flatMap(({ change, record }) => (change ? [] : (opened.get(record.id) ?? [])));
  await moveChanges(
    tx,
    own.map(({ id }) => ({ id, state: 'held', hold: 'rolled_back', now })),
  );
  const places = Map.groupBy(goes, ({ item }) => JSON.stringify([item.recordId, item.connection]));
  const sent = [...places.values()].flatMap((list): SentBack[] => {
    const [{ item }] = list as [Judged];
    const read = looked.reading(item.recordId, item.connection);
    const change = opened.get(item.recordId);
    if (!read || !change) return [];
    const values = (of: (judged: Judged) => FieldValue | null) =>
      Object.fromEntries(list.map((one) => [one.item.field, of(one)]));
    return [
      {
        key: randomUUID(),
        changeId: change.id,
        recordId: item.recordId,
        connection: item.connection,
        externalId: read.observation.externalId,
        wasArchived: read.observation.archived,
        fields: values((one) => one.item.before),
        before: values((one) => one.now.found),
        items: list.map((one) => one.item),
      },
    ];
  });
  await abandonOlder(context, tx, sent);
  await storeIntents(context, tx, sent);
  for (const { key, changeId, items } of sent) {
    for (const item of items) {
      await tx.update(rollbackItems).set({ backChangeId: changeId, backIntentId: key }).where(isItem(item));
    }
  }
  return sent;
}

/** Whatever was on its way there without an answer: that system was just read, and does not have it, or is given the old value now. */
async function abandonOlder(context: RunContext, tx: Tx, sent: readonly SentBack[]): Promise<void> {
  const places = sent.map(({ recordId, connection }) => ({ recordId, connection }));
  const now = context.clock.now().toISOString();
  await tx.execute(sql`
    update ${intents} i set state = 'abandoned', finished_at = ${now}::timestamptz,
      reason = 'no answer came; the system was read, and the value put back'
    from jsonb_to_recordset(${JSON.stringify(places)}::text::jsonb) as p("recordId" text, connection text)
    where i.record_id = p."recordId" and i.connection = p.connection and i.kind = 'update'
      and i.state in ('in_flight', 'unknown')`);
}
