import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Process, startProcess } from '#test/support/process.ts';
import type { Ran, Says, Told } from './app.ts';

/** Truce in a process of its own, as its users start it, whose clock and death are a test's. */
export interface Steered extends Process {
  tell(told: Told): void;
  /** Runs the flow once it is free, and waits for the end of that run. Null where the process died meanwhile. */
  run(): Promise<'ran' | null>;
  /** Calls a function of a module there, between two runs, with its ledger. Fails where that does. From then on it dies at that point. */
  does(module: string, name: string, diesAt: string): Promise<void>;
  /** From now on it dies at that point; resolves once it knows, or is dead. */
  dies(at: string): Promise<void>;
}

export interface SteeredOptions {
  readonly env: Readonly<Record<string, string>>;
  /** How far its clock is ahead of the system's, in ms. */
  readonly later?: number;
  /** The named point of a run at which it kills itself. */
  readonly diesAt?: string;
}

/** Starts it; resolves before it stands. */
export async function startSteered({ env, later = 0, diesAt = '' }: SteeredOptions): Promise<Steered> {
  const process = await startProcess({
    // Started again and again: what was compiled once is kept.
    env: {
      NODE_COMPILE_CACHE: join(tmpdir(), 'truce-compiled'),
      ...env,
      STEER_LATER: String(later),
      STEER_DIES_AT: diesAt,
    },
    preload: join(import.meta.dirname, 'hook.ts'),
  });
  const { child, ended } = process;
  const tell = (told: Told) => void (child.connected && child.send(told, () => undefined));
  const once = async (): Promise<Ran | null> => {
    const said = Promise.withResolvers<Ran | null>();
    child.once('message', (says: Says) => said.resolve('ran' in says ? says.ran : null));
    void ended.then(() => said.resolve(null));
    tell({ run: true });
    return said.promise;
  };
  const run = async () => {
    for (;;) {
      const ran = await once();
      if (ran === 'ran' || ran === null) return ran;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const did = async (told: Told): Promise<string | null> => {
    const said = Promise.withResolvers<string | null>();
    child.once('message', (says: Says) => said.resolve('did' in says ? says.did : 'it ran instead'));
    void ended.then(() => said.resolve('it died'));
    tell(told);
    return said.promise;
  };
  const does = async (module: string, name: string, diesAt: string) => {
    const failed = await did({ does: { module, name }, diesAt });
    if (failed !== null) throw new Error(failed);
  };
  const dies = async (at: string) => void (await did({ diesAt: at }));
  return { ...process, tell, run, does, dies };
}
