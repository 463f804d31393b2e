import type { ActiveAgreement, Flow } from '../agreement/agreement.ts';
import { speaksFor } from '../agreement/deputies.ts';
import type { DbOrTx } from '../ledger/db.ts';
import { type Expired, expiredIn } from '../ledger/questions/expired.ts';
import { type NoLonger, noLongerFor } from '../ledger/questions/withdrawals.ts';

/** What is over in one flow without an answer of one person's. */
export interface Over {
  readonly flow: Flow;
  /** Nobody chose in time: told to all who might have. */
  readonly expired: readonly Expired[];
  /** What this person put off, or approved first, and what needs no decision any more. */
  readonly noLonger: readonly NoLonger[];
}

/** Further back than this nobody is told. */
export const oldestTold = 7 * 24 * 3_600_000;

/** What one person hears of afterwards, flow by flow; flows without any of it are left out. `since` is not among it, `until` is. */
export async function overSince(
  db: DbOrTx,
  agreement: ActiveAgreement,
  { person, since, until }: { readonly person: string; readonly since: Date; readonly until: Date },
): Promise<Over[]> {
  const found: Over[] = [];
  for (const flow of Object.values(agreement.flows)) {
    const about = { flow: flow.id, since, until };
    const decides = flow.deciders.some((one) => speaksFor(person, one));
    const expired = decides ? await expiredIn(db, about) : [];
    const noLonger = await noLongerFor(db, { ...about, person });
    if (expired.length > 0 || noLonger.length > 0) found.push({ flow, expired, noLonger });
  }
  return found;
}
