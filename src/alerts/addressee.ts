import type { ActiveAgreement } from '../agreement/agreement.ts';
import type { DbOrTx } from '../ledger/db.ts';
import { preferencesOf } from '../ledger/posts/preferences.ts';
import { workdayOf } from './hours.ts';
import type { Addressee } from './interrupt.ts';

/** Somebody with their working hours, and how they want to be told. */
export async function addresseeOf(
  db: DbOrTx,
  agreement: Pick<ActiveAgreement, 'hours' | 'people' | 'timeZone'>,
  slack: string,
): Promise<Addressee> {
  const { slots, outside } = await preferencesOf(db, slack);
  const workday = { ...workdayOf(agreement, slack), ...(slots === 'morning' ? { morningOnly: true } : {}) };
  return { slack, workday, outside };
}
