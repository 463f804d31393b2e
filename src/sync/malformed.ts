import { and, eq, isNull } from 'drizzle-orm';
import { type Change, moveChange, openChange, tell } from '../ledger/changes/changes.ts';
import { nextCorrelationId } from '../ledger/correlation-id.ts';
import type { Tx } from '../ledger/db.ts';
import { announceCard, rank } from '../ledger/posts/outbox.ts';
import { changes, exchangeChanges, links, records, staged } from '../ledger/tables/index.ts';
import { commit, connectorOf, type RunContext } from './context.ts';
import { isAt } from './identity/link-book.ts';

/** A record that cannot be read waits with its reason; the good ones of its page go on without it. */
export async function holdMalformed(context: RunContext): Promise<void> {
  const rows = await context.db
    .select()
    .from(staged)
    .where(and(eq(staged.flow, context.flow.id), eq(staged.state, 'malformed')));
  for (const row of rows) {
    await commit(context, async (tx) => {
      await holdOne(context, tx, row);
      await tx.update(staged).set({ state: 'done' }).where(eq(staged.id, row.id));
    });
  }
}

async function holdOne(context: RunContext, tx: Tx, row: typeof staged.$inferSelect): Promise<void> {
  const now = context.clock.now();
  const detail = `${context.connectors.get(row.connection)?.label ?? row.connection}: ${row.reason ?? 'it cannot be read'}`;
  const change = await changeFor(context, tx, row);
  if (row.exchangeId !== null) {
    await tx
      .insert(exchangeChanges)
      .values({ changeId: change.id, exchangeId: row.exchangeId })
      .onConflictDoNothing();
  }
  if (change.hold === 'malformed' && change.holdDetail === detail) return;
  await tell(tx, [
    {
      changeId: change.id,
      at: now,
      kind: 'held',
      connection: row.connection,
      data: { reason: 'malformed', detail },
    },
  ]);
  await moveChange(tx, change.id, { state: 'held', hold: 'malformed', holdDetail: detail, now });
  context.log.warn(
    { event: 'waiting', reference: change.id, flow: context.flow.id },
    `${context.flow.name}: ${change.subject} waits, the others go on. ${detail}`,
  );
}

async function changeFor(context: RunContext, tx: Tx, row: typeof staged.$inferSelect) {
  const base = {
    flow: context.flow.id,
    runId: context.run.id,
    agreementVersion: context.agreement.version,
    now: context.clock.now(),
  };
  const [linked] = await tx
    .select({ recordId: records.id, title: records.title })
    .from(links)
    .innerJoin(records, eq(records.id, links.recordId))
    .where(isAt({ ...row, role: connectorOf(context, row.connection).role }));
  if (linked) return openChange(tx, { ...base, recordId: linked.recordId, subject: linked.title });
  const subject = unreadable(row.connection, row.externalId);
  const [open] = await tx
    .select()
    .from(changes)
    .where(
      and(
        eq(changes.flow, base.flow),
        eq(changes.subject, subject),
        isNull(changes.recordId),
        isNull(changes.closedAt),
      ),
    );
  if (open) return open;
  const { now, ...rest } = base;
  const [made] = await tx
    .insert(changes)
    .values({
      ...rest,
      id: await nextCorrelationId(tx),
      recordId: null,
      subject,
      state: 'open',
      revision: 1,
      openedAt: now,
      updatedAt: now,
    })
    .returning();
  if (!made) throw new Error(`no change could be opened for ${subject}`);
  return made;
}

/** Names a record that could never be read, and so has no name that people know. */
const unreadable = (connection: string, externalId: string) => `${connection}:${externalId}`;

/** What waits because it could not be read. Few at any time, so that a whole page can be checked against them. */
export function malformedChanges(context: RunContext, tx: Tx): Promise<Change[]> {
  return tx
    .select()
    .from(changes)
    .where(and(eq(changes.flow, context.flow.id), eq(changes.hold, 'malformed'), isNull(changes.closedAt)));
}

/** Read well at last: what waited for that waits no longer. */
export async function releaseMalformed(
  context: RunContext,
  tx: Tx,
  waiting: readonly Change[],
  row: { connection: string; externalId: string; recordId: string | null },
): Promise<void> {
  const now = context.clock.now();
  const subject = unreadable(row.connection, row.externalId);
  for (const change of waiting.filter(
    (one) => one.subject === subject || (row.recordId && one.recordId === row.recordId),
  )) {
    await tell(tx, [{ changeId: change.id, at: now, kind: 'released', data: { reason: 'malformed' } }]);
    await moveChange(tx, change.id, { state: change.recordId ? 'open' : 'withdrawn', now });
    await announceCard(tx, {
      subject: `change:${change.id}`,
      flow: context.flow.id,
      rank: rank.decision,
      now,
    });
  }
}
