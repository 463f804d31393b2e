import { and, eq, lt } from 'drizzle-orm';
import { clearSuspects, suspect, suspectsIn } from '../../ledger/records/absences.ts';
import { links, records } from '../../ledger/tables/index.ts';
import { commit, connectorOf, type RunContext } from '../context.ts';

/** As many are asked for by their ids in one run; the next ones take up the rest, so that no run costs a day's calls. */
const askedAtOnce = 500;
const storedAtOnce = 5_000;

/**
 * Records in use that a list of everything did not name. That alone says nothing: a list may leave records out. `begun` = when the
 * list was begun: what was linked since could not be on it.
 */
export async function suspectUnnamed(
  context: RunContext,
  connection: string,
  named: ReadonlySet<string>,
  begun: Date,
): Promise<void> {
  const { db, flow, entity, clock } = context;
  const { lagMs, role } = connectorOf(context, connection);
  const listedUntil = new Date(begun.getTime() - lagMs);
  const known = await db
    .select({ externalId: links.externalId })
    .from(links)
    .innerJoin(records, eq(records.id, links.recordId))
    .where(
      and(
        eq(links.connection, connection),
        eq(records.entity, entity.name),
        eq(links.archived, false),
        lt(links.linkedAt, listedUntil),
      ),
    );
  const unnamed = known.map((link) => link.externalId).filter((id) => !named.has(id));
  for (let at = 0; at < unnamed.length; at += storedAtOnce) {
    const externalIds = unnamed.slice(at, at + storedAtOnce);
    const some = { flow: flow.id, connection, role, externalIds };
    await commit(context, (tx) => suspect(tx, { ...some, now: clock.now() }));
  }
}

/** Asks for suspects by their ids. Whatever they turn out to be, suspects they are no more: here, merged, archived, or gone. */
export async function askForSuspects(
  context: RunContext,
  connection: string,
  read: (externalIds: readonly string[]) => Promise<void>,
): Promise<void> {
  const { db, flow } = context;
  const externalIds = await suspectsIn(db, { flow: flow.id, connection, atMost: askedAtOnce });
  if (externalIds.length === 0) return;
  await read(externalIds);
  await commit(context, (tx) => clearSuspects(tx, { flow: flow.id, connection, externalIds }));
}
