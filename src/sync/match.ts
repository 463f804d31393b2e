import { randomUUID } from 'node:crypto';
import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Observation } from '../connectors/connector.ts';
import { strongKey } from '../entities/index.ts';
import { moveChange, openChange, tell } from '../ledger/changes.ts';
import type { Tx } from '../ledger/db.ts';
import type { HoldReason } from '../ledger/tables/changes.ts';
import { changes, links, records, staged } from '../ledger/tables/index.ts';
import { commit, connectorOf, type RunContext } from './context.ts';
import {
  bookKey,
  type KnownLink,
  type LinkBook,
  letGo,
  moveLinks,
  openBook,
  placeIn,
  type StagedRow,
  writeMatches,
} from './link-book.ts';
import { malformedChanges, releaseMalformed } from './malformed.ts';

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
    await commit(context, (tx) => matchSome(context, tx, rows));
    await context.at?.('matched');
  }
}

async function waiting(context: RunContext): Promise<StagedRow[]> {
  const rows = await context.db
    .select()
    .from(staged)
    .where(and(eq(staged.flow, context.flow.id), eq(staged.state, 'staged')))
    .orderBy(asc(staged.id))
    .limit(chunk);
  // First what is archived, so that it stands in nobody's way.
  return (rows as StagedRow[]).sort(
    (a, b) => Number(b.observation.archived) - Number(a.observation.archived) || a.id - b.id,
  );
}

async function matchSome(context: RunContext, tx: Tx, rows: readonly StagedRow[]): Promise<void> {
  const unread = await malformedChanges(context, tx);
  const book = await openBook(tx, rows);
  const matched: StagedRow[] = [];
  for (const row of rows) {
    const why = whyDropped(row, book.get(bookKey(row)));
    if (why) await drop(tx, row, why);
    else {
      await matchOne(context, tx, row, book);
      matched.push(row);
    }
    const recordId = book.get(bookKey(row))?.recordId ?? null;
    if (unread.length > 0) await releaseMalformed(context, tx, unread, { ...row, recordId });
  }
  await writeMatches(tx, book, matched);
}

function whyDropped({ observation }: StagedRow, link: KnownLink | undefined): string | null {
  const { vendorAt, archived } = observation;
  if (!link) return archived ? 'archived, and never linked' : null;
  const older = link.vendorAt && vendorAt && new Date(vendorAt) < link.vendorAt;
  return older ? 'older than what was read or written there before' : null;
}

async function drop(tx: Tx, row: StagedRow, reason: string): Promise<void> {
  await tx.update(staged).set({ state: 'dropped', reason }).where(eq(staged.id, row.id));
}

async function matchOne(context: RunContext, tx: Tx, row: StagedRow, book: LinkBook): Promise<void> {
  const link = book.get(bookKey(row));
  if (link && row.observation.archived) {
    const here = and(eq(links.connection, row.connection), eq(links.externalId, row.externalId));
    await tx.update(links).set({ archived: true }).where(here);
  }
  if (link?.keyed) return;
  const evidence = keyOf(context, row.observation);
  const recordId = link
    ? await rekey(context, tx, link.recordId, row, evidence)
    : await linkNew(context, tx, row, evidence);
  const [record] = await tx
    .select({ keyValue: records.keyValue })
    .from(records)
    .where(eq(records.id, recordId));
  book.set(bookKey(row), { vendorAt: null, ...link, recordId, keyed: record?.keyValue != null });
}

function keyOf(context: RunContext, observation: Observation): Evidence {
  return strongKey(
    context.entity,
    context.flow.matchBy,
    observation.fields[context.flow.matchBy] ?? { state: 'blank' },
  );
}

async function linkNew(context: RunContext, tx: Tx, row: StagedRow, evidence: Evidence): Promise<string> {
  if (!evidence.ok) {
    const recordId = await createRecord(context, tx, row, null);
    await hold(context, tx, recordId, holdFor(evidence.reason), evidence.detail);
    return recordId;
  }
  const known = await recordByKey(context, tx, evidence.key);
  if (!known) return createRecord(context, tx, row, evidence.key);
  const place = await placeIn(tx, known, row.connection);
  if (place === 'taken') {
    const recordId = await createRecord(context, tx, row, null);
    await hold(context, tx, recordId, 'duplicate_key', await duplicateDetail(tx, context, known, row));
    return recordId;
  }
  if (place === 'archived') await letGo(tx, known, row.connection);
  await addLink(context, tx, known, row, `key:${context.flow.matchBy}`);
  return known;
}

/** A record that had no usable key and now has one takes it, or joins the record that has it. Links made before stay: identity is the link, not the value. */
async function rekey(
  context: RunContext,
  tx: Tx,
  recordId: string,
  row: StagedRow,
  evidence: Evidence,
): Promise<string> {
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
  const place = await placeIn(tx, known, row.connection);
  if (place === 'taken') {
    await hold(context, tx, recordId, 'duplicate_key', await duplicateDetail(tx, context, known, row));
    return recordId;
  }
  if (place === 'archived') await letGo(tx, known, row.connection);
  await moveLinks(tx, { from: recordId, to: known, how: `key:${context.flow.matchBy}` });
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

async function createRecord(
  context: RunContext,
  tx: Tx,
  row: StagedRow,
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
  row: StagedRow,
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

async function duplicateDetail(tx: Tx, context: RunContext, known: string, row: StagedRow): Promise<string> {
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
