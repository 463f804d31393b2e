import { and, eq, inArray } from 'drizzle-orm';
import { type ReadItem, VendorError } from '../connectors/connector.ts';
import { countHints, forgetHints, type Hint, waitingHints } from '../ledger/runs/hints.ts';
import { cursors, links } from '../ledger/tables/index.ts';
import type { RunFailure, RunNote } from '../ledger/tables/runs.ts';
import { confirmGone } from './absence/confirm.ts';
import { tooMuchForToday } from './absence/fits-today.ts';
import { noteOfListing } from './absence/listing.ts';
import { askForSuspects, suspectUnnamed } from './absence/suspects.ts';
import { callFor, commit, connectorOf, type RunContext } from './context.ts';
import { driftFailures } from './drift.ts';
import { failureOf } from './failures.ts';
import { leftOutIn } from './left-out.ts';
import { stagePage } from './stage.ts';
import { together } from './together.ts';

export interface Pulled {
  readonly read: number;
  readonly malformed: number;
  /** Connections of which everything that changed was read, and of which that is to be believed. */
  readonly listed: ReadonlySet<string>;
  /** By connection, how many records its list named; one whose list was not read to its end is left out. */
  readonly named: Readonly<Record<string, number>>;
  /** By connection of which everything was listed, how many records the agreement leaves as they are. */
  readonly leftOut: Readonly<Record<string, number>>;
  readonly notes: readonly RunNote[];
  readonly failures: readonly RunFailure[];
}

/**
 * What a run reads: everything that changed since the cursors, everything there is, or the named records only; hints that wait, and
 * records that may be gone, always come along.
 */
export type Scope =
  | { readonly kind: 'changed' }
  | { readonly kind: 'everything' }
  /** `listing` = what changed as well: one of them is to be made somewhere, where it might be by now. */
  | { readonly kind: 'records'; readonly ids: readonly string[]; readonly listing?: boolean }
  | { readonly kind: 'hints' };

/** Reads all connections of the flow side by side. One that cannot be read is a failure of its own; what the others brought is stored. */
export async function pull(context: RunContext, scope: Scope): Promise<Pulled> {
  const short = scope.kind === 'everything' ? await tooMuchForToday(context) : [];
  if (short.length > 0)
    return { read: 0, malformed: 0, listed: new Set(), named: {}, leftOut: {}, notes: [], failures: short };
  const results = await together(context, context.flow.connections, (connection) =>
    pullConnection(context, connection, scope),
  );
  return {
    read: results.reduce((sum, result) => sum + result.read, 0),
    malformed: results.reduce((sum, result) => sum + result.malformed, 0),
    listed: new Set(context.flow.connections.filter((_, i) => results[i]?.isListed)),
    named: Object.fromEntries(
      context.flow.connections.flatMap((id, i) => {
        const named = results[i]?.named;
        return named ? [[id, named.size]] : [];
      }),
    ),
    leftOut: Object.fromEntries(
      context.flow.connections.flatMap((id, i) => {
        const leftOut = results[i]?.leftOut.size ?? 0;
        return leftOut > 0 ? [[id, leftOut]] : [];
      }),
    ),
    notes: results.flatMap((result) => result.notes),
    failures: results.flatMap((result) => result.failures),
  };
}

async function pullConnection(context: RunContext, connection: string, scope: Scope): Promise<Tally> {
  const tally: Tally = {
    ...{ read: 0, malformed: 0, isListed: false, named: null, notes: [], failures: [] },
    leftOut: new Set(),
  };
  try {
    const hinted = await pullHints(context, connection, tally);
    const everything = scope.kind === 'everything';
    if (everything || scope.kind === 'changed' || (scope.kind === 'records' && scope.listing))
      await pullListed(context, connection, { everything }, tally);
    await askForSuspects(context, connection, (ids) => readHinted(context, connection, ids, tally));
    if (scope.kind === 'records') await pullRecords(context, connection, scope.ids, hinted, tally);
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    tally.failures.push(failureOf(error));
  }
  return tally;
}

interface Tally {
  read: number;
  malformed: number;
  isListed: boolean;
  /** The ids that its list named, once that was read to its end. */
  named: ReadonlySet<string> | null;
  /** Of everything, the ids that the agreement leaves as they are. */
  readonly leftOut: Set<string>;
  notes: RunNote[];
  failures: RunFailure[];
}

/** A list that names nothing where much is usual is not believed: nothing is thought to be gone, or missing, for its sake. */
async function pullListed(
  context: RunContext,
  connection: string,
  { everything }: { readonly everything: boolean },
  tally: Tally,
): Promise<void> {
  const begun = context.clock.now();
  const named = await pullChanged(context, connection, { everything }, tally);
  tally.named = named;
  const note = await noteOfListing(context, connection, { named: named.size, everything });
  if (note) tally.notes.push(note);
  else if (everything) await suspectUnnamed(context, connection, named, begun);
  tally.isListed = note === null;
}

/** Returns the ids that the list named. */
async function pullChanged(
  context: RunContext,
  connection: string,
  { everything }: { readonly everything: boolean },
  tally: Tally,
): Promise<ReadonlySet<string>> {
  const connector = connectorOf(context, connection);
  const [cursor] = await context.db
    .select()
    .from(cursors)
    .where(and(eq(cursors.flow, context.flow.id), eq(cursors.connection, connection)));
  const since = cursor && !everything ? new Date(cursor.at.getTime() - connector.overlapMs) : null;
  // Never to the newest row: what the vendor lists late would be passed over.
  const until = new Date(context.clock.now().getTime() - connector.lagMs);
  const named = new Set<string>();
  let held: readonly ReadItem[] = [];
  for await (const page of connector.changed(since, until, callFor(context))) {
    for (const item of page) named.add(idOf(item));
    if (since === null) for (const id of leftOutIn(page)) tally.leftOut.add(id);
    await store(context, connection, held, null, tally);
    held = page;
  }
  await store(context, connection, held, until, tally);
  return named;
}

const idOf = (item: ReadItem): string =>
  item.kind === 'read' ? item.observation.externalId : item.externalId;

async function pullRecords(
  context: RunContext,
  connection: string,
  ids: readonly string[],
  hinted: ReadonlySet<string>,
  tally: Tally,
): Promise<void> {
  if (ids.length === 0) return;
  const rows = await context.db
    .select({ externalId: links.externalId })
    .from(links)
    .where(and(inArray(links.recordId, [...ids]), eq(links.connection, connection)));
  await readInto(
    context,
    connection,
    rows.map((row) => row.externalId).filter((externalId) => !hinted.has(externalId)),
    tally,
  );
}

/** Hints that are read together: a burst of ten thousand fills no memory. */
const hintsAtOnce = 500;

/** A hint only makes us read. It is forgotten once what it named is staged, unless it came again meanwhile. Returns what was named. */
async function pullHints(
  context: RunContext,
  connection: string,
  tally: Tally,
): Promise<ReadonlySet<string>> {
  const { db, flow, agreement, entity } = context;
  const reader = { connection, flow: flow.id, entity: entity.name };
  const flows = Object.values(agreement.flows).filter((one) => one.connections.includes(connection));
  const read = new Set<string>();
  let after: Hint | null = null;
  // As many as there are now: those that come while we read are the next run's.
  for (let left = await countHints(db, reader); left > 0; ) {
    const some: Hint[] = await waitingHints(db, reader, { limit: Math.min(left, hintsAtOnce), after });
    if (some.length === 0) break;
    const named = await resolveHints(
      context,
      connection,
      some.map((hint) => hint.externalId),
    );
    const fresh = named.filter((externalId) => !read.has(externalId));
    await readHinted(context, connection, fresh, tally);
    await forgetHints(db, some, { flow: flow.id, flows });
    for (const externalId of fresh) read.add(externalId);
    after = some.at(-1) ?? null;
    left -= some.length;
  }
  return read;
}

/** A hint may name a part of a record, such as its billing contact: what is read is the record. */
async function resolveHints(
  context: RunContext,
  connection: string,
  hinted: readonly string[],
): Promise<readonly string[]> {
  const connector = connectorOf(context, connection);
  if (!connector.resolve || hinted.length === 0) return hinted;
  try {
    return [...new Set(await connector.resolve(hinted, callFor(context)))];
  } catch (error) {
    if (error instanceof VendorError && error.failure === 'refused') return hinted;
    throw error;
  }
}

/** An id that the vendor refuses to look up keeps none of the others from being read: it is found by halves, and waits. */
async function readHinted(
  context: RunContext,
  connection: string,
  externalIds: readonly string[],
  tally: Tally,
): Promise<void> {
  try {
    await readInto(context, connection, externalIds, tally);
  } catch (error) {
    if (!(error instanceof VendorError) || error.failure !== 'refused') throw error;
    const [externalId, another] = externalIds;
    if (externalId === undefined) return;
    if (another === undefined) {
      const item = { kind: 'malformed', externalId, reason: error.message } as const;
      return store(context, connection, [{ ...item, exchangeId: error.exchangeId }], null, tally);
    }
    const middle = Math.ceil(externalIds.length / 2);
    await readHinted(context, connection, externalIds.slice(0, middle), tally);
    await readHinted(context, connection, externalIds.slice(middle), tally);
  }
}

async function readInto(
  context: RunContext,
  connection: string,
  externalIds: readonly string[],
  tally: Tally,
): Promise<void> {
  if (externalIds.length === 0) return;
  const items = await connectorOf(context, connection).read(externalIds, callFor(context));
  await store(context, connection, items, null, tally);
}

async function store(
  context: RunContext,
  connection: string,
  items: readonly ReadItem[],
  cursor: Date | null,
  tally: Tally,
): Promise<void> {
  if (items.length > 0 || cursor) {
    const gone = items.flatMap((item) => (item.kind === 'gone' ? [item.externalId] : []));
    await commit(context, async (tx) => {
      await stagePage(tx, { context, connection, items, cursor });
      await confirmGone(context, tx, connection, gone);
    });
    await context.at?.('staged');
  }
  tally.read += items.length;
  tally.malformed += items.filter((item) => item.kind === 'malformed').length;
  for (const failure of driftFailures(context, connection, items)) {
    if (!tally.failures.some((known) => known.cause === 'drift' && known.field === failure.field))
      tally.failures.push(failure);
  }
}
