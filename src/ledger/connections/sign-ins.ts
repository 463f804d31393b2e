import { createHash, randomBytes } from 'node:crypto';
import { and, eq, gt, isNull, lt } from 'drizzle-orm';
import type { Db } from '../db.ts';
import { CannotOpen, createSeal } from '../sealing/seal.ts';
import { signIns } from '../tables/index.ts';

/** How long a link from Slack, and the sign-in behind it, is good for, in ms. */
export const signInMs = 10 * 60_000;
const keptMs = 24 * 3_600_000;

/** A sign-in at a vendor's page that somebody has begun. */
export interface SignIn {
  readonly connection: string;
  /** Slack user id. */
  readonly by: string;
  /** What the vendor is given, and gives back. */
  readonly state: string;
  /** PKCE's verifier. */
  readonly verifier: string;
}

/** Why a sign-in does not go on: nobody began it here, it was finished (or given up) before, or it took too long. */
export type NoSignIn = 'unknown' | 'used' | 'expired';

/**
 * Begins a sign-in and returns its ticket, which goes into the link that one person is shown in Slack. The state that goes
 * through the vendor is made from it, and the database holds the state's hash: neither who reads the table, nor who sees the
 * vendor's address, has the ticket.
 */
export async function beginSignIn(
  db: Db,
  keys: readonly Uint8Array[],
  { connection, by, now }: { connection: string; by: string; now: Date },
): Promise<{ readonly ticket: string; readonly expiresAt: Date }> {
  const ticket = secret();
  const stateHash = hashOf(stateOf(ticket));
  const expiresAt = new Date(now.getTime() + signInMs);
  await db.insert(signIns).values({
    stateHash,
    connection,
    sealedVerifier: createSeal(keys).close(secret(), aboutOf({ stateHash, connection, by })),
    by,
    createdAt: now,
    expiresAt,
  });
  return { ticket, expiresAt };
}

/** The sign-in of a state, if it can still go on. Changes nothing: a link may be opened twice. */
export async function signInBehind(
  db: Db,
  keys: readonly Uint8Array[],
  { state, now }: { state: string; now: Date },
): Promise<SignIn | NoSignIn> {
  const [row] = await db
    .select()
    .from(signIns)
    .where(eq(signIns.stateHash, hashOf(state)));
  if (!row) return 'unknown';
  if (row.usedAt) return 'used';
  return row.expiresAt <= now ? 'expired' : opened(row, keys, state);
}

/** As {@link signInBehind}, and uses it up: of any number who ask, in any number of processes, one gets it. */
export async function takeSignIn(
  db: Db,
  keys: readonly Uint8Array[],
  { state, now }: { state: string; now: Date },
): Promise<SignIn | NoSignIn> {
  const [row] = await db
    .update(signIns)
    .set({ usedAt: now })
    .where(and(eq(signIns.stateHash, hashOf(state)), isNull(signIns.usedAt), gt(signIns.expiresAt, now)))
    .returning();
  if (row) return opened(row, keys, state);
  const refused = await signInBehind(db, keys, { state, now });
  return typeof refused === 'string' ? refused : 'used';
}

/** What the verifier is bound to: who may write into the table still cannot turn a sign-in into another's, or to another system. */
const aboutOf = ({ stateHash, connection, by }: { stateHash: string; connection: string; by: string }) =>
  ['sign-in', stateHash, connection, by].join(' ');

/** Forgets the sign-ins that ended a day ago. */
export async function forgetSignIns(db: Db, now: Date): Promise<void> {
  await db.delete(signIns).where(lt(signIns.expiresAt, new Date(now.getTime() - keptMs)));
}

/** A key was changed within these ten minutes, or the row was: as good as too late. */
function opened(
  row: typeof signIns.$inferSelect,
  keys: readonly Uint8Array[],
  state: string,
): SignIn | NoSignIn {
  try {
    const verifier = createSeal(keys).open(row.sealedVerifier, aboutOf(row));
    return { connection: row.connection, by: row.by, state, verifier };
  } catch (error) {
    if (error instanceof CannotOpen) return 'expired';
    throw error;
  }
}

/** The state that belongs to a ticket. It cannot be turned back into the ticket. */
export const stateOf = (ticket: string): string => hashOf(`state of ${ticket}`);

/** PKCE's challenge, S256 (RFC 7636, 4.2). */
export const challengeOf = (verifier: string): string => hashOf(verifier);

const secret = (): string => randomBytes(32).toString('base64url');
const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');
