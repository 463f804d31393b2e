import type { RecordState } from '../../ledger/records/records.ts';
import { connectorOf, type RunContext } from '../context.ts';
import { isMissing } from '../making/decide-create.ts';
import { statusField } from '../status.ts';
import { getsField } from '../writing/gets.ts';
import type { GoneInput } from './decide-gone.ts';

/** What has to be known of a record that is gone from a system, to say what follows or may be chosen. */
export function goneInput(
  context: RunContext,
  state: RecordState,
  goneFrom: string,
): Omit<GoneInput, 'whenGone'> {
  const { flow } = context;
  const inUse = state.links.filter((link) => !link.archived && flow.connections.includes(link.connection));
  const status = flow.fields[statusField];
  const from = flow.createIn[goneFrom] ?? [];
  const left = state.links.filter((link) => link.connection !== goneFrom);
  return {
    status: status ? { twoPeople: status.twoPeople } : null,
    inUse: inUse.map((link) => link.connection),
    takeStatus: inUse
      .filter((link) => getsField(context, state, link, statusField))
      .map((link) => link.connection),
    canBeMade:
      state.record.keyValue !== null &&
      connectorOf(context, goneFrom).canCreate &&
      isMissing({ target: goneFrom, from, links: left }),
  };
}
