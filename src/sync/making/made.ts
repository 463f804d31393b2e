import { and, eq, inArray } from 'drizzle-orm';
import { type CreateOutcome, type ReadItem, VendorError } from '../../connectors/connector.ts';
import { type Field, type FieldValue, same } from '../../entities/field.ts';
import { moveBases } from '../../ledger/bases.ts';
import { moveChange, tell } from '../../ledger/changes.ts';
import type { Tx } from '../../ledger/db.ts';
import { linkExchanges } from '../../ledger/exchanges.ts';
import { addHints } from '../../ledger/hints.ts';
import { noteLosses } from '../../ledger/losses.ts';
import { announceCard, rank } from '../../ledger/outbox.ts';
import { loadRecords, underWay } from '../../ledger/records.ts';
import { hints, intents, links, pending, records } from '../../ledger/tables/index.ts';
import type { RunFailure } from '../../ledger/tables/runs.ts';
import { heldValue } from '../compare.ts';
import { callFor, commit, connectorOf, type RunContext } from '../context.ts';
import { failureOf, linkFailure } from '../failures.ts';
import { placeIn, type StagedRow } from '../identity/link-book.ts';
import { lossOf, lossWords } from '../writing/loss.ts';
import { failChange } from '../writing/read-back.ts';

/** A record about to be made in a system. */
export interface Making {
  readonly key: string;
  readonly changeId: string;
  readonly recordId: string;
  readonly connection: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

/** A record that was made, under the id that the system gave it. */
export interface Made extends Making {
  readonly externalId: string;
}

/** Commits what became of one create, by itself. Returns what was made and linked, if it was. */
export async function commitMaking(
  context: RunContext,
  one: Making,
  outcome: CreateOutcome,
): Promise<Made | null> {
  switch (outcome.kind) {
    case 'created':
      return linkMade(context, one, outcome.externalId, outcome.exchangeId);
    case 'unknown':
      await finish(context, one, {
        state: 'unknown',
        reason: outcome.reason,
        exchangeId: outcome.exchangeId,
      });
      return null;
    case 'refused':
      await finish(context, one, {
        state: 'refused',
        reason: outcome.reason,
        exchangeId: outcome.exchangeId,
      });
      if (outcome.taken) await holdName(context, one, outcome.reason);
      else await failChange(context, one.changeId, one.connection, outcome.reason);
      return null;
  }
}

async function finish(
  context: RunContext,
  one: Making,
  { state, reason, exchangeId }: { state: 'unknown' | 'refused'; reason: string; exchangeId: number | null },
): Promise<void> {
  const { changeId, connection } = one;
  const now = context.clock.now();
  await commit(context, async (tx) => {
    const finishedAt = state === 'unknown' ? null : now;
    await tx.update(intents).set({ state, reason, finishedAt }).where(eq(intents.id, one.key));
    await tell(tx, [{ changeId, at: now, kind: state, connection, data: { reason } }]);
    if (exchangeId !== null) await linkExchanges(tx, [{ changeId, exchangeId }]);
  });
}

/** The name is another's: nothing was made, and a person says who is who. What else is under way with it goes on. */
async function holdName(
  context: RunContext,
  { changeId, recordId, connection }: Making,
  detail: string,
): Promise<void> {
  const now = context.clock.now();
  await commit(context, async (tx) => {
    const data = { reason: 'name_taken', detail };
    await tell(tx, [{ changeId, at: now, kind: 'held', connection, data }]);
    const [record] = await loadRecords(tx, [recordId], context.flow.id);
    const state = (record && underWay(record)) ?? 'held';
    await moveChange(tx, changeId, { state, hold: 'name_taken', holdDetail: detail, now });
    await announceCard(tx, {
      subject: `change:${changeId}`,
      flow: context.flow.id,
      rank: rank.decision,
      now,
    });
  });
}

/**
 * Links what was made. It is read again in any case: at once by this run, else by the next, which the hint reminds. An id that
 * another record has already means that the system gave us that one instead of a new one; then it is nobody's to guess.
 */
export async function linkMade(
  context: RunContext,
  one: Making,
  externalId: string,
  exchangeId: number | null,
): Promise<Made | null> {
  const { changeId, recordId, connection } = one;
  const { role, label } = connectorOf(context, connection);
  const now = context.clock.now();
  const other = await commit(context, async (tx) => {
    const known = await ownerOf(tx, connection, externalId);
    if (known && known.recordId !== recordId) return known.title;
    if (!known && (await placeIn(tx, recordId, connection)) === 'free') {
      const link = { recordId, connection, role, externalId, how: 'made', linkedAt: now };
      await tx.insert(links).values(link);
      await tell(tx, [{ changeId, at: now, kind: 'made', connection, data: { externalId } }]);
    }
    await tx
      .update(intents)
      .set({ state: 'done', externalId, reason: null, finishedAt: now })
      .where(eq(intents.id, one.key));
    await addHints(tx, { connection, externalIds: [externalId], now });
    if (exchangeId !== null) await linkExchanges(tx, [{ changeId, exchangeId }]);
    return null;
  });
  if (other === null) return { ...one, externalId };
  const reason = `${label} did not make a new record, but answered with that of “${other}”.`;
  await finish(context, one, { state: 'refused', reason, exchangeId });
  await failChange(context, changeId, connection, reason);
  return null;
}

async function ownerOf(tx: Tx, connection: string, externalId: string) {
  const [known] = await tx
    .select({ recordId: links.recordId, title: records.title })
    .from(links)
    .innerJoin(records, eq(records.id, links.recordId))
    .where(and(eq(links.connection, connection), eq(links.externalId, externalId)));
  return known;
}

/** A pull came upon a record with our mark before the answer did that it was made: the answer is no longer needed. */
export async function noteMade(
  context: RunContext,
  tx: Tx,
  recordId: string,
  { connection, externalId }: StagedRow,
): Promise<void> {
  const now = context.clock.now();
  const closed = await tx
    .update(intents)
    .set({ state: 'done', externalId, reason: null, finishedAt: now })
    .where(
      and(
        eq(intents.recordId, recordId),
        eq(intents.connection, connection),
        eq(intents.kind, 'create'),
        inArray(intents.state, ['in_flight', 'unknown']),
      ),
    )
    .returning({ changeId: intents.changeId });
  await tell(
    tx,
    closed.map(({ changeId }) => ({ changeId, at: now, kind: 'made', connection, data: { externalId } })),
  );
}

/** Reads what was made: what is there becomes its base. A value that the system did not keep fails the change. */
export async function readMade(
  context: RunContext,
  connection: string,
  made: readonly Made[],
): Promise<RunFailure[]> {
  if (made.length === 0) return [];
  const changeIds = made.map((one) => one.changeId);
  try {
    const items = await connectorOf(context, connection).read(
      made.map((one) => one.externalId),
      callFor(context, changeIds),
    );
    for (const item of items) {
      const one =
        item.kind === 'read' && made.find(({ externalId }) => externalId === item.observation.externalId);
      if (one && item.kind === 'read') await confirm(context, one, item);
    }
    return [];
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    await linkFailure(context, changeIds, error);
    return [failureOf(error)];
  }
}

async function confirm(
  context: RunContext,
  one: Made,
  { observation, exchangeId }: ReadItem & { readonly kind: 'read' },
): Promise<void> {
  const { changeId, recordId, connection, externalId } = one;
  const now = context.clock.now();
  const ignored = context.entity.fields.filter((field) =>
    wasIgnored(field, one, observation.fields[field.name]),
  );
  const losses = ignored.map((field) => {
    const readBack = heldValue(observation.fields[field.name]);
    return lossOf(field, { written: one.fields[field.name] ?? null, before: null, readBack });
  });
  await commit(context, async (tx) => {
    const how = { origin: 'read_back', runId: context.run.id, now } as const;
    await moveBases(tx, [{ recordId, connection, observation, exchangeId }], how);
    // Unless somebody else has named it meanwhile.
    await tx
      .delete(hints)
      .where(and(eq(hints.connection, connection), eq(hints.externalId, externalId), eq(hints.events, 1)));
    if (exchangeId !== null) await linkExchanges(tx, [{ changeId, exchangeId }]);
    const data = { fields: Object.keys(one.fields) };
    if (ignored.length === 0) await tell(tx, [{ changeId, at: now, kind: 'read_back', connection, data }]);
    const noted = losses.map(({ field, kind }) => ({
      recordId,
      connection,
      changeId,
      field: field.name,
      kind,
    }));
    await noteLosses(tx, noted, now);
    for (const { name } of ignored) {
      const row = { changeId, value: one.fields[name] ?? null, by: 'rule:agreed', since: now };
      await tx
        .insert(pending)
        .values({ recordId, field: name, ...row })
        .onConflictDoNothing();
    }
    await announceCard(tx, {
      subject: `change:${changeId}`,
      flow: context.flow.id,
      rank: rank.decision,
      now,
    });
  });
  if (ignored.length === 0) return;
  const { label } = connectorOf(context, connection);
  const reason = `Made, but ${losses.map((loss) => lossWords(label, loss)).join('; ')}.`;
  await failChange(context, changeId, connection, reason);
}

function wasIgnored(field: Field, { fields }: Making, observed: Parameters<typeof heldValue>[0]): boolean {
  const sent = fields[field.name];
  if (sent === undefined || observed?.state === 'not_read' || observed?.state === 'unsupported') return false;
  return !same(field, heldValue(observed), sent);
}
