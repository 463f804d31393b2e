import { type App, type AppOptions, buildApp as build } from '#src/app.ts';
import type { Connector, ReadItem } from '#src/connectors/connector.ts';
import type { Db } from '#src/ledger/db.ts';
import { movableClock } from '#test/support/movable-clock.ts';

/** What a test tells the process, beside the variables that it starts with. */
export interface Told {
  /** From now on it is so many ms later. */
  readonly later?: number;
  /** Where it kills itself from now on, as `kill -9` would: a named point of a run. */
  readonly diesAt?: string;
  /** Whether it is to run the flow here and now. */
  readonly run?: boolean;
  /** A module, by its URL, and one of its functions, which is called with the process's own ledger: what people answered. */
  readonly does?: { readonly module: string; readonly name: string };
}

/** What a function of a test gets in the process. */
export interface Ledger {
  readonly db: Db;
  readonly now: Date;
}

/** How a run that was asked for ended; or what went wrong with what it was to do, null = nothing. */
export type Says = { readonly ran: Ran } | { readonly did: string | null };
export type Ran = 'ran' | 'busy' | 'nothing';

/**
 * The real app, with a clock that can be put ahead and a point at which it dies. `STEER_LATER` and `STEER_DIES_AT` say how it
 * starts, `STEER_LOCKED` what may not be written there: a connection and an id of its.
 */
export async function buildApp(options: AppOptions): Promise<App> {
  const clock = movableClock();
  let diesAt = process.env.STEER_DIES_AT;
  clock.advance(Number(process.env.STEER_LATER ?? 0));
  const at = async (point: string) => {
    if (point !== diesAt) return;
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => undefined);
  };
  const app = await build({ ...options, clock, at });
  const [system, id] = (process.env.STEER_LOCKED ?? '').split(' ');
  const connector = app.connections.get(system ?? '')?.keeps.get('customer');
  if (connector && id) lock(connector, id);
  process.on('message', async (told: Told) => {
    clock.advance(told.later ?? 0);
    diesAt = told.diesAt ?? diesAt;
    if (told.does)
      process.send?.({
        did: await doOne(told.does, { db: app.database.db, now: clock.now() }),
      } satisfies Says);
    if (!told.run) return;
    const { kind } = await app.runNow({ flow: 'customers', trigger: 'command' });
    process.send?.({ ran: kind } satisfies Says);
  });
  return app;
}

async function doOne({ module, name }: NonNullable<Told['does']>, ledger: Ledger): Promise<string | null> {
  try {
    await (await import(module))[name](ledger);
    return null;
  } catch (error) {
    return String(error);
  }
}

/** As if the system let nothing be written to one of its records any more: none of the practice systems does. */
function lock(connector: Connector, id: string): void {
  const { read, changed } = connector;
  const locked = (item: ReadItem): ReadItem =>
    item.kind === 'read' && item.observation.externalId === id
      ? { ...item, observation: { ...item.observation, locked: 'the test says so' } }
      : item;
  Object.assign(connector, {
    read: async (...of: Parameters<typeof read>) => (await read(...of)).map(locked),
    changed: async function* (...of: Parameters<typeof changed>) {
      for await (const page of changed(...of)) yield page.map(locked);
    },
  });
}
