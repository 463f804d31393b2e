import { and, eq, isNotNull } from 'drizzle-orm';
import type { Observation } from '../../connectors/connector.ts';
import { type Field, type FieldValue, type Observed, same } from '../../entities/field.ts';
import { tell } from '../../ledger/changes/changes.ts';
import type { Tx } from '../../ledger/db.ts';
import { among } from '../../ledger/many.ts';
import { moveBases } from '../../ledger/records/bases.ts';
import type { RecordState } from '../../ledger/records/records.ts';
import { type Intent, openIntents } from '../../ledger/sealing/evidence.ts';
import { intents } from '../../ledger/tables/index.ts';
import { heldValue } from '../compare.ts';
import type { RunContext } from '../context.ts';
import type { Seen } from '../deciding/observe.ts';
import { wasEditedSince } from '../writing/loss.ts';
import { ownWords, withoutOwnWords } from './own-words.ts';
import { mayStillComeMs } from './unanswered.ts';

/** What a system was told to make a record of, and by when that was on its way, ISO 8601. */
interface ToldToMake {
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly sentBy: string;
}

/**
 * The part of a record that we made which is no news when it is first read: what we sent, and what the system filled in by itself.
 * The rest is compared like that of any newcomer: what we sent and is another value there, and what somebody has typed since. Pure.
 */
export function madeByUs(
  fields: readonly Field[],
  { fields: sent, sentBy }: ToldToMake,
  observation: Observation,
): Readonly<Record<string, Observed>> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const { name } = field;
      const observed = observation.fields[name];
      if (!observed) return [];
      const told = sent[name];
      const isOurs =
        told === undefined
          ? !wasEditedSince(observation, name, sentBy)
          : same(field, heldValue(observed), told);
      return isOurs ? [[name, observed] as const] : [];
    }),
  );
}

/**
 * Takes up records that were made and never read back, because the answer or the process was lost: what is ours of them becomes
 * their base before they are compared. `seenOf` = what was read of a record just now. Returns the states as they are then.
 */
export async function takeUpMade(
  context: RunContext,
  tx: Tx,
  states: readonly RecordState[],
  seenOf: (recordId: string) => readonly Seen[],
): Promise<readonly RecordState[]> {
  const unread = states.flatMap((state) => unreadOf(state, seenOf(state.record.id)));
  if (unread.length === 0) return states;
  const made = await madeIn(tx, [...new Set(unread.map(({ recordId }) => recordId))]);
  const taken = unread.flatMap((one) => {
    const intent = made.get(placeOf(one.connection, one.observation.externalId));
    if (intent?.recordId !== one.recordId) return [];
    const sentBy = new Date(intent.committedAt.getTime() + mayStillComeMs).toISOString();
    const sent = intent.fields as ToldToMake['fields'];
    const ours = madeByUs(context.entity.fields, { fields: sent, sentBy }, one.observation);
    const { connection, observation } = one;
    const fields = withoutOwnWords(ours, ownWords(context.flow, { connection, sent }, observation.fields));
    return [
      { ...one, fields, changeId: intent.changeId, kept: Object.keys(sent).filter((name) => name in fields) },
    ];
  });
  const now = context.clock.now();
  await moveBases(tx, taken, { origin: 'read_back', runId: context.run.id, now });
  await tell(
    tx,
    taken.map(({ changeId, connection, kept }) => {
      return { changeId, at: now, kind: 'read_back', connection, data: { fields: kept } };
    }),
  );
  return states.map((state) => {
    const own = taken.filter(({ recordId }) => recordId === state.record.id);
    const bases = own.map(({ connection, fields }) => [connection, fields] as const);
    return own.length === 0 ? state : { ...state, bases: new Map([...state.bases, ...bases]) };
  });
}

type Unread = Seen & { readonly recordId: string };

/** What is read for the first time, where we have made it, or it carries our mark. */
function unreadOf({ record, links, bases }: RecordState, seen: readonly Seen[]): Unread[] {
  const unread = links.filter(
    ({ how, readAt, connection }) =>
      (how === 'made' || how === 'marker') && readAt === null && !bases.has(connection),
  );
  return seen.flatMap((one) => {
    const { externalId, archived } = one.observation;
    const link = unread.find((each) => each.connection === one.connection && each.externalId === externalId);
    return link && !archived ? [{ ...one, recordId: record.id }] : [];
  });
}

/** What was made of these records, by the place that it has in a system. */
async function madeIn(tx: Tx, recordIds: readonly string[]): Promise<ReadonlyMap<string, Intent>> {
  const rows = await tx
    .select()
    .from(intents)
    .where(
      and(
        among(intents.recordId, recordIds),
        eq(intents.kind, 'create'),
        eq(intents.state, 'done'),
        isNotNull(intents.externalId),
      ),
    );
  const made = await openIntents(tx, rows);
  return new Map(made.map((row) => [placeOf(row.connection, row.externalId ?? ''), row]));
}

const placeOf = (connection: string, externalId: string): string => `${connection} ${externalId}`;
