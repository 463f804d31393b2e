import { takesPart } from '../../agreement/takes-part.ts';
import { goneAway } from '../../ledger/records/absences.ts';
import type { Link, RecordState } from '../../ledger/records/records.ts';
import { connectorOf, type RunContext } from '../context.ts';
import { statusField, tellsStatus } from '../status.ts';

type Known = Pick<RecordState, 'bases'>;

/** Whether decided values are brought to a record there: to one in use, or the status to an archived one; never where one can only read. */
export function getsAny(
  context: Pick<RunContext, 'flow' | 'connectors'>,
  state: Known & Pick<RecordState, 'pending'>,
  link: Link,
): boolean {
  return [...state.pending.keys()].some((field) => getsField(context, state, link, field));
}

/** Whether this field of a record is brought there once it is decided. An archived record gets its status alone. */
export function getsField(
  context: Pick<RunContext, 'flow' | 'connectors'>,
  { bases }: Known,
  { connection, archived, how }: Pick<Link, 'connection' | 'archived' | 'how'>,
  field: string,
): boolean {
  if (!takesPart(context.flow, field, connection) || how === goneAway) return false;
  const connector = connectorOf(context, connection);
  if (!connector.canUpdate || !connector.supports(field)) return false;
  return !archived || (field === statusField && tellsStatus(bases.get(connection)));
}
