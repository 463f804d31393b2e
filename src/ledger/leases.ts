import { and, eq, lte, or, sql } from 'drizzle-orm';
import type { DbOrTx, Tx } from './db.ts';
import { leases } from './tables/index.ts';

interface Held {
  readonly name: string;
  readonly owner: string;
  readonly epoch: number;
}

/** Somebody else has taken the lease meanwhile: nothing more may be written in its name. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
  readonly lease: string;

  constructor(lease: string) {
    super(`The lease "${lease}" is held by another process now.`);
    this.lease = lease;
  }
}

/**
 * Takes the lease for `ms`, if it is free, lapsed or already this owner's. Returns its epoch, which grows with each new
 * holder and stays for one who takes it again; null where somebody else holds it.
 */
export async function takeLease(
  db: DbOrTx,
  { name, owner, now, ms }: { name: string; owner: string; now: Date; ms: number },
): Promise<number | null> {
  const until = new Date(now.getTime() + ms);
  const [row] = await db
    .insert(leases)
    .values({ name, owner, until, epoch: 1 })
    .onConflictDoUpdate({
      target: leases.name,
      set: {
        owner,
        until,
        epoch: sql`${leases.epoch} + case when ${leases.owner} = ${owner} then 0 else 1 end`,
      },
      setWhere: or(eq(leases.owner, owner), lte(leases.until, now)) as ReturnType<typeof sql>,
    })
    .returning({ epoch: leases.epoch });
  return row?.epoch ?? null;
}

/** Holds the lease for `ms` more, also when it lapsed but nobody took it. False when it is lost. */
export async function renewLease(
  db: DbOrTx,
  { now, ms, ...held }: Held & { now: Date; ms: number },
): Promise<boolean> {
  const until = new Date(now.getTime() + ms);
  const rows = await db.update(leases).set({ until }).where(isHeld(held)).returning({ name: leases.name });
  return rows.length === 1;
}

/** Frees the lease for the next; the row stays, so that epochs go on growing. Nothing happens if it was lost before. */
export async function releaseLease(db: DbOrTx, { now, ...held }: Held & { now: Date }): Promise<void> {
  await db.update(leases).set({ owner: nobody, until: now }).where(isHeld(held));
}

/**
 * Call it in every transaction that writes in the lease's name. Throws {@link LeaseLost} when somebody else has it. A
 * take-over waits until the transaction ends, so that its write and the take-over cannot both win.
 */
export async function assertLease(tx: Tx, held: Held): Promise<void> {
  const rows = await tx.select({ name: leases.name }).from(leases).where(isHeld(held)).for('share');
  if (rows.length === 0) throw new LeaseLost(held.name);
}

/** An owner that nobody is, so that whoever comes next is a new holder. */
const nobody = '';

const isHeld = ({ name, owner, epoch }: Held) =>
  and(eq(leases.name, name), eq(leases.owner, owner), eq(leases.epoch, epoch));
