import { asc, eq, sql } from 'drizzle-orm';
import type { Exchange, ExchangeLog } from '../../connectors/http/log.ts';
import type { Db, DbOrTx } from '../db.ts';
import { insertMany } from '../many.ts';
import { exchangeChanges, exchanges } from '../tables/index.ts';

/** Writes down every call, and which changes it served where the caller knows. */
export function exchangeLog(db: Db): ExchangeLog {
  return {
    write: async ({ changeIds, ...exchange }: Exchange) => {
      const [row] = await db.insert(exchanges).values(exchange).returning({ id: exchanges.id });
      if (!row) throw new Error('the ledger did not number a call');
      await linkExchanges(
        db,
        changeIds.map((changeId) => ({ changeId, exchangeId: row.id })),
      );
      return row.id;
    },
  };
}

/** Says afterwards which changes a call served: a page is read before anybody knows what changed in it. Repeating it changes nothing. */
export async function linkExchanges(
  db: DbOrTx,
  links: readonly { readonly changeId: string; readonly exchangeId: number }[],
): Promise<void> {
  if (links.length > 0) await db.execute(sql`${insertMany(exchangeChanges, links)} on conflict do nothing`);
}

export type LoggedExchange = typeof exchanges.$inferSelect;

/** All calls that served a change, in the order in which they were made. Redacted when they were written. */
export async function exchangesOf(db: DbOrTx, changeId: string): Promise<LoggedExchange[]> {
  const rows = await db
    .select({ exchange: exchanges })
    .from(exchangeChanges)
    .innerJoin(exchanges, eq(exchanges.id, exchangeChanges.exchangeId))
    .where(eq(exchangeChanges.changeId, changeId))
    .orderBy(asc(exchanges.at), asc(exchanges.id));
  return rows.map(({ exchange }) => exchange);
}
