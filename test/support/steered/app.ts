import { type App, type AppOptions, buildApp as build } from '#src/app.ts';
import type { Clock } from '#src/clock.ts';
import type { Connector, ReadItem } from '#src/connectors/connector.ts';
import type { Db } from '#src/ledger/db.ts';
import { releaseLease, takeLease } from '#src/ledger/leases.ts';
import { flowLease } from '#src/sync/context.ts';
import { movableClock } from '#test/support/movable-clock.ts';

/** What a test tells the process, beside the variables that it starts with. */
export interface Told {
  /** From now on it is so many ms later. */
  readonly later?: number;
  /** Where it kills itself from now on, as `kill -9` would: a named point of a run. It says when it knows. */
  readonly diesAt?: string;
  /** Whether it is to run the flow here and now. */
  readonly run?: boolean;
  /**
   * A module, by its URL, and one of its functions, which is called with the process's own ledger: what people answered. While no run
   * is under way: one that is would carry out some of it before it is known where to die.
   */
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
    if (told.does || told.diesAt !== undefined) {
      const does = async () => {
        diesAt = told.diesAt ?? diesAt;
        return told.does ? doOne(told.does, { db: app.database.db, now: clock.now() }) : null;
      };
      const did = told.does ? await betweenRuns(app.database.db, clock, does) : await does();
      process.send?.({ did } satisfies Says);
    }
    if (!told.run) return;
    const { kind } = await app.runNow({ flow: 'customers', trigger: 'command' });
    process.send?.({ ran: kind } satisfies Says);
  });
  return app;
}

/** Does something while no run of the flow is under way, and keeps others from beginning meanwhile. */
async function betweenRuns<T>(db: Db, clock: Clock, does: () => Promise<T>): Promise<T> {
  const held = { name: flowLease('customers'), owner: 'a test' };
  for (;;) {
    const epoch = await takeLease(db, { ...held, now: clock.now(), ms: 30_000 });
    if (epoch !== null) return does().finally(() => releaseLease(db, { ...held, epoch, now: clock.now() }));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
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
