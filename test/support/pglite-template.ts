import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from '#src/ledger/database.ts';
import { migrateLedger } from '#src/ledger/migrate.ts';

const root = join(import.meta.dirname, '../..');
const cache = join(root, 'node_modules/.cache/truce');
const quiet = { warn: () => undefined, error: () => undefined };

/** A data folder with an empty, migrated PGlite, made once per schema and kept between runs: creating one takes seconds, copying does not. */
export async function pgliteTemplate(): Promise<string> {
  const folder = join(cache, `pglite-${await fingerprint()}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, 'draft-'));
  const database = await openDatabase({ databaseUrl: null, dataDir: draft, log: quiet });
  await migrateLedger(database.db);
  await database.close();
  // Whoever is first wins: two test files may be making it at once.
  await rename(draft, folder).catch(() => rm(draft, { recursive: true, force: true }));
  return folder;
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  const folder = join(root, 'migrations');
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()) {
    hash.update(await readFile(join(folder, name)));
  }
  // A migration that was made anew has another time there, be its statements the same.
  hash.update(await readFile(join(folder, 'meta/_journal.json')));
  hash.update(await readFile(join(root, 'node_modules/@electric-sql/pglite/package.json')));
  return hash.digest('hex').slice(0, 16);
}
