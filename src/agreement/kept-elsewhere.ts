import type { Agreement, Flow } from './agreement.ts';
import { takesPart } from './takes-part.ts';

/**
 * The fields of a connection's records that another flow keeps in step. What is seen of them is that flow's to compare: were it taken
 * as known here, an edit that this flow happens to read first would go nowhere. Pure.
 */
export function keptElsewhere(
  { flows }: Pick<Agreement, 'flows'>,
  flow: Pick<Flow, 'id' | 'entity'>,
  connection: string,
): ReadonlySet<string> {
  return new Set(
    Object.values(flows)
      .filter((other) => other.id !== flow.id && other.entity === flow.entity)
      .flatMap((other) => Object.keys(other.fields).filter((field) => takesPart(other, field, connection))),
  );
}
