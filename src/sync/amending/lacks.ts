import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { Flow } from '../../agreement/agreement.ts';
import type { FlowDifference } from '../../agreement/differences.ts';
import type { Connector } from '../../connectors/connector.ts';
import { links, records } from '../../ledger/tables/index.ts';

/**
 * By connection: the condition under which a record lacks in it, and is to be made there by what a new version adds. Of a system
 * that joins nothing is known: which records it lacks is seen when it was read.
 */
export function lackedBy(
  { entity }: Pick<Flow, 'entity'>,
  { makes, joins }: Pick<FlowDifference, 'makes' | 'joins'>,
  connectors: ReadonlyMap<string, Pick<Connector, 'canCreate'>>,
): ReadonlyMap<string, SQL | undefined> {
  return new Map(
    Object.entries(makes)
      .filter(([target]) => !joins.includes(target) && connectors.get(target)?.canCreate)
      .map(([target, from]) => [
        target,
        and(
          eq(records.entity, entity),
          sql`${records.keyValue} is not null
            and exists (select 1 from ${links} l where l.record_id = ${records.id} and l.connection in (${listOf(from)}) and not l.archived)
            and not exists (select 1 from ${links} t where t.record_id = ${records.id} and t.connection = ${target})`,
        ),
      ]),
  );
}

/** For an `in (…)`. */
export const listOf = (ids: readonly string[]): SQL =>
  sql.join(
    ids.map((id) => sql`${id}`),
    sql`, `,
  );
