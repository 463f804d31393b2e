import { randomUUID } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import { type Clock, every } from '../../clock.ts';
import { VendorError } from '../../connectors/connector.ts';
import type { TokenSet, TokenStore } from '../../connectors/tokens.ts';
import type { Db } from '../db.ts';
import { releaseLease, renewLease, takeLease } from '../leases.ts';
import { CannotOpen, createSeal, type Seal } from '../sealing/seal.ts';
import { tokens } from '../tables/index.ts';

/** How long a process that died during a renewal keeps the others waiting, in ms. */
const leaseMs = 30_000;
const holdMs = 10_000;
/** How soon those who wait for another process's renewal look again, in ms. */
const lookAgainMs = 250;
/** A renewed set that cannot be stored is tried for about two minutes: the old one may be worth nothing by then. */
const storeWaitsMs = [100, 200, 500, 1_000, 2_000, ...Array.from({ length: 24 }, () => 5_000)];

interface Row {
  readonly set: TokenSet;
  readonly revision: number;
}

/** The tokens of the connections, one encrypted row each, shared by all replicas. The first key encrypts, all decrypt. */
export function tokenLedger(db: Db, keys: readonly Uint8Array[], clock: Clock): TokenStore {
  const rows = tokenRows(db, createSeal(keys), clock);
  /** Renewals of this process under way: whoever asks meanwhile waits for them. */
  const underWay = new Map<string, Promise<unknown>>();
  return {
    read: async (connection) => (await rows.newest(connection))?.set ?? null,
    connect: rows.connect,
    renew: async (connection, stale, renew, signal) => {
      for (;;) {
        signal?.throwIfAborted();
        const held = await rows.newest(connection);
        if (!held) throw notConnected(connection);
        if (held.set.accessToken !== stale) return held.set;
        const others = underWay.get(connection);
        if (others) {
          await unlessAborted(others, signal);
          continue;
        }
        const mine = asHolder(db, clock, connection, () => renewed(rows, connection, { stale, renew }));
        underWay.set(connection, mine);
        const set = await mine.finally(() => underWay.delete(connection));
        if (set) return set;
        await clock.sleep(lookAgainMs, signal);
      }
    },
  };
}

type TokenRows = ReturnType<typeof tokenRows>;

function tokenRows(db: Db, seal: Seal, clock: Clock) {
  /** Renewed, and not stored yet because the database did not let us: the newest there is. */
  const unstored = new Map<string, Row>();

  const stored = async (connection: string): Promise<Row | null> => {
    const [row] = await db.select().from(tokens).where(eq(tokens.connection, connection));
    if (!row) return null;
    return { set: JSON.parse(opened(seal, row.sealed, connection)) as TokenSet, revision: row.revision };
  };

  /** Stores what came of `revision`. Where another has stored meanwhile, theirs stays: it is at least as new. */
  const store = async (connection: string, { set, revision }: Row): Promise<void> => {
    const sealed = seal.close(JSON.stringify(set), connection);
    await db
      .update(tokens)
      .set({ sealed, revision: revision + 1, renewedAt: clock.now() })
      .where(and(eq(tokens.connection, connection), eq(tokens.revision, revision)));
    unstored.delete(connection);
  };

  return {
    stored,
    newest: async (connection: string): Promise<Row | null> => {
      const waiting = unstored.get(connection);
      if (waiting) await store(connection, waiting);
      return stored(connection);
    },
    /** The vendor has taken the old refresh token away: what it gave instead must not be lost to a hiccup of the database. */
    storeStubbornly: async (connection: string, row: Row): Promise<void> => {
      unstored.set(connection, row);
      for (const wait of storeWaitsMs) {
        try {
          return await store(connection, row);
        } catch {
          await clock.sleep(wait);
        }
      }
      await store(connection, row);
    },
    connect: async (connection: string, set: TokenSet, by: string): Promise<void> => {
      const now = clock.now();
      const sealed = seal.close(JSON.stringify(set), connection);
      const fresh = { sealed, connectedBy: by, connectedAt: now, renewedAt: now };
      await db
        .insert(tokens)
        .values({ connection, revision: 1, ...fresh })
        .onConflictDoUpdate({
          target: tokens.connection,
          set: { ...fresh, revision: sql`${tokens.revision} + 1` },
        });
      unstored.delete(connection);
    },
  };
}

interface Renewal {
  /** The access token that is no good any more. */
  readonly stale: string;
  readonly renew: (current: TokenSet) => Promise<TokenSet>;
}

/** What a connection has after a renewal: its own, or that of whoever was quicker. */
async function renewed(rows: TokenRows, connection: string, { stale, renew }: Renewal): Promise<TokenSet> {
  const before = await rows.newest(connection);
  if (!before) throw notConnected(connection);
  if (before.set.accessToken !== stale) return before.set;
  const { revision } = before;
  const set = await renew(before.set).catch(async (error: unknown) => {
    // Our lease may have lapsed while the vendor was slow: who took over has used the refresh token up, and has a good set.
    const now = await rows.stored(connection);
    if (now && now.revision !== revision) return now.set;
    throw error;
  });
  await rows.storeStubbornly(connection, { set, revision });
  return (await rows.stored(connection))?.set ?? set;
}

/** Works while this process alone may renew the connection's tokens; null where another does. */
async function asHolder<T>(
  db: Db,
  clock: Clock,
  connection: string,
  work: () => Promise<T>,
): Promise<T | null> {
  const held = { name: `tokens:${connection}`, owner: randomUUID() };
  const epoch = await takeLease(db, { ...held, now: clock.now(), ms: leaseMs });
  if (epoch === null) return null;
  const lease = { ...held, epoch };
  const stopHolding = every(holdMs, async () => {
    await renewLease(db, { ...lease, now: clock.now(), ms: leaseMs }).catch(() => true);
  });
  try {
    return await work();
  } finally {
    await stopHolding();
    // A lease that cannot be freed lapses.
    await releaseLease(db, { ...lease, now: clock.now() }).catch(() => undefined);
  }
}

/** Resolves when `work` has ended, however; rejects with the signal's reason once that aborts. */
async function unlessAborted(work: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  const ended = work.then(
    () => undefined,
    () => undefined,
  );
  if (!signal) return ended;
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const give = () => resolve();
  signal.addEventListener('abort', give, { once: true });
  await Promise.race([ended, aborted]);
  signal.removeEventListener('abort', give);
  signal.throwIfAborted();
}

const notConnected = (connection: string) =>
  new VendorError('auth', connection, `Nobody has connected “${connection}” yet: connect it`);

function opened(seal: Seal, sealed: string, connection: string): string {
  try {
    return seal.open(sealed, connection);
  } catch (error) {
    if (!(error instanceof CannotOpen)) throw error;
    const why =
      error.why === 'no_key'
        ? 'was encrypted with a key that Truce does not have (TRUCE_SECRET_KEY)'
        : 'was changed in the database and cannot be decrypted';
    throw new VendorError('auth', connection, `The sign-in of “${connection}” ${why}: connect it again`, {
      cause: error,
    });
  }
}

/** Who connected a connection, and when it was last renewed; nothing of the tokens. Null where nobody has connected it. */
export async function signInOf(
  db: Db,
  connection: string,
): Promise<{ readonly by: string; readonly at: Date; readonly renewedAt: Date } | null> {
  const [row] = await db
    .select({ by: tokens.connectedBy, at: tokens.connectedAt, renewedAt: tokens.renewedAt })
    .from(tokens)
    .where(eq(tokens.connection, connection));
  return row ?? null;
}

/**
 * Encrypts with the first key what an older one encrypted, so that the older one can be taken away. Returns the connections
 * whose tokens none of the keys opens: they must be connected again.
 */
export async function resealTokens(db: Db, keys: readonly Uint8Array[]): Promise<string[]> {
  const seal = createSeal(keys);
  const lost: string[] = [];
  for (const { connection, sealed } of await db.select().from(tokens)) {
    if (seal.isCurrent(sealed)) continue;
    try {
      const renewed = seal.close(seal.open(sealed, connection), connection);
      // Renewed meanwhile by another replica, it has been encrypted afresh already.
      await db
        .update(tokens)
        .set({ sealed: renewed })
        .where(and(eq(tokens.connection, connection), eq(tokens.sealed, sealed)));
    } catch (error) {
      if (!(error instanceof CannotOpen)) throw error;
      lost.push(connection);
    }
  }
  return lost;
}
