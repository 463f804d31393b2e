import type { Logger } from 'pino';
import type { ActiveAgreement } from '../agreement/agreement.ts';
import type { Clock } from '../clock.ts';
import { type Database, tendDatabase } from '../ledger/database.ts';
import { sealOlder } from '../ledger/sealing/seal-older.ts';
import { forgetValues } from './forget-values.ts';
import { keepHouse } from './housekeeping.ts';

interface HouseworkParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'warn'>;
  readonly agreement: () => Pick<ActiveAgreement, 'flows'>;
}

/** What is to be done once an hour. A step that fails keeps no other from being done. Never rejects. */
export async function doHousework({ database, clock, log, agreement }: HouseworkParts): Promise<void> {
  const { db } = database;
  const steps = {
    'throw away what nobody asks for': () => keepHouse({ db, clock }),
    'forget values in Slack': () => forgetValues({ db, clock, agreement: agreement() }),
    'seal older values': () => sealOlder(db),
    'tend the database': () => tendDatabase(database),
  };
  for (const [step, work] of Object.entries(steps)) {
    try {
      await work();
    } catch (error) {
      log.warn({ err: error, step }, `Housework did not finish (${step}); it is tried again in an hour.`);
    }
  }
}
