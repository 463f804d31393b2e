import { resealTokens } from '../connections/tokens.ts';
import type { Db } from '../db.ts';
import { tendKeys } from './tend-keys.ts';
import { openVault } from './vault.ts';

interface Log {
  warn(event: object, line: string): void;
}

/**
 * Opens what the ledger has sealed with the process's secret keys, and seals it with the first one where an older did; says what
 * none of them opens. From here on nothing is put down plain where there is a secret key.
 */
export async function openSealed(db: Db, secretKeys: readonly Uint8Array[], log: Log): Promise<void> {
  for (const connection of await resealTokens(db, secretKeys)) {
    log.warn(
      { event: 'tokens_lost', connection },
      `The sign-in of “${connection}” was encrypted with a key that Truce does not have any more (TRUCE_SECRET_KEY): connect it again.`,
    );
  }
  openVault(db, secretKeys);
  const records = await tendKeys(db);
  if (records === 0) return;
  log.warn(
    { event: 'record_keys_lost', records },
    `What is kept of the past of ${records} records was encrypted with a key that Truce does not have (TRUCE_SECRET_KEY): set that one too, in TRUCE_SECRET_KEY_OLD.`,
  );
}
