import { eq } from 'drizzle-orm';
import type { Tx } from '../ledger/db.ts';
import { facts } from '../ledger/tables/index.ts';

/** The row of the ledger by which a later start knows when Truce was last running; `value.since` = without a break since (ISO 8601). */
export const aliveFact = 'alive';
/** A break shorter than this is a restart, and none that anybody needs to hear of. */
const breakMs = 2 * 60_000;

export interface Presence {
  readonly since: Date;
  /** Set at the first look after a break: when Truce was last running before it. */
  readonly awayFrom: Date | null;
}

/** Notes that Truce is running now, and says since when it has been without a break. */
export async function notePresence(tx: Tx, now: Date): Promise<Presence> {
  const [last] = await tx.select().from(facts).where(eq(facts.name, aliveFact));
  const wasAway = last !== undefined && now.getTime() - last.at.getTime() > breakMs;
  const since = last === undefined || wasAway ? now : sinceOf(last.value, now);
  const fact = { value: { since: since.toISOString() }, at: now };
  await tx
    .insert(facts)
    .values({ name: aliveFact, ...fact })
    .onConflictDoUpdate({ target: facts.name, set: fact });
  return { since, awayFrom: wasAway ? last.at : null };
}

function sinceOf(value: unknown, now: Date): Date {
  const since =
    typeof value === 'object' && value !== null && 'since' in value ? new Date(String(value.since)) : now;
  return Number.isNaN(since.getTime()) || since > now ? now : since;
}
