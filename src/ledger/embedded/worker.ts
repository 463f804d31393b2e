import { existsSync } from 'node:fs';
import { rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { oneBatchAtATime } from './batches.ts';

/** What the worker is to do: serve the database in `folder` on a Unix socket, or where there is none (Windows) on a loopback port. */
export interface WorkerTask {
  readonly folder: string;
  readonly socket: string | null;
}
export type WorkerSays = { readonly kind: 'listening'; readonly port: number | null };
export type ToWorker = { readonly kind: 'stop' };

/** The ledger's pool of 4, pg-boss's own, and room for tests: with fewer places than clients the last one hangs for ever. */
const maxConnections = 20;

/** A database whose process was killed while it was being made might never open: a new one gets its name once it is whole. */
async function makeWhole(folder: string): Promise<void> {
  if (existsSync(join(folder, 'PG_VERSION'))) return;
  const draft = `${folder}.new`;
  await rm(draft, { recursive: true, force: true });
  const database = await PGlite.create(draft);
  await database.close();
  // Empty, or it is something of somebody's that is not ours to remove.
  await rmdir(folder);
  await rename(draft, folder);
}

async function serve({ folder, socket }: WorkerTask): Promise<void> {
  await makeWhole(folder);
  const database = await PGlite.create(folder);
  // One backend serves every connection, so this holds for all of them.
  await database.exec(`set plan_cache_mode = 'force_custom_plan'; set timezone = 'UTC'`);
  const place = socket === null ? { host: '127.0.0.1', port: 0 } : { path: socket };
  const server = new PGLiteSocketServer({ db: oneBatchAtATime(database), maxConnections, ...place });
  await server.start();
  parentPort?.on('message', async ({ kind }: ToWorker) => {
    if (kind !== 'stop') return;
    await server.stop();
    await database.close();
    parentPort?.close();
  });
  const port = socket === null ? Number(server.getServerConn().split(':').at(-1)) : null;
  parentPort?.postMessage({ kind: 'listening', port } satisfies WorkerSays);
}

await serve(workerData as WorkerTask);
