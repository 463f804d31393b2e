import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFailed, onTestFinished } from 'vitest';
import { customersOnly } from './customers-only.ts';
import { freePort } from './truce-process.ts';
import { until } from './until.ts';

/** Truce as its users start it: `src/main.ts` in a process of its own. */
export interface Process {
  readonly pid: number;
  readonly port: number;
  readonly child: ChildProcess;
  /** What it wrote to the terminal so far. */
  out(): string;
  err(): string;
  /** Waits until the terminal shows these words. Fails when the process ends before. */
  says(words: string | RegExp, ms?: number): Promise<void>;
  /** Resolves when the process has ended: its exit code, or the signal that killed it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Sends a signal and waits for the end. */
  end(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): Promise<number | NodeJS.Signals>;
  /** A path of its own web server. */
  get(path: string): Promise<Response>;
  post(path: string, body: object): Promise<Response>;
}

export interface ProcessOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly user?: { readonly uid: number; readonly gid: number } | null;
  /** A module to be loaded before it, with a channel for messages between it and the test. */
  readonly preload?: string | null;
  /** True = with every flow of `truce.yml`; else customers alone, where `env` names no other agreement. */
  readonly allFlows?: boolean;
}

const root = join(import.meta.dirname, '../..');

/** `truce.yml` with customers alone, until the test is over; to be read by anybody, as some tests start Truce as another user. */
function customersFile(): string {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  const path = join(folder, 'truce.yml');
  writeFileSync(path, customersOnly());
  return path;
}

/** Starts Truce with these variables and nothing else of our environment. Whatever is left of it is killed after the test. */
export async function startProcess({
  env = {},
  user = null,
  preload = null,
  allFlows = false,
}: ProcessOptions): Promise<Process> {
  const port = Number(env.PORT ?? (await freePort()));
  const child = spawn(process.execPath, [...(preload ? ['--import', preload] : []), 'src/main.ts'], {
    cwd: root,
    env: {
      ...{ PATH: process.env.PATH, HOME: tmpdir(), TMPDIR: tmpdir(), PORT: String(port) },
      ...(allFlows ? {} : { TRUCE_CONFIG: customersFile() }),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', ...(preload ? (['ipc'] as const) : [])],
    ...(user ?? {}),
  });
  let [out, err] = ['', ''];
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  const ended = new Promise<number | NodeJS.Signals>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'SIGKILL')),
  );
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  onTestFailed(() => console.error(`Truce on port ${port} said:\n${out}${err}`));
  onTestFinished(async () => {
    if (!isOver()) child.kill('SIGKILL');
    await ended;
  });
  const url = (path: string) => `http://127.0.0.1:${port}${path}`;
  return {
    pid: child.pid ?? 0,
    port,
    child,
    out: () => out,
    err: () => err,
    ended,
    // Long, since two files of tests share the machine; how soon it starts is measured, never asserted.
    says: async (words, ms = 180_000) => {
      const found = () => (typeof words === 'string' ? out.includes(words) : words.test(out));
      await until(() => found() || isOver(), ms);
      if (!found()) throw new Error(`Truce ended before it said ${words}. It said: ${out}\n${err}`);
    },
    end: async (signal) => {
      child.kill(signal);
      return ended;
    },
    get: (path) => fetch(url(path)),
    post: (path, body) =>
      fetch(url(path), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
  };
}

/** A folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'truce-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
