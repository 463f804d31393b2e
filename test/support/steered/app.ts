import { type App, type AppOptions, buildApp as build } from '#src/app.ts';
import { movableClock } from '#test/support/movable-clock.ts';

/** What a test tells the process, beside the variables that it starts with. */
export interface Told {
  /** From now on it is so many ms later. */
  readonly later?: number;
  /** Where it kills itself from now on, as `kill -9` would: a named point of a run. */
  readonly diesAt?: string;
  /** Whether it is to run the flow here and now. */
  readonly run?: boolean;
}

/** How a run that was asked for ended. */
export interface Says {
  readonly ran: 'ran' | 'busy' | 'nothing';
}

/** The real app, with a clock that can be put ahead and a point at which it dies. `STEER_LATER` and `STEER_DIES_AT` say how it starts. */
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
  process.on('message', async (told: Told) => {
    clock.advance(told.later ?? 0);
    diesAt = told.diesAt ?? diesAt;
    if (!told.run) return;
    const { kind } = await app.runNow({ flow: 'customers', trigger: 'command' });
    process.send?.({ ran: kind } satisfies Says);
  });
  return app;
}
