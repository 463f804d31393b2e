import { and, eq, inArray } from 'drizzle-orm';
import type { Tx } from '../../ledger/db.ts';
import type { Link } from '../../ledger/records/records.ts';
import { hintRecords } from '../../ledger/runs/hints.ts';
import { bases, links, staged } from '../../ledger/tables/index.ts';

interface Move {
  readonly from: string;
  readonly to: string;
  /** The links that move, all of `from`. */
  readonly moving: readonly Pick<Link, 'connection' | 'role' | 'externalId' | 'how'>[];
  /** What the links say of themselves from then on; null = each what it says. */
  readonly how: string | null;
  /** Whether what was last seen there counts on: among others than before it is a first meeting. */
  readonly bases: 'go_along' | 'forgotten';
}

/** Moves places of one record to another, with what was read there and not compared yet. */
export async function movePlaces(tx: Tx, { from, to, moving, how, bases: seen }: Move): Promise<void> {
  const connections = moving.map((link) => link.connection);
  if (connections.length === 0) return;
  const there = and(eq(bases.recordId, from), inArray(bases.connection, connections));
  const held = seen === 'go_along' ? await tx.select().from(bases).where(there) : [];
  await tx.delete(bases).where(there);
  for (const link of moving) {
    await tx
      .update(links)
      .set({ recordId: to, how: how ?? link.how, print: null })
      .where(and(eq(links.recordId, from), eq(links.connection, link.connection)));
  }
  if (held.length > 0) await tx.insert(bases).values(held.map((row) => ({ ...row, recordId: to })));
  await tx
    .update(staged)
    .set({ recordId: to })
    .where(
      and(eq(staged.recordId, from), inArray(staged.connection, connections), eq(staged.state, 'matched')),
    );
}

/** Whatever reads next reads these, and compares them though nothing of them changed. */
export async function readAnew(tx: Tx, ids: readonly string[], now: Date): Promise<void> {
  await tx
    .update(links)
    .set({ print: null })
    .where(inArray(links.recordId, [...ids]));
  await hintRecords(tx, ids, { now, only: 'in use' });
}
