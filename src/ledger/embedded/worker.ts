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

async function serve({ folder, socket }: WorkerTask): Promise<void> {
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
