import { sql } from 'drizzle-orm';
import { type ReadItem, VendorError } from '../../connectors/connector.ts';
import { type Field, same } from '../../entities/field.ts';
import { tell } from '../../ledger/changes/changes.ts';
import { linkExchanges } from '../../ledger/connections/exchanges.ts';
import { noteLosses } from '../../ledger/connections/losses.ts';
import type { Tx } from '../../ledger/db.ts';
import { redrawCards } from '../../ledger/posts/outbox.ts';
import { moveBases } from '../../ledger/records/bases.ts';
import { hints, pending } from '../../ledger/tables/index.ts';
import type { RunFailure } from '../../ledger/tables/runs.ts';
import { heldValue } from '../compare.ts';
import { callFor, commit, connectorOf, type RunContext } from '../context.ts';
import { failureOf, linkFailure } from '../failures.ts';
import { type Loss, lossOf, lossWords } from '../writing/loss.ts';
import { failChange } from '../writing/read-back.ts';
import type { Made, Making } from './made.ts';
import { ownWords, withoutOwnWords } from './own-words.ts';

/** Reads what was made: what is there becomes its base, but for what the system decides by itself. A value that the system did not keep fails the change. */
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
    const readings = new Map(
      items.flatMap((item) => (item.kind === 'read' ? [[item.observation.externalId, item] as const] : [])),
    );
    await confirm(
      context,
      connection,
      made.flatMap((one) => {
        const item = readings.get(one.externalId);
        return item ? [confirmedOf(context, one, item)] : [];
      }),
    );
    return [];
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    await linkFailure(context, changeIds, error);
    return [failureOf(error)];
  }
}

type Reading = ReadItem & { readonly kind: 'read' };

/** What was made, beside what is there. */
interface Confirmed {
  readonly one: Made;
  readonly item: Reading;
  /** Values that the system did not keep. */
  readonly losses: readonly Loss[];
  /** What the system decides and filled in by itself: still to be compared. */
  readonly news: ReadonlySet<string>;
}

function confirmedOf(context: RunContext, one: Made, item: Reading): Confirmed {
  const { connection, fields: sent } = one;
  const news = ownWords(context.flow, { connection, sent }, item.observation.fields);
  return { one, item, losses: lossesOf(context, one, item), news };
}

function lossesOf({ entity }: RunContext, one: Made, { observation }: Reading): Loss[] {
  const ignored = entity.fields.filter((field) => wasIgnored(field, one, observation.fields[field.name]));
  return ignored.map((field) => {
    const readBack = heldValue(observation.fields[field.name]);
    return lossOf(field, { written: one.fields[field.name] ?? null, before: null, readBack });
  });
}

async function confirm(context: RunContext, connection: string, all: readonly Confirmed[]): Promise<void> {
  if (all.length === 0) return;
  await commit(context, (tx) => store(context, tx, connection, all));
  const { label } = connectorOf(context, connection);
  for (const { one, losses } of all.filter(({ losses }) => losses.length > 0)) {
    const reason = `Made, but ${losses.map((loss) => lossWords(label, loss)).join('; ')}.`;
    await failChange(context, one.changeId, connection, reason);
  }
}

async function store(
  context: RunContext,
  tx: Tx,
  connection: string,
  all: readonly Confirmed[],
): Promise<void> {
  const now = context.clock.now();
  await moveBases(
    tx,
    all.map(({ one: { recordId }, item: { observation, exchangeId }, news }) => {
      const fields = withoutOwnWords(observation.fields, news);
      return { recordId, connection, observation, fields, exchangeId };
    }),
    { origin: 'read_back', runId: context.run.id, now },
  );
  const known = all.filter(({ news }) => news.size === 0);
  await forgetReminders(tx, { connection, entity: context.entity.name }, known);
  await linkExchanges(
    tx,
    all.flatMap(({ one: { changeId }, item: { exchangeId } }) =>
      exchangeId === null ? [] : [{ changeId, exchangeId }],
    ),
  );
  await tell(
    tx,
    all.flatMap(({ one: { changeId, fields }, losses }) =>
      losses.length > 0
        ? []
        : [{ changeId, at: now, kind: 'read_back', connection, data: { fields: Object.keys(fields) } }],
    ),
  );
  await keepLosses(tx, all, now);
  await redrawCards(
    tx,
    all.map(({ one }) => `change:${one.changeId}`),
  );
}

/** Unless somebody else has named it meanwhile. What brought news is read once more. */
async function forgetReminders(
  tx: Tx,
  { connection, entity }: { readonly connection: string; readonly entity: string },
  all: readonly Confirmed[],
): Promise<void> {
  const ids = JSON.stringify(all.map(({ one }) => one.externalId));
  await tx.execute(sql`
    delete from ${hints} h using jsonb_array_elements_text(${ids}::text::jsonb) as m(id)
    where h.connection = ${connection} and h.entity = ${entity} and h.external_id = m.id and h.events = 1`);
}

/** What was not kept is put down, and still to be brought. */
async function keepLosses(tx: Tx, all: readonly Confirmed[], now: Date): Promise<void> {
  const lost = all.flatMap(({ one, losses }) => losses.map(({ field, kind }) => ({ one, field, kind })));
  if (lost.length === 0) return;
  const noted = lost.map(({ one: { recordId, connection, changeId }, field, kind }) => {
    return { recordId, connection, changeId, field: field.name, kind };
  });
  await noteLosses(tx, noted, now);
  await tx
    .insert(pending)
    .values(
      lost.map(({ one: { recordId, changeId, fields }, field: { name } }) => {
        return {
          recordId,
          field: name,
          changeId,
          value: fields[name] ?? null,
          by: 'rule:agreed',
          since: now,
        };
      }),
    )
    .onConflictDoNothing();
}

function wasIgnored(field: Field, { fields }: Making, observed: Parameters<typeof heldValue>[0]): boolean {
  const sent = fields[field.name];
  if (sent === undefined || observed?.state === 'not_read' || observed?.state === 'unsupported') return false;
  return !same(field, heldValue(observed), sent);
}
