import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '../..');

/** Truce as somebody starts it: its own process, in its practice workspace. */
export interface TruceProcess {
  readonly url: string;
  /** What it printed so far, one plain line each. */
  readonly lines: readonly string[];
  /** Resolves when it is gone. */
  end(signal: 'SIGINT' | 'SIGKILL'): Promise<void>;
}

/** Starts Truce and waits until it says that it runs. Throws with its own words where it ends before. */
export async function startTruce(options: { dataDir: string; port: number }): Promise<TruceProcess> {
  const url = `http://localhost:${options.port}`;
  const truce = spawn(process.execPath, ['src/main.ts'], {
    cwd: root,
    env: { ...bare(process.env), PORT: String(options.port), TRUCE_DATA_DIR: options.dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const running = Promise.withResolvers<void>();
  for (const stream of [truce.stdout, truce.stderr]) {
    createInterface(stream).on('line', (line) => {
      lines.push(line);
      if (line.includes(`open ${url}`)) running.resolve();
    });
  }
  truce.once('close', () => running.reject(new Error(`Truce ended before it ran:\n${lines.join('\n')}`)));
  await running.promise;
  return { url, lines, end: (signal) => end(truce, signal) };
}

async function end(truce: ChildProcess, signal: 'SIGINT' | 'SIGKILL'): Promise<void> {
  if (truce.exitCode !== null || truce.signalCode !== null) return;
  const gone = once(truce, 'close');
  truce.kill(signal);
  await gone;
}

/** An environment without anything that would lead Truce elsewhere. */
const bare = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !/^(SLACK_|TRUCE_|DATABASE_URL$)/.test(name)));

/** A port that nobody uses now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
