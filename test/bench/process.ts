import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Another process that does what it is told, one answer for each ask. */
export interface Helper {
  ask<T>(task: string, more?: Readonly<Record<string, unknown>>): Promise<T>;
  end(): Promise<void>;
}

/** Starts a file of this folder as a process of its own; `argv` are its arguments, `execArgv` Node's. */
export async function startHelper(
  file: string,
  argv: readonly string[] = [],
  execArgv: readonly string[] = [],
): Promise<Helper> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [...argv], {
    execArgv: [...execArgv],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const ready = Promise.withResolvers<void>();
  let last = 0;
  child.on('message', (said: { id?: number; ready?: true; value?: unknown; error?: string }) => {
    if (said.ready) return ready.resolve();
    const one = waiting.get(said.id ?? 0);
    waiting.delete(said.id ?? 0);
    if (said.error === undefined) one?.resolve(said.value);
    else one?.reject(new Error(`${file}: ${said.error}`));
  });
  child.on('exit', (code) => {
    const gone = new Error(`${file} ended (${code})`);
    ready.reject(gone);
    for (const one of waiting.values()) one.reject(gone);
  });
  await ready.promise;
  return {
    ask: <T>(task: string, more = {}) => {
      last += 1;
      const one = Promise.withResolvers<unknown>();
      waiting.set(last, one);
      child.send({ id: last, task, ...more });
      return one.promise as Promise<T>;
    },
    end: () => ended(child),
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.disconnect();
  await gone;
}
