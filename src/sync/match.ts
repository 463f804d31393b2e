import { randomUUID } from 'node:crypto';
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { Observation } from '../connectors/connector.ts';
import { strongKey } from '../entities/index.ts';
import { type Change, moveChange, openChange, tell } from '../ledger/changes.ts';
import type { Tx } from '../ledger/db.ts';
import type { HoldReason } from '../ledger/tables/changes.ts';
import { changes, links, records, staged } from '../ledger/tables/index.ts';
import { commit, connectorOf, type RunContext } from './context.ts';
import { malformedChanges, releaseMalformed } from './malformed.ts';

type Staged = typeof staged.$inferSelect & { observation: Observation };
type Evidence =
  | { readonly ok: true; readonly key: string }
  | { readonly ok: false; readonly reason: 'missing' | 'invalid'; readonly detail: string };

const chunk = 200;

/**
 * Finds the record that each staged observation belongs to: by its link, else by the strong key that the agreement names,
 * never by name or e-mail. What has no usable key becomes a record of its own that waits, saying why.
 */
export async function match(context: RunContext): Promise<void> {
  for (;;) {
    const rows = await waiting(context);
    if (rows.length === 0) return;
    await commit(context, async (tx) => {
      const unread = await malformedChanges(context, tx);
      for (const row of rows) await matchOne(context, tx, row, unread);
    });
    await context.at?.('matched');
  }
}

async function waiting(context: RunContext): Promise<Staged[]> {
  const rows = await context.db
    .select()
    .from(staged)
    .where(and(eq(staged.flow, context.flow.id), eq(staged.state, 'staged')))
    .orderBy(asc(staged.id))
    .limit(chunk);
  return rows as Staged[];
}

async function matchOne(context: RunContext, tx: Tx, row: Staged, unread: readonly Change[]): Promise<void> {
  const [link] = await tx
    .select()
    .from(links)
    .where(and(eq(links.connection, row.connection), eq(links.externalId, row.externalId)));
  const { vendorAt } = row.observation;
  if (link?.vendorAt && vendorAt && new Date(vendorAt) < link.vendorAt) {
    await tx
      .update(staged)
      .set({
        state: 'dropped',
        reason: 'older than what was read or written there before',
        recordId: link.recordId,
      })
      .where(eq(staged.id, row.id));
    return;
  }
  const evidence = keyOf(context, row.observation);
  const recordId = link
    ? await rekey(context, tx, link.recordId, row, evidence)
    : await linkNew(context, tx, row, evidence);
  await releaseMalformed(context, tx, unread, { ...row, recordId });
  await tx.update(staged).set({ state: 'matched', recordId }).where(eq(staged.id, row.id));
}

function keyOf(context: RunContext, observation: Observation): Evidence {
  return strongKey(
    context.entity,
    context.flow.matchBy,
    observation.fields[context.flow.matchBy] ?? { state: 'blank' },
  );
}

async function linkNew(context: RunContext, tx: Tx, row: Staged, evidence: Evidence): Promise<string> {
  if (!evidence.ok) {
    const recordId = await createRecord(context, tx, row, null);
    await hold(context, tx, recordId, holdFor(evidence.reason), evidence.detail);
    return recordId;
  }
  const known = await recordByKey(context, tx, evidence.key);
  if (!known) return createRecord(context, tx, row, evidence.key);
  if (await isLinked(tx, known, row.connection)) {
    const recordId = await createRecord(context, tx, row, null);
    await hold(context, tx, recordId, 'duplicate_key', await duplicateDetail(tx, context, known, row));
    return recordId;
  }
  await addLink(context, tx, known, row, `key:${context.flow.matchBy}`);
  return known;
}

/** A record that had no usable key and now has one takes it, or joins the record that has it. Links made before stay: identity is the link, not the value. */
async function rekey(
  context: RunContext,
  tx: Tx,
  recordId: string,
  row: Staged,
  evidence: Evidence,
): Promise<string> {
  const [record] = await tx.select().from(records).where(eq(records.id, recordId));
  if (!record || record.keyValue) return recordId;
  if (!evidence.ok) {
    await hold(context, tx, recordId, holdFor(evidence.reason), evidence.detail);
    return recordId;
  }
  const known = await recordByKey(context, tx, evidence.key);
  if (!known) {
    await tx.update(records).set({ keyValue: evidence.key }).where(eq(records.id, recordId));
    await release(context, tx, recordId);
    return recordId;
  }
  if (await isLinked(tx, known, row.connection)) {
    await hold(context, tx, recordId, 'duplicate_key', await duplicateDetail(tx, context, known, row));
    return recordId;
  }
  await tx.execute(sql`delete from bases where record_id = ${recordId} and connection = ${row.connection}`);
  await tx
    .update(links)
    .set({ recordId: known, how: `key:${context.flow.matchBy}` })
    .where(and(eq(links.recordId, recordId), eq(links.connection, row.connection)));
  await release(context, tx, recordId);
  return known;
}

const holdFor = (reason: 'missing' | 'invalid'): HoldReason =>
  reason === 'missing' ? 'no_key' : 'invalid_key';

async function recordByKey(context: RunContext, tx: Tx, key: string): Promise<string | null> {
  const [record] = await tx
    .select({ id: records.id })
    .from(records)
    .where(and(eq(records.entity, context.entity.name), eq(records.keyValue, key)));
  return record?.id ?? null;
}

async function isLinked(tx: Tx, recordId: string, connection: string): Promise<boolean> {
  const rows = await tx
    .select({ id: links.externalId })
    .from(links)
    .where(and(eq(links.recordId, recordId), eq(links.connection, connection)));
  return rows.length > 0;
}

async function createRecord(
  context: RunContext,
  tx: Tx,
  row: Staged,
  keyValue: string | null,
): Promise<string> {
  const id = randomUUID();
  await tx.insert(records).values({
    id,
    entity: context.entity.name,
    title: context.entity.title(row.observation.fields),
    keyValue,
    createdAt: context.clock.now(),
  });
  await addLink(context, tx, id, row, keyValue ? `key:${context.flow.matchBy}` : 'alone');
  return id;
}

async function addLink(
  context: RunContext,
  tx: Tx,
  recordId: string,
  row: Staged,
  how: string,
): Promise<void> {
  await tx.insert(links).values({
    recordId,
    connection: row.connection,
    role: row.observation.role,
    externalId: row.externalId,
    how,
    linkedAt: context.clock.now(),
    url: row.observation.url,
  });
}

async function duplicateDetail(tx: Tx, context: RunContext, known: string, row: Staged): Promise<string> {
  const [other] = await tx.select({ title: records.title }).from(records).where(eq(records.id, known));
  const { label } = connectorOf(context, row.connection);
  return `${label} has two with the same ${context.flow.matchBy.toUpperCase()}; the other one is “${other?.title ?? 'unknown'}”`;
}

async function hold(
  context: RunContext,
  tx: Tx,
  recordId: string,
  reason: HoldReason,
  detail: string,
): Promise<void> {
  const now = context.clock.now();
  const [record] = await tx.select({ title: records.title }).from(records).where(eq(records.id, recordId));
  const change = await openChange(tx, {
    recordId,
    flow: context.flow.id,
    subject: record?.title ?? recordId,
    runId: context.run.id,
    agreementVersion: context.agreement.version,
    now,
  });
  if (change.hold === reason && change.holdDetail === detail) return;
  await tell(tx, [{ changeId: change.id, at: now, kind: 'held', data: { reason, detail } }]);
  await moveChange(tx, change.id, { state: 'held', hold: reason, holdDetail: detail, now });
}

/** What waited for a key, and has one now, waits no longer. */
async function release(context: RunContext, tx: Tx, recordId: string): Promise<void> {
  const now = context.clock.now();
  const open = await tx
    .select()
    .from(changes)
    .where(
      and(eq(changes.recordId, recordId), inArray(changes.hold, ['no_key', 'invalid_key', 'duplicate_key'])),
    );
  for (const change of open.filter((row) => !row.closedAt)) {
    await tell(tx, [{ changeId: change.id, at: now, kind: 'released', data: { reason: change.hold } }]);
    await moveChange(tx, change.id, { state: 'withdrawn', now });
  }
}
