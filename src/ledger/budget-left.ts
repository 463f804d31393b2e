import { eq } from 'drizzle-orm';
import type { DbOrTx } from './db.ts';
import { budgets } from './tables/index.ts';

const lengths = { minute: 60_000, day: 86_400_000 } as const;
type Span = keyof typeof lengths;

/** Calls that nobody has taken yet, of all replicas together. */
export interface BudgetLeft {
  readonly minute: number;
  readonly day: number;
  /** When the day's calls are counted afresh. */
  readonly dayEnds: Date;
  /** The vendor asked us to stay away until then; null where it did not. */
  readonly closedUntil: Date | null;
}

/** What is left of a connection's calls. Replicas take calls in small blocks, so a few of those that are gone may not be made yet. */
export async function budgetLeft(
  db: DbOrTx,
  { id, callsPerMinute, callsPerDay }: { id: string; callsPerMinute: number; callsPerDay: number },
  now: Date,
): Promise<BudgetLeft> {
  const rows = await db.select().from(budgets).where(eq(budgets.connection, id));
  const left = (span: Span, limit: number): number => {
    const row = rows.find((one) => one.span === span && one.windowStart.getTime() === windowStart(span, now));
    return Math.max(0, limit - (row?.used ?? 0));
  };
  const closed = rows.map(({ closedUntil }) => closedUntil).find((until) => until !== null && until > now);
  return {
    minute: left('minute', callsPerMinute),
    day: left('day', callsPerDay),
    dayEnds: new Date(windowStart('day', now) + lengths.day),
    closedUntil: closed ?? null,
  };
}

const windowStart = (span: Span, now: Date): number =>
  Math.floor(now.getTime() / lengths[span]) * lengths[span];
