import { sql } from 'drizzle-orm';
import type { ReadItem } from '../connectors/connector.ts';
import type { Tx } from '../ledger/db.ts';
import { cursors, staged } from '../ledger/tables/index.ts';
import type { RunContext } from './context.ts';
import { followMerge } from './identity/merged.ts';
import { withoutLeftOut } from './left-out.ts';
import { noteMarks } from './marking/note-marks.ts';
import { withoutUnchanged } from './unchanged.ts';

interface StagedPage {
  readonly context: RunContext;
  readonly connection: string;
  readonly items: readonly ReadItem[];
  /** Where the cursor moves with this page; null = it stays. */
  readonly cursor: Date | null;
}

/** Stores a page, but for what is known of it already, and the moved cursor in one transaction: from here nothing can be lost. */
export async function stagePage(tx: Tx, { context, connection, items, cursor }: StagedPage): Promise<void> {
  const now = context.clock.now();
  const takesPart = await withoutLeftOut(context, tx, connection, items);
  const news = await withoutUnchanged(context, tx, connection, takesPart);
  const rows = news
    .filter((item) => item.kind === 'read' || item.kind === 'malformed')
    .map((item) => ({
      external_id: item.kind === 'read' ? item.observation.externalId : item.externalId,
      observation: item.kind === 'read' ? item.observation : null,
      state: item.kind === 'read' ? 'staged' : 'malformed',
      reason: item.kind === 'malformed' ? item.reason : null,
      exchange_id: item.exchangeId,
    }));
  if (rows.length > 0) {
    // One statement for any number of rows, the fastest way in for both databases.
    await tx.execute(sql`
      insert into ${staged} (run_id, flow, connection, external_id, observation, state, reason, exchange_id, staged_at)
      select ${context.run.id}, ${context.flow.id}, ${connection}, r.external_id, r.observation, r.state, r.reason, r.exchange_id, ${now.toISOString()}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as r(external_id text, observation jsonb, state text, reason text, exchange_id bigint)`);
  }
  await noteMarks(context, tx, connection, news);
  for (const item of items) {
    if (item.kind === 'merged') await followMerge(context, tx, connection, item);
  }
  if (!cursor) return;
  const moved = { at: cursor, movedBy: context.run.id };
  await tx
    .insert(cursors)
    .values({ flow: context.flow.id, connection, ...moved })
    .onConflictDoUpdate({ target: [cursors.flow, cursors.connection], set: moved });
}
