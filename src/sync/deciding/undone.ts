import { type FieldValue, same } from '../../entities/field.ts';
import type { Undone } from '../../ledger/rollback/put-backs.ts';
import type { FieldView } from '../compare.ts';

/** Where a field had been changed to something else than the value that it gets (again), to what, and by whom where that is told. Pure. */
export function undoneIn(
  { field, participants }: FieldView,
  value: FieldValue | null,
  project: (connection: string, field: string, value: FieldValue | null) => FieldValue | null,
): Undone[] {
  const others = participants.filter((p) => !same(field, p.value, project(p.connection, field.name, value)));
  // Of a value that was agreed on while its owner was away nobody is known to have changed it.
  const changed = others.some((p) => p.changed) ? others.filter((p) => p.changed) : others;
  return changed
    .filter((p) => !p.isNew && !p.isReadOnly)
    .map(({ connection, value: was, changedBy, changed: isNews }) => ({
      connection,
      value: was,
      by: isNews ? changedBy : null,
    }));
}
