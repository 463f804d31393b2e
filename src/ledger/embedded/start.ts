import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { DatabaseLog } from '../database.ts';
import { lockFolder } from './lock.ts';
import type { ToWorker, WorkerSays, WorkerTask } from './worker.ts';

export interface Embedded {
  readonly url: string;
  readonly folder: string;
  stop(): Promise<void>;
}

/**
 * Starts PGlite on `dataDir/pglite` in a worker, behind a socket that only this user can reach. Takes the folder's lock first:
 * two processes on one folder would corrupt it.
 */
export async function startEmbedded(dataDir: string, log: DatabaseLog): Promise<Embedded> {
  const folder = resolve(dataDir, 'pglite');
  try {
    await makeFolder(folder);
  } catch (error) {
    throw unusable(dataDir, error);
  }
  const unlock = await lockFolder(resolve(dataDir, 'truce.lock')).catch((error: unknown) => {
    throw isSystemError(error) ? unusable(dataDir, error) : error;
  });
  // Not in the data folder: a socket's path may have no more than about a hundred characters.
  const socketFolder = process.platform === 'win32' ? null : await mkdtemp(join(tmpdir(), 'truce-'));
  const tidy = async () => {
    if (socketFolder !== null) await rm(socketFolder, { recursive: true, force: true });
    await unlock();
  };
  try {
    const { worker, port } = await startWorker(
      { folder, socket: socketFolder && join(socketFolder, '.s.PGSQL.5432') },
      log,
    );
    const url =
      port === null
        ? `postgres://postgres@localhost/postgres?host=${socketFolder}`
        : `postgres://postgres@127.0.0.1:${port}/postgres`;
    return {
      url,
      folder,
      stop: async () => {
        await stopWorker(worker);
        await tidy();
      },
    };
  } catch (error) {
    await tidy();
    throw new Error(
      `The embedded database in ${folder} does not open (${text(error)}). Move the folder away to start afresh.`,
      {
        cause: error,
      },
    );
  }
}

/** By hand: Node's own recursive mkdir never returns under /proc, where creating says "no such file" in a folder that exists. */
async function makeFolder(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  if (!existsSync(dirname(folder))) await makeFolder(dirname(folder));
  await mkdir(folder, { mode: 0o700 });
}

async function startWorker(
  task: WorkerTask,
  log: DatabaseLog,
): Promise<{ worker: Worker; port: number | null }> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: task, execArgv: [] });
  const started = Promise.withResolvers<number | null>();
  worker.on('message', (said: WorkerSays) => {
    if (said.kind === 'listening') started.resolve(said.port);
  });
  worker.on('error', (error) => {
    started.reject(error);
    log.error({ error: text(error) }, 'The embedded database has stopped');
  });
  worker.on('exit', () => started.reject(new Error('it stopped while starting')));
  return { worker, port: await started.promise };
}

async function stopWorker(worker: Worker): Promise<void> {
  const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  if (worker.threadId === -1) return;
  worker.postMessage({ kind: 'stop' } satisfies ToWorker);
  await gone;
}

const unusable = (dataDir: string, error: unknown) =>
  new Error(
    `Truce cannot write in its data folder ${resolve(dataDir)} (${text(error)}). Make it writable, or set TRUCE_DATA_DIR.`,
    {
      cause: error,
    },
  );
const isSystemError = (error: unknown) => error instanceof Error && 'syscall' in error;
const text = (error: unknown) =>
  error instanceof Error ? ('code' in error && String(error.code)) || error.message : String(error);
