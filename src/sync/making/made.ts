import { and, eq, inArray, sql } from 'drizzle-orm';
import type { CreateOutcome, Needed } from '../../connectors/connector.ts';
import type { FieldValue } from '../../entities/field.ts';
import { moveChange, tell } from '../../ledger/changes/changes.ts';
import { linkExchanges } from '../../ledger/connections/exchanges.ts';
import type { Tx } from '../../ledger/db.ts';
import { among, insertMany } from '../../ledger/many.ts';
import { announceCard, rank } from '../../ledger/posts/outbox.ts';
import { loadRecords, underWay } from '../../ledger/records/records.ts';
import { addHints } from '../../ledger/runs/hints.ts';
import type { NamedRecord } from '../../ledger/sealing/named-records.ts';
import { intents, links, records } from '../../ledger/tables/index.ts';
import type { Place } from '../../ledger/tables/likenesses.ts';
import { commit, connectorOf, type RunContext } from '../context.ts';
import type { StagedRow } from '../identity/link-book.ts';
import { failChange } from '../writing/read-back.ts';

/** A record about to be made in a system. */
export interface Making {
  readonly key: string;
  readonly changeId: string;
  readonly recordId: string;
  readonly connection: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** What it refers to, by the ids in the system where it is made; none = left out. */
  readonly needs?: readonly Needed[];
}

/** A record that was made, under the id that the system gave it. */
export interface Made extends Making {
  readonly externalId: string;
}

/** Commits what became of some creates in one system. Returns what was made and linked. */
export async function commitMakings(
  context: RunContext,
  connection: string,
  batch: readonly Making[],
  outcomes: readonly CreateOutcome[],
): Promise<Made[]> {
  const outcomeOf = new Map(outcomes.map((outcome) => [outcome.key, outcome]));
  const known = batch.flatMap((one) => {
    const outcome = outcomeOf.get(one.key);
    return outcome ? [{ one, outcome }] : [];
  });
  for (const { one, outcome } of known) {
    if (outcome.kind !== 'created') await commitFailed(context, one, outcome);
  }
  const created = known.flatMap(({ one, outcome }) =>
    outcome.kind === 'created'
      ? [{ ...one, externalId: outcome.externalId, exchangeId: outcome.exchangeId }]
      : [],
  );
  return linkMade(context, connection, created);
}

type NotMade = Exclude<CreateOutcome, { readonly kind: 'created' }>;

async function commitFailed(context: RunContext, one: Making, outcome: NotMade): Promise<void> {
  const { kind: state, reason, exchangeId } = outcome;
  await finish(context, one, { state, reason, exchangeId });
  if (outcome.kind === 'unknown') return;
  if (outcome.taken) await holdName(context, one, reason);
  else await failChange(context, one.changeId, one.connection, reason);
}

async function finish(
  context: RunContext,
  one: Making,
  {
    state,
    reason,
    exchangeId,
    others = [],
  }: {
    state: 'unknown' | 'refused';
    reason: string;
    exchangeId: number | null;
    others?: readonly NamedRecord[];
  },
): Promise<void> {
  const { changeId, connection } = one;
  const now = context.clock.now();
  await commit(context, async (tx) => {
    const finishedAt = state === 'unknown' ? null : now;
    const unasked = state === 'refused' && exchangeId === null;
    await tx.update(intents).set({ state, reason, unasked, finishedAt }).where(eq(intents.id, one.key));
    await tell(tx, [{ changeId, at: now, kind: state, connection, data: { reason }, others }]);
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

/** What a system answered that it made. */
interface Answered extends Made {
  readonly exchangeId: number | null;
}

/**
 * Links what was made. It is read again in any case: at once by this run, else by the next, which the hint reminds. An id that
 * another record has already means that the system gave us that one instead of a new one; then it is nobody's to guess.
 */
export async function linkMade(
  context: RunContext,
  connection: string,
  answered: readonly Answered[],
): Promise<Made[]> {
  if (answered.length === 0) return [];
  const owners = await commit(context, (tx) => linkSome(context, tx, connection, answered));
  const { label } = connectorOf(context, connection);
  const made: Made[] = [];
  for (const one of answered) {
    const owner = owners.get(one.externalId);
    if (!owner || owner.recordId === one.recordId) {
      made.push(one);
      continue;
    }
    const reason = `${label} did not make a new record, but answered with that of “${owner.title}”.`;
    const others = [{ id: owner.recordId, title: owner.title }];
    await finish(context, one, { state: 'refused', reason, exchangeId: one.exchangeId, others });
    await failChange(context, one.changeId, connection, reason, others);
  }
  return made;
}

interface Owner {
  readonly recordId: string;
  readonly title: string;
}

/** Returns whose these external ids were before, or are now by an earlier answer of the same call. */
async function linkSome(
  context: RunContext,
  tx: Tx,
  connection: string,
  answered: readonly Answered[],
): Promise<ReadonlyMap<string, Owner>> {
  const now = context.clock.now();
  const { role } = connectorOf(context, connection);
  const owners = await ownersOf(tx, { connection, role }, answered);
  const placed = await placedIn(tx, connection, answered);
  const ours: Answered[] = [];
  const fresh: Answered[] = [];
  for (const one of answered) {
    const owner = owners.get(one.externalId);
    if (owner && owner.recordId !== one.recordId) continue;
    ours.push(one);
    owners.set(one.externalId, { recordId: one.recordId, title: 'a record made with it' });
    if (!owner && !placed.has(one.recordId)) fresh.push(one);
  }
  if (fresh.length > 0) {
    const rows = fresh.map(({ recordId, externalId }) => {
      return { recordId, connection, role, externalId, how: 'made', linkedAt: now };
    });
    await tx.execute(insertMany(links, rows));
  }
  await tell(
    tx,
    fresh.map(({ changeId, externalId }) => {
      return { changeId, at: now, kind: 'made', connection, data: { externalId } };
    }),
  );
  await closeIntents(tx, ours, now);
  const externalIds = ours.map((one) => one.externalId);
  await addHints(tx, { connection, entity: context.entity.name, externalIds, now });
  await linkExchanges(
    tx,
    ours.flatMap(({ changeId, exchangeId }) => (exchangeId === null ? [] : [{ changeId, exchangeId }])),
  );
  return owners;
}

async function ownersOf(
  tx: Tx,
  { connection, role }: Pick<Place, 'connection' | 'role'>,
  answered: readonly Answered[],
): Promise<Map<string, Owner>> {
  const rows = await tx
    .select({ externalId: links.externalId, recordId: links.recordId, title: records.title })
    .from(links)
    .innerJoin(records, eq(records.id, links.recordId))
    .where(
      and(
        eq(links.connection, connection),
        eq(links.role, role),
        among(
          links.externalId,
          answered.map((one) => one.externalId),
        ),
      ),
    );
  return new Map(rows.map(({ externalId, ...owner }) => [externalId, owner]));
}

/** Records that have a place there already. */
async function placedIn(
  tx: Tx,
  connection: string,
  answered: readonly Answered[],
): Promise<ReadonlySet<string>> {
  const rows = await tx
    .select({ recordId: links.recordId })
    .from(links)
    .where(
      and(
        eq(links.connection, connection),
        among(
          links.recordId,
          answered.map((one) => one.recordId),
        ),
      ),
    );
  return new Set(rows.map((row) => row.recordId));
}

async function closeIntents(tx: Tx, made: readonly Made[], now: Date): Promise<void> {
  const rows = JSON.stringify(made.map(({ key, externalId }) => ({ key, external_id: externalId })));
  await tx.execute(sql`
    update ${intents} i set state = 'done', external_id = m.external_id, reason = null,
      finished_at = ${now.toISOString()}::timestamptz
    from jsonb_to_recordset(${rows}::text::jsonb) as m(key text, external_id text) where i.id = m.key`);
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
