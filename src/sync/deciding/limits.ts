import type { FieldTerms } from '../../agreement/agreement.ts';
import type { Conflict } from '../../ledger/records/records.ts';

export type Limit = Pick<Conflict, 'deadline' | 'fallback'>;

/**
 * The limit of an open question under terms that changed since it was asked: counted from when it was asked; but where that is over
 * already, people have the whole of the new limit from now on. Null where the terms of its limit are the same. Pure.
 */
export function newLimit(
  question: Pick<Conflict, 'openedAt'>,
  before: FieldTerms | undefined,
  after: FieldTerms,
  now: Date,
): Limit | null {
  const same =
    before?.decideWithinHours === after.decideWithinHours &&
    before?.ifNobodyChooses === after.ifNobodyChooses;
  if (same) return null;
  const fallback = after.ifNobodyChooses;
  if (after.decideWithinHours === null) return { deadline: null, fallback };
  const ms = after.decideWithinHours * 3_600_000;
  const end = question.openedAt.getTime() + ms;
  return { deadline: new Date(end > now.getTime() ? end : now.getTime() + ms), fallback };
}
