import { and, eq, sql } from 'drizzle-orm';
import type { BudgetLedger } from '../connectors/http/budget.ts';
import type { Db } from './db.ts';
import { budgets } from './tables/index.ts';

/** The calls that all replicas have leased together, one row per connection and span. Each method decides in one statement. */
export function budgetLedger(db: Db): BudgetLedger {
  return {
    async lease({ connection, span, windowStart, calls, limit, now }) {
      const closed = and(eq(budgets.connection, connection), eq(budgets.span, 'minute'));
      if (calls > limit) return { granted: false, closedUntil: null };
      const older = sql`${budgets.windowStart} < excluded.window_start`;
      const open = sql`(${budgets.closedUntil} is null or ${budgets.closedUntil} <= ${sql.param(now, budgets.closedUntil)})`;
      const granted = await db
        .insert(budgets)
        .values({ connection, span, windowStart, used: calls })
        .onConflictDoUpdate({
          target: [budgets.connection, budgets.span],
          set: {
            used: sql`case when ${older} then excluded.used else ${budgets.used} + excluded.used end`,
            vendorRemaining: sql`case when ${older} then null else ${budgets.vendorRemaining} end`,
            // A replica whose clock is behind takes from the newer window: the limit holds all the same.
            windowStart: sql`greatest(${budgets.windowStart}, excluded.window_start)`,
          },
          setWhere: sql`(${older} or ${budgets.used} + excluded.used <= ${limit}) and ${open}`,
        })
        .returning({ used: budgets.used });
      if (granted.length > 0) return { granted: true, closedUntil: null };
      const [row] = await db.select({ closedUntil: budgets.closedUntil }).from(budgets).where(closed);
      return { granted: false, closedUntil: row?.closedUntil ?? null };
    },

    async feed({ connection, span, windowStart, limit, remaining }) {
      await db
        .update(budgets)
        .set({
          vendorRemaining: remaining,
          used: sql`greatest(${budgets.used}, ${Math.max(0, limit - remaining)}::integer)`,
        })
        .where(
          and(
            eq(budgets.connection, connection),
            eq(budgets.span, span),
            eq(budgets.windowStart, windowStart),
          ),
        );
    },

    async close(connection, until) {
      await db
        .insert(budgets)
        .values({ connection, span: 'minute', windowStart: new Date(0), used: 0, closedUntil: until })
        .onConflictDoUpdate({
          target: [budgets.connection, budgets.span],
          set: {
            closedUntil: sql`greatest(coalesce(${budgets.closedUntil}, excluded.closed_until), excluded.closed_until)`,
          },
        });
    },
  };
}
