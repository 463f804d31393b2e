import { randomUUID } from 'node:crypto';
import { and, asc, eq, gt, inArray } from 'drizzle-orm';
import { moveChange, openChange, tell } from '../ledger/changes/changes.ts';
import type { Tx } from '../ledger/db.ts';
import { identityHolds } from '../ledger/records/identity-holds.ts';
import { giveKeys } from '../ledger/sealing/vault.ts';
import { changes, links, records, staged } from '../ledger/tables/index.ts';
import { commit, type RunContext } from './context.ts';
import { type Identified, identify } from './identity/identify.ts';
import {
  bookKey,
  forgetIn,
  isAt,
  type KnownLink,
  type LinkBook,
  letGo,
  moveLinks,
  openBook,
  passErased,
  type StagedRow,
  writeMatches,
} from './identity/link-book.ts';
import { linkPlain } from './identity/plain.ts';
import { isOneByWord } from './identity/said-apart.ts';
import { noteMade } from './making/made.ts';
import { malformedChanges, releaseMalformed } from './malformed.ts';

const chunk = 200;

/**
 * Finds the record that each staged observation belongs to: by its link, else by our mark on it, else by the strong key that the
 * agreement names, never by name or e-mail. What has no usable key becomes a record of its own that waits, saying why.
 */
export async function match(context: RunContext): Promise<void> {
  // Each is done with once: to look from the start would pass by all that was matched so far, again and again.
  for (let last = 0; ; ) {
    const rows = await waiting(context, last);
    if (rows.length === 0) return;
    await commit(context, (tx) => matchSome(context, tx, rows));
    await context.at?.('matched');
    last = Math.max(...rows.map(({ id }) => id));
  }
}

async function waiting(context: RunContext, after: number): Promise<StagedRow[]> {
  const rows = await context.db
    .select()
    .from(staged)
    .where(and(eq(staged.flow, context.flow.id), eq(staged.state, 'staged'), gt(staged.id, after)))
    .orderBy(asc(staged.id))
    .limit(chunk);
  // First what is archived, so that it stands in nobody's way.
  return (rows as StagedRow[]).sort(
    (a, b) => Number(b.observation.archived) - Number(a.observation.archived) || a.id - b.id,
  );
}

async function matchSome(context: RunContext, tx: Tx, all: readonly StagedRow[]): Promise<void> {
  const unread = await malformedChanges(context, tx);
  const book = await openBook(tx, all);
  const rows = await passErased(tx, book, all);
  await linkPlain(context, tx, rows, book);
  const matched: StagedRow[] = [];
  for (const row of rows) {
    const why = whyDropped(row, book.get(bookKey(row)));
    if (why) await drop(tx, row, why);
    else if (await matchOne(context, tx, row, book)) matched.push(row);
    else await drop(tx, row, 'archived or without a key, and never linked');
    const recordId = book.get(bookKey(row))?.recordId ?? null;
    if (unread.length > 0) await releaseMalformed(context, tx, unread, { ...row, recordId });
  }
  // What was let go again, because one in use came after it, belongs to nothing any more.
  const gone = matched.filter((row) => !book.has(bookKey(row)));
  for (const row of gone) await drop(tx, row, 'archived; another record took its place');
  await writeMatches(
    tx,
    book,
    matched.filter((row) => !gone.includes(row)),
  );
}

function whyDropped({ observation }: StagedRow, link: KnownLink | undefined): string | null {
  const { vendorAt } = observation;
  const older = link?.vendorAt && vendorAt && new Date(vendorAt) < link.vendorAt;
  return older ? 'older than what was read or written there before' : null;
}

async function drop(tx: Tx, row: StagedRow, reason: string): Promise<void> {
  await tx.update(staged).set({ state: 'dropped', reason }).where(eq(staged.id, row.id));
}

/** Finds or makes the record of a row, and puts it into the book. Returns false for what belongs to none, and is left out. */
async function matchOne(context: RunContext, tx: Tx, row: StagedRow, book: LinkBook): Promise<boolean> {
  const link = book.get(bookKey(row));
  if (link && row.observation.archived) {
    const here = isAt({ ...row, role: row.observation.role });
    await tx.update(links).set({ archived: true }).where(here);
  }
  if (link?.keyed) return true;
  const identity = await identify(context, tx, row, link?.recordId ?? null);
  if (identity.kind === 'none') return false;
  if (identity.kind === 'known' && identity.insteadOfArchived) {
    await letGo(tx, identity.recordId, row.connection);
    forgetIn(book, row.connection, identity.recordId);
  }
  const recordId = link
    ? await rekey(context, tx, link.recordId, identity)
    : await linkNew(context, tx, row, identity);
  const [record] = await tx
    .select({ keyValue: records.keyValue })
    .from(records)
    .where(eq(records.id, recordId));
  book.set(bookKey(row), { vendorAt: null, ...link, recordId, keyed: record?.keyValue != null });
  return true;
}

async function linkNew(context: RunContext, tx: Tx, row: StagedRow, identity: Identified): Promise<string> {
  switch (identity.kind) {
    case 'new':
      return createRecord(context, tx, row, identity.key);
    case 'unclear': {
      const recordId = await createRecord(context, tx, row, null);
      await hold(context, tx, recordId, identity);
      return recordId;
    }
    case 'known':
      await addLink(context, tx, identity.recordId, row, identity.how);
      if (identity.how === 'marker') await noteMade(context, tx, identity.recordId, row);
      return identity.recordId;
  }
}

/** A record that had no usable key and now has one takes it, or joins the record that has it. Links made before stay: identity is the link, not the value. */
async function rekey(context: RunContext, tx: Tx, recordId: string, identity: Identified): Promise<string> {
  switch (identity.kind) {
    case 'new':
      await tx.update(records).set({ keyValue: identity.key }).where(eq(records.id, recordId));
      await release(context, tx, recordId);
      return recordId;
    case 'unclear':
      if (isWithoutKey(identity) && (await isOneByWord(tx, recordId))) return recordId;
      await hold(context, tx, recordId, identity);
      return recordId;
    case 'known':
      await moveLinks(tx, { from: recordId, to: identity.recordId, how: identity.how });
      await release(context, tx, recordId);
      return identity.recordId;
  }
}

const isWithoutKey = ({ reason }: Identified & { readonly kind: 'unclear' }): boolean =>
  reason === 'no_key' || reason === 'invalid_key';

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
  await giveKeys(tx, [id]);
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
    archived: row.observation.archived,
  });
}

async function hold(
  context: RunContext,
  tx: Tx,
  recordId: string,
  { reason, detail, others }: Identified & { readonly kind: 'unclear' },
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
  await tell(tx, [{ changeId: change.id, at: now, kind: 'held', data: { reason, detail }, others }]);
  await moveChange(tx, change.id, { state: 'held', hold: reason, holdDetail: detail, now });
}

/** What waited for a key, and has one now, waits no longer. */
async function release(context: RunContext, tx: Tx, recordId: string): Promise<void> {
  const now = context.clock.now();
  const open = await tx
    .select()
    .from(changes)
    .where(and(eq(changes.recordId, recordId), inArray(changes.hold, identityHolds)));
  for (const change of open.filter((row) => !row.closedAt)) {
    await tell(tx, [{ changeId: change.id, at: now, kind: 'released', data: { reason: change.hold } }]);
    await moveChange(tx, change.id, { state: 'withdrawn', now });
  }
}
