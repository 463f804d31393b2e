import { randomUUID } from 'node:crypto';
import { every } from '../clock.ts';
import { addLinks, type Writing } from '../ledger/chain/add-links.ts';
import { look, type Reach, snapshotOf } from '../ledger/chain/out-of-reach.ts';
import { createSigner } from '../ledger/chain/signer.ts';
import { highestIds } from '../ledger/chain/sources.ts';
import { throwAwayCalls } from '../ledger/chain/throw-away.ts';
import type { Tx } from '../ledger/db.ts';
import { LeaseLost, releaseLease, renewLease, takeLease } from '../ledger/leases.ts';
import { checkRecent, checkWhole, type LogParts } from './check-log.ts';

export interface LogChain {
  /** Begins to work by itself, until the returned function is called. */
  start(): () => Promise<void>;
  /** Looks once, now: adds what is out of reach, throws old calls away, goes on with a check that is due. Never rejects. */
  tick(): Promise<void>;
}

const leaseName = 'log';
const leaseMs = 60_000;
const minute = 60_000;
/**
 * Calls that served no change are kept so long, in ms. A day less than an older version keeps them, which throws them away without
 * a link: running beside this one for the time of an upgrade, it finds none.
 */
const keepCallsMs = 29 * 24 * 60 * minute;

/**
 * The chain over the log: links for what has come, once a minute, and checks. Of several replicas one works at a time; nothing of it
 * is on the way of a run.
 */
export function createLogChain(parts: LogParts): LogChain {
  const owner = randomUUID();
  const signer = createSigner(parts.keys);
  let reach: Reach = { mark: null, settled: null };
  let isStopping = false;
  let last: Promise<void> = Promise.resolve();
  const work = async () => {
    const { db } = parts;
    reach = look(reach, { snapshot: await snapshotOf(db), ids: await highestIds(db) });
    const { settled } = reach;
    if (!settled || isStopping) return;
    await underLease(parts, owner, async (now, held) => {
      const writing: Writing = { db, signer, now, held, isOver: () => isStopping };
      await throwAwayCalls(writing, new Date(now.getTime() - keepCallsMs));
      const lines = await addLinks(writing, settled);
      if (lines > 0)
        parts.log.info({ event: 'log_chained', lines }, `${lines} lines more of the log are chained`);
      await checkRecent(parts, writing);
      await checkWhole(parts, writing);
    });
  };
  const tick = () => {
    last = last.then(work).catch((error: unknown) => {
      // Another replica does it now, and what was stored is whole.
      if (error instanceof LeaseLost || isStopping) return;
      parts.log.warn({ event: 'log_not_chained', err: error }, 'The log was not chained; it is tried again');
    });
    return last;
  };
  return {
    tick,
    start: () => {
      const stopTimer = every(minute, tick);
      return async () => {
        isStopping = true;
        await stopTimer();
      };
    },
  };
}

/** Works while this process holds the chain's lease; not at all where another does. */
async function underLease(
  { db, clock }: LogParts,
  owner: string,
  work: (now: Date, held: Writing['held']) => Promise<void>,
): Promise<void> {
  const now = clock.now();
  const epoch = await takeLease(db, { name: leaseName, owner, now, ms: leaseMs });
  if (epoch === null) return;
  const lease = { name: leaseName, owner, epoch };
  const held = <T>(inside: (tx: Tx) => Promise<T>) =>
    db.transaction(async (tx) => {
      const isOurs = await renewLease(tx, { ...lease, now: clock.now(), ms: leaseMs });
      if (!isOurs) throw new LeaseLost(leaseName);
      return inside(tx);
    });
  try {
    await work(now, held);
  } finally {
    await releaseLease(db, { ...lease, now: clock.now() });
  }
}
