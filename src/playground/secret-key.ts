import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The practice workspace's TRUCE_SECRET_KEY: made at the first start and kept in the data folder, for this user's eyes only, so
 * that nothing has to be set. `:memory:` keeps none.
 */
export function practiceSecretKey(dataDir: string): string {
  const made = randomBytes(32).toString('base64');
  if (dataDir === ':memory:') return made;
  const file = join(dataDir, 'secret-key');
  try {
    writeFileSync(file, `${made}\n`, { mode: 0o600, flag: 'wx' });
    return made;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return readFileSync(file, 'utf8').trim();
  }
}
