import { and, eq } from 'drizzle-orm';
import { loadRecords } from '../../ledger/records/records.ts';
import { type Rollback, storeItems } from '../../ledger/rollback/rollbacks.ts';
import { placeKey, recordsWritten, writesTo } from '../../ledger/rollback/writes.ts';
import { rollbackItems, rollbacks } from '../../ledger/tables/index.ts';
import { commit, type RunContext } from '../context.ts';
import { chunk, lookAt, readPlaces } from './look.ts';

/**
 * Looks at all that would be put back, afresh in every system that was written, and keeps what was found for the person who asked.
 * Nothing is written to any system. Returns how many records were read; throws VendorError where a system cannot be read.
 */
export async function preview(context: RunContext, rollback: Rollback): Promise<number> {
  const { db, clock } = context;
  const ids = await recordsWritten(db, rollback);
  // What an earlier look left that did not come to its end.
  await commit(context, (tx) => tx.delete(rollbackItems).where(eq(rollbackItems.rollbackId, rollback.id)));
  for (let at = 0; at < ids.length; at += chunk) {
    const some = ids.slice(at, at + chunk);
    const states = await loadRecords(db, some, context.flow.id);
    const written = new Set((await writesTo(db, rollback, some)).map(placeKey));
    const readings = await readPlaces(context, states, (recordId, connection) =>
      written.has(placeKey({ recordId, connection })),
    );
    const [failure] = readings.failures;
    if (failure) throw failure;
    const { items } = await lookAt(context, db, rollback, states, readings);
    await commit(context, (tx) =>
      storeItems(
        tx,
        items.map((item) => ({ ...item, rollbackId: rollback.id })),
      ),
    );
    await context.at?.('rollback_read');
  }
  await commit(context, async (tx) => {
    const done = await tx
      .update(rollbacks)
      .set({ state: 'previewed', previewedAt: clock.now() })
      .where(and(eq(rollbacks.id, rollback.id), eq(rollbacks.state, 'asked')))
      .returning({ id: rollbacks.id });
    // Dropped meanwhile.
    if (done.length === 0) await tx.delete(rollbackItems).where(eq(rollbackItems.rollbackId, rollback.id));
  });
  return ids.length;
}
