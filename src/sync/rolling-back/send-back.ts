import { and, inArray } from 'drizzle-orm';
import { type ReadItem, VendorError, type WriteOutcome } from '../../connectors/connector.ts';
import { same } from '../../entities/field.ts';
import { tell } from '../../ledger/changes/changes.ts';
import { linkExchanges } from '../../ledger/connections/exchanges.ts';
import { type BaseMove, moveBases } from '../../ledger/records/bases.ts';
import type { Rollback, RollbackItem } from '../../ledger/rollback/rollbacks.ts';
import { addHints } from '../../ledger/runs/hints.ts';
import { intents, rollbackItems } from '../../ledger/tables/index.ts';
import type { RunFailure } from '../../ledger/tables/runs.ts';
import { heldValue } from '../compare.ts';
import { callFor, commit, connectorOf, type RunContext } from '../context.ts';
import { failureOf, linkFailure } from '../failures.ts';
import { abandonIntents, commitOutcomes } from '../writing/intents.ts';
import { idOf } from './look.ts';
import { linesOf } from './prepare.ts';
import { isItem, type SentBack } from './store-back.ts';

/** Sends what puts back, and reads it back: only what is then there was put back. */
export async function send(
  context: RunContext,
  rollback: Rollback,
  connection: string,
  batch: readonly SentBack[],
): Promise<RunFailure[]> {
  const ids = batch.map((one) => one.changeId);
  // A process that slept since it planned may have lost the flow: then these values are no longer its to send.
  await commit(context, async () => undefined);
  let outcomes: readonly WriteOutcome[];
  try {
    outcomes = await connectorOf(context, connection).write(
      batch.map(({ key, changeId, externalId, fields }) => ({ key, changeId, externalId, fields })),
      callFor(context, ids),
    );
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    await abandonIntents(context, batch, error.message);
    await linkFailure(context, ids, error);
    return [failureOf(error)];
  }
  await context.at?.('rollback_sent');
  const outcomeOf = new Map(outcomes.map((outcome) => [outcome.key, outcome]));
  await commitOutcomes(context, batch, outcomes);
  for (const one of batch) {
    const outcome = outcomeOf.get(one.key);
    if (outcome?.kind === 'refused') await refuse(context, one.items, outcome.reason);
  }
  await context.at?.('rollback_outcomes');
  const toRead = batch.filter(({ key }) => outcomeOf.get(key)?.kind !== 'refused');
  return readBack(context, rollback, connection, toRead, outcomeOf);
}

async function refuse(context: RunContext, items: readonly RollbackItem[], why: string): Promise<void> {
  await commit(context, async (tx) => {
    for (const item of items)
      await tx.update(rollbackItems).set({ outcome: 'refused', why }).where(isItem(item));
  });
}

async function readBack(
  context: RunContext,
  rollback: Rollback,
  connection: string,
  batch: readonly SentBack[],
  outcomeOf: ReadonlyMap<string, WriteOutcome>,
): Promise<RunFailure[]> {
  if (batch.length === 0) return [];
  const ids = batch.map((one) => one.changeId);
  try {
    const items = await connectorOf(context, connection).read(
      batch.map((one) => one.externalId),
      callFor(context, ids),
    );
    const byId = new Map(items.map((item) => [idOf(item), item]));
    const confirmed = batch.flatMap((one): Confirmed[] => {
      const item = byId.get(one.externalId);
      // Gone, merged or unreadable: the next run sees it as that.
      return item?.kind === 'read'
        ? [confirm(context, one, item, outcomeOf.get(one.key)?.kind === 'saved')]
        : [];
    });
    await keep(context, rollback, connection, confirmed);
    await context.at?.('rollback_read_back');
    return [];
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    // Unconfirmed: the next run reads it first.
    await linkFailure(context, ids, error);
    return [failureOf(error)];
  }
}

interface Confirmed {
  readonly one: SentBack;
  readonly item: ReadItem & { readonly kind: 'read' };
  readonly back: readonly RollbackItem[];
  /** The vendor said that it saved them, and still has another value. */
  readonly ignored: readonly RollbackItem[];
  /** Nobody said anything, and the value is not there: the next run looks again. */
  readonly open: readonly RollbackItem[];
}

function confirm(
  { entity }: RunContext,
  one: SentBack,
  item: ReadItem & { readonly kind: 'read' },
  wasSaved: boolean,
): Confirmed {
  const isBack = ({ field: name, before }: RollbackItem) => {
    const field = entity.fields.find((candidate) => candidate.name === name);
    return field !== undefined && same(field, heldValue(item.observation.fields[name]), before);
  };
  const back = one.items.filter(isBack);
  const not = one.items.filter((candidate) => !isBack(candidate));
  return { one, item, back, ignored: wasSaved ? not : [], open: wasSaved ? [] : not };
}

async function keep(
  context: RunContext,
  rollback: Rollback,
  connection: string,
  confirmed: readonly Confirmed[],
): Promise<void> {
  const now = context.clock.now();
  const { label } = connectorOf(context, connection);
  await commit(context, async (tx) => {
    await moveBases(tx, confirmed.map(baseOf), { origin: 'read_back', runId: context.run.id, now });
    const woken = confirmed.filter(({ one, item }) => one.wasArchived && !item.observation.archived);
    const externalIds = woken.map(({ one }) => one.externalId);
    await addHints(tx, { connection, entity: context.entity.name, externalIds, now });
    const done = confirmed.filter(({ open }) => open.length === 0).map(({ one }) => one.key);
    if (done.length > 0) {
      await tx
        .update(intents)
        .set({ state: 'done', finishedAt: now })
        .where(and(inArray(intents.id, done), inArray(intents.state, ['in_flight', 'unknown'])));
    }
    for (const { back, ignored } of confirmed) {
      for (const item of back)
        await tx.update(rollbackItems).set({ outcome: 'put_back' }).where(isItem(item));
      const why = `${label} said that it saved it, but still has another value.`;
      for (const item of ignored)
        await tx.update(rollbackItems).set({ outcome: 'refused', why }).where(isItem(item));
    }
    await tell(
      tx,
      confirmed.flatMap(({ one, back }) =>
        linesOf(
          back.map((item) => ({ ...item, changeId: one.changeId })),
          rollback,
          now,
        ),
      ),
    );
    await linkExchanges(
      tx,
      confirmed.flatMap(({ one, item }) =>
        item.exchangeId === null ? [] : [{ changeId: one.changeId, exchangeId: item.exchangeId }],
      ),
    );
  });
}

/** Only what was put back: another value there is somebody's, and the next pull finds it. */
function baseOf({ one, item: { observation, exchangeId }, back }: Confirmed): BaseMove {
  const names = new Set(back.map(({ field }) => field));
  const fields = Object.fromEntries(Object.entries(observation.fields).filter(([field]) => names.has(field)));
  // Brought back to use by us, it has missed what was agreed meanwhile: the next pull sees it as back.
  const archived = observation.archived || one.wasArchived;
  return { recordId: one.recordId, connection: one.connection, observation, fields, archived, exchangeId };
}
