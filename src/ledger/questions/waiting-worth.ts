import { sql } from 'drizzle-orm';
import type { Observed } from '../../entities/field.ts';
import type { DbOrTx } from '../db.ts';
import { bases, changes, links, staged } from '../tables/index.ts';

/** What each record that waits in a flow holds, in each system that it was seen in. */
export interface WaitingValues {
  readonly seen: readonly Readonly<Record<string, Observed>>[];
}

/** The values of the records that {@link countWaiting} counts: newly read and not compared yet, or with a change that is not through. */
export async function waitingValues(db: DbOrTx, flow: string): Promise<readonly WaitingValues[]> {
  return db.execute<{ seen: Readonly<Record<string, Observed>>[] }>(sql`
    select jsonb_agg(fields) as seen from (
      select coalesce(s.record_id, s.connection || ' ' || s.external_id) as who, s.observation -> 'fields' as fields
      from ${staged} s
      where s.flow = ${flow} and s.state in ('staged', 'matched') and s.observation is not null
        and not exists (select 1 from ${links} l where l.connection = s.connection and l.external_id = s.external_id
          and l.role = s.observation ->> 'role' and l.vendor_at >= (s.observation ->> 'vendorAt')::timestamptz)
      union all
      select c.record_id as who, b.fields from ${changes} c join ${bases} b on b.record_id = c.record_id
      where c.flow = ${flow} and c.closed_at is null and c.state in ('open', 'writing', 'failed')
    ) as waiting group by who`);
}
