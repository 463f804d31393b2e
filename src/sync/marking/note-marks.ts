import type { ReadItem } from '../../connectors/connector.ts';
import type { Tx } from '../../ledger/db.ts';
import { approvedFor } from '../../ledger/records/markings.ts';
import { noteMarksRead } from '../../ledger/records/marks.ts';
import { connectorOf, type RunContext } from '../context.ts';

/** One reading of the approvals serves a whole run. */
const books = new WeakMap<RunContext, ReadonlySet<string>>();

/** What a page says of our ids in its records, where they are written: that one came back, or that somebody took it away. */
export async function noteMarks(
  context: RunContext,
  tx: Tx,
  connection: string,
  items: readonly ReadItem[],
): Promise<void> {
  const { role, marking } = connectorOf(context, connection);
  if (!marking || items.length === 0 || !(await approved(context, tx)).has(connection)) return;
  const read = items.flatMap((item) =>
    item.kind === 'read'
      ? [{ externalId: item.observation.externalId, marker: item.observation.marker }]
      : [],
  );
  await noteMarksRead(tx, { connection, role }, read, context.clock.now());
}

async function approved(context: RunContext, tx: Tx): Promise<ReadonlySet<string>> {
  const known = books.get(context);
  if (known) return known;
  const found = new Set((await approvedFor(tx, context.entity.name)).keys());
  books.set(context, found);
  return found;
}
