import { and, eq } from 'drizzle-orm';
import type { BudgetLedger } from '../../connectors/http/budget.ts';
import type { Db, DbOrTx } from '../db.ts';
import { budgets } from '../tables/index.ts';
import { type BudgetState, feed, lease, untouched } from './budget-state.ts';

/** A connection's row. Each change of it counts the revision, and goes through only on the revision that it was made from. */
interface Kept {
  readonly state: BudgetState;
  readonly revision: number;
}
interface Step<T> {
  readonly state: BudgetState;
  readonly answer: T;
}

/** The calls that all replicas have taken together, one row a connection. Every method decides in one step that nobody comes between. */
export function budgetLedger(db: Db): BudgetLedger {
  /** As this process last saw them: with one process that is how they are, and a lease is one statement. */
  const seen = new Map<string, Kept>();

  async function change<T>(connection: string, step: (state: BudgetState) => Step<T>): Promise<T> {
    for (;;) {
      const before = seen.get(connection) ?? (await read(db, connection));
      const { state, answer } = step(before.state);
      if (await replace(db, connection, before, state)) {
        seen.set(connection, { state, revision: before.revision + 1 });
        return answer;
      }
      seen.delete(connection);
    }
  }

  return {
    async lease(request) {
      const { connection } = request;
      const known = seen.get(connection);
      // Another replica may have given something back since: no is said only of what the ledger says now.
      if (known && lease(known.state, request).answer.granted === 0) seen.delete(connection);
      return change(connection, (state) => lease(state, request));
    },
    async feed({ connection, ...told }) {
      const known = seen.get(connection);
      if (known && isSame(feed(known.state, told), known.state)) return;
      await change(connection, (state) => ({ state: feed(state, told), answer: null }));
    },
    async close(connection, until) {
      await change(connection, (state) => {
        const closedUntil = Math.max(state.closedUntil ?? 0, until.getTime());
        return { state: { ...state, closedUntil }, answer: null };
      });
    },
    async tellZone(connection, zone) {
      if ((await read(db, connection)).state.zone === zone) return;
      await change(connection, (state) => ({ state: { ...state, zone }, answer: null }));
    },
  };
}

/** What is known of a connection's calls now. */
export async function budgetState(db: DbOrTx, connection: string): Promise<BudgetState> {
  return (await read(db, connection)).state;
}

const rowOf = (connection: string) => and(eq(budgets.connection, connection), eq(budgets.span, 'day'));

async function read(db: DbOrTx, connection: string): Promise<Kept> {
  const [row] = await db.select().from(budgets).where(rowOf(connection));
  if (row) return { state: row.state ?? untouched, revision: row.revision };
  await db
    .insert(budgets)
    .values({ connection, span: 'day', ...shown(untouched), state: untouched, revision: 0 })
    .onConflictDoNothing();
  return read(db, connection);
}

async function replace(db: Db, connection: string, { revision }: Kept, state: BudgetState): Promise<boolean> {
  const replaced = await db
    .update(budgets)
    .set({ ...shown(state), state, revision: revision + 1 })
    .where(and(rowOf(connection), eq(budgets.revision, revision)))
    .returning({ revision: budgets.revision });
  return replaced.length > 0;
}

/** The day's count in columns of its own, for who looks into the table. */
function shown({ taken, toldDay, closedUntil }: BudgetState) {
  const day = taken.day ?? [];
  return {
    windowStart: new Date(day[0]?.[0] ?? 0),
    used: day.reduce((sum, [, calls]) => sum + calls, 0),
    vendorRemaining: toldDay,
    closedUntil: closedUntil === null ? null : new Date(closedUntil),
  };
}

const isSame = (one: BudgetState, other: BudgetState): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
