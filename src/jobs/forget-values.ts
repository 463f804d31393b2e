import type { ActiveAgreement } from '../agreement/agreement.ts';
import type { Clock } from '../clock.ts';
import type { Db } from '../ledger/db.ts';
import { redrawOver } from '../ledger/posts/redraw-over.ts';

const day = 24 * 3_600_000;

/** Takes the values off the messages of what was settled long ago, by an edit of each, as long as each flow says. */
export async function forgetValues({
  db,
  clock,
  agreement,
}: {
  readonly db: Db;
  readonly clock: Clock;
  readonly agreement: Pick<ActiveAgreement, 'flows'>;
}): Promise<void> {
  const now = clock.now();
  for (const { id: flow, forgetValuesAfterDays } of Object.values(agreement.flows)) {
    const before = new Date(now.getTime() - forgetValuesAfterDays * day);
    await redrawOver(db, { flow, before, now });
  }
}
