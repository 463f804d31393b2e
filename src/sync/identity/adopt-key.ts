import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { FieldValue } from '../../entities/field.ts';
import { strongKey } from '../../entities/index.ts';
import { moveChange, tell } from '../../ledger/changes/changes.ts';
import type { Tx } from '../../ledger/db.ts';
import { addHints } from '../../ledger/runs/hints.ts';
import { changes, links, records } from '../../ledger/tables/index.ts';
import type { RunContext } from '../context.ts';
import { moveLinks } from './link-book.ts';

/**
 * A record whose systems have settled on another strong key is known by that one from now on. A record that stood alone under
 * that key is the same thing, and joins it. Where both are in one system they are two; each keeps what it is linked to.
 */
export async function adoptKey(
  context: RunContext,
  tx: Tx,
  recordId: string,
  value: FieldValue | null,
): Promise<void> {
  if (value === null) return;
  const evidence = strongKey(context.entity, context.flow.matchBy, { state: 'value', value });
  if (!evidence.ok) return;
  const entity = eq(records.entity, context.entity.name);
  const [other] = await tx
    .select({ id: records.id })
    .from(records)
    .where(and(entity, eq(records.keyValue, evidence.key)));
  if (other?.id === recordId) return;
  if (other && !(await join(context, tx, other.id, recordId))) return;
  await tx.update(records).set({ keyValue: evidence.key }).where(eq(records.id, recordId));
}

/** Moves the one link of a record that stands alone to another record; false where that cannot be. */
async function join(context: RunContext, tx: Tx, from: string, to: string): Promise<boolean> {
  const all = await tx
    .select()
    .from(links)
    .where(inArray(links.recordId, [from, to]));
  const moving = all.filter((link) => link.recordId === from);
  const taken = all.filter((link) => link.recordId === to).map((link) => link.connection);
  if (moving.length > 1 || moving.some((link) => taken.includes(link.connection))) return false;
  const now = context.clock.now();
  await moveLinks(tx, { from, to, how: `key:${context.flow.matchBy}` });
  await tx.update(records).set({ keyValue: null }).where(eq(records.id, from));
  const open = await tx
    .select()
    .from(changes)
    .where(and(eq(changes.recordId, from), isNull(changes.closedAt)));
  for (const change of open) {
    await tell(tx, [{ changeId: change.id, at: now, kind: 'released', data: { reason: change.hold } }]);
    await moveChange(tx, change.id, { state: 'withdrawn', now });
  }
  // It has never been compared with its new company: the next run reads it.
  for (const link of moving) {
    const entity = context.entity.name;
    await addHints(tx, { connection: link.connection, entity, externalIds: [link.externalId], now });
  }
  return true;
}
