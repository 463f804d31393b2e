/** How this process ends: once, its parts in the reverse order of their beginning. */
export interface Ending {
  /** To be called when the process ends, before whatever was added earlier. */
  before(stop: () => Promise<void>): void;
  /** True once the process is on its way out: nothing more is to be begun. */
  isUnderWay(): boolean;
  /** Says why, stops everything and ends the process with exit code 1. One plain line, or the few that the error has. */
  fail(why: string): Promise<void>;
}

/** A part that hangs must not keep the process, in ms: what is in the ledger is enough to go on from. */
const patienceMs = 15_000;

/** Ends the process cleanly on Ctrl-C (or SIGTERM), and on an error that nobody has caught. A second Ctrl-C ends it at once. */
export function endWithSignals(): Ending {
  const stops: (() => Promise<void>)[] = [];
  let underWay = false;
  const end = async (code: number) => {
    if (underWay) return;
    underWay = true;
    setTimeout(() => process.exit(code), patienceMs).unref();
    for (const stop of stops.reverse()) {
      await stop().catch((error: unknown) => process.stderr.write(`${messageOf(error)}\n`));
    }
    process.exit(code);
  };
  const fail = async (why: string) => {
    // What breaks while everything is being stopped is no news.
    if (underWay) return;
    process.stderr.write(`${why}\n`);
    await end(1);
  };
  process.once('SIGINT', () => void end(0));
  process.once('SIGTERM', () => void end(0));
  process.on('unhandledRejection', (error) => void fail(stopsBecause(error)));
  return { before: (stop) => void stops.push(stop), isUnderWay: () => underWay, fail };
}

/** For an error that stops a running Truce. */
export const stopsBecause = (error: unknown): string => `Truce has to stop: ${messageOf(error)}`;

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
